/**
 * `index.wbx`: where the blocks of a recording are, so that opening costs the
 * index and not the data. It can be made anew from the segments at any time.
 *
 *   header   as that of a segment (format.ts) with a magic of its own; its JSON
 *            is the SegmentInfo of the segment that was begun when it was made
 *   entries  one for each run of blocks (run-lines.ts), 64 bytes each
 *
 * An entry ends with the CRC-32 of its first 60 bytes, which goes on from
 * INDEX_SEED: the CRC that anything has when its own CRC stands behind it. So an
 * entry is checked by itself, and all entries by one look at all their bytes.
 */
import type { BlockIndex } from './block-index.ts';
import { crc32 } from './crc32.ts';
import { encodeHeader, INDEX_MAGIC, type SegmentInfo } from './format.ts';
import { LINE_BYTES, writeRun, type BlockRun } from './run-lines.ts';

export const INDEX_ENTRY_BYTES = LINE_BYTES;
/** CRC-32 of any bytes with their own CRC-32 (little-endian) behind them. */
export const INDEX_SEED = 0x2144df1c;
const CRC_AT = 60;

/** What a new `index.wbx` begins with. */
export function encodeIndexHeader(info: SegmentInfo): Uint8Array {
  return encodeHeader(INDEX_MAGIC, info);
}

/** One entry for a complete run, to be written behind the others. */
export function encodeEntry(run: BlockRun): Uint8Array {
  const bytes = new Uint8Array(INDEX_ENTRY_BYTES);
  writeRun(new DataView(bytes.buffer), 0, run);
  sealEntries(bytes);
  return bytes;
}

/** All entries of an index. */
export function encodeEntries(index: BlockIndex): Uint8Array {
  const bytes = index.lines.slice();
  sealEntries(bytes);
  return bytes;
}

function sealEntries(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 0; offset < bytes.length; offset += INDEX_ENTRY_BYTES) {
    view.setUint32(offset + CRC_AT, crc32(bytes.subarray(offset, offset + CRC_AT), INDEX_SEED), true);
  }
}

/** How many entries at the beginning of these bytes are whole and unchanged. */
export function countEntries(bytes: Uint8Array): number {
  const whole = Math.floor(bytes.length / INDEX_ENTRY_BYTES);
  if (crc32(bytes.subarray(0, whole * INDEX_ENTRY_BYTES), INDEX_SEED) === INDEX_SEED) return whole;
  let count = 0;
  while (count < whole) {
    const offset = count * INDEX_ENTRY_BYTES;
    if (crc32(bytes.subarray(offset, offset + INDEX_ENTRY_BYTES), INDEX_SEED) !== INDEX_SEED) break;
    count += 1;
  }
  return count;
}
