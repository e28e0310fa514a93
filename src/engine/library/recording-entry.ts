/** One recording of the folder, as it is found there. */
import { join } from 'node:path';
import type { RecordingSummary } from '../../shared/contract.ts';
import { failure, type WireError } from '../../shared/errors.ts';
import type { DiskFiles } from '../disk/disk-files.ts';
import {
  decodeHeader,
  INDEX_NAME,
  LOCK_NAME,
  SEGMENT_HEADER_BYTES,
  SEGMENT_MAGIC,
  segmentName,
  segmentNumber,
  SUMMARY_NAME,
  type FileHeader,
} from '../disk/format.ts';
import { readFully } from '../disk/open-files.ts';
import { errnoOf, storageError } from '../file-errors.ts';
import type { Locks } from './lock.ts';
import { fileOfSegment, readRecordingFile, type RecordingFile } from './recording-file.ts';
import { timeOfId } from './recording-id.ts';

export interface RecordingEntry {
  readonly id: string;
  readonly folder: string;
  readonly state: RecordingSummary['state'];
  /** What is said of it; null when nothing can be made out. */
  readonly file: RecordingFile | null;
  /** Bytes on disk. */
  readonly bytes: number;
  /** Why it cannot be read, when it cannot. */
  readonly error: WireError | null;
}

/** Header bytes that are read first: a description of some kinds fits. */
const HEAD_BYTES = 4096;

/** Looks at a folder. @returns null when it is no recording, or gone. Never rejects. */
export async function loadEntry(
  files: DiskFiles,
  locks: Locks,
  folder: string,
  id: string,
): Promise<RecordingEntry | null> {
  let names: readonly string[];
  try {
    names = await files.list(folder);
  } catch (problem) {
    const errno = errnoOf(problem);
    return errno === 'ENOENT' || errno === 'ENOTDIR' ? null : unreadable(id, folder, problem);
  }
  try {
    return await load(files, locks, folder, id, names);
  } catch (problem) {
    return unreadable(id, folder, problem);
  }
}

async function load(
  files: DiskFiles,
  locks: Locks,
  folder: string,
  id: string,
  names: readonly string[],
): Promise<RecordingEntry | null> {
  const segments = segmentsOf(names);
  const isHeld = names.includes(LOCK_NAME) && (await locks.isHeld(folder));
  const [first] = segments;
  if (first === undefined) {
    // Somebody is about to begin it; or it never was a recording.
    if (isHeld || (timeOfId(id) === null && !names.includes(SUMMARY_NAME))) return null;
    const { error } = failure('bad-recording', `There are no records in ${folder}.`, 'It can be deleted.');
    return { id, folder, state: 'unreadable', file: await readRecordingFile(files, folder), bytes: 0, error };
  }
  const bytes = await bytesOf(files, folder, segments);
  const head = await readHead(files, join(folder, segmentName(first)));
  const stored = await readRecordingFile(files, folder);
  const made = stored === null && head.type === 'whole' ? fileOfSegment(head.info) : null;
  // A summary that cannot be understood may have said that it is pinned.
  const file = stored ?? (made === null ? null : { ...made, isPinned: names.includes(SUMMARY_NAME) });
  if (head.type === 'newer') return { id, folder, state: 'unreadable', file, bytes, error: newer(folder, head) };
  if (file === null && segments.length === 1) {
    const message = `${join(folder, segmentName(first))} does not begin like a recording.`;
    const { error } = failure('bad-recording', message, 'It may be damaged, or no recording of Wirebench.');
    return { id, folder, state: 'unreadable', file, bytes, error };
  }
  const state = isHeld ? 'live' : file?.wasClosed === true ? 'closed' : 'interrupted';
  return { id, folder, state, file, bytes, error: null };
}

/** Numbers of the segments, the oldest first. */
export function segmentsOf(names: readonly string[]): number[] {
  return names.flatMap((name) => segmentNumber(name) ?? []).sort((left, right) => left - right);
}

/** Bytes of its segments and its index. What has gone meanwhile takes none. */
export async function bytesOf(files: DiskFiles, folder: string, segments: readonly number[]): Promise<number> {
  const names = [...segments.map(segmentName), INDEX_NAME];
  const sizes = await Promise.all(names.map((name) => files.size(join(folder, name)).catch(() => 0)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function readHead(files: DiskFiles, path: string): Promise<FileHeader> {
  const file = await files.open(path, 'read');
  try {
    let wanted = HEAD_BYTES;
    for (;;) {
      const bytes = new Uint8Array(wanted);
      const length = await readFully(file, bytes, 0);
      if (length < SEGMENT_HEADER_BYTES) return { type: 'broken' };
      const head = decodeHeader(SEGMENT_MAGIC, bytes.subarray(0, length));
      if (head.type !== 'longer' || length < wanted) return head;
      wanted = head.bytes;
    }
  } finally {
    await file.close();
  }
}

function newer(folder: string, { major, minor }: { readonly major: number; readonly minor: number }): WireError {
  const message = `The recording ${folder} has the format ${major}.${minor}, which a newer Wirebench wrote.`;
  return failure('newer-recording', message, 'Open it with that version.').error;
}

function unreadable(id: string, folder: string, problem: unknown): RecordingEntry {
  return { id, folder, state: 'unreadable', file: null, bytes: 0, error: storageError(problem, folder, 'read') };
}

/** Begin of a recording in ms since 1970, as well as it is known. */
export function startOf({ id, file }: RecordingEntry): number {
  return file?.startedAt ?? timeOfId(id) ?? 0;
}

/** What a window is told. @param session the one that writes or shows it */
export function summaryOf(entry: RecordingEntry, session: string | null): RecordingSummary {
  const { id, file, state, bytes, error } = entry;
  return {
    recording: id,
    name: file?.name ?? '',
    preset: file?.preset ?? '',
    protocol: file?.protocol ?? '',
    address: file?.address ?? '',
    startedAt: startOf(entry),
    endedAt: file?.endedAt ?? null,
    records: file?.records ?? 0,
    messages: file === null ? 0 : file.counters.messagesIn + file.counters.messagesOut,
    bytes,
    isPinned: file?.isPinned ?? false,
    state,
    session,
    error,
  };
}
