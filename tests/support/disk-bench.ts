/** Recordings on a disk in memory, in sizes that a test can fill. */
import type { DiskRecordingOptions, DiskSizes } from '../../src/engine/disk/disk-options.ts';
import { DiskRecording } from '../../src/engine/disk/disk-recording.ts';
import { openRecording, type OpenedRecording } from '../../src/engine/disk/open-recording.ts';
import type { DiskFiles } from '../../src/engine/disk/disk-files.ts';
import type { RecordingReader } from '../../src/engine/recording.ts';
import { decodeRecords, kindTable, type RecordView } from '../../src/shared/record.ts';
import { MemoryFiles } from './memory-files.ts';
import { valueOf } from './outcome.ts';

/** Blocks of a few records, segments of a few blocks; no timer is ever waited for. */
const tinySizes: DiskSizes = {
  blockBytes: 512,
  segmentBytes: 2048,
  unsyncedSegments: 0,
  flushMs: 60_000,
  behindBytes: 1024 * 1024,
  slackBytes: 1024 * 1024,
  retryMs: 60_000,
  closeMs: 20,
  linksMs: 0,
};

export const tinyFolder = '/recordings/tiny';
const DATA = 4;

export function tinyRecording(
  files: DiskFiles = new MemoryFiles(),
  sizes: Partial<DiskSizes> = {},
  more: Partial<DiskRecordingOptions> = {},
): DiskRecording {
  return new DiskRecording({
    folder: tinyFolder,
    id: 'tiny',
    protocol: 'tcp-client',
    address: '127.0.0.1:9',
    kinds: kindTable(['data']),
    startedAt: () => 1_700_000_000_000,
    writer: 'test',
    files,
    quota: () => Infinity,
    whenBehind: () => 'pause',
    ...more,
    sizes: { ...tinySizes, ...sizes },
  });
}

/** Text of `length` characters that says which record it is. */
export function textOf(number: number, length = 20): Uint8Array {
  return new TextEncoder().encode(String(number).padStart(length, '.').slice(-length));
}

/** Appends data rows with payloads `textOf(from)` … and times 10 ns apart. */
export function fill(recording: DiskRecording, from: number, end: number, length = 20): void {
  for (let number = from; number < end; number += 1) {
    recording.append(DATA, 1, number * 10, 1, textOf(number, length), null);
  }
}

export async function rowsOf(
  recording: RecordingReader,
  from = 0,
  count = 1_000_000,
  preview = 1_000_000,
): Promise<RecordView[]> {
  return decodeRecords((await recording.read(from, count, preview)).rows);
}

/** Flushes until everything is written; a disk that fails in between is asked again, a bounded number of times. */
export async function settle(recording: DiskRecording): Promise<void> {
  for (let attempts = 0; attempts < 50 && recording.writtenEnd < recording.rows.end; attempts += 1) {
    await recording.flush();
  }
}

/** Opens what is on the disk, as after a restart. */
export async function reopen(files: DiskFiles, folder = tinyFolder): Promise<OpenedRecording> {
  return valueOf(await openRecording(folder, files));
}
