import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Driver } from '../../../src/drivers/driver.ts';
import type { Options } from '../../../src/drivers/spec.ts';
import { listenTarget } from '../../../src/drivers/net/bind.ts';
import { tcpServer } from '../../../src/drivers/tcp/server.ts';
import { tcpServerSpec } from '../../../src/drivers/tcp/spec.ts';
import { parseEndpoint } from '../../../src/shared/address.ts';
import { noise } from '../../conformance/fixture.ts';
import { FakeContext } from '../../support/fake-context.ts';
import { errorOf, turn, valueOf } from '../../support/outcome.ts';
import { dial, hostAndPort, type TcpRemote } from '../../support/tcp-remote.ts';

const never = new AbortController().signal;
const LARGE = 24 * 1024 * 1024;

interface Made {
  readonly context: FakeContext;
  readonly driver: Driver;
}

function make(address: string, options: Options = {}): Made {
  const context = new FakeContext(tcpServerSpec, address);
  const driver = valueOf(tcpServer.create(context, options));
  onTestFinished(() => driver.close());
  return { context, driver };
}

async function listening(options: Options = {}): Promise<Made & { readonly address: string }> {
  const made = make('127.0.0.1:0', options);
  valueOf(await made.driver.open(never));
  return { ...made, address: made.context.ends.local ?? '' };
}

