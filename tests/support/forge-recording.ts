/** Changes numbers in the files of a recording and makes the check sums right again: what somebody could send who means ill. */
import { crc32 } from '../../src/engine/disk/crc32.ts';
import { checkSum } from '../../src/engine/disk/xxhash.ts';
import {
  BLOCK_HEADER_BYTES,
  BLOCK_MAGIC,
  blockSeed,
  decodeHeader,
  INDEX_MAGIC,
  INDEX_NAME,
  SEGMENT_MAGIC,
} from '../../src/engine/disk/format.ts';
import { INDEX_ENTRY_BYTES, INDEX_SEED } from '../../src/engine/disk/index-file.ts';
import { madeId, type MadeFile } from './made-recording.ts';
import type { Random } from './random.ts';

const wholeNumbers = [0, 1, 2, 39, 40, 41, 255, 65_536, 0x7fffffff, 0x80000000, 0xffffffff];
const numbers = [...wholeNumbers, -1, 0.5, 2 ** 40, 2 ** 53 - 1, 2 ** 53, 1e300, -1e300, NaN, Infinity, -Infinity];

/** Where a header or an entry has its numbers. */
interface Layout {
  readonly u32: readonly number[];
  readonly f64: readonly number[];
}
const blockLayout: Layout = { u32: [8, 12, 48, 52], f64: [16, 24, 32, 40] };
const recordLayout: Layout = { u32: [0, 24, 28, 32, 36], f64: [8, 16] };
const entryLayout: Layout = { u32: [0, 4, 48, 52, 56], f64: [8, 16, 24, 32, 40] };

function forge(view: DataView, offset: number, { u32, f64 }: Layout, random: Random): void {
  const at = random(u32.length + f64.length);
  const field = u32[at];
  if (field !== undefined) view.setUint32(offset + field, wholeNumbers[random(wholeNumbers.length)] ?? 0, true);
  else view.setFloat64(offset + (f64[at - u32.length] ?? 0), numbers[random(numbers.length)] ?? 0, true);
}

/** Where the blocks of a segment that is whole begin, with their sizes. */
function* blocksOf(bytes: Uint8Array, view: DataView): Iterable<{ readonly offset: number; readonly size: number }> {
  const header = decodeHeader(SEGMENT_MAGIC, bytes);
  let offset = header.type === 'whole' ? header.bytes : bytes.length;
  while (offset + BLOCK_HEADER_BYTES <= bytes.length && view.getUint32(offset, true) === BLOCK_MAGIC) {
    const size = BLOCK_HEADER_BYTES + view.getUint32(offset + 8, true);
    yield { offset, size };
    offset += size;
  }
}

function forgeSegment(bytes: Uint8Array<ArrayBuffer>, random: Random): void {
  const view = new DataView(bytes.buffer);
  for (const { offset, size } of [...blocksOf(bytes, view)]) {
    if (random(3) > 0) continue;
    if (random(2) === 0) forge(view, offset, blockLayout, random);
    else if (size >= BLOCK_HEADER_BYTES * 2) forge(view, offset + BLOCK_HEADER_BYTES, recordLayout, random);
    // The length may have been changed: the check sum is made for what it says, as far as there are bytes.
    const end = Math.min(bytes.length, offset + BLOCK_HEADER_BYTES + view.getUint32(offset + 8, true));
    view.setUint32(offset + 4, checkSum(bytes.subarray(offset + 8, end), blockSeed(madeId)), true);
  }
}

function forgeIndex(bytes: Uint8Array<ArrayBuffer>, random: Random): void {
  const header = decodeHeader(INDEX_MAGIC, bytes);
  if (header.type !== 'whole') return;
  const view = new DataView(bytes.buffer);
  for (let offset = header.bytes; offset + INDEX_ENTRY_BYTES <= bytes.length; offset += INDEX_ENTRY_BYTES) {
    if (random(3) > 0) continue;
    forge(view, offset, entryLayout, random);
    const crc = crc32(bytes.subarray(offset, offset + INDEX_ENTRY_BYTES - 4), INDEX_SEED);
    view.setUint32(offset + INDEX_ENTRY_BYTES - 4, crc, true);
  }
}

/** @returns the files of a recording whose id is `madeId`, some numbers of them changed */
export function forgeRecording(files: readonly MadeFile[], random: Random): MadeFile[] {
  return files.map(({ name, bytes }) => {
    const forged = bytes.slice();
    if (random(3) === 0) return { name, bytes: forged };
    if (name === INDEX_NAME) forgeIndex(forged, random);
    else forgeSegment(forged, random);
    return { name, bytes: forged };
  });
}
