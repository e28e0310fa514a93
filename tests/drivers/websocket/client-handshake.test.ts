import { describe, expect, test } from 'vitest';
import { webSocketClientSpec } from '../../../src/drivers/websocket/client-spec.ts';
import { HANDSHAKE_BODY_BYTES, HANDSHAKE_HEAD_BYTES } from '../../../src/shared/websocket-limits.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';
import {
  acceptFor,
  agree,
  connected,
  connectTo,
  frame,
  headerOf,
  rawServer,
  requestTo,
  type Opening,
} from '../../support/raw-websocket.ts';
import type { TcpRemote } from '../../support/tcp-remote.ts';

/** A client whose request has come, before it is answered. */
async function asked(
  options: Parameters<typeof connectTo>[1] = {},
  path = '/',
): Promise<Opening & { readonly remote: TcpRemote; readonly head: string; readonly address: string }> {
  const outside = await rawServer();
  const opening = connectTo(`ws://${outside.address}${path}`, options);
  const remote = await outside.next();
  return { ...opening, remote, head: await requestTo(remote), address: outside.address };
}

/** A client that got this answer. `\n` stands for CR LF, `ACCEPT` for the right value. */
async function answered(
  text: string,
  options: Parameters<typeof connectTo>[1] = {},
): Promise<Awaited<ReturnType<typeof asked>>> {
  const opening = await asked(options);
  await opening.remote.write(
    Buffer.from(text.replace('ACCEPT', acceptFor(opening.head)).replace(/\n/g, '\r\n'), 'latin1'),
  );
  return opening;
}

describe('the request', () => {
  test('is written byte for byte as RFC 6455 has it, and recorded as it was', async () => {
    const { context, head, remote } = await asked({}, '/chat?room=1&x=%7E');
    const key = headerOf(head, 'Sec-WebSocket-Key') ?? '';
    expect(Buffer.from(key, 'base64')).toHaveLength(16);
    expect(head.split('\r\n')).toEqual([
      'GET /chat?room=1&x=%7E HTTP/1.1',
      `Host: ${headerOf(head, 'Host') ?? ''}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Key: ${key}`,
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
      '',
      '',
    ]);
    expect(context.of('request', 'out', 0)[0]?.payload?.toString('latin1')).toBe(head);
    expect(remote.received).toHaveLength(head.length);
  });

  test('has a new key each time', async () => {
    const keys = [await asked(), await asked()].map(({ head }) => headerOf(head, 'Sec-WebSocket-Key'));
    expect(new Set(keys).size).toBe(2);
  });

  test('has the headers that were typed in their order, repeated ones too', async () => {
    const headers = 'X-One: 1\n\nx-two:  two words \r\nX-One: again';
    const { head } = await asked({ headers, origin: 'https://page.example', cookies: 'a=1; b=2', deflate: false });
    expect(head.split('\r\n').slice(6)).toEqual([
      'Origin: https://page.example',
      'Cookie: a=1; b=2',
      'X-One: 1',
      'x-two: two words',
      'X-One: again',
      '',
      '',
    ]);
  });

  test('lets a typed header take the place of its own', async () => {
    const { head, remote, opened } = await asked({
      headers: 'Host: other.example\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
    });
    expect(head.match(/^host:/gim)).toHaveLength(1);
    expect(head.match(/^sec-websocket-key:/gim)).toHaveLength(1);
    expect(headerOf(head, 'Host')).toBe('other.example');
    await agree(remote);
    valueOf(await opened);
  });

  test.each([
    [{ auth: 'basic', authName: 'anna', authPassword: 'se:cret' }, 'Basic YW5uYTpzZTpjcmV0'],
    [{ auth: 'bearer', authToken: 'abc.def' }, 'Bearer abc.def'],
    [{ auth: 'none' }, undefined],
  ])('says who connects: %j', async (options, header) => {
    const { head } = await asked(options);
    expect(headerOf(head, 'Authorization')).toBe(header);
  });

  test('sends credentials of the address as Basic, and shows them nowhere else', async () => {
    const outside = await rawServer();
    const { context, driver, opened } = connectTo(`ws://anna:hush@${outside.address}/`);
    expect(errorOf(await driver.send(1, Buffer.from('x'))).message).not.toContain('hush');
    const remote = await outside.next();
    const head = await agree(remote);
    expect(headerOf(head, 'Authorization')).toBe(`Basic ${Buffer.from('anna:hush').toString('base64')}`);
    expect(headerOf(head, 'Host')).toBe(outside.address);
    valueOf(await opened);
    expect(JSON.stringify([context.ends, context.peers, context.records.map(({ meta }) => meta)])).not.toContain(
      'hush',
    );
  });

  test.each([
    [{ headers: 'X-One: 1\nno colon' }, 'headers', /Line 2/],
    [{ headers: 'two words: 1' }, 'headers', /Line 1/],
    [{ subprotocols: 'chat, two words' }, 'subprotocols', /two words/],
    [{ subprotocols: 'chat, v2, chat' }, 'subprotocols', /twice/],
    [{ origin: 'a\r\nX: 1' }, 'origin', /line break/],
    [{ cookies: 'a\nb' }, 'cookies', /line break/],
    [{ auth: 'bearer', authToken: 'a\rb' }, 'authToken', /line break/],
    [{ auth: 'basic', authName: 'a:b' }, 'authName', /colon/],
    [{ ca: 'no certificate' }, 'ca', /PEM/],
    [{ proxy: 'http', proxyAddress: 'nowhere' }, 'proxyAddress', /port is missing/],
  ])('is not made of %j', async (options, field, message) => {
    const { context, opened } = connectTo('ws://127.0.0.1:1/', options);
    const error = errorOf(await opened);
    expect(error).toMatchObject({ code: 'bad-option', field });
    expect(error.message).toMatch(message);
    expect(webSocketClientSpec.fields.some(({ id }) => id === field)).toBe(true);
    expect(context.of('request')).toEqual([]);
  });
});

