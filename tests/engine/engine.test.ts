import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Client } from '../../src/rpc/client.ts';
import { contract, isMethod, type Method } from '../../src/shared/contract.ts';
import { MESSAGE_BYTES } from '../../src/shared/limits.ts';
import { presetSchema } from '../../src/shared/preset.ts';
import type { presetMethods } from '../../src/shared/presets-contract.ts';
import { decodeRecords } from '../../src/shared/record.ts';
import { emptyWorkspace } from '../../src/shared/workspace.ts';
import { engineBench, type EngineBench } from '../support/engine-bench.ts';
import { errorOf, turn, valueOf } from '../support/outcome.ts';

const config = { protocol: 'scripted', address: 'here', options: {} };
const benches: EngineBench[] = [];

function bench(options: Parameters<typeof engineBench>[0] = {}): EngineBench {
  const made = engineBench(options);
  benches.push(made);
  return made;
}

async function sessionOf(client: Client): Promise<string> {
  return valueOf(await client.call('session.create', { config })).session;
}

async function openSession(client: Client): Promise<string> {
  const session = await sessionOf(client);
  valueOf(await client.call('session.open', { session, config }));
  return session;
}

afterEach(async () => {
  await Promise.all(benches.splice(0).map((one) => one.dispose()));
});

describe('an engine', () => {
  it('says what it is and what its host can do', async () => {
    const plain = bench().connect();
    expect(valueOf(await plain.call('app.info', {}))).toEqual({
      version: '1.2.3',
      runtime: 'test',
      platform: process.platform,
      capabilities: { fileDialogs: false, reveal: false, downloads: false },
    });
    const chooser = bench({ chooseFile: () => Promise.resolve('/a/file') }).connect();
    expect(valueOf(await chooser.call('app.info', {})).capabilities.fileDialogs).toBe(true);
    expect(valueOf(await chooser.call('file.choose', {}))).toEqual({ path: '/a/file' });
    expect(errorOf(await plain.call('file.choose', {})).code).toBe('not-supported');
    const saver = bench({ chooseSave: (name) => Promise.resolve(`/a/${name}`) }).connect();
    expect(valueOf(await saver.call('file.chooseSave', { name: 'x.txt' }))).toEqual({ path: '/a/x.txt' });
    expect(errorOf(await plain.call('file.chooseSave', { name: 'x.txt' })).code).toBe('not-supported');
  });

  it('holds a whole conversation: open, receive, read rows and payload, send, close', async () => {
    const { connect, driver } = bench();
    const client = connect();
    const session = await sessionOf(client);
    const { status } = valueOf(await client.call('session.open', { session, config }));
    expect(status).toMatchObject({ session, state: 'open' });
    const peer = driver.last.connect('10.0.0.1:5');
    driver.last.receive(peer, 'hello');
    const bytes = new TextEncoder().encode('hi');
    const sent = valueOf(
      await client.call('session.send', { session, peer, source: { type: 'bytes', bytes }, then: null }),
    );
    expect(sent).toMatchObject({ bytes: 2, peers: 1 });
    const { rows, from, end } = valueOf(await client.call('rows', { session, view: null, from: 0, count: 100 }));
    expect([from, end]).toEqual([0, 4]);
    expect(decodeRecords(rows).map((row) => [row.seq, row.direction, row.payloadLength])).toEqual([
      [0, 'none', 0],
      [1, 'none', 0],
      [2, 'in', 5],
      [3, 'out', 2],
    ]);
    const payload = valueOf(await client.call('payload', { session, seq: 2, offset: 1, length: 3 }));
    expect(payload.total).toBe(5);
    expect(new TextDecoder().decode(payload.bytes)).toBe('ell');
    const { peers } = valueOf(await client.call('peers', { session, from: 0, count: 10 }));
    expect(peers).toMatchObject([{ peer, state: 'open', counters: { bytesIn: 5, bytesOut: 2 } }]);
    expect(valueOf(await client.call('peers.names', { session, peers: [peer, 99] })).names).toEqual([
      '10.0.0.1:5',
      null,
    ]);
    valueOf(await client.call('session.close', { session }));
    expect(valueOf(await client.call('session.list', {})).sessions).toMatchObject([{ session, state: 'closed' }]);
    valueOf(await client.call('session.remove', { session }));
    expect(valueOf(await client.call('session.list', {})).sessions).toEqual([]);
  });

  it('shares sessions between windows', async () => {
    const { connect, driver } = bench();
    const [left, right] = [connect(), connect()];
    const session = await openSession(left);
    driver.last.connect();
    expect(valueOf(await right.call('session.list', {})).sessions).toMatchObject([{ session, state: 'open' }]);
    valueOf(await right.call('session.close', { session }));
    expect(valueOf(await left.call('session.list', {})).sessions).toMatchObject([{ state: 'closed' }]);
  });

  it('gives sessions names that no earlier engine gave', async () => {
    const [one, two] = [await sessionOf(bench().connect()), await sessionOf(bench().connect())];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^[a-z0-9-]{1,40}$/);
  });

  it('passes errors of drivers on as they are', async () => {
    const { connect, driver } = bench();
    const client = connect();
    const session = await openSession(client);
    const peer = driver.last.connect();
    const refused = {
      ok: false,
      error: { code: 'broken-pipe', message: 'No.', hint: 'Yes.', errno: 'EPIPE' },
    } as const;
    driver.last.onAct = () => Promise.resolve(refused);
    expect(await client.call('session.act', { session, action: 'end', peer })).toEqual(refused);
  });

  it('ends everything when it is disposed of', async () => {
    const { connect, driver, engine, storage } = bench();
    const client = connect();
    await openSession(client);
    const saving = client.call('workspace.save', { workspace: { ...emptyWorkspace(), active: 'last' } });
    await turn();
    await engine.dispose();
    expect(driver.last.calls).toContain('close');
    expect(engine.liveSessions).toBe(0);
    valueOf(await saving);
    expect(storage.text).toContain('last');
    expect(errorOf(await client.call('session.create', { config })).code).toBe('not-open');
  });

  it('does not wait for a driver that never ends when it is disposed of', async () => {
    const { connect, driver, engine } = bench();
    await openSession(connect());
    driver.last.onClose = () => new Promise(() => undefined);
    await engine.dispose();
    expect(engine.liveSessions).toBe(0);
  });
});

