import { describe, expect, test } from 'vitest';
import type { Options } from '../../../src/drivers/spec.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';
import { framesOf } from '../../support/raw-websocket.ts';
import { answerTo, listening, makeServer, plainClient, requestOf } from '../../support/websocket-server.ts';
import { dialWs } from '../../support/ws-remote.ts';

const HELLO = Buffer.from('818537fa213d7f9f4d5158', 'hex');

describe('a client that is let in', () => {
  test('gets the answer of RFC 6455 §1.3; both messages are rows of its connection', async () => {
    const { context, driver, address } = await listening({ deflate: false });
    const remote = await plainClient(address);
    const request = requestOf({ 'X-Own': 'yes' }, 'GET /chat?room=1 HTTP/1.1');
    await remote.write(Buffer.from(request));
    await context.untilRow('open', 'none', 1);
    const answer = [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
      '',
      '',
    ].join('\r\n');
    await remote.until(() => remote.receivedLength === answer.length, 'the answer');
    expect(remote.received.toString()).toBe(answer);
    expect(context.records.map(({ kind, direction, meta }) => [kind, direction, meta])).toEqual([
      ['listening', 'none', expect.objectContaining({ address: '127.0.0.1' })],
      ['connection', 'none', { local: address, remote: remote.name }],
      ['request', 'in', { method: 'GET', path: '/chat?room=1' }],
      ['response', 'out', { status: 101, reason: 'Switching Protocols' }],
      ['open', 'none', { path: '/chat?room=1', subprotocol: '', extensions: '' }],
    ]);
    expect(String(context.of('request')[0]?.payload)).toBe(request);
    expect(String(context.of('response')[0]?.payload)).toBe(answer);
    expect(driver.facts(1)).toMatchObject({ path: '/chat?room=1', subprotocol: '', extensions: '' });
    expect(driver.facts(1).headers).toContain('X-Own: yes');
  });

  test('is heard also when it writes its request byte by byte and its first message right behind it', async () => {
    const { context, driver, address } = await listening();
    const remote = await plainClient(address);
    const bytes = Buffer.concat([Buffer.from(requestOf()), HELLO]);
    for (const byte of bytes.subarray(0, -4)) await remote.write(Buffer.of(byte));
    await remote.write(bytes.subarray(-4));
    await context.untilMessage('in', 1);
    expect(String(context.messages('in')[0]?.payload)).toBe('Hello');
    valueOf(await driver.send(1, Buffer.from('and you')));
    await remote.until(() => framesOf(remote).length === 1, 'a frame');
    expect(framesOf(remote)[0]).toMatchObject({ first: 0x81, masked: false, payload: Buffer.from('and you') });
  });

  test.each<[Options, string[], string]>([
    [{ subprotocols: 'b, a' }, ['a', 'b'], 'b'],
    [{ subprotocols: 'b, a', subprotocolOrder: 'client' }, ['a', 'b'], 'a'],
    [{ subprotocols: 'c' }, ['a', 'b'], ''],
    [{}, ['a'], ''],
  ])('gets of %j and %j the subprotocol “%s”', async (options, offered, chosen) => {
    const { context, address } = await listening(options);
    const answer = await answerTo(address, requestOf({ 'Sec-WebSocket-Protocol': offered.join(', ') }));
    if (chosen === '') expect(answer).not.toContain('Sec-WebSocket-Protocol');
    else expect(answer).toContain(`\r\nSec-WebSocket-Protocol: ${chosen}\r\n`);
    await context.untilRow('open', 'none', 1);
    expect(context.of('open')[0]?.meta.subprotocol).toBe(chosen);
  });

  test('compresses with ws, and is told as it was agreed', async () => {
    const { context, driver, address } = await listening({ deflateThreshold: 10 });
    const remote = await dialWs(address, { perMessageDeflate: { threshold: 0 } });
    const text = 'again and '.repeat(1000);
    await remote.write(Buffer.from(text));
    await context.untilMessage('in', 1);
    expect(context.messages('in')[0]?.payload?.length).toBe(text.length);
    expect(context.messages('in')[0]?.meta.compressed).toBeLessThan(200);
    expect(context.of('open')[0]?.meta.extensions).toMatch(/^permessage-deflate/);
    valueOf(await driver.send(1, Buffer.from(text)));
    valueOf(await driver.send(1, Buffer.from('short')));
    await remote.until(() => remote.receivedLength === text.length + 5, 'both');
    expect(remote.received.toString()).toBe(`${text}short`);
    expect(context.messages('out').map(({ meta }) => 'compressed' in meta)).toEqual([true, false]);
    remote.end();
    await context.untilState(1, 'closed');
  });

  test('gets the headers that a person has written, also in place of right ones', async () => {
    const { address } = await listening({
      responseHeaders: 'Set-Cookie: a=1\nSet-Cookie: b=2\nSec-WebSocket-Accept: wrong',
    });
    const answer = await answerTo(address, requestOf());
    expect(answer).toContain('\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nSec-WebSocket-Accept: wrong\r\n');
    expect(answer).not.toContain('s3pPLMBiTxaQ9kYGzzhZRbK');
  });
});

