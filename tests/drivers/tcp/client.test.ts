import { createHash } from 'node:crypto';
import type { LookupAddress } from 'node:dns';
import { describe, expect, onTestFinished, test } from 'vitest';
import { defineDriver, type Driver } from '../../../src/drivers/driver.ts';
import type { Options } from '../../../src/drivers/spec.ts';
import { tcpClient, TcpClient } from '../../../src/drivers/tcp/client.ts';
import type { Lookup } from '../../../src/drivers/net/lookup.ts';
import { tcpClientSpec } from '../../../src/drivers/tcp/spec.ts';
import { FakeContext } from '../../support/fake-context.ts';
import { leavingNothing } from '../../support/leaks.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';
import { freeAddress, hostAndPort, TcpOutside } from '../../support/tcp-remote.ts';

const never = new AbortController().signal;

interface Made {
  readonly context: FakeContext;
  readonly driver: Driver;
}

function make(address: string, options: Options = {}, lookup?: Lookup): Made {
  const context = new FakeContext(tcpClientSpec, address);
  const module =
    lookup === undefined
      ? tcpClient
      : defineDriver(tcpClientSpec, (typed, chosen) => new TcpClient(typed, chosen, lookup));
  const driver = valueOf(module.create(context, options));
  onTestFinished(() => driver.close());
  return { context, driver };
}

async function outsideOn(host: string): Promise<{ outside: TcpOutside; port: number }> {
  const outside = await TcpOutside.listen(host);
  onTestFinished(() => outside.close());
  return { outside, port: hostAndPort(outside.address).port };
}

const answers =
  (...addresses: LookupAddress[]): Lookup =>
  (_host, _family, done) => {
    setImmediate(() => done(null, addresses));
  };

const fails =
  (code: string): Lookup =>
  (host, _family, done) => {
    const error = Object.assign(new Error(`getaddrinfo ${code} ${host}`), { code, syscall: 'getaddrinfo' });
    setImmediate(() => done(error, []));
  };

describe('a name', () => {
  test('shows one lookup row for each address, then the attempts, then connect and ready', async () => {
    const { port } = await outsideOn('127.0.0.1');
    const lookup = answers({ address: '::1', family: 6 }, { address: '127.0.0.1', family: 4 });
    const { context, driver } = make(`both.test:${port}`, {}, lookup);
    valueOf(await driver.open(never));
    expect(context.records.map(({ kind, peer }) => [kind, peer])).toEqual([
      ['lookup', 0],
      ['lookup', 0],
      ['connectionAttempt', 0],
      ['connectionAttemptFailed', 0],
      ['connectionAttempt', 0],
      ['connect', 1],
      ['ready', 1],
    ]);
    expect(context.of('lookup')[0]?.meta).toEqual({ host: 'both.test', address: '::1', family: 6 });
    expect(context.peer(1).remote).toBe(`127.0.0.1:${port}`);
    expect(driver.facts(null).autoSelectFamilyAttemptedAddresses).toBe(`[::1]:${port}, 127.0.0.1:${port}`);
  });

  test('is looked up by the system too', async () => {
    const { port } = await outsideOn('127.0.0.1');
    const { context, driver } = make(`localhost:${port}`, { family: '4' });
    valueOf(await driver.open(never));
    expect(context.of('lookup').map(({ meta }) => meta)).toEqual([
      { host: 'localhost', address: '127.0.0.1', family: 4 },
    ]);
  });

  test.each([
    ['ENOTFOUND', 'host-not-found', 'Host not found: nowhere.test (ENOTFOUND).'],
    ['EAI_AGAIN', 'lookup-failed', 'The name of nowhere.test could not be looked up (EAI_AGAIN).'],
  ])('that fails with %s says so', async (errno, code, message) => {
    const { context, driver } = make('nowhere.test:80', {}, fails(errno));
    expect(errorOf(await driver.open(never))).toMatchObject({ code, errno, message });
    expect(context.of('lookup')[0]?.meta).toEqual({ host: 'nowhere.test', code: errno });
    expect(context.of('error')).toHaveLength(1);
    expect(context.closes).toEqual([]);
  });

  test.each<[Options, number]>([
    [{}, 0],
    [{ family: '4' }, 4],
    [{ family: '6' }, 6],
    [{ localAddress: '127.0.0.1' }, 4],
    [{ localAddress: '::1' }, 6],
    [{ family: '4', localAddress: '127.0.0.2' }, 4],
  ])('is asked for with the family of %j', async (options, family) => {
    const asked: number[] = [];
    const { driver } = make('x.test:1', options, (host, wanted, done) => {
      asked.push(wanted);
      fails('ENOTFOUND')(host, wanted, done);
    });
    errorOf(await driver.open(never));
    expect(asked).toEqual([family]);
  });

  test('may answer after everybody has gone', async () => {
    let answer: (() => void) | undefined;
    const { context, driver } = make('slow.test:80', {}, (_host, _family, done) => {
      answer = () => done(null, [{ address: '127.0.0.1', family: 4 }]);
    });
    const opening = driver.open(never);
    await driver.close();
    expect(errorOf(await opening).code).toBe('cancelled');
    answer?.();
    expect(context.records).toEqual([]);
  });

  test('counts within the connect time-out', async () => {
    const { driver } = make('slow.test:80', { connectTimeout: 20 }, () => undefined);
    expect(errorOf(await driver.open(never))).toMatchObject({
      code: 'connection-timed-out',
      message: 'No answer from slow.test:80 within 20 ms (ETIMEDOUT).',
    });
  });
});

