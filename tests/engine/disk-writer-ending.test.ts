/** What a recording says of segments that are full, deleted or made durable, and of its end. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DiskFile } from '../../src/engine/disk/disk-files.ts';
import { segmentName } from '../../src/engine/disk/format.ts';
import { DISK_UNDELETED_MOST } from '../../src/shared/limits.ts';
import { fill, reopen, rowsOf, settle, tinyFolder, tinyRecording } from '../support/disk-bench.ts';
import { FaultyFiles } from '../support/faulty-files.ts';
import { MemoryFiles, systemProblem } from '../support/memory-files.ts';
import { until } from '../support/outcome.ts';

const QUOTA = 60_000;

/** A disk on which some files cannot be deleted. */
class StickyFiles extends MemoryFiles {
  readonly sticky = new Set<string>();

  override remove(path: string): Promise<void> {
    return this.sticky.has(path) ? Promise.reject(systemProblem('EBUSY', 'unlink')) : super.remove(path);
  }
}

/** A disk that makes nothing durable until it is told to. */
class SlowFiles extends MemoryFiles {
  readonly #held: (() => void)[] = [];
  #isHeld = true;

  override async open(path: string, mode: 'create' | 'read'): Promise<DiskFile> {
    const file = await super.open(path, mode);
    const sync = (): Promise<void> =>
      this.#isHeld ? new Promise<void>((resolve) => this.#held.push(resolve)) : Promise.resolve();
    return { ...file, sync };
  }

  release(): void {
    this.#isHeld = false;
    for (const go of this.#held) go();
  }
}

function segment(number: number): string {
  return join(tinyFolder, segmentName(number));
}

async function recordUpTo(recording: ReturnType<typeof tinyRecording>, end: number): Promise<void> {
  for (let seq = recording.rows.end; seq < end; seq += 20) {
    fill(recording, seq, seq + 20);
    await recording.flush();
  }
}

describe('a segment that cannot be made durable', () => {
  it('is told of to the end, and holds nothing up', async () => {
    const disk = new MemoryFiles();
    const files = new FaultyFiles(disk, { on: 'sync', at: 1, times: 1, how: 'EIO' });
    const recording = tinyRecording(files);
    const told: unknown[] = [];
    recording.onState(() => told.push([recording.state.isBehind, recording.state.error?.errno]));
    fill(recording, 0, 100);
    await settle(recording);
    expect(files.hits).toBe(1);
    expect(told).toEqual([[false, 'EIO']]);
    await recordUpTo(recording, 500);
    expect(recording.state).toMatchObject({
      isBehind: false,
      waiting: 0,
      error: { code: 'storage-failed', errno: 'EIO' },
    });
    expect(recording.state.error?.message).toContain('durable');
    expect(recording.totals.lostRecords).toBe(0);
    await recording.close();
    expect(recording.state.error?.errno).toBe('EIO');
    const { reader, wasClosed } = await reopen(disk);
    expect([wasClosed, (await rowsOf(reader)).length]).toEqual([true, 500]);
    await reader.close();
  });

  it('hides no failure of a write, and is told of again when that is over', async () => {
    const files = new FaultyFiles(new MemoryFiles(), { on: 'sync', at: 1, times: 1, how: 'EIO' });
    const recording = tinyRecording(files);
    await recordUpTo(recording, 100);
    files.fault = { on: 'write', at: 1, times: 1, how: 'ENOSPC' };
    fill(recording, 100, 120);
    await recording.flush();
    expect(recording.state).toMatchObject({ isBehind: true, error: { errno: 'ENOSPC' } });
    await settle(recording);
    expect(recording.state).toMatchObject({ isBehind: false, error: { errno: 'EIO' } });
    await recording.close();
  });
});

describe('a recording that is closed', () => {
  it('is whole as soon as the system has its end, however long it takes to make that durable', async () => {
    const disk = new SlowFiles();
    const recording = tinyRecording(disk, { closeMs: 5, unsyncedSegments: 100 });
    await recordUpTo(recording, 200);
    await recording.close();
    expect(recording.state.error).toBeNull();
    expect(disk.openFiles).toBeGreaterThan(0);
    disk.release();
    await until(() => disk.openFiles === 0, 'the files to be closed');
    expect(recording.state.error).toBeNull();
    const { reader, wasClosed } = await reopen(disk);
    expect([wasClosed, (await rowsOf(reader)).length]).toEqual([true, 200]);
    await reader.close();
  });
});

describe('segments that the system refuses to delete', () => {
  it('do not keep the quota from being kept by others, and go as soon as they can', async () => {
    const disk = new StickyFiles();
    for (const number of [1, 3]) disk.sticky.add(segment(number));
    const recording = tinyRecording(disk, { segmentBytes: 5000 }, { quota: () => QUOTA });
    const errors: unknown[] = [];
    recording.onState(() => errors.push(recording.state.error?.errno));
    await recordUpTo(recording, 3000);
    expect(disk.used).toBeLessThanOrEqual(QUOTA);
    expect(recording.diskBytes).toBe(disk.used);
    expect(errors).toContain('EBUSY');
    expect(disk.paths.slice(0, 4)).toEqual([segment(1), segment(3), expect.anything(), expect.anything()]);
    expect(disk.paths).not.toContain(segment(2));
    const { firstKept, rows } = recording;
    expect(rows.first).toBe(firstKept - 1);
    expect((await rowsOf(recording))[0]?.meta).toMatchObject({ reason: 'quota', count: firstKept });
    disk.sticky.clear();
    await recordUpTo(recording, 3400);
    expect(disk.paths).not.toContain(segment(1));
    expect(disk.paths).not.toContain(segment(3));
    expect(disk.used).toBeLessThanOrEqual(QUOTA);
    await recording.close();
  });

  it('do not take all others with them where nothing can be deleted at all', async () => {
    const disk = new StickyFiles();
    for (let number = 1; number < 1000; number += 1) disk.sticky.add(segment(number));
    const recording = tinyRecording(disk, { segmentBytes: 5000 }, { quota: () => QUOTA });
    await recordUpTo(recording, 3000);
    const kept = disk.paths.filter((path) => path.endsWith('.wbr')).length;
    const { firstKept } = recording;
    await recordUpTo(recording, 3400);
    expect(recording.firstKept).toBe(firstKept);
    const first = await reopen(disk);
    expect(first.reader.rows.end).toBe(recording.rows.end + 1);
    expect(kept).toBeGreaterThan(DISK_UNDELETED_MOST * 2);
    const perSegment = Math.ceil(recording.rows.end / kept);
    expect(firstKept).toBeLessThanOrEqual((DISK_UNDELETED_MOST + 1) * perSegment);
    await first.reader.close();
    await recording.close();
  });
});

describe('a folder that is removed', () => {
  it('is noticed before the next segment makes it anew, however seldom one looks', async () => {
    const disk = new MemoryFiles();
    const recording = tinyRecording(disk, { linksMs: 1e9 });
    await recordUpTo(recording, 100);
    await disk.remove(tinyFolder);
    await recordUpTo(recording, 200);
    expect(recording.totals.lostRecords).toBeGreaterThanOrEqual(100);
    const [gap, ...rows] = await rowsOf(recording);
    expect(gap?.meta).toMatchObject({ reason: 'removed' });
    expect(rows.every((row) => row.kind === 4)).toBe(true);
    expect(rows.at(-1)?.seq).toBe(199);
    await recording.close();
  });
});