describe('an answer that agrees', () => {
  test('opens, with both messages as rows and what was agreed', async () => {
    const { context, driver } = await connected(
      { subprotocols: 'v2.chat, chat' },
      { headers: ['Sec-WebSocket-Protocol: chat'] },
    );
    const response = context.of('response', 'in', 0)[0];
    expect(response?.meta).toEqual({ status: 101, reason: 'Switching Protocols' });
    expect(response?.payload?.toString()).toMatch(/^HTTP\/1\.1 101 [^]*\r\n\r\n$/);
    expect(context.of('open')[0]?.meta).toEqual({ subprotocol: 'chat', extensions: '' });
    expect(context.of('connect')[0]?.meta).toEqual({ local: context.ends.local, remote: context.ends.remote });
    expect(driver.facts(1)).toMatchObject({ subprotocol: 'chat', extensions: '', roundTrip: null, holdPongs: false });
  });

  test('may bring the first messages along', async () => {
    const { context } = await connected({}, { rest: Buffer.concat([frame(0x81, 'hello'), frame(0x82, 'raw')]) });
    await context.until(() => context.messages('in').length === 2, 'both');
    expect(context.messages('in').map(({ kind, payload }) => [kind, String(payload)])).toEqual([
      ['text', 'hello'],
      ['binary', 'raw'],
    ]);
    expect(context.records.findIndex(({ kind }) => kind === 'open')).toBeLessThan(
      context.records.findIndex(({ kind }) => kind === 'text'),
    );
  });

  test('may come byte by byte, after others that announce it', async () => {
    const { context, opened, remote, head } = await asked();
    const answer = [
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n',
      'HTTP/1.1 101 OK\r\nupgrade: WebSocket\r\nconnection: keep-alive, Upgrade\r\n',
      `sec-websocket-accept: ${acceptFor(head)}\r\n\r\n`,
    ].join('');
    for (const byte of Buffer.from(answer)) await remote.write(Buffer.of(byte));
    valueOf(await opened);
    expect(context.of('response').map(({ meta }) => meta.status)).toEqual([103, 101]);
  });

  test.each([
    ['Upgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Accept: wrong', /Sec-WebSocket-Accept is wrong where/],
    ['Upgrade: websocket\nConnection: Upgrade', /has no Sec-WebSocket-Accept/],
    ['Connection: Upgrade\nSec-WebSocket-Accept: ACCEPT', /has no Upgrade header/],
    ['Upgrade: h2c\nConnection: Upgrade\nSec-WebSocket-Accept: ACCEPT', /upgrades to h2c/],
    ['Upgrade: websocket\nConnection: close\nSec-WebSocket-Accept: ACCEPT', /Connection header/],
    [
      'Upgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Accept: ACCEPT\nSec-WebSocket-Protocol: chat',
      /chose the subprotocol chat, which was not offered/,
    ],
    [
      'Upgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Accept: ACCEPT\nSec-WebSocket-Extensions: x-mystery',
      /was not offered: x-mystery/,
    ],
    [
      'Upgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Accept: ACCEPT\nSec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=7',
      /server_max_window_bits=7/,
    ],
  ])('but is wrong does not open: %j', async (headers, message) => {
    const { context, opened, address, remote } = await answered(`HTTP/1.1 101 Switching Protocols\n${headers}\n\n`);
    const error = errorOf(await opened);
    expect(error.code).toBe('bad-handshake');
    expect(error.message).toContain(address);
    expect(error.message).toMatch(message);
    expect(error.hint).not.toBe('');
    expect(context.of('response')).toHaveLength(1);
    expect(context.of('error')[0]?.meta.code).toBe('bad-handshake');
    expect(context.closes).toEqual([]);
    await remote.until(() => remote.hasEnded, 'the end');
  });
});

