import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeDiskFiles } from '../../src/engine/disk/disk-files.ts';
import { usualSizes } from '../../src/engine/disk/disk-options.ts';
import type { RecordingReader } from '../../src/engine/recording.ts';
import { ROWS_PER_CALL } from '../../src/shared/limits.ts';
import { decodeRecords } from '../../src/shared/record.ts';
import { reopen, settle, tinyRecording } from '../support/disk-bench.ts';
import { numberedPayload } from '../support/numbered-payload.ts';

const DISK_BYTES = 16 * 1024 * 1024;

/** A real disk of 16 MiB, or null: only root may mount one, and only Linux has it. */
function smallDisk(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const folder = mkdtempSync(join(tmpdir(), 'small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
}

/** Each record is there, once, as it was. */
async function expectAll(reader: RecordingReader, end: number): Promise<void> {
  expect(reader.rows).toEqual({ first: 0, end });
  for (let from = 0; from < end; from += ROWS_PER_CALL) {
    const rows = decodeRecords((await reader.read(from, ROWS_PER_CALL, Infinity)).rows);
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => from + index));
    expect(rows.every((row) => Buffer.compare(row.payload, numberedPayload(row.seq)) === 0)).toBe(true);
  }
}

async function fillAndMakeRoom(disk: string): Promise<void> {
  const folder = join(disk, 'recording');
  const filler = join(disk, 'filler');
  await writeFile(filler, new Uint8Array(10 * 1024 * 1024));
  const { segmentBytes, ...sizes } = usualSizes;
  const recording = tinyRecording(nodeDiskFiles, { ...sizes, segmentBytes: segmentBytes / 64 }, { folder });
  const COUNT = 30_000;
  for (let number = 0; number < COUNT; number += 1) {
    recording.append(4, 1, number, 1, numberedPayload(number), null);
  }
  await recording.flush();
  expect(recording.state).toMatchObject({ isBehind: true, error: { code: 'disk-full', errno: 'ENOSPC' } });
  const written = recording.writtenEnd;
  expect(written).toBeGreaterThan(0);
  expect(written).toBeLessThan(COUNT);
  await expectAll(recording, COUNT);

  // What a process that is started now would find.
  const meanwhile = await reopen(nodeDiskFiles, folder);
  expect(meanwhile.reader.rows.end).toBeGreaterThanOrEqual(written);
  await meanwhile.reader.close();

  await rm(filler);
  await settle(recording);
  expect(recording.state).toMatchObject({ waiting: 0, isBehind: false, error: null });
  await expectAll(recording, COUNT);
  await recording.close();
  const opened = await reopen(nodeDiskFiles, folder);
  expect(opened.wasClosed).toBe(true);
  await expectAll(opened.reader, COUNT);
  await opened.reader.close();
}

describe('a recording on a real disk that is full', () => {
  it('keeps everything, says that the disk is full, and writes on when there is room again', async ({ skip }) => {
    const disk = smallDisk();
    if (disk === null) return skip('only root can mount a small disk, on Linux');
    try {
      await fillAndMakeRoom(disk);
    } finally {
      execFileSync('umount', ['--lazy', disk]);
      rmSync(disk, { recursive: true });
    }
  });
});
