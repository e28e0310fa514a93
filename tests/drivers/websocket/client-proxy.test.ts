import { describe, expect, onTestFinished, test } from 'vitest';
import { chooseProxy, type ProxyOptions } from '../../../src/drivers/websocket/proxy.ts';
import type { Options } from '../../../src/drivers/spec.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';
import { httpProxy, socksProxy, type TestProxy } from '../../support/proxy-servers.ts';
import { agree, connectTo, rawServer, requestTo } from '../../support/raw-websocket.ts';
import { freeAddress } from '../../support/tcp-remote.ts';
import { WsOutside } from '../../support/ws-remote.ts';

function portOf(address: string): string {
  return address.slice(address.lastIndexOf(':') + 1);
}

const kinds: readonly ['http' | 'socks5', (credentials: string | null) => Promise<TestProxy>][] = [
  ['http', httpProxy],
  ['socks5', socksProxy],
];

describe.each(kinds)('through a proxy of %s', (proxy, start) => {
  const through = ({ address }: { readonly address: string }, more: Options = {}): Options => ({
    proxy,
    proxyAddress: address,
    ...more,
  });

  test('a client talks to a server whose name only the proxy knows', async () => {
    const outside = await WsOutside.listen('127.0.0.1');
    onTestFinished(() => outside.close());
    const server = await start(null);
    const host = `somewhere.invalid:${portOf(outside.address)}`;
    const { context, driver, opened } = connectTo(`ws://${host}/`, through(server));
    const remote = await outside.next();
    valueOf(await opened);
    valueOf(await driver.send(1, Buffer.from('hello')));
    await remote.until(() => remote.receivedLength === 5, 'hello');
    await remote.write(Buffer.from('back'));
    await context.untilMessage('in', 1);
    expect(server.asked).toEqual([proxy === 'http' ? host : `3:${host}`]);
    expect(context.of('connect')[0]?.meta).toMatchObject({ remote: host, proxy: server.address });
    expect(context.ends.remote).toBe(host);
    expect(context.of('lookup')).toEqual([]);
    expect(context.of('proxy', 'out').length).toBeGreaterThan(0);
    expect(context.of('proxy', 'in').length).toBeGreaterThan(0);
    await driver.close();
    expect(context.closes).toEqual([null]);
  });

  test('a client proves who it is, and its password is not recorded', async () => {
    const outside = await rawServer();
    const server = await start('anna:hush');
    const { context, opened } = connectTo(
      `ws://${outside.address}/`,
      through(server, { proxyName: 'anna', proxyPassword: 'hush' }),
    );
    const head = await agree(await outside.next());
    valueOf(await opened);
    expect(head).not.toMatch(/proxy-/i);
    const seen = JSON.stringify(context.records.map(({ meta, payload }) => [meta, payload?.toString('latin1')]));
    expect(seen).not.toContain('hush');
    expect(seen).not.toContain(Buffer.from('anna:hush').toString('base64'));
  });

  test.each([
    [{ proxyName: 'anna', proxyPassword: 'wrong' }, /Check its name and password/],
    [{}, /a name and a password/],
  ])('says that it is not let in with %j', async (more, hint) => {
    const server = await start('anna:hush');
    const { context, opened } = connectTo('ws://127.0.0.1:9/', through(server, more));
    const error = errorOf(await opened);
    expect(error.code).toBe('proxy-failed');
    expect(error.message).toMatch(new RegExp(`^The proxy ${server.address} makes no connection: it `));
    expect(error.hint).toMatch(hint);
    expect(context.of('error')).toHaveLength(1);
  });

  test('says that the proxy reaches nobody there', async () => {
    const server = await start(null);
    const nobody = await freeAddress('127.0.0.1');
    const error = errorOf(await connectTo(`ws://${nobody}/`, through(server)).opened);
    expect(error.code).toBe('proxy-failed');
    expect(error.hint).toContain(nobody);
  });

  test('says that no proxy is there, or another kind of server', async () => {
    const address = await freeAddress('127.0.0.1');
    const gone = errorOf(await connectTo('ws://127.0.0.1:9/', through({ address })).opened);
    expect(gone.code).toBe('proxy-failed');
    expect(gone.message).toContain('ECONNREFUSED');
    const outside = await rawServer();
    for (const answer of ['SSH-2.0-x\r\n\r\n', null]) {
      const { opened } = connectTo('ws://127.0.0.1:9/', through(outside));
      const remote = await outside.next();
      await remote.until(() => remote.receivedLength > 0, 'the first bytes');
      if (answer !== null) await remote.write(Buffer.from(answer));
      remote.end();
      expect(errorOf(await opened).code).toBe('proxy-failed');
    }
  });

  test('gives up with a proxy that says nothing', async () => {
    const outside = await rawServer();
    const slow = connectTo('ws://127.0.0.1:9/', through(outside, { connectTimeout: 40 }));
    const remote = await outside.next();
    expect(errorOf(await slow.opened).code).toBe('connection-timed-out');
    await remote.until(() => remote.hasEnded, 'the end');
    const cancelled = connectTo('ws://127.0.0.1:9/', through(outside));
    await outside.next();
    await cancelled.driver.close();
    expect(errorOf(await cancelled.opened).code).toBe('cancelled');
  });
});

