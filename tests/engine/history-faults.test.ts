import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeDiskFiles } from '../../src/engine/disk/disk-files.ts';
import { encodeSegmentHeader, FORMAT_MAJOR } from '../../src/engine/disk/format.ts';
import { crc32 } from '../../src/engine/disk/crc32.ts';
import { probeFolder } from '../../src/engine/library/probe-folder.ts';
import { FaultyFiles } from '../support/faulty-files.ts';
import { errorOf, valueOf } from '../support/outcome.ts';
import {
  history,
  HistoryBench,
  messagesOf,
  rowsOf,
  scripted,
  statusOf,
  summaryOf,
  when,
} from '../support/history-bench.ts';

const program = fileURLToPath(new URL('../support/writer-process.ts', import.meta.url));

let made: HistoryBench;
let children: ChildProcess[] = [];
beforeEach(async () => {
  made = await HistoryBench.make();
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  await made.dispose();
});

/** A process of its own that records in the folder until it is killed. */
async function writer(count: number): Promise<{ readonly recording: string; readonly kill: () => Promise<void> }> {
  const child = spawn(process.execPath, [program, made.folder, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line]: unknown[] = await once(child.stdout, 'data');
  return {
    recording: String(line).trim(),
    async kill() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

describe('another process that records in the same folder', () => {
  it('has its recording shown, readable, but not to be changed', async () => {
    const { recording } = await writer(3);
    const client = made.engine().connect();
    expect(await summaryOf(client, recording)).toMatchObject({
      state: 'live',
      session: null,
      address: 'in another process',
    });
    for (const outcome of [
      await client.call('recordings.delete', { recording }),
      await client.call('recordings.update', { recording, name: 'mine' }),
    ]) {
      expect(errorOf(outcome).code).toBe('busy');
    }
    const { session } = valueOf(await client.call('recordings.open', { recording }));
    expect(await messagesOf(client, session)).toEqual(['message 0', 'message 1', 'message 2']);
    expect((await rowsOf(client, session)).some((row) => row.meta.reason === 'interrupted')).toBe(false);
  });

  it('keeps its recording from the quota of others', async () => {
    const { recording } = await writer(20_000);
    const bench = made.engine();
    const client = bench.connect();
    const recordings = { sessionQuota: 2 ** 20, totalQuota: 2 ** 20, keepDays: 0, whenBehind: 'pause' } as const;
    expect((await summaryOf(client, recording))?.bytes).toBeGreaterThan(2 ** 20);
    valueOf(await client.call('settings.save', { recordings }));
    const own = await made.past(bench, ['x']);
    await when(
      () => summaryOf(client, own.recording),
      (found) => found === undefined,
      'the other one to go',
    );
    expect(await summaryOf(client, recording)).toMatchObject({ state: 'live' });
  });

  it('has been killed: its recording is interrupted, and everything that was written is there', async () => {
    const { recording, kill } = await writer(1000);
    const client = made.engine().connect();
    expect((await summaryOf(client, recording))?.state).toBe('live');
    await kill();
    const summary = await when(
      () => summaryOf(client, recording),
      (found) => found?.state === 'interrupted' && found.endedAt !== null,
    );
    expect(summary?.records).toBeGreaterThanOrEqual(1000);
    const { session } = valueOf(await client.call('recordings.open', { recording }));
    expect(await messagesOf(client, session)).toEqual(Array.from({ length: 1000 }, (_, index) => `message ${index}`));
    expect((await rowsOf(client, session)).at(-1)?.meta).toMatchObject({ reason: 'interrupted' });
    expect(await readdir(join(made.folder, recording))).not.toContain('lock');
    valueOf(await client.call('session.remove', { session }));
    valueOf(await client.call('recordings.update', { recording, name: 'The night of the fault' }));
    const next = made.engine().connect();
    expect(await summaryOf(next, recording)).toMatchObject({ state: 'interrupted', name: 'The night of the fault' });
    valueOf(await next.call('recordings.delete', { recording }));
  });
});

describe('two engines in one process', () => {
  it('do not touch what the other one writes, and respect what the other one has pinned', async () => {
    const [one, two] = [made.engine(), made.engine()];
    const past = await made.past(one, ['x']);
    const live = await made.record(one, ['y']);
    const client = two.connect();
    expect(await summaryOf(client, live.recording)).toMatchObject({ state: 'live', session: null });
    expect(errorOf(await client.call('recordings.delete', { recording: live.recording })).code).toBe('busy');
    valueOf(await live.client.call('recordings.update', { recording: past.recording, isPinned: true }));
    const recordings = { sessionQuota: 2 ** 20, totalQuota: 2 ** 20, keepDays: 0, whenBehind: 'pause' } as const;
    valueOf(await client.call('settings.save', { recordings }));
    const large = await made.past(
      two,
      Array.from({ length: 400 }, () => 'x'.repeat(4096)),
    );
    await when(
      () => summaryOf(client, large.recording),
      (found) => found === undefined || found.bytes < 2 ** 20,
      'the quota',
    );
    await one.dispose();
    const states = (await history(made.engine().connect())).recordings.map(({ recording, state }) => [
      recording,
      state,
    ]);
    expect(states).toContainEqual([past.recording, 'closed']);
    expect(states).toContainEqual([live.recording, 'closed']);
  });

  it('leave the other one’s deleted recordings alone while that can be undone', async () => {
    const one = made.engine();
    const { client, recording } = await made.past(one, ['x']);
    valueOf(await client.call('recordings.delete', { recording }));
    const two = made.engine();
    expect((await history(two.connect())).total).toBe(0);
    await two.dispose();
    valueOf(await client.call('recordings.restore', { recording }));
    expect((await summaryOf(client, recording))?.messages).toBe(1);
  });

  it('see what the other one has deleted and recorded', async () => {
    const [one, two] = [made.engine(), made.engine()];
    const { recording, client } = await made.past(one, ['x']);
    const other = two.connect();
    expect((await history(other)).total).toBe(1);
    valueOf(await client.call('recordings.delete', { recording }));
    expect((await history(other)).total).toBe(0);
    expect(errorOf(await other.call('recordings.open', { recording })).code).toBe('not-found');
    await made.past(one, ['y']);
    expect((await history(other)).total).toBe(1);
  });
});

describe('what cannot be read', () => {
  it('is listed with its reason and hides nothing else', async () => {
    const bench = made.engine();
    const { recording } = await made.past(bench, ['whole']);
    await bench.dispose();
    const info = {
      recording: 'r',
      segment: 1,
      startedAt: 1e12,
      protocol: 'scripted',
      address: 'far',
      kinds: [],
      before: { records: 0, payloadBytes: 0, time: 0 },
      writer: 'Wirebench 99',
    };
    const newer = Buffer.from(encodeSegmentHeader(info));
    newer.writeUInt16LE(FORMAT_MAJOR + 1, 8);
    newer.writeUInt32LE(crc32(newer.subarray(0, 20)), 20);
    const folders: Record<string, Uint8Array | null> = {
      '20260101-000000-00000001': newer,
      '20260101-000000-00000002': Buffer.from('no recording, but some bytes'),
      '20260101-000000-00000003': new Uint8Array(0),
      '20260101-000000-00000004': null,
      'holiday-pictures': null,
    };
    for (const [name, bytes] of Object.entries(folders)) {
      await mkdir(join(made.folder, name));
      if (bytes !== null) await writeFile(join(made.folder, name, '000001.wbr'), bytes);
    }
    await writeFile(join(made.folder, 'notes'), 'x');
    const client = made.engine().connect();
    const { recordings, total } = await history(client);
    expect(total).toBe(5);
    const codes = Object.fromEntries(recordings.map((one) => [one.recording, [one.state, one.error?.code]]));
    expect(codes).toEqual({
      [recording]: ['closed', undefined],
      '20260101-000000-00000001': ['unreadable', 'newer-recording'],
      '20260101-000000-00000002': ['unreadable', 'bad-recording'],
      '20260101-000000-00000003': ['unreadable', 'bad-recording'],
      '20260101-000000-00000004': ['unreadable', 'bad-recording'],
    });
    for (const { recording: id, error } of recordings) {
      const opened = await client.call('recordings.open', { recording: id });
      if (error === null) valueOf(opened);
      else expect(errorOf(opened).code).toBe(error.code);
    }
    for (const { recording: id } of recordings) {
      valueOf(await client.call('recordings.delete', { recording: id }));
    }
    expect((await history(client)).total).toBe(0);
    expect((await readdir(made.folder)).sort()).toEqual(['.wirebench-trash', 'holiday-pictures', 'notes']);
  });

  it('is only what is damaged: a recording that was cut off opens as far as it goes', async () => {
    const bench = made.engine();
    const { recording } = await made.past(
      bench,
      Array.from({ length: 100 }, (_, index) => `message ${index}`),
    );
    await bench.dispose();
    const path = join(made.folder, recording, '000001.wbr');
    await truncate(path, (await readFile(path)).length - 100);
    const client = made.engine().connect();
    const { session } = valueOf(await client.call('recordings.open', { recording }));
    const rows = await rowsOf(client, session);
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index));
    expect(rows.some(({ meta }) => meta.reason === 'interrupted' || meta.reason === 'damaged')).toBe(true);
  });

  it('is the folder itself: the list says so, and goes on when it is there again', async () => {
    await writeFile(made.folder, 'a file where the folder should be');
    const bench = made.engine();
    const client = bench.connect();
    expect((await history(client)).error).toMatchObject({ code: 'storage-failed', errno: 'ENOTDIR' });
    await rm(made.folder);
    expect((await history(client)).error).toBeNull();
  });
});

describe('a folder that is removed', () => {
  it.each(['of one recording', 'of all of them'])('under a running session, the one %s: it goes on', async (which) => {
    const bench = made.engine();
    const { client, session, recording } = await made.record(bench, ['lost']);
    // Its summary may be written at this very moment.
    const folder = which === 'of one recording' ? join(made.folder, recording) : made.folder;
    await rm(folder, { recursive: true, maxRetries: 10 });
    // It is noticed within a second, without being told.
    const driver = bench.driver.last;
    await when(
      async () => {
        driver.receive(1, 'x');
        return statusOf(client, session);
      },
      ({ recording: { lostRecords, error } }) => lostRecords > 0 && error === null,
      'the loss to be noticed',
    );
    driver.receive(1, 'found');
    const rows = await rowsOf(client, session);
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => (rows[0]?.seq ?? 0) + index));
    expect(rows.some(({ meta }) => typeof meta.count === 'number' && meta.count > 0)).toBe(true);
    expect(await summaryOf(client, recording)).toMatchObject({ state: 'live', session });
    await bench.dispose();
    const next = made.engine().connect();
    expect(await summaryOf(next, recording)).toMatchObject({ state: 'closed' });
    const opened = valueOf(await next.call('recordings.open', { recording }));
    expect((await messagesOf(next, opened.session)).at(-1)).toBe('found');
    expect(await readdir(join(made.folder, recording))).not.toContain('lock');
  });
});

