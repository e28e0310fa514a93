import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeDiskFiles } from '../../src/engine/disk/disk-files.ts';
import type { DiskRecording } from '../../src/engine/disk/disk-recording.ts';
import { fill, reopen, rowsOf, settle, textOf, tinyFolder, tinyRecording } from '../support/disk-bench.ts';
import { FaultyFiles, type Fault, type Operation } from '../support/faulty-files.ts';
import { leavingNothing } from '../support/leaks.ts';
import { MemoryFiles } from '../support/memory-files.ts';
import { turn, until } from '../support/outcome.ts';
import type { RecordView } from '../../src/shared/record.ts';

const operations: readonly Operation[] = ['mkdir', 'open', 'write', 'sync', 'truncate', 'rename'];
const errnos = ['ENOSPC', 'EIO', 'EMFILE', 'EACCES'];
const ROUNDS = 6;
const PER_ROUND = 12;

/** Numbers of the records as their payloads tell them. */
function numbersOf(rows: readonly RecordView[]): number[] {
  return rows.map((row) => Number(new TextDecoder().decode(row.payload).replaceAll('.', '')));
}

function upTo(end: number): number[] {
  return Array.from({ length: end }, (_, number) => number);
}

/** All records from 0 to before `end` are there, once, in order, with their payloads. */
async function expectAll(recording: DiskRecording, end: number): Promise<void> {
  const rows = await rowsOf(recording);
  expect(rows.map((row) => row.seq)).toEqual(upTo(end));
  expect(numbersOf(rows)).toEqual(upTo(end));
}

/** What a process finds that opens the recording now, as if this one had been killed. */
async function expectKept(disk: MemoryFiles, atLeast: number): Promise<void> {
  if (atLeast === 0) return;
  const opened = await reopen(disk);
  const rows = (await rowsOf(opened.reader)).filter((row) => row.kind === 4);
  expect(numbersOf(rows)).toEqual(upTo(rows.length));
  expect(rows.length).toBeGreaterThanOrEqual(atLeast);
  await opened.reader.close();
}

/** Records with one fault. @returns whether the fault came to pass */
async function recordWith(fault: Fault): Promise<boolean> {
  const disk = new MemoryFiles();
  const files = new FaultyFiles(disk, fault);
  const recording = tinyRecording(files);
  let hitsBefore = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    fill(recording, round * PER_ROUND, (round + 1) * PER_ROUND);
    await recording.flush();
    if (files.hits > hitsBefore) {
      await expectAll(recording, (round + 1) * PER_ROUND);
      await expectKept(disk, recording.writtenEnd);
    }
    hitsBefore = files.hits;
  }
  const { hits } = files;
  files.fault = null;
  await settle(recording);
  expect(recording.state).toMatchObject({ waiting: 0, isBehind: false });
  // What could not be made durable is not made so by what is written later.
  expect(recording.state.error?.errno ?? null).toBe(fault.on === 'sync' && hits > 0 ? fault.how : null);
  await expectAll(recording, ROUNDS * PER_ROUND);
  await recording.close();
  expect(disk.openFiles).toBe(0);
  const opened = await reopen(disk);
  expect(opened.wasClosed).toBe(true);
  expect(numbersOf(await rowsOf(opened.reader))).toEqual(upTo(ROUNDS * PER_ROUND));
  await opened.reader.close();
  return hits > 0;
}

