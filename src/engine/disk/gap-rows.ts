/** Rows that stand for records that cannot be shown. They are made for the reader, not stored. */
import { encodeRecord, FLAG_SYNTHETIC, type Meta } from '../../shared/record.ts';
import type { SegmentInfo } from './format.ts';
import type { Hole } from './loaded-run.ts';

/** `gap` is the first of the common kinds. */
const GAP_KIND = 0;
const noBytes = new Uint8Array(0);

function gapRow(seq: number, time: number, meta: Meta): Uint8Array {
  return encodeRecord({ kind: GAP_KIND, direction: 'none', flags: FLAG_SYNTHETIC, time, seq, peer: 0 }, meta, noBytes);
}

/**
 * The row at `firstKept - 1`: the oldest records were deleted.
 * @param before what the oldest segment that is kept says of them
 */
export function goneRow(firstKept: number, before: SegmentInfo['before']): Uint8Array {
  const { time, payloadBytes, reason = 'quota' } = before;
  return gapRow(firstKept - 1, time, { count: firstKept, bytes: payloadBytes, reason });
}

/** Row `seq`, which is in a hole. */
export function damagedRow(seq: number, { first, end, time }: Hole): Uint8Array {
  return gapRow(seq, time, { first, count: end - first, reason: 'damaged' });
}

/**
 * The row behind the last record of a recording that was never closed.
 * @param bytes at the end of its last segment that are no whole block
 */
export function interruptedRow(seq: number, time: number, bytes: number): Uint8Array {
  return gapRow(seq, time, { count: 0, bytes, reason: 'interrupted' });
}