describe('an answer that refuses', () => {
  test.each([
    ['HTTP/1.1 401 Unauthorized\nContent-Length: 5\n\nno!!!', 401, /Authorization/],
    ['HTTP/1.1 403 Forbidden\nContent-Length: 0\n\n', 403, /Origin/],
    ['HTTP/1.1 404 Not Found\nTransfer-Encoding: chunked\n\n4\nnope\n0\n\n', 404, /path/],
    ['HTTP/1.1 426 Upgrade Required\nContent-Length: 2\n\nhi', 426, /version/],
    ['HTTP/1.1 200 OK\nContent-Length: 3\n\nweb', 200, /ordinary web server/],
    ['HTTP/1.1 302 Found\nLocation: /there\nContent-Length: 0\n\n', 302, /redirects/],
    ['HTTP/1.1 500 Internal Server Error\nContent-Length: 3\n\noh!', 500, /response/],
    ['HTTP/1.1 204 No Content\n\n', 204, /response/],
  ])('is shown whole: %j', async (answer, status, hint) => {
    const { context, opened, address } = await answered(answer);
    const error = errorOf(await opened);
    expect(error.code).toBe('not-websocket');
    expect(error.message).toContain(`${address} refused the handshake: ${status}`);
    expect(error.hint).toMatch(hint);
    const response = context.of('response')[0];
    expect(response?.meta).toMatchObject({ status });
    expect(response?.meta.cut).toBeUndefined();
    expect(response?.payload?.toString()).toBe(answer.replace(/\n/g, '\r\n'));
  });

  test('may end with the connection', async () => {
    const opening = await answered('HTTP/1.0 400 Bad Request\n\nwhat do you want?');
    opening.remote.end();
    errorOf(await opening.opened);
    const response = opening.context.of('response')[0];
    expect(response?.payload?.toString()).toMatch(/want\?$/);
    expect(response?.meta).toEqual({ status: 400, reason: 'Bad Request' });
  });

  test('is not waited for to its end, and not kept to any length', async () => {
    const slow = await answered('HTTP/1.1 404 Not Found\nContent-Length: 100\n\nhalf');
    errorOf(await slow.opened);
    expect(slow.context.of('response')[0]?.meta).toMatchObject({ status: 404, cut: true });

    const long = await answered(`HTTP/1.1 404 Not Found\n\n${'x'.repeat(HANDSHAKE_BODY_BYTES + 1000)}`);
    errorOf(await long.opened);
    const response = long.context.of('response')[0];
    expect(response?.meta.cut).toBe(true);
    expect(response?.payload).toHaveLength('HTTP/1.1 404 Not Found\r\n\r\n'.length + HANDSHAKE_BODY_BYTES);
  });
});