describe('a client that is refused', () => {
  const lines = { post: 'POST / HTTP/1.1', old: 'GET / HTTP/1.0', elsewhere: 'GET /elsewhere?x HTTP/1.1' };
  test.each<[string, Options, string | Uint8Array, string, RegExp]>([
    ['no HTTP at all', {}, 'hello\r\n\r\n', '400 Bad Request', /no HTTP request/],
    ['TLS', {}, Buffer.of(0x16, 3, 1, 0, 5), '400 Bad Request', /no TLS/],
    ['another method', {}, requestOf({}, lines.post), '405 Method Not Allowed', /Allow: GET[^]*POST/],
    ['HTTP/1.0', {}, requestOf({}, lines.old), '400 Bad Request', /HTTP\/1\.1/],
    ['no Host', {}, requestOf({ Host: null }), '400 Bad Request', /Host/],
    ['a browser', {}, requestOf({ Upgrade: null }), '426 Upgrade Required', /Upgrade: websocket[^]*WebSocket client/],
    ['no Connection: Upgrade', {}, requestOf({ Connection: 'close' }), '400 Bad Request', /Connection/],
    [
      'another version',
      {},
      requestOf({ 'Sec-WebSocket-Version': '8' }),
      '426 Upgrade Required',
      /Sec-WebSocket-Version: 13\r\n/,
    ],
    ['a short key', {}, requestOf({ 'Sec-WebSocket-Key': 'c2hvcnQ=' }), '400 Bad Request', /16 bytes/],
    ['the same subprotocol twice', {}, requestOf({ 'Sec-WebSocket-Protocol': 'a, a' }), '400 Bad Request', /tokens/],
    ['another path', { paths: '/, /chat' }, requestOf({}, lines.elsewhere), '404 Not Found', /at \/elsewhere\./],
    ['a header that is missing', { requiredHeaders: 'X-Token' }, requestOf(), '401 Unauthorized', /X-Token is missing/],
    [
      'a header with another value',
      { requiredHeaders: 'X-Token: a', requiredStatus: 403 },
      requestOf({ 'X-Token': 'b' }),
      '403 Forbidden',
      /another value/,
    ],
    ['everybody', { refuseStatus: 503 }, requestOf(), '503 Service Unavailable', /refuses every/],
    [
      'no common subprotocol',
      { subprotocols: 'a', subprotocolNeeded: true },
      requestOf({ 'Sec-WebSocket-Protocol': 'b' }),
      '400 Bad Request',
      /speaks: a\./,
    ],
    ['a head without end', {}, `GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}`, '431 Request', /too long/],
    ['a slow head', { handshakeTimeout: 20 }, 'GET / HTTP/1.1\r\n', '408 Request Timeout', /in time/],
  ])('for %s', async (_why, options, request, status, text) => {
    const { context, address } = await listening(options);
    const answer = await answerTo(address, request);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status}`));
    expect(answer).toMatch(text);
    expect(answer).toMatch(/\r\nContent-Length: \d+\r\n/);
    await context.untilRow('socketClose', 'none', 1);
    expect(String(context.of('response', 'out', 1)[0]?.payload)).toBe(answer);
    expect(context.of('request', 'in', 1)).toHaveLength(1);
    expect(context.of('open')).toEqual([]);
    expect(context.closes).toEqual([]);
  });

  test('when there are as many as there may be; one that goes makes room', async () => {
    const { context, address } = await listening({ maxConnections: 1 });
    const first = await dialWs(address);
    expect(await answerTo(address, requestOf())).toMatch(/^HTTP\/1\.1 503 /);
    await context.untilState(2, 'closed');
    const [connection] = context.of('connection', 'none', 2);
    expect(context.of('drop').map(({ peer, meta }) => [peer, meta])).toEqual([
      [2, { ...connection?.meta, maxConnections: 1 }],
    ]);
    const kinds = context.records.filter(({ peer }) => peer === 2).map(({ kind }) => kind);
    expect(kinds).toEqual(['connection', 'request', 'drop', 'response', 'socketClose']);
    first.end();
    await context.untilState(1, 'closed');
    expect(await answerTo(address, requestOf())).toMatch(/^HTTP\/1\.1 101 /);
    expect(context.of('drop')).toHaveLength(1);
  });

  test('has no row when it goes without a word, and an error when it goes in the middle', async () => {
    const { context, address } = await listening();
    const silent = await plainClient(address);
    await context.untilRow('connection', 'none', 1);
    silent.end();
    await context.untilState(1, 'closed');
    expect(context.of('request', 'in', 1)).toEqual([]);
    const half = await plainClient(address);
    await half.write(Buffer.from('GET / HTTP/1.1\r\n'));
    half.end();
    await context.untilState(2, 'failed');
    expect(context.of('request', 'in', 2)[0]?.meta).toEqual({ cut: true });
    expect(context.of('error', 'none', 2)[0]?.meta.message).toMatch(/middle of its handshake/);
  });
});

describe('options that cannot be', () => {
  test.each<[Options, string, string]>([
    [{ paths: 'chat' }, '127.0.0.1:0', 'paths'],
    [{ paths: '/a?b' }, '127.0.0.1:0', 'paths'],
    [{ subprotocols: 'a b' }, '127.0.0.1:0', 'subprotocols'],
    [{ requiredHeaders: 'not a name: x' }, '127.0.0.1:0', 'requiredHeaders'],
    [{ responseHeaders: 'nothing' }, '127.0.0.1:0', 'responseHeaders'],
    [{ tls: 'made' }, 'ws://127.0.0.1:0', 'tls'],
    [{}, 'ws://127.0.0.1:0/chat', 'address'],
  ])('%j at %s are refused with the field', async (options, address, field) => {
    const { driver } = makeServer(options, address);
    expect(errorOf(await driver.open(new AbortController().signal)).field).toBe(field);
  });

  test.each([
    ['ws://anna:hush@127.0.0.1:0', /no name and no password/],
    ['anna:hush@127.0.0.1:0', /no name and no password/],
    ['//anna:hush@127.0.0.1:0', /no name and no password/],
    ['ws://anna:hu/sh@127.0.0.1:0', /no path/],
    ['http://anna:hush@127.0.0.1:0', /no name and no password/],
    ['http://127.0.0.1:0', /begins with ws:\/\/, wss:\/\/ or no scheme/],
  ])('%s is no address of a WebSocket server, which is said without the password', async (address, what) => {
    const { driver } = makeServer({}, address);
    const error = errorOf(await driver.open(new AbortController().signal));
    expect(error).toMatchObject({ code: 'bad-address', field: 'address' });
    expect(error.message).toMatch(what);
    expect(error.hint).toMatch(/host:port/);
    expect(error.message + error.hint).not.toMatch(/hush|hu\/sh/);
  });
});
