/** Whether what a file says of a block can be true. A reader believes no number of a file before it was looked at here. */
import { DISK_BLOCK_MAX_BYTES, DISK_RECORDS_MOST } from '../../shared/limits.ts';
import { RECORD_HEADER_BYTES } from '../../shared/record.ts';
import { BLOCK_END, BLOCK_HEADER_BYTES, BLOCK_MAGIC, BLOCK_RECORDS, readBlockHead, type BlockHead } from './format.ts';
import type { BlockRun } from './block-index.ts';

/** As many as can be looked at one by one in the time of a call. */
const NEAR_BYTES = 64;
const magic = Buffer.from(Uint32Array.of(BLOCK_MAGIC).buffer);

/** Whether a block may have this header when the next record is `next` or a later one. Says nothing of its check sum. */
export function isPlausible(head: BlockHead, next: number): boolean {
  if (!Number.isInteger(head.first) || head.first < next || head.first + head.count > DISK_RECORDS_MOST) return false;
  if (BLOCK_HEADER_BYTES + head.length > DISK_BLOCK_MAX_BYTES) return false;
  if (head.type === BLOCK_END) return head.count === 0 && head.length === 0;
  // A later minor version may have further types, without records.
  if (head.type !== BLOCK_RECORDS) return head.count === 0;
  return (
    head.count > 0 &&
    head.count * RECORD_HEADER_BYTES + head.padding <= head.length &&
    Number.isFinite(head.firstTime) &&
    Number.isFinite(head.lastTime) &&
    head.payloadBytes >= 0 &&
    head.payloadBytes <= head.length
  );
}

/** The run that a block makes by itself. */
export function runOfBlock(segment: number, offset: number, head: BlockHead): BlockRun {
  const { length, first, count, firstTime, lastTime, payloadBytes, kinds, directions } = head;
  const bytes = BLOCK_HEADER_BYTES + length;
  return { segment, offset, bytes, first, count, firstTime, lastTime, payloadBytes, kinds, directions };
}

/**
 * Where the next block may begin, at `from` or later: what stands there is plausible, or reaches over the end of the bytes,
 * so that this cannot be told. -1 when there is none. Quick also where somebody has put a magic number next to another.
 * @param next no record before this one is expected
 */
export function findHead(bytes: Uint8Array, from: number, next: number): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = buffer.indexOf(magic, from); at >= 0; at = nextMagic(buffer, view, at + 1)) {
    const head = readBlockHead(view, at);
    if (head === null || isPlausible(head, next)) return at;
  }
  return -1;
}

/** Where one is, there may be many: calling `indexOf` costs more than looking at a few bytes. */
function nextMagic(buffer: Buffer, view: DataView, from: number): number {
  const near = Math.min(from + NEAR_BYTES, buffer.length - BLOCK_HEADER_BYTES);
  for (let at = from; at < near; at += 1) if (view.getUint32(at, true) === BLOCK_MAGIC) return at;
  return buffer.indexOf(magic, Math.max(from, near));
}

/**
 * The size of the record at `offset` when it is whole, stands within `end` and has number `seq`; else 0.
 * A stored record has all of its payload.
 */
export function storedSize(view: DataView, offset: number, end: number, seq: number): number {
  if (offset + RECORD_HEADER_BYTES > end) return 0;
  const size = view.getUint32(offset, true);
  const included = view.getUint32(offset + 36, true);
  const fits =
    offset + size <= end &&
    size === RECORD_HEADER_BYTES + view.getUint32(offset + 28, true) + included &&
    included === view.getUint32(offset + 32, true) &&
    view.getFloat64(offset + 16, true) === seq;
  return fits ? size : 0;
}