describe('a recording on a disk that fails', () => {
  for (const on of operations) {
    it(`keeps everything when any one ${on} fails, or all from it on until the disk is mended`, async () => {
      for (const how of on === 'write' ? [...errnos, 'short'] : errnos) {
        for (const times of [1, 3, Infinity]) {
          let at = 1;
          while (await recordWith({ on, at, times, how })) at += 1;
          // There were enough of them for the test to mean something; a truncate only follows a failed write.
          if (on !== 'truncate') expect(at).toBeGreaterThan(1);
        }
      }
    });
  }

  it('keeps everything that was written when the disk fails for good, and closes in bounded time', async () => {
    for (let at = 1; ; at += 1) {
      const disk = new MemoryFiles();
      const files = new FaultyFiles(disk, { on: 'any', at, times: Infinity, how: 'EIO' });
      const recording = tinyRecording(files, { closeMs: 1 });
      for (let round = 0; round < 4; round += 1) {
        fill(recording, round * PER_ROUND, (round + 1) * PER_ROUND);
        await recording.flush();
      }
      const written = recording.writtenEnd;
      await recording.close();
      await until(() => disk.openFiles === 0, 'the files to be closed');
      await expectKept(disk, written);
      if (files.hits === 0) break;
    }
  });

  it('writes on when there is room again on a full disk', async () => {
    const disk = new MemoryFiles();
    disk.capacity = 3000;
    const recording = tinyRecording(disk);
    const states: unknown[] = [];
    recording.onState(() => states.push([recording.state.isBehind, recording.state.error?.code]));
    fill(recording, 0, 100);
    await recording.flush();
    expect(disk.used).toBe(3000);
    expect(recording.state).toMatchObject({ isBehind: true, error: { code: 'disk-full', errno: 'ENOSPC' } });
    expect(recording.state.error?.message).toContain(tinyFolder);
    expect(recording.state.error?.hint).toContain('room');
    expect(states).toEqual([[true, 'disk-full']]);
    const written = recording.writtenEnd;
    expect(written).toBeGreaterThan(10);
    await expectAll(recording, 100);
    await expectKept(disk, written);
    disk.capacity = Infinity;
    await settle(recording);
    expect(states).toEqual([
      [true, 'disk-full'],
      [false, undefined],
    ]);
    await expectAll(recording, 100);
    await recording.close();
    await expectKept(disk, 100);
  });

  it('tries again by itself', async () => {
    const files = new FaultyFiles(new MemoryFiles(), { on: 'write', at: 1, times: 3, how: 'ENOSPC' });
    const recording = tinyRecording(files, { flushMs: 1, retryMs: 1 });
    fill(recording, 0, 3);
    const written = new Promise<void>((resolve) => {
      recording.onState(() => {
        if (recording.state.error === null) resolve();
      });
    });
    await written;
    expect(files.hits).toBe(3);
    expect(recording.writtenEnd).toBe(3);
    await recording.close();
  });

  it('drops what it cannot keep in memory while the disk fails, and says how much in a row', async () => {
    const disk = new MemoryFiles();
    const files = new FaultyFiles(disk, { on: 'write', at: 4, times: Infinity, how: 'EIO' });
    const recording = tinyRecording(files, { behindBytes: 2000, slackBytes: 1000 });
    fill(recording, 0, 10);
    await recording.flush();
    const taken: boolean[] = [];
    for (let number = 10; number < 200; number += 1) {
      taken.push(recording.append(4, 1, number * 10, 1, textOf(number), null) >= 0);
      if (number % 20 === 0) await recording.flush();
    }
    const kept = 10 + taken.indexOf(false);
    // Not one is taken after the first that was dropped, so that one row stands for them all.
    expect(taken.slice(kept - 10)).not.toContain(true);
    expect(recording.state.waiting).toBeLessThan(2000 + 1000 + 512);
    expect(recording.totals).toMatchObject({ lostRecords: 200 - kept, lostBytes: (200 - kept) * 20 });
    expect(recording.rows.end).toBe(kept);
    files.fault = null;
    await settle(recording);
    fill(recording, 200, 210);
    await settle(recording);
    const rows = await rowsOf(recording);
    expect(rows.map((row) => row.seq)).toEqual(upTo(kept + 11));
    const meta = { count: 200 - kept, bytes: (200 - kept) * 20, reason: 'disk-error' };
    expect(rows[kept]).toMatchObject({ kind: 0, flags: 0, time: 1990, meta });
    expect(numbersOf(rows.filter((row) => row.kind === 4))).toEqual([
      ...upTo(kept),
      ...upTo(10).map((number) => number + 200),
    ]);
    await recording.close();
    const opened = await reopen(disk);
    expect(await rowsOf(opened.reader)).toEqual(rows);
    await opened.reader.close();
  });

  it('drops at once when it was told to rather than to pause', async () => {
    const files = new FaultyFiles(new MemoryFiles());
    files.hold();
    const recording = tinyRecording(files, { behindBytes: 2000, slackBytes: 100_000 }, { whenBehind: () => 'drop' });
    let states = 0;
    recording.onState(() => (states += 1));
    fill(recording, 0, 100);
    const kept = recording.rows.end;
    expect(kept).toBeLessThan(40);
    await turn();
    expect(recording.state).toMatchObject({ isBehind: true, error: null });
    expect(states).toBe(1);
    files.release();
    await settle(recording);
    fill(recording, 100, 101);
    await settle(recording);
    const rows = await rowsOf(recording);
    expect(rows[kept]?.meta).toEqual({ count: 100 - kept, bytes: (100 - kept) * 20, reason: 'disk-behind' });
    expect(numbersOf(rows.slice(kept + 1))).toEqual([100]);
    expect(recording.state.isBehind).toBe(false);
    await recording.close();
  });

  it('writes the row about what was dropped also when nothing comes after it', async () => {
    const disk = new MemoryFiles();
    const files = new FaultyFiles(disk);
    files.hold();
    const recording = tinyRecording(files, { behindBytes: 1000, slackBytes: 0 });
    fill(recording, 0, 100);
    const kept = recording.rows.end;
    const closed = recording.close();
    files.release();
    await closed;
    const opened = await reopen(disk);
    const rows = await rowsOf(opened.reader);
    expect(rows).toHaveLength(kept + 1);
    expect(rows[kept]?.meta).toEqual({ count: 100 - kept, bytes: (100 - kept) * 20, reason: 'disk-behind' });
    await opened.reader.close();
  });

  it('is behind from the limit until half of it is written', async () => {
    const files = new FaultyFiles(new MemoryFiles());
    files.hold();
    const recording = tinyRecording(files, { behindBytes: 3000 });
    const seen: [boolean, number][] = [];
    recording.onState(() => seen.push([recording.state.isBehind, recording.state.waiting]));
    fill(recording, 0, 30);
    await turn();
    expect(seen).toEqual([]);
    fill(recording, 30, 100);
    await turn();
    expect(seen).toHaveLength(1);
    files.release();
    await settle(recording);
    expect(seen.map(([isBehind]) => isBehind)).toEqual([true, false]);
    await recording.close();
  });

  it('goes on in a new folder when somebody has removed the one that it writes to', async () => {
    const disk = new MemoryFiles();
    const recording = tinyRecording(disk);
    fill(recording, 0, 50);
    await settle(recording);
    await disk.remove(tinyFolder);
    const errors: unknown[] = [];
    recording.onState(() => errors.push(recording.state.error?.errno));
    fill(recording, 50, 80);
    await settle(recording);
    expect(errors[0]).toBe('ENOENT');
    expect(recording.state).toMatchObject({ error: null, isBehind: false });
    expect(recording.rows).toEqual({ first: 49, end: 80 });
    const rows = await rowsOf(recording);
    expect(rows[0]?.meta).toEqual({ count: 50, bytes: 1000, reason: 'removed' });
    expect(numbersOf(rows.slice(1))).toEqual(upTo(30).map((number) => number + 50));
    expect(recording.totals).toMatchObject({ lostRecords: 50, lostBytes: 1000 });
    await recording.close();
    const opened = await reopen(disk);
    expect(opened.wasClosed).toBe(true);
    expect(await rowsOf(opened.reader)).toEqual(rows);
    await opened.reader.close();
  });

  it('goes on when only the segment that it writes to was removed', async () => {
    const disk = new MemoryFiles();
    const recording = tinyRecording(disk);
    fill(recording, 0, 50);
    await settle(recording);
    const current = disk.paths.filter((path) => path.endsWith('.wbr')).at(-1) ?? '';
    await disk.remove(current);
    fill(recording, 50, 80);
    await settle(recording);
    const rows = await rowsOf(recording);
    expect(rows.map((row) => row.seq)).toEqual(upTo(80));
    const damaged = rows.filter((row) => row.meta.reason === 'damaged');
    expect(damaged.length).toBeGreaterThan(0);
    expect(damaged[0]?.meta).toMatchObject({ first: damaged[0]?.seq, count: damaged.length });
    expect(recording.totals.lostRecords).toBe(damaged.length);
    expect(numbersOf(rows.slice(50))).toEqual(upTo(30).map((number) => number + 50));
    await recording.close();
    const opened = await reopen(disk);
    expect((await rowsOf(opened.reader)).map((row) => row.kind)).toEqual(rows.map((row) => row.kind));
    await opened.reader.close();
  });

  it('deletes by quota later what it could not delete at first, and no more than that', async () => {
    const disk = new MemoryFiles();
    const files = new FaultyFiles(disk, { on: 'remove', at: 1, times: 5, how: 'EACCES' });
    const recording = tinyRecording(files, { segmentBytes: 5000 }, { quota: () => 60_000 });
    for (let seq = 0; seq < 3000; seq += 20) {
      fill(recording, seq, seq + 20);
      await recording.flush();
    }
    expect(files.hits).toBe(5);
    expect(disk.used).toBeLessThanOrEqual(60_000);
    expect(recording.rows.first).toBeLessThan(2800);
    const rows = await rowsOf(recording);
    expect(numbersOf(rows.slice(1))).toEqual(upTo(3000).slice(recording.firstKept));
    await recording.close();
  });

  it('closes in bounded time on a disk that never answers, and lets go when it does', async () => {
    const disk = new MemoryFiles();
    const files = new FaultyFiles(disk);
    const recording = tinyRecording(files, { closeMs: 5 });
    fill(recording, 0, 20);
    await recording.flush();
    files.hold();
    fill(recording, 20, 40);
    await recording.close();
    expect(files.waiting).toBeGreaterThan(0);
    expect(recording.state.error?.code).toBe('storage-failed');
    await recording.close();
    await expectKept(disk, 20);
    files.release();
    await until(() => disk.openFiles === 0, 'the files to be closed');
    await expectKept(disk, 20);
    // The answer came after it was said that there is none.
    expect(recording.state.error?.message).toContain('does not answer');
  });

  it('leaves no timer and no file behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'recording-'));
    await leavingNothing(async () => {
      const recording = tinyRecording(nodeDiskFiles, {}, { folder: join(folder, 'tiny') });
      fill(recording, 0, 100);
      await recording.flush();
      fill(recording, 100, 101);
      await recording.close();
    });
    const opened = await reopen(nodeDiskFiles, join(folder, 'tiny'));
    expect(numbersOf(await rowsOf(opened.reader))).toEqual(upTo(101));
    await opened.reader.close();
    await rm(folder, { recursive: true });
  });

  it('goes on when the folder of a running recording is removed from a real disk', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'recording-'));
    const recording = tinyRecording(nodeDiskFiles, {}, { folder: join(folder, 'tiny') });
    fill(recording, 0, 50);
    await settle(recording);
    await rm(join(folder, 'tiny'), { recursive: true });
    fill(recording, 50, 60);
    await settle(recording);
    expect(numbersOf((await rowsOf(recording)).slice(1))).toEqual(upTo(10).map((number) => number + 50));
    await recording.close();
    const opened = await reopen(nodeDiskFiles, join(folder, 'tiny'));
    expect(opened.reader.rows).toEqual({ first: 49, end: 60 });
    await opened.reader.close();
    await rm(folder, { recursive: true });
  });
});
