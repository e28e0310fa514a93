/** Looks at the folder of a recording: which segments there are, and what they say they are. */
import { join } from 'node:path';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { DISK_INDEX_BYTES, DISK_RECORDS_MOST, DISK_SEGMENT_RECORDS_MOST } from '../../shared/limits.ts';
import { factsOf, wireErrorOf } from '../../shared/system-error.ts';
import type { DiskFile, DiskFiles } from './disk-files.ts';
import {
  decodeHeader,
  FORMAT_MAJOR,
  FORMAT_MINOR,
  INDEX_MAGIC,
  INDEX_NAME,
  LOCK_NAME,
  SEGMENT_MAGIC,
  segmentName,
  segmentNumber,
  type FileHeader,
  type SegmentInfo,
} from './format.ts';
import { readFully } from './open-files.ts';

/** First read of a segment: its header is a few hundred bytes. */
const HEAD_BYTES = 4096;

export interface SurveyedSegment {
  readonly number: number;
  readonly path: string;
  readonly size: number;
}

export interface Survey {
  readonly folder: string;
  /** Oldest first; at least one. */
  readonly segments: readonly SurveyedSegment[];
  readonly first: SurveyedSegment;
  /** Sizes of the segments, by their numbers. */
  readonly sizes: ReadonlyMap<number, number>;
  readonly firstHeader: FileHeader;
  /** Description of the recording: the first segment's, or another that can be read. */
  readonly info: SegmentInfo;
  /** Entries of the index, not looked at; empty when there is none or it is not of this recording. */
  readonly entries: Uint8Array<ArrayBuffer>;
  readonly indexBytes: number;
  /** Whether a process says that it writes the recording. */
  readonly isLocked: boolean;
}

/**
 * Errors: `newer-recording`, `bad-recording` (no recording, or nothing of it can be understood), and what the system
 * says of the folder and its files.
 */
export async function surveyFolder(folder: string, files: DiskFiles): Promise<Outcome<Survey>> {
  try {
    const names = await files.list(folder);
    const numbers = new Set(names.map(segmentNumber).filter((number) => number !== null));
    const [segments, index] = await Promise.all([
      statSegments(folder, files, numbers),
      names.includes(INDEX_NAME) ? readIndex(join(folder, INDEX_NAME), files) : noIndex,
    ]);
    const [first] = segments;
    if (first === undefined) return notOne(folder, 'it has no segments (files such as 000001.wbr)');
    const firstHeader = await readHeader(first.path, files);
    if (firstHeader.type === 'newer') return newer(folder, firstHeader);
    const info = firstHeader.type === 'whole' ? firstHeader.info : await otherInfo(segments.slice(1), index, files);
    if (info === null) {
      if (segments.every(({ size }) => size === 0)) return notOne(folder, 'its files are empty');
      return notOne(folder, 'the beginning of its files is damaged, or was never written');
    }
    const isOfIt = index.info?.recording === info.recording;
    return success({
      folder,
      segments,
      first,
      sizes: new Map(segments.map(({ number, size }) => [number, size])),
      firstHeader,
      info,
      entries: isOfIt ? index.entries : noIndex.entries,
      indexBytes: index.bytes,
      isLocked: names.includes(LOCK_NAME),
    });
  } catch (problem) {
    if (factsOf(problem).code === 'ENOTDIR') return notOne(folder, 'it is a file, not the folder of a recording');
    return { ok: false, error: wireErrorOf(problem, pathOf(problem, folder)) };
  }
}

/** How many records there can have been up to the end of a segment: a hole of more rows would be made of nothing. */
export function mostRecords({ first, firstHeader }: Survey, segment: number): number {
  const [from, before] = firstHeader.type === 'whole' ? [first.number, firstHeader.info.before.records] : [1, 0];
  return Math.min(DISK_RECORDS_MOST, before + (segment - from + 1) * DISK_SEGMENT_RECORDS_MOST);
}

/** Sizes of the segments, oldest first, without those that were deleted meanwhile. */
async function statSegments(folder: string, files: DiskFiles, numbers: Iterable<number>): Promise<SurveyedSegment[]> {
  const found = await Promise.all(
    [...numbers].map(async (number) => {
      const path = join(folder, segmentName(number));
      try {
        return { number, path, size: await files.size(path) };
      } catch (problem) {
        if (factsOf(problem).code === 'ENOENT') return null;
        throw problem;
      }
    }),
  );
  return found.filter((segment) => segment !== null).sort((one, other) => one.number - other.number);
}

interface IndexFile {
  readonly info: SegmentInfo | null;
  readonly entries: Uint8Array<ArrayBuffer>;
  readonly bytes: number;
}
const noIndex: IndexFile = { info: null, entries: new Uint8Array(0), bytes: 0 };

/** The index as far as it can be read. It is a help only: whatever is wrong with it, there is none. */
async function readIndex(path: string, files: DiskFiles): Promise<IndexFile> {
  try {
    const file = await files.open(path, 'read');
    try {
      const { size } = await file.stat();
      if (size > DISK_INDEX_BYTES) return { ...noIndex, bytes: size };
      // Not filled with zeros: what is not read over is cut off.
      const bytes = Buffer.allocUnsafeSlow(size);
      const whole = bytes.subarray(0, await readFully(file, bytes, 0));
      const header = decodeHeader(INDEX_MAGIC, whole);
      if (header.type !== 'whole') return { ...noIndex, bytes: size };
      return { info: header.info, entries: whole.subarray(header.bytes), bytes: size };
    } finally {
      await file.close();
    }
  } catch {
    return noIndex;
  }
}

async function readHeader(path: string, files: DiskFiles): Promise<FileHeader> {
  const file = await files.open(path, 'read');
  try {
    return await readHeaderOf(file);
  } finally {
    await file.close();
  }
}

/** What another segment, or the index, says about the recording. */
async function otherInfo(
  others: readonly SurveyedSegment[],
  index: IndexFile,
  files: DiskFiles,
): Promise<SegmentInfo | null> {
  if (index.info !== null) return index.info;
  for (const { path } of others) {
    const header = await readHeader(path, files);
    if (header.type === 'whole') return header.info;
  }
  return null;
}

/** Reads the header of a segment. Rejects with the system's error. */
export async function readHeaderOf(file: DiskFile): Promise<FileHeader> {
  const bytes = new Uint8Array(HEAD_BYTES);
  const header = decodeHeader(SEGMENT_MAGIC, bytes.subarray(0, await readFully(file, bytes, 0)));
  if (header.type !== 'longer') return header;
  const more = new Uint8Array(header.bytes);
  const whole = decodeHeader(SEGMENT_MAGIC, more.subarray(0, await readFully(file, more, 0)));
  // Longer than the file: it was cut off.
  return whole.type === 'longer' ? { type: 'broken' } : whole;
}

/** The file that an error of the system is about, if it says. */
function pathOf(problem: unknown, folder: string): string {
  return problem instanceof Error && 'path' in problem && typeof problem.path === 'string' ? problem.path : folder;
}

function notOne(folder: string, why: string): Outcome<never> {
  return failure('bad-recording', `${folder} cannot be opened as a recording: ${why}.`);
}

function newer(folder: string, header: FileHeader & { readonly type: 'newer' }): Outcome<never> {
  const { major, minor, writer } = header;
  return failure(
    'newer-recording',
    `${folder} was recorded in format ${major}.${minor}; this version of Wirebench reads formats up to ${FORMAT_MAJOR}.${FORMAT_MINOR}.`,
    `Open it with ${writer === '' ? 'the version that recorded it' : writer} or a later one.`,
  );
}