test('the proxy of the system is used for hosts that are not excluded', async () => {
  const outside = await rawServer();
  const server = await httpProxy('anna:hush');
  const environment = { HTTP_PROXY: `http://anna:hush@${server.address}`, NO_PROXY: 'other.example' };
  const { opened } = connectTo(`ws://${outside.address}/`, { proxy: 'system' }, environment);
  await agree(await outside.next());
  valueOf(await opened);
  expect(server.asked).toEqual([outside.address]);
  const direct = connectTo(`ws://${outside.address}/`, { proxy: 'system' }, { ...environment, NO_PROXY: '127.0.0.1' });
  await requestTo(await outside.next());
  expect(server.asked).toHaveLength(1);
  await direct.driver.close();
});

describe('the environment', () => {
  const system: ProxyOptions = { proxy: 'system', proxyAddress: '', proxyName: '', proxyPassword: '' };
  const plain = { host: 'chat.example.com', port: 80, secure: false };

  test.each<[Record<string, string>, string | null]>([
    [{}, null],
    [{ HTTP_PROXY: 'http://p:3128' }, 'http p:3128'],
    [{ http_proxy: 'p:3128', HTTP_PROXY: 'http://other:1' }, 'http p:3128'],
    [{ HTTPS_PROXY: 'http://p:3128' }, null],
    [{ ALL_PROXY: 'socks5h://p' }, 'socks5 p:1080'],
    [{ ALL_PROXY: 'socks5://[::1]:9' }, 'socks5 ::1:9'],
    [{ HTTP_PROXY: 'http://p', NO_PROXY: '*' }, null],
    [{ HTTP_PROXY: 'http://p', NO_PROXY: 'a.example, example.com' }, null],
    [{ HTTP_PROXY: 'http://p', NO_PROXY: '.example.com' }, null],
    [{ HTTP_PROXY: 'http://p', NO_PROXY: 'example.com:81' }, 'http p:80'],
    [{ HTTP_PROXY: 'http://p', NO_PROXY: 'ample.com' }, 'http p:80'],
  ])('%j means the proxy %s', (environment, expected) => {
    const proxy = valueOf(chooseProxy(system, plain, environment));
    expect(proxy === null ? null : `${proxy.type} ${proxy.host}:${proxy.port}`).toBe(expected);
  });

  test('names another proxy for wss', () => {
    const environment = { HTTP_PROXY: 'http://p:1', HTTPS_PROXY: 'http://s:2' };
    expect(valueOf(chooseProxy(system, { ...plain, secure: true }, environment))).toMatchObject({ host: 's', port: 2 });
  });

  test.each(['https://p:1', 'http://:x', 'ftp://p', 'http://a%zz@p'])('%s is no proxy, and is not repeated', (text) => {
    const error = errorOf(chooseProxy(system, plain, { HTTP_PROXY: text }));
    expect(error.code).toBe('proxy-failed');
    expect(error.message).toContain('HTTP_PROXY');
  });
});