describe('files', () => {
  it('are measured, or the reason is given', async () => {
    const client = bench().connect();
    const folder = await mkdtemp(join(tmpdir(), 'wirebench-engine-'));
    try {
      await writeFile(join(folder, 'file'), '12345');
      expect(valueOf(await client.call('file.stat', { path: join(folder, 'file') }))).toEqual({ size: 5 });
      expect(errorOf(await client.call('file.stat', { path: join(folder, 'none') })).code).toBe('file-not-found');
      expect(errorOf(await client.call('file.stat', { path: folder })).code).toBe('file-unreadable');
      expect(errorOf(await client.call('file.stat', { path: 'a\0b' })).code).toBe('system-error');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('the workspace', () => {
  it('is saved and loaded', async () => {
    const { connect, storage } = bench();
    const client = connect();
    const workspace = { ...emptyWorkspace(), active: 'tab' };
    valueOf(await client.call('workspace.save', { workspace }));
    expect(valueOf(await client.call('workspace.load', {}))).toEqual({ workspace, notice: null });
    storage.text = 'nonsense';
    expect(valueOf(await client.call('workspace.load', {})).notice).toContain('set aside');
  });

  it('is not overwritten when it cannot be read', async () => {
    const { connect, storage } = bench();
    const client = connect();
    storage.text = 'precious';
    const error = { code: 'storage-failed', message: 'Permission denied.', hint: '', errno: 'EACCES' } as const;
    storage.read = () => Promise.resolve({ ok: false, error });
    expect(errorOf(await client.call('workspace.load', {}))).toEqual(error);
    const refused = errorOf(await client.call('workspace.save', { workspace: emptyWorkspace() }));
    expect(refused.code).toBe('storage-failed');
    expect(refused.message).toContain('Permission denied.');
    expect(storage.text).toBe('precious');
  });
});

const recordings = { sessionQuota: 2 ** 30, totalQuota: 2 ** 31, keepDays: 30, whenBehind: 'pause' } as const;

/** Parameters that are right, for each method. */
function rightParams(session: string): Readonly<Record<Method, Record<string, unknown>>> {
  const nothing = {};
  return {
    'app.info': nothing,
    'app.takeHandover': nothing,
    'app.openAddress': { address: 'https://example.test/' },
    'workspace.load': nothing,
    'workspace.save': { workspace: emptyWorkspace() },
    'file.choose': nothing,
    'file.chooseSave': { name: 'a.txt' },
    'file.stat': { path: '/' },
    'file.save': { path: '/nowhere/a.md', text: '' },
    'session.create': { config },
    'session.list': nothing,
    'session.remove': { session },
    'session.open': { session, config },
    'session.close': { session },
    'session.act': { session, action: 'end', peer: null },
    'session.send': { session, peer: null, source: { type: 'bytes', bytes: new Uint8Array(1) }, then: null },
    'session.cancelSend': { session },
    'session.setReading': { session, peer: null, reading: false },
    'session.watch': { session, on: true },
    rows: { session, view: null, from: 0, count: 1 },
    payload: { session, seq: 0, offset: 0, length: 1 },
    peers: { session, from: 0, count: 1 },
    'peers.names': { session, peers: [1] },
    'peers.find': { session, query: '127' },
    'view.open': { session, filter: '', peer: null },
    'view.close': { session, view: 0 },
    'row.find': { session, view: null, at: { seq: 0 } },
    'rows.text': { session, view: null, from: 0, count: 1, as: 'text' },
    'terminal.open': { session, peer: null, from: 'tail', sent: false },
    'terminal.read': { terminal: 1, bytes: 1, span: null },
    'terminal.close': { terminal: 1 },
    'recordings.list': nothing,
    'recordings.open': { recording: '20260101-000000-00000000' },
    'recordings.update': { recording: '20260101-000000-00000000', name: 'a' },
    'recordings.delete': { recording: '20260101-000000-00000000' },
    'recordings.restore': { recording: '20260101-000000-00000000' },
    'recordings.reveal': { recording: '20260101-000000-00000000' },
    'settings.load': nothing,
    'settings.save': { recordings },
    'export.start': { session, filter: '', peer: null, format: 'jsonl', direction: null, path: '/nowhere/a.jsonl' },
    'export.cancel': { export: 1 },
    'export.reveal': { export: 1 },
    'check.start': { config },
    'check.cancel': { check: 1 },
    ...presetParams(),
  };
}

/** As if there were a workspace folder. */
function presetParams(): Readonly<Record<keyof typeof presetMethods, Record<string, unknown>>> {
  const nothing = {};
  const preset = presetSchema.parse({ wirebench: 1, id: 'a', name: 'a', protocol: 'scripted' });
  const environment = { wirebench: 1, name: 'local', variables: [] };
  const source = { type: 'text', text: 'wscat -c ws://127.0.0.1:1' };
  return {
    'folder.current': nothing,
    'folder.open': { path: '/nowhere' },
    'folder.forget': { path: '/nowhere' },
    'file.chooseFolder': nothing,
    'presets.list': nothing,
    'presets.read': { path: 'a.wb.yaml' },
    'presets.save': { path: 'a.wb.yaml', preset, base: null },
    'presets.create': { folder: '', preset },
    'presets.createFolder': { folder: '', name: 'a' },
    'presets.rename': { path: 'a.wb.yaml', name: 'b' },
    'presets.move': { path: 'a.wb.yaml', folder: 'b', before: null },
    'presets.duplicate': { path: 'a.wb.yaml' },
    'presets.delete': { path: 'a.wb.yaml' },
    'presets.restore': { undo: 'a' },
    'presets.reveal': { path: 'a.wb.yaml' },
    'environments.list': nothing,
    'environments.save': { path: null, environment, base: null },
    'environments.delete': { path: 'environments/a.wb.yaml' },
    'environments.restore': { undo: 'a' },
    'environments.choose': { path: null },
    'secrets.set': { path: '', name: 'token', value: 'secret' },
    'secrets.acceptWeak': { accept: true },
    'import.look': { source },
    'import.run': { source, folder: '' },
    'presets.export': { path: '', file: '/nowhere/a.wb.yaml' },
  };
}

const badValues = [undefined, null, -1, 1.5, Number.NaN, 'x'.repeat(10_000), [], {}, true, 2 ** 60];

/** Sends what a client of ours never would. */
function rawCall(client: Client, method: string, params: unknown): Promise<unknown> {
  const call: unknown = Reflect.get(client, 'call');
  if (typeof call !== 'function') throw new Error('a client has a method call');
  return Promise.resolve(Reflect.apply(call, client, [method, params]));
}

describe('a malformed call', () => {
  const names = Object.keys(contract.methods).filter((name) => isMethod(name));

  it.each(names)('to %s gets bad-request and changes nothing', async (method) => {
    const { connect, driver, storage, bugs } = bench();
    const client = connect();
    const session = await openSession(client);
    driver.last.connect();
    const before = valueOf(await client.call('session.list', {}));
    const calls = [...driver.last.calls];
    const right = rightParams(session)[method];
    const candidates: unknown[] = [null, undefined, 'x', 7, [], { ...right, extra: 1 }];
    for (const name of Object.keys(right)) {
      candidates.push(Object.fromEntries(Object.entries(right).filter(([key]) => key !== name)));
      for (const value of badValues) candidates.push({ ...right, [name]: value });
    }
    // Some of the values are right for some of the parameters, and some parameters may be left out.
    const wrong = candidates.filter((params) => !contract.methods[method].params.safeParse(params).success);
    expect(wrong.length).toBeGreaterThanOrEqual(6);
    for (const params of wrong) {
      expect(await rawCall(client, method, params)).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    }
    expect(valueOf(await client.call('session.list', {}))).toEqual(before);
    expect(driver.last.calls).toEqual(calls);
    expect(storage.text).toBeNull();
    expect(bugs).toEqual([]);
  });

  it.each(['', 'nothing', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'session'])(
    'to the method "%s", which does not exist, gets bad-request',
    async (method) => {
      const { connect } = bench();
      expect(await rawCall(connect(), method, {})).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    },
  );

  it.each(['__proto__', 'constructor', 'tostring', 'nothing'])('with the session "%s" is refused', async (session) => {
    const { connect } = bench();
    const client = connect();
    for (const [method, params] of Object.entries(rightParams(session))) {
      if (!('session' in params)) continue;
      const outcome = await rawCall(client, method, params);
      expect(outcome).toMatchObject({ ok: false });
      expect(JSON.stringify(outcome)).toMatch(/"code":"(not-found|bad-request)"/);
    }
  });

  it.each(['__proto__', 'constructor', 'nothing'])('with the protocol "%s" is refused', async (protocol) => {
    const { connect } = bench();
    const outcome = await connect().call('session.create', { config: { ...config, protocol } });
    expect(errorOf(outcome)).toMatchObject({ code: 'not-found', field: 'protocol' });
  });

  it('with a message that is too long is refused', async () => {
    const { connect } = bench();
    const client = connect();
    const session = await openSession(client);
    const source = { type: 'bytes' as const, bytes: new Uint8Array(MESSAGE_BYTES + 1) };
    expect(errorOf(await client.call('session.send', { session, peer: null, source, then: null })).code).toBe(
      'bad-request',
    );
  });
});

describe('a call out of place', () => {
  it('is refused: acting, sending and reading on a session that is not open', async () => {
    const { connect } = bench();
    const client = connect();
    const session = await sessionOf(client);
    const source = { type: 'bytes' as const, bytes: new Uint8Array(1) };
    const outcomes = [
      await client.call('session.act', { session, action: 'end', peer: null }),
      await client.call('session.send', { session, peer: null, source, then: null }),
      await client.call('session.setReading', { session, peer: null, reading: true }),
    ];
    expect(outcomes.map((outcome) => errorOf(outcome).code)).toEqual(['not-open', 'not-open', 'not-open']);
    expect(errorOf(await client.call('session.act', { session, action: 'constructor', peer: null })).code).toBe(
      'bad-request',
    );
    valueOf(await client.call('session.cancelSend', { session }));
    valueOf(await client.call('session.close', { session }));
    expect(errorOf(await client.call('payload', { session, seq: 0, offset: 0, length: 1 })).code).toBe('not-found');
  });
});