describe('a literal', () => {
  test('has no lookup row', async () => {
    const { port } = await outsideOn('::1');
    const { context, driver } = make(`[::1]:${port}`);
    valueOf(await driver.open(never));
    expect(context.records.map(({ kind }) => kind)).toEqual(['connectionAttempt', 'connect', 'ready']);
  });
});

describe('the local end', () => {
  test('is the one that was asked for', async () => {
    const { port } = await outsideOn('127.0.0.1');
    const local = hostAndPort(await freeAddress('127.0.0.2'));
    const { context, driver } = make(`127.0.0.1:${port}`, { localAddress: '127.0.0.2', localPort: local.port });
    valueOf(await driver.open(never));
    expect(context.ends.local).toBe(`127.0.0.2:${local.port}`);
  });

  test('says when its port is taken', async () => {
    const { outside, port } = await outsideOn('127.0.0.1');
    const taken = await outsideOn('127.0.0.1');
    const { driver } = make(outside.address, { localAddress: '127.0.0.1', localPort: taken.port });
    const error = errorOf(await driver.open(never));
    expect(error).toMatchObject({
      code: 'address-in-use',
      message: `The local address for 127.0.0.1:${port} is already in use (EADDRINUSE).`,
    });
  });

  test('says when its address is none of this machine', async () => {
    const { outside } = await outsideOn('127.0.0.1');
    const { driver } = make(outside.address, { localAddress: '192.0.2.1' });
    expect(errorOf(await driver.open(never))).toMatchObject({ code: 'address-not-available', errno: 'EADDRNOTAVAIL' });
  });

  test.each<[Options, RegExp]>([
    [{ localAddress: 'localhost' }, /^localAddress “localhost” is not an IP address\.$/],
    [{ localAddress: '::1', family: '4' }, /IPv6, but family asks for IPv4/],
  ])('refuses %j', async (options, message) => {
    const error = errorOf(await make('127.0.0.1:1', options).driver.open(never));
    expect(error).toMatchObject({ code: 'bad-option', field: 'localAddress' });
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(/\.$/);
  });
});