describe('a folder that cannot be written', () => {
  it('does not keep sessions from working: they record in memory, and their first rows say why', async () => {
    const files = new FaultyFiles(nodeDiskFiles, { on: 'open', at: 1, times: 1e9, how: 'EACCES' });
    const bench = made.engine({ files });
    const client = bench.connect();
    const { session } = valueOf(await client.call('session.create', { config: scripted }));
    valueOf(await client.call('session.open', { session, config: scripted }));
    const peer = bench.driver.last.connect();
    bench.driver.last.receive(peer, 'heard');
    const note = (await rowsOf(client, session)).find((row) => typeof row.meta.message === 'string');
    expect(note?.seq).toBe(1);
    expect(note?.meta.message).toMatch(
      /in memory: .*recordings could not be written: permission denied \(EACCES\)\. Check/,
    );
    expect(await messagesOf(client, session)).toEqual(['heard']);
    expect((await statusOf(client, session)).recording).toMatchObject({
      storage: 'memory',
      id: null,
      error: { code: 'storage-failed', errno: 'EACCES' },
    });
    expect((await history(client)).error).toMatchObject({ code: 'storage-failed', errno: 'EACCES' });
    // The next session tries again.
    files.fault = null;
    const { recording } = await made.record(bench, ['written']);
    expect(await history(client)).toMatchObject({ error: null, total: 1 });
    expect(await summaryOf(client, recording)).toMatchObject({ state: 'live' });
  });

  it('is given up when it does not answer', async () => {
    const files = new FaultyFiles(nodeDiskFiles);
    files.hold();
    expect(await probeFolder(files, made.folder, 10)).toMatchObject({ code: 'storage-failed' });
    files.release();
    expect(await probeFolder(files, made.folder, 10_000)).toBeNull();
    await when(
      () => readdir(made.folder),
      (names) => names.length === 0,
      'nothing to be left',
    );
  });

  it('keeps names and pins as they were, and says so', async () => {
    const files = new FaultyFiles(nodeDiskFiles);
    const bench = made.engine({ files });
    const past = await made.past(bench, ['x']);
    const live = await made.record(bench, ['y']);
    files.fault = { on: 'rename', at: 1, times: 1e9, how: 'ENOSPC' };
    for (const { recording } of [past, live]) {
      const outcome = await live.client.call('recordings.update', { recording, name: 'new', isPinned: true });
      expect(errorOf(outcome)).toMatchObject({ code: 'storage-failed', errno: 'ENOSPC' });
      expect(await summaryOf(live.client, recording)).toMatchObject({ name: '', isPinned: false });
    }
    expect(errorOf(await live.client.call('recordings.delete', { recording: past.recording })).errno).toBe('ENOSPC');
    expect(await summaryOf(live.client, past.recording)).toMatchObject({ state: 'closed' });
    files.fault = null;
    for (const { recording } of [past, live]) {
      valueOf(await live.client.call('recordings.update', { recording, name: 'new' }));
    }
  });
});

