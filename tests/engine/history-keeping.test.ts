import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../../src/rpc/client.ts';
import type { RecordingSettings } from '../../src/shared/contract.ts';
import { MemoryStorage } from '../../src/engine/storage.ts';
import { errorOf, valueOf } from '../support/outcome.ts';
import { history, HistoryBench, rowsOf, statusWhen, summaryOf, when } from '../support/history-bench.ts';
import { engineBench } from '../support/engine-bench.ts';

const MIB = 1024 * 1024;
const usual: RecordingSettings = {
  sessionQuota: 8 * 1024 ** 3,
  totalQuota: 20 * 1024 ** 3,
  keepDays: 30,
  whenBehind: 'pause',
};

let made: HistoryBench;
beforeEach(async () => {
  made = await HistoryBench.make();
});
afterEach(() => made.dispose());

/** A document that is there, on a disk that does not give it. */
function unreadable(): MemoryStorage {
  const storage = new MemoryStorage('{}');
  const error = { code: 'storage-failed', message: 'The disk failed.', hint: '', errno: 'EIO' } as const;
  storage.read = () => Promise.resolve({ ok: false, error });
  return storage;
}

/** About so many bytes in messages of 4 KiB. */
function messages(bytes: number): string[] {
  return Array.from({ length: Math.ceil(bytes / 4096) }, (_, index) => String(index).padEnd(4096, '.'));
}

async function save(client: Client, part: Partial<RecordingSettings>): Promise<void> {
  valueOf(await client.call('settings.save', { recordings: { ...usual, ...part } }));
}

async function bytesOf(client: Client): Promise<number> {
  return (await history(client)).bytes;
}

describe('the quota of all recordings', () => {
  it('is kept by the oldest segments of the oldest recordings', async () => {
    const bench = made.engine();
    const old = await made.past(bench, messages(MIB), 'old');
    const middle = await made.past(bench, messages(MIB), 'middle');
    const young = await made.past(bench, messages(MIB), 'young');
    const { client } = young;
    const young0 = (await summaryOf(client, young.recording))?.bytes ?? 0;
    await save(client, { totalQuota: 1.5 * MIB });
    await when(
      () => bytesOf(client),
      (bytes) => bytes <= 1.5 * MIB,
      'the quota',
    );
    expect(await summaryOf(client, old.recording)).toBeUndefined();
    expect((await summaryOf(client, young.recording))?.bytes).toBe(young0);
    const left = (await summaryOf(client, middle.recording))?.bytes ?? 0;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(MIB);
    // Not more than needed: one segment more would not have fitted.
    expect(await bytesOf(client)).toBeGreaterThan(1.5 * MIB - 2 * 128 * 1024);
    const { session } = valueOf(await client.call('recordings.open', { recording: middle.recording }));
    const [gap, next] = await rowsOf(client, session);
    expect(gap?.meta).toMatchObject({ reason: 'quota' });
    expect(gap?.meta.count).toBe((gap?.seq ?? 0) + 1);
    expect(next?.seq).toBe((gap?.seq ?? 0) + 1);
  });

  it('leaves alone what is pinned, what is open, and what is being recorded as long as others can go', async () => {
    const bench = made.engine();
    const pinned = await made.past(bench, messages(MIB), 'pinned');
    const open = await made.past(bench, messages(MIB), 'open');
    const live = await made.record(bench, messages(MIB), 'live');
    const free = await made.past(bench, messages(MIB), 'free');
    const { client } = live;
    valueOf(await client.call('recordings.update', { recording: pinned.recording, isPinned: true }));
    const { session } = valueOf(await client.call('recordings.open', { recording: open.recording }));
    const before = (await history(client)).recordings;
    await save(client, { totalQuota: 3.5 * MIB });
    await when(
      () => bytesOf(client),
      (bytes) => bytes <= 3.5 * MIB,
      'the quota',
    );
    const after = (await history(client)).recordings;
    for (const { recording } of [pinned, open, live]) {
      const bytes = (all: typeof after): number => all.find((one) => one.recording === recording)?.bytes ?? 0;
      expect(bytes(after)).toBe(bytes(before));
    }
    // Nothing else is left: then what is being recorded loses its oldest segments, and says so.
    await save(client, { totalQuota: 2.5 * MIB });
    await when(
      () => bytesOf(client),
      (bytes) => bytes <= 2.5 * MIB,
      'the quota',
    );
    expect(await summaryOf(client, free.recording)).toBeUndefined();
    const [gap] = await rowsOf(client, live.session);
    expect(gap?.meta).toMatchObject({ reason: 'quota' });
    // Closing the tab of the other one frees it.
    await save(client, { totalQuota: MIB });
    expect(await summaryOf(client, open.recording)).toBeDefined();
    valueOf(await client.call('session.remove', { session }));
    await when(
      () => summaryOf(client, open.recording),
      (found) => found === undefined,
      'the open one to go',
    );
    expect((await summaryOf(client, pinned.recording))?.bytes).toBeGreaterThanOrEqual(MIB);
  });

  it('is kept while a session records on and on', async () => {
    const bench = made.engine();
    const client = bench.connect();
    await save(client, { totalQuota: MIB });
    const { session, recording } = await made.record(bench, messages(4 * MIB));
    await when(
      () => bytesOf(client),
      (bytes) => bytes <= MIB + 128 * 1024,
      'the quota',
    );
    const rows = await rowsOf(client, session);
    expect(rows[0]?.meta).toMatchObject({ reason: 'quota' });
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => (rows[0]?.seq ?? 0) + index));
    expect((await summaryOf(client, recording))?.state).toBe('live');
  });
});

