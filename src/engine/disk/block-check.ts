/** Whether what a file says of a block can be true. A reader believes no number of a file before it was looked at here. */
import { DISK_BLOCK_MAX_BYTES } from '../../shared/limits.ts';
import { RECORD_HEADER_BYTES } from '../../shared/record.ts';
import { BLOCK_END, BLOCK_HEADER_BYTES, BLOCK_MAGIC, BLOCK_RECORDS, type BlockHead } from './format.ts';
import type { BlockRun } from './block-index.ts';

const magic = Buffer.from(Uint32Array.of(BLOCK_MAGIC).buffer);

/** Whether a block may have this header when the next record is `next` or a later one. Says nothing of its check sum. */
export function isPlausible(head: BlockHead, next: number): boolean {
  if (!Number.isSafeInteger(head.first) || head.first < next) return false;
  if (BLOCK_HEADER_BYTES + head.length > DISK_BLOCK_MAX_BYTES) return false;
  if (head.type === BLOCK_END) return head.count === 0 && head.length === 0;
  // A later minor version may have further types, without records.
  if (head.type !== BLOCK_RECORDS) return head.count === 0;
  return (
    head.count > 0 &&
    head.count * RECORD_HEADER_BYTES <= head.length &&
    Number.isSafeInteger(head.first + head.count) &&
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

/** Where the next block may begin, at `from` or later; -1 when none does within these bytes. */
export function findMagic(bytes: Uint8Array, from: number): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(magic, from);
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