describe('leaving', () => {
  it('closes all recordings, so that they are whole next time', async () => {
    const bench = made.engine();
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.push((await made.record(bench, [`message ${count}`])).recording);
    await bench.dispose();
    const client = made.engine().connect();
    const { recordings } = await history(client);
    expect(recordings.map(({ recording, state }) => [recording, state]).sort()).toEqual(
      ids.map((id) => [id, 'closed']).sort(),
    );
    for (const id of ids) expect(await readdir(join(made.folder, id))).not.toContain('lock');
  });

  it('does not wait for a disk that does not answer', async () => {
    const files = new FaultyFiles(nodeDiskFiles);
    const bench = made.engine({ files, sizes: { flushMs: 1, closeMs: 20 } });
    const { recording } = await made.record(bench, ['before']);
    files.hold();
    bench.driver.last.receive(1, 'after');
    await bench.dispose();
    files.release();
    const client = made.engine().connect();
    const summary = await when(
      () => summaryOf(client, recording),
      (found) => found !== undefined && found.state !== 'live' && found.endedAt !== null,
    );
    // The disk may have taken the rest after all, when the engine had stopped waiting.
    expect(summary?.error).toBeNull();
    const { session } = valueOf(await client.call('recordings.open', { recording }));
    expect((await messagesOf(client, session))[0]).toBe('before');
  });

  it('keeps its files to their owner even where the folder was open to all', async () => {
    await mkdir(made.folder);
    await chmod(made.folder, 0o777);
    const { recording } = await made.past(made.engine(), ['x']);
    expect(await readdir(join(made.folder, recording))).toContain('recording.json');
  });
});
