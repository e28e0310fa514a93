/**
 * One line for each run of blocks, in the form of the entries of `index.wbx`:
 * what was read from there is used as it is, without a step for each line.
 *
 *    0 u32 segment                       32 f64 time of the last record, ns
 *    4 u32 bytes of the blocks           40 f64 payload bytes
 *    8 f64 offset in the segment         48 u32 number of records
 *   16 f64 seq of the first record       52 u32 kinds that occur
 *   24 f64 time of the first record, ns  56 u32 directions that occur
 *                                        60 u32 check sum, in the file only
 */
import { DISK_BLOCK_MAX_BYTES, DISK_RECORDS_MOST } from '../../shared/limits.ts';
import { RECORD_HEADER_BYTES } from '../../shared/record.ts';
import { BLOCK_HEADER_BYTES } from './format.ts';

/** Bytes of a line. */
export const LINE_BYTES = 64;

/** Neighbouring blocks of one segment with records that follow one another. */
export interface BlockRun {
  readonly segment: number;
  /** Where its first block begins in the segment. */
  readonly offset: number;
  /** Bytes of the blocks, with their headers. */
  readonly bytes: number;
  /** `seq` of the first record. */
  readonly first: number;
  readonly count: number;
  /** Times of the first and of the last record, ns since the session began. */
  readonly firstTime: number;
  readonly lastTime: number;
  readonly payloadBytes: number;
  /** Kinds and directions that occur, a bit for each (`BlockHead`). */
  readonly kinds: number;
  readonly directions: number;
}

/** The line at `offset`. */
export function readRun(view: DataView, offset: number): BlockRun {
  return {
    segment: view.getUint32(offset, true),
    bytes: view.getUint32(offset + 4, true),
    offset: view.getFloat64(offset + 8, true),
    first: view.getFloat64(offset + 16, true),
    firstTime: view.getFloat64(offset + 24, true),
    lastTime: view.getFloat64(offset + 32, true),
    payloadBytes: view.getFloat64(offset + 40, true),
    count: view.getUint32(offset + 48, true),
    kinds: view.getUint32(offset + 52, true),
    directions: view.getUint32(offset + 56, true),
  };
}

/** Writes the line at `offset`, but for its check sum. */
export function writeRun(view: DataView, offset: number, run: BlockRun): void {
  view.setUint32(offset, run.segment, true);
  view.setUint32(offset + 4, run.bytes, true);
  view.setFloat64(offset + 8, run.offset, true);
  view.setFloat64(offset + 16, run.first, true);
  view.setFloat64(offset + 24, run.firstTime, true);
  view.setFloat64(offset + 32, run.lastTime, true);
  view.setFloat64(offset + 40, run.payloadBytes, true);
  view.setUint32(offset + 48, run.count, true);
  view.setUint32(offset + 52, run.kinds, true);
  view.setUint32(offset + 56, run.directions, true);
}

export function segmentAt(view: DataView, offset: number): number {
  return view.getUint32(offset, true);
}

export function bytesAt(view: DataView, offset: number): number {
  return view.getUint32(offset + 4, true);
}

/** Where the run begins in its segment. */
export function placeAt(view: DataView, offset: number): number {
  return view.getFloat64(offset + 8, true);
}

export function firstAt(view: DataView, offset: number): number {
  return view.getFloat64(offset + 16, true);
}

/** `seq` after the run's last record. */
export function endAt(view: DataView, offset: number): number {
  return view.getFloat64(offset + 16, true) + view.getUint32(offset + 48, true);
}

function firstTimeAt(view: DataView, offset: number): number {
  return view.getFloat64(offset + 24, true);
}

export function lastTimeAt(view: DataView, offset: number): number {
  return view.getFloat64(offset + 32, true);
}

export function payloadBytesAt(view: DataView, offset: number): number {
  return view.getFloat64(offset + 40, true);
}

/** Whether there can be a run with the numbers of a line. */
export function isPossibleRun(view: DataView, offset: number): boolean {
  const bytes = bytesAt(view, offset);
  const first = firstAt(view, offset);
  const count = endAt(view, offset) - first;
  const place = placeAt(view, offset);
  const payloadBytes = payloadBytesAt(view, offset);
  return (
    count > 0 &&
    BLOCK_HEADER_BYTES + count * RECORD_HEADER_BYTES <= bytes &&
    bytes <= DISK_BLOCK_MAX_BYTES &&
    first >= 0 &&
    first + count <= DISK_RECORDS_MOST &&
    Math.floor(first) === first &&
    place >= 0 &&
    place <= Number.MAX_SAFE_INTEGER &&
    Math.floor(place) === place &&
    payloadBytes >= 0 &&
    payloadBytes <= bytes &&
    // Neither infinite nor no number at all.
    firstTimeAt(view, offset) - firstTimeAt(view, offset) === 0 &&
    lastTimeAt(view, offset) - lastTimeAt(view, offset) === 0
  );
}