describe('the quota of one session', () => {
  it('is kept, but not for what is pinned', async () => {
    const bench = made.engine();
    const client = bench.connect();
    await save(client, { sessionQuota: MIB });
    const first = await made.record(bench, messages(3 * MIB));
    await statusWhen(client, first.session, ({ recording }) => recording.lostRecords > 0);
    const second = await made.record(bench, ['x']);
    valueOf(await client.call('recordings.update', { recording: second.recording, isPinned: true }));
    for (const message of messages(3 * MIB)) bench.driver.last.receive(1, message);
    const status = await statusWhen(client, second.session, ({ recording }) => recording.waiting === 0);
    expect(status.recording.lostRecords).toBe(0);
    expect(status.recording.bytes).toBeGreaterThan(3 * MIB);
  });
});

describe('recordings that are too old', () => {
  it('go when an engine starts, unless they are pinned', async () => {
    const bench = made.engine();
    const [old, pinned, young] = [
      await made.past(bench, ['a']),
      await made.past(bench, ['b']),
      await made.past(bench, ['c']),
    ];
    valueOf(await old.client.call('recordings.update', { recording: pinned.recording, isPinned: true }));
    await bench.dispose();
    for (const { recording } of [old, pinned]) {
      const path = join(made.folder, recording, 'recording.json');
      const text = await readFile(path, 'utf8');
      const longAgo = Date.now() - 31 * 24 * 60 * 60 * 1000;
      await writeFile(path, text.replace(/"endedAt": [\d.]+/, `"endedAt": ${longAgo}`));
    }
    const never = made.engine({}, { settings: new MemoryStorage(JSON.stringify({ recordings: { keepDays: 0 } })) });
    expect((await history(never.connect())).total).toBe(3);
    await never.dispose();
    const client = made.engine().connect();
    await when(
      () => history(client),
      ({ total }) => total === 2,
      'the old one to go',
    );
    expect(await summaryOf(client, pinned.recording)).toBeDefined();
    expect(await summaryOf(client, young.recording)).toBeDefined();
    expect((await readdir(made.folder)).includes(old.recording)).toBe(false);
  });
});

describe('settings that are not known', () => {
  it.each([
    ['are broken', new MemoryStorage('{"recordings":')],
    ['cannot be read', unreadable()],
  ])('because they %s let nothing be deleted until they are saved', async (_, settings) => {
    const bench = made.engine();
    const { recording, client } = await made.past(bench, ['x']);
    expect((await summaryOf(client, recording))?.state).toBe('closed');
    await bench.dispose();
    const path = join(made.folder, recording, 'recording.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace(/"endedAt": [\d.]+/, '"endedAt": 0'));
    const careful = made.engine({}, { settings }).connect();
    expect((await history(careful)).total).toBe(1);
    await careful.call('settings.load', {});
    for (let count = 0; count < 20; count += 1) expect((await history(careful)).total).toBe(1);
    const saved = await careful.call('settings.save', { recordings: usual });
    const left = saved.ok ? 0 : 1;
    await when(
      () => history(careful),
      ({ total }) => total === left,
      'the settings to count',
    );
  });
});

describe('settings', () => {
  it('have defaults, are kept, and are shared by all windows', async () => {
    const settings = new MemoryStorage();
    const bench = made.engine({}, { settings });
    const [one, other] = [bench.connect(), bench.connect()];
    expect(valueOf(await one.call('settings.load', {}))).toEqual({ recordings: usual, notice: null });
    const changed: RecordingSettings = { sessionQuota: MIB, totalQuota: 2 * MIB, keepDays: 0, whenBehind: 'drop' };
    await save(one, changed);
    expect(valueOf(await other.call('settings.load', {})).recordings).toEqual(changed);
    const next = made.engine({}, { settings: new MemoryStorage(settings.text) }).connect();
    expect(valueOf(await next.call('settings.load', {})).recordings).toEqual(changed);
  });

  it.each(['{"recordings":', '{"recordings":{"sessionQuota":-1}}', '[]', '{"version":9}'])(
    'are set aside when they are broken: %s',
    async (text) => {
      const settings = new MemoryStorage(text);
      const client = made.engine({}, { settings }).connect();
      const loaded = valueOf(await client.call('settings.load', {}));
      expect(loaded.recordings).toEqual(usual);
      expect(loaded.notice).toContain('set aside');
      expect([...settings.aside.values()]).toEqual([text]);
      await save(client, { keepDays: 7 });
      expect(valueOf(await client.call('settings.load', {}))).toMatchObject({
        recordings: { keepDays: 7 },
        notice: null,
      });
    },
  );

  it('of an older version get the defaults of what they do not say', async () => {
    const settings = new MemoryStorage('{"recordings":{"keepDays":3}}');
    const client = made.engine({}, { settings }).connect();
    expect(valueOf(await client.call('settings.load', {})).recordings).toEqual({ ...usual, keepDays: 3 });
  });

  it('stay as they were when they cannot be saved', async () => {
    const settings = new MemoryStorage();
    const error = { code: 'storage-failed', message: 'The disk is full.', hint: '', errno: 'ENOSPC' } as const;
    settings.write = () => Promise.resolve({ ok: false, error });
    const bench = engineBench({ settings });
    const client = bench.connect();
    try {
      const changed = { ...usual, keepDays: 1 };
      expect(errorOf(await client.call('settings.save', { recordings: changed }))).toEqual(error);
      expect(valueOf(await client.call('settings.load', {})).recordings).toEqual(usual);
    } finally {
      await bench.dispose();
    }
  });
});