describe('the facts', () => {
  test('have the names of Node, and stay after the end', async () => {
    const { outside, port } = await outsideOn('127.0.0.1');
    const { context, driver } = make(outside.address, { setTimeout: 60_000, setNoDelay: true, setKeepAlive: true });
    valueOf(await driver.open(never));
    const remote = await outside.next();
    valueOf(await driver.send(1, Buffer.from('12345')));
    expect(driver.facts(1)).toMatchObject({
      remoteAddress: '127.0.0.1',
      remotePort: port,
      remoteFamily: 'IPv4',
      localAddress: '127.0.0.1',
      localPort: hostAndPort(remote.name).port,
      localFamily: 'IPv4',
      bytesRead: 0,
      bytesWritten: 5,
      writableLength: 0,
      bufferSize: 0,
      readyState: 'open',
      pending: false,
      connecting: false,
      destroyed: false,
      timeout: 60_000,
      allowHalfOpen: false,
    });
    expect(driver.facts(1)).not.toHaveProperty('sha256In');
    remote.end();
    await context.until(() => context.closes.length === 1, 'the end');
    expect(driver.facts(1)).toMatchObject({ remotePort: port, bytesWritten: 5, destroyed: true, readyState: 'closed' });
  });

  test('say who has ended it, and how much of what was sent had no answer', async () => {
    const { outside } = await outsideOn('127.0.0.1');
    const byPeer = make(outside.address);
    valueOf(await byPeer.driver.open(never));
    const remote = await outside.next();
    await remote.write(Buffer.from('hi'));
    await byPeer.context.untilRow('data', 'in');
    expect(byPeer.driver.facts(1)).not.toHaveProperty('endedBy');
    valueOf(await byPeer.driver.send(1, Buffer.from('12345')));
    remote.end();
    await byPeer.context.until(() => byPeer.context.closes.length === 1, 'the end');
    expect(byPeer.driver.facts(1)).toMatchObject({ endedBy: 'peer', unanswered: 5 });
    for (const action of ['end', 'destroy', 'resetAndDestroy']) {
      const { context, driver } = make(outside.address);
      valueOf(await driver.open(never));
      valueOf(await driver.act(action, 1));
      (await outside.next()).end();
      await context.until(() => context.closes.length === 1, 'the end');
      expect(driver.facts(1)).toMatchObject({ endedBy: 'us', unanswered: 0 });
    }
  });

  test('have the SHA-256 of both directions when asked for, and so has the close row', async () => {
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
    const { outside } = await outsideOn('127.0.0.1');
    const { context, driver } = make(outside.address, { sha256: true });
    valueOf(await driver.open(never));
    const remote = await outside.next();
    expect(driver.facts(1)).toMatchObject({ sha256In: sha256(''), sha256Out: sha256('') });
    for (const part of ['one ', 'two ', 'three']) valueOf(await driver.send(1, Buffer.from(part)));
    await remote.write(Buffer.from('answer'));
    await context.untilRow('data', 'in');
    const hashes = { sha256In: sha256('answer'), sha256Out: sha256('one two three') };
    expect(driver.facts(1)).toMatchObject(hashes);
    await driver.close();
    expect(context.of('close')[0]?.meta).toEqual({ hadError: false, bytesRead: 6, bytesWritten: 13, ...hashes });
    expect(driver.facts(1)).toMatchObject(hashes);
  });
});

test('a peer that is gone when we write is told as a broken pipe or a reset, once', async () => {
  const { outside } = await outsideOn('127.0.0.1');
  const { context, driver } = make(outside.address, { allowHalfOpen: true });
  valueOf(await driver.open(never));
  const remote = await outside.next();
  remote.destroy();
  await context.untilState(1, 'half-closed-remote');
  // The first write reaches a socket that is no more; the answer is RST, and the next write finds it.
  valueOf(await driver.send(1, Buffer.from('anybody?')));
  const error = errorOf(await driver.send(1, Buffer.from('hello?')));
  expect(['connection-reset', 'broken-pipe']).toContain(error.code);
  await context.until(() => context.closes.length === 1, 'the end');
  expect(context.closes).toEqual([error]);
  expect(context.of('error')).toHaveLength(1);
});

test('a refused connection leaves nothing behind', async () => {
  const address = await freeAddress('127.0.0.1');
  await leavingNothing(async () => {
    const { driver } = make(address);
    expect(errorOf(await driver.open(never)).message).toBe(`Connection refused by ${address} (ECONNREFUSED).`);
  });
});