describe('no answer of HTTP', () => {
  test.each([
    ['SSH-2.0-OpenSSH_9.2\n', /not HTTP/, /Another kind/],
    ['\x15\x03\x01\x00\x02\x02\x46', /not HTTP/, /wss:\/\//],
    ['HTTP/1.1 101 OK\nbroken line\n\n', /not HTTP/, /response/],
    ['x'.repeat(HANDSHAKE_HEAD_BYTES + 1), /not HTTP/, /response/],
  ])('is said with what came: %.40j', async (answer, message, hint) => {
    const { context, opened } = await answered(answer);
    const error = errorOf(await opened);
    expect(error.code).toBe('not-websocket');
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
    expect(context.of('response')[0]?.meta).toEqual({ cut: true });
    expect(context.of('response')[0]?.payload?.length).toBeGreaterThan(0);
  });

  test('when the server ends at once, or resets', async () => {
    const ended = await asked();
    ended.remote.end();
    expect(errorOf(await ended.opened)).toMatchObject({
      code: 'not-websocket',
      message: `${ended.address} closed the connection without an answer to the handshake.`,
    });
    const reset = await asked();
    reset.remote.reset();
    expect(errorOf(await reset.opened)).toMatchObject({ code: 'connection-reset', errno: 'ECONNRESET' });
  });

  test('within the handshake time-out', async () => {
    const { opened, address, remote } = await asked({ handshakeTimeout: 40 });
    const error = errorOf(await opened);
    expect(error).toMatchObject({ code: 'connection-timed-out', errno: 'ETIMEDOUT' });
    expect(error.message).toBe(`No answer to the handshake from ${address} within 40 ms (ETIMEDOUT).`);
    await remote.until(() => remote.hasEnded, 'the end');
  });

  test('when it is cancelled meanwhile', async () => {
    const { driver, opened, context, remote } = await asked();
    await Promise.all([driver.close(), driver.close()]);
    expect(errorOf(await opened).code).toBe('cancelled');
    expect(context.closes).toEqual([]);
    await remote.until(() => remote.hasEnded, 'the end');
  });
});

describe('a redirect', () => {
  const redirect = (location: string): string =>
    `HTTP/1.1 307 Temporary Redirect\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`;

  test('is followed, and credentials stay with the origin', async () => {
    const first = await rawServer();
    const second = await rawServer();
    const options = {
      redirects: 2,
      auth: 'bearer',
      authToken: 'secret',
      cookies: 'a=1',
      headers: 'Cookie: b=2\nX-One: 1',
    };
    const { context, opened } = connectTo(`ws://${first.address}/a`, options);
    const start = await first.next();
    expect(headerOf(await requestTo(start), 'Authorization')).toBe('Bearer secret');
    await start.write(Buffer.from(redirect('/b')));
    const same = await first.next();
    const sameHead = await requestTo(same);
    expect(sameHead).toMatch(/^GET \/b /);
    expect(headerOf(sameHead, 'Authorization')).toBe('Bearer secret');
    await same.write(Buffer.from(redirect(`http://${second.address}/c`)));
    const other = await second.next();
    const otherHead = await agree(other);
    expect(otherHead).toMatch(/^GET \/c /);
    expect(otherHead).not.toMatch(/^(authorization|cookie):/im);
    expect(headerOf(otherHead, 'X-One')).toBe('1');
    expect(headerOf(otherHead, 'Host')).toBe(second.address);
    valueOf(await opened);
    expect(context.of('redirect').map(({ meta }) => meta)).toEqual([
      { status: 307, location: '/b', address: `ws://${first.address}/b` },
      { status: 307, location: `http://${second.address}/c`, address: `ws://${second.address}/c` },
    ]);
    expect(context.ends.remote).toBe(second.address);
    await start.until(() => start.hasEnded, 'the end of the first connection');
  });

  test('is recorded without the password in it, which only the answer itself shows', async () => {
    const { context, opened, remote } = await asked({ redirects: 1 });
    await remote.write(Buffer.from(redirect('http://anna:hush@127.0.0.1:1/b')));
    errorOf(await opened);
    expect(context.of('redirect')[0]?.meta).toMatchObject({ location: 'http://anna:•••@127.0.0.1:1/b' });
    expect(String(context.of('response')[0]?.payload)).toContain('anna:hush@');
  });

  test('is followed no more often than was said', async () => {
    const outside = await rawServer();
    const { context, opened } = connectTo(`ws://${outside.address}/`, { redirects: 1 });
    for (let count = 0; count < 2; count += 1) {
      const remote = await outside.next();
      await requestTo(remote);
      await remote.write(Buffer.from(redirect('/again')));
    }
    const error = errorOf(await opened);
    expect(error.code).toBe('not-websocket');
    expect(error.hint).toMatch(/redirected 1 times/);
    expect(context.of('redirect')).toHaveLength(1);
  });

  test.each(['ftp://elsewhere/', 'ws://'])('to %s is not followed', async (location) => {
    const { opened, remote } = await asked({ redirects: 5 });
    await remote.write(Buffer.from(redirect(location)));
    expect(errorOf(await opened)).toMatchObject({ code: 'not-websocket' });
  });
});