async function dialled(address: string): Promise<TcpRemote> {
  const remote = await dial(address);
  onTestFinished(() => remote.destroy());
  return remote;
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wirebench-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

describe('the address', () => {
  test.each([':0', '0'])('%s means loopback and any free port, and the real one is shown', async (typed) => {
    const { context, driver } = make(typed);
    valueOf(await driver.open(never));
    expect(context.ends.local).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
    const { address, port } = context.of('listening')[0]?.meta ?? {};
    expect(`${String(address)}:${String(port)}`).toBe(context.ends.local);
    expect(driver.facts(null)).toMatchObject({ address, port, family: 'IPv4', listening: true, connections: 0 });
  });

  test('may be a name, which is looked up first', async () => {
    const { context, driver } = make('localhost:0');
    valueOf(await driver.open(never));
    expect(context.of('lookup').length).toBeGreaterThan(0);
    expect(context.of('lookup')[0]?.meta).toMatchObject({ host: 'localhost' });
    expect(context.ends.local).toMatch(/^(127\.0\.0\.1|\[::1\]):\d+$/);
  });

  test('with a star listens on every interface, of IPv4 and of IPv6', async () => {
    const context = new FakeContext(tcpServerSpec, '*:9000');
    const endpoint = valueOf(parseEndpoint('*:9000', 'server'));
    expect(valueOf(await listenTarget(endpoint, () => undefined, context, never))).toEqual({ port: 9000 });
  });

  test('that is none of this machine is named with its errno', async () => {
    const { context, driver } = make('192.0.2.1:0');
    expect(errorOf(await driver.open(never))).toMatchObject({
      code: 'address-not-available',
      message: '192.0.2.1:0 is not an address of this machine (EADDRNOTAVAIL).',
    });
    expect(context.of('error')).toHaveLength(1);
  });

  test('is not kept when it was given up while its name was looked up', async () => {
    const listen = vi.spyOn(Server.prototype, 'listen');
    onTestFinished(() => listen.mockRestore());
    const { driver } = make('localhost:0');
    const opening = driver.open(never);
    await driver.close();
    expect(errorOf(await opening).code).toBe('cancelled');
    for (let count = 0; count < 20; count += 1) await turn();
    expect(listen).not.toHaveBeenCalled();
  });
});

test('gives backlog, exclusive and ipv6Only to Node', async () => {
  const listen = vi.spyOn(Server.prototype, 'listen');
  onTestFinished(() => listen.mockRestore());
  await listening({ backlog: 7, exclusive: true, ipv6Only: true });
  expect(listen).toHaveBeenCalledWith({ host: '127.0.0.1', port: 0, backlog: 7, exclusive: true, ipv6Only: true });
});

describe('the warning', () => {
  test.each(['0.0.0.0:9000', '[::]:9000', '*:9000'])('says that %s can be reached', (address) => {
    expect(tcpServerSpec.warning(address)).toMatch(/every machine that reaches this one may connect/);
  });

  test.each(['127.0.0.1:9000', ':9000', '9000', '[::1]:9000', 'localhost:1', '/tmp/x', 'not an address', ''])(
    'is silent about %j',
    (address) => {
      expect(tcpServerSpec.warning(address)).toBeNull();
    },
  );
});

describe('a Unix socket', () => {
  test('has its file removed at the end', async () => {
    const path = join(await newFolder(), 'x.sock');
    const { context, driver } = make(path);
    valueOf(await driver.open(never));
    expect(context.of('listening')[0]?.meta).toEqual({ address: path });
    expect((await stat(path)).isSocket()).toBe(true);
    await driver.close();
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  test('whose file a dead program left behind has a hint of its own', async () => {
    const path = join(await newFolder(), 'stale.sock');
    const program = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    await once(spawn(process.execPath, ['-e', program], { stdio: 'ignore' }), 'exit');
    const error = errorOf(await make(path).driver.open(never));
    expect(error).toMatchObject({ code: 'address-in-use', errno: 'EADDRINUSE' });
    expect(error.hint).toMatch(/No program listens there.*Remove the file/);
  });

  test.each<[string, (path: string) => Promise<unknown>]>([
    ['an ordinary file', (path) => writeFile(path, 'keep me')],
    ['a folder', (path) => mkdir(path)],
    ['a link', (path) => symlink('elsewhere.sock', path)],
  ])('does not take the place of %s, nor tells anybody to remove it', async (_what, occupy) => {
    const path = join(await newFolder(), 'notes');
    await occupy(path);
    const error = errorOf(await make(path).driver.open(never));
    expect(error).toMatchObject({
      code: 'address-in-use',
      errno: 'EADDRINUSE',
      message: `${path} exists and is not a socket (EADDRINUSE).`,
    });
    expect(error.hint).toMatch(/Choose another path\.$/);
    expect(error.hint).not.toMatch(/remove/i);
  });

  test('that a program listens on is left to it', async () => {
    const path = join(await newFolder(), 'x.sock');
    valueOf(await make(path).driver.open(never));
    expect(errorOf(await make(path).driver.open(never)).hint).toMatch(/^Another program listens there\./);
  });

  test('in a folder that does not exist says what is missing', async () => {
    const path = join(await newFolder(), 'missing', 'x.sock');
    const error = errorOf(await make(path).driver.open(never));
    expect(error).toMatchObject({ code: 'permission-denied', errno: 'EACCES' });
    expect(error.hint).toMatch(/folder must exist/);
  });
});

test('a client that was reset before it was accepted has no invented address', async () => {
  const { context, driver, address } = await listening();
  const { port } = hostAndPort(address);
  const program = `const c = require('node:net').connect(${port}, '127.0.0.1', () => c.resetAndDestroy());`;
  // This thread stands still meanwhile, so that the client comes and goes in the backlog.
  expect(spawnSync(process.execPath, ['-e', program]).status).toBe(0);
  await context.until(() => context.peers.length === 1, 'the connection');
  expect(context.peer(1).remote).toBe('an unknown address (gone before it was accepted)');
  // It still is a TCP connection, whatever became of its address.
  const reset = await driver.act('resetAndDestroy', 1);
  if (!reset.ok) expect(reset.error.code).toBe('not-open');
  await context.untilState(1, 'reset');
});

describe('echo', () => {
  test('sends back every byte, and feels back-pressure meanwhile', async () => {
    const { context, address } = await listening({ behaviour: 'echo' });
    const remote = await dialled(address);
    remote.pause();
    const bytes = noise(LARGE, 41);
    let isTaken = false;
    const writing = remote.write(bytes).then(() => (isTaken = true));
    await context.until(() => context.of('pause').length > 0, 'echo to stop reading');
    expect(context.of('pause')[0]?.meta).toEqual({ by: 'echo' });
    expect(isTaken).toBe(false);
    remote.resume();
    await writing;
    await remote.until(() => remote.receivedLength >= LARGE, 'everything');
    expect(remote.received.equals(bytes)).toBe(true);
    expect(context.bytes('out', 1).equals(bytes)).toBe(true);
    expect(context.of('resume').every(({ meta }) => meta.by === 'echo')).toBe(true);
  });

  test('does not start to read while the person has stopped it', async () => {
    const { context, driver, address } = await listening({ behaviour: 'echo' });
    const remote = await dialled(address);
    remote.pause();
    const bytes = noise(LARGE, 43);
    const writing = remote.write(bytes);
    await context.until(() => context.of('pause').length > 0, 'echo to stop reading');
    driver.pauseReading(1);
    remote.resume();
    await context.until(() => context.of('resume').length > 0, 'echo to be ready again');
    expect(context.of('resume')[0]?.meta).toEqual({ by: 'echo', heldBy: 'person' });
    const soFar = context.byteCount('in', 1);
    for (let count = 0; count < 200; count += 1) await turn();
    expect(context.byteCount('in', 1)).toBe(soFar);
    driver.resumeReading(1);
    await writing;
    await remote.until(() => remote.receivedLength >= LARGE, 'everything');
    expect(remote.received.equals(bytes)).toBe(true);
  });

  test('goes on only after drain when the person lets it', async () => {
    const { context, driver, address } = await listening({ behaviour: 'echo' });
    const remote = await dialled(address);
    remote.pause();
    const writing = remote.write(noise(LARGE, 47));
    await context.until(() => context.of('pause').length > 0, 'echo to stop reading');
    driver.pauseReading(1);
    driver.resumeReading(1);
    expect(context.of('resume')[0]?.meta).toEqual({ heldBy: 'echo' });
    const soFar = context.byteCount('in', 1);
    for (let count = 0; count < 200; count += 1) await turn();
    expect(context.byteCount('in', 1)).toBe(soFar);
    remote.resume();
    await writing;
    await remote.until(() => remote.receivedLength >= LARGE, 'everything');
  });

  test('reads on after this side has ended while echo had stopped reading', async () => {
    const { context, driver, address } = await listening({ behaviour: 'echo' });
    const remote = await dialled(address);
    remote.pause();
    const bytes = noise(LARGE, 67);
    const writing = remote.write(bytes);
    await context.until(() => context.of('pause').length > 0, 'echo to stop reading');
    valueOf(await driver.act('end', 1));
    expect(context.of('resume').map(({ meta }) => meta)).toEqual([{ by: 'echo' }]);
    await writing;
    remote.end();
    remote.resume();
    await context.untilState(1, 'closed');
    expect(context.bytes('in', 1).equals(bytes)).toBe(true);
    await remote.until(() => remote.hasEnded, 'FIN');
    expect(remote.received.equals(context.bytes('out', 1))).toBe(true);
    expect(context.of('close', undefined, 1)[0]?.meta).not.toHaveProperty('unsent');
  });

  test('says that it has ended this side when nothing more can be sent', async () => {
    const { context, driver, address } = await listening({ behaviour: 'echo', allowHalfOpen: true });
    const remote = await dialled(address);
    // More than the system buffers, so that the end of this side has to wait; sent, not echoed, so that reading goes on.
    remote.pause();
    const sending = driver.send(1, noise(LARGE, 71));
    remote.end();
    await context.untilState(1, 'half-closed-remote');
    const error = errorOf(await driver.send(1, Buffer.from('too late')));
    expect(error.message).toMatch(/: the peer has ended \(FIN\), and echo ended this side too \(/);
    expect(error.hint).not.toBe('');
    remote.resume();
    valueOf(await sending);
    await context.untilState(1, 'closed');
  });

  test.each([
    [true, 'echo'],
    [false, 'allowHalfOpen'],
  ])('ends when the peer has ended and everything is back (allowHalfOpen %s)', async (allowHalfOpen, auto) => {
    const { context, address } = await listening({ behaviour: 'echo', allowHalfOpen });
    const remote = await dialled(address);
    const bytes = noise(3_000_000, 53);
    void remote.write(bytes);
    remote.end();
    await remote.until(() => remote.hasEnded, 'FIN');
    expect(remote.received.equals(bytes)).toBe(true);
    expect(context.of('end', 'out')[0]?.meta).toEqual({ auto });
    await context.untilState(1, 'closed');
  });
});

test('discard reads, records and answers nothing', async () => {
  const { context, address } = await listening({ behaviour: 'discard', allowHalfOpen: true });
  const remote = await dialled(address);
  await remote.write(Buffer.from('into the void'));
  remote.end();
  await context.untilState(1, 'closed');
  expect(context.bytes('in', 1).toString()).toBe('into the void');
  expect(context.of('data', 'out')).toEqual([]);
  expect(context.of('end', 'out')[0]?.meta).toEqual({ auto: 'discard' });
});

test('drops connections above maxConnections, with both addresses', async () => {
  const { context, driver, address } = await listening({ maxConnections: 1 });
  const first = await dialled(address);
  await context.until(() => context.peers.length === 1, 'the first');
  const second = await dialled(address);
  await second.until(() => second.hasEnded || second.isClosed, 'the second to be dropped');
  await context.untilRow('drop');
  expect(context.of('drop')[0]?.meta).toEqual({ local: address, remote: second.name, maxConnections: 1 });
  expect(context.peers).toHaveLength(1);
  expect(driver.facts(null)).toMatchObject({ connections: 1, maxConnections: 1 });
  valueOf(await driver.send(1, Buffer.from('you are in')));
  await first.until(() => first.receivedLength === 10, 'the bytes');
});

test('getConnections and address are rows', async () => {
  const { context, driver, address } = await listening();
  await dialled(address);
  await context.until(() => context.peers.length === 1, 'a connection');
  valueOf(await driver.act('getConnections', null));
  valueOf(await driver.act('address', null));
  expect(context.of('getConnections')[0]?.meta).toEqual({ count: 1 });
  expect(context.of('address')[0]?.meta).toEqual(context.of('listening')[0]?.meta);
  valueOf(await driver.act('close', null));
  valueOf(await driver.act('getConnections', null));
  expect(errorOf(await driver.act('address', null)).code).toBe('not-open');
});

test('ends, destroys and resets all connections at once', async () => {
  for (const action of ['end', 'destroy', 'resetAndDestroy']) {
    const { context, driver, address } = await listening();
    const remotes = [await dialled(address), await dialled(address)];
    await context.until(() => context.peers.length === 2, 'both');
    valueOf(await driver.act(action, null));
    for (const remote of remotes) await remote.until(() => remote.hasEnded || remote.errno === 'ECONNRESET', action);
    remotes.forEach((remote) => remote.destroy());
    const end = action === 'resetAndDestroy' ? 'reset' : 'closed';
    await context.until(() => context.peers.every(({ id }) => context.state(id) === end), `both to be ${end}`);
    expect(context.closes).toEqual([]);
    await driver.close();
  }
});
