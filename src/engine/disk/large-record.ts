/**
 * A record that is too large to be kept in memory as a whole, in a block of its
 * own. All of it is read once, in parts, to check it; its beginning stays.
 */
import { DISK_LARGE_HEAD_BYTES, DISK_WHOLE_BYTES } from '../../shared/limits.ts';
import { isPlausible, storedSize } from './block-check.ts';
import type { BlockRun } from './block-index.ts';
import type { DiskFile } from './disk-files.ts';
import { BLOCK_HEADER_BYTES, readBlockHead } from './format.ts';
import { readFully } from './open-files.ts';
import { BlockSum } from './xxhash.ts';

/** The check sum of a block is about what comes after it. */
const CHECKED_FROM = 8;

export interface LargeRecord {
  readonly run: BlockRun;
  /** The record's beginning. */
  readonly head: Uint8Array;
  readonly view: DataView;
  /** Bytes of memory that it takes. */
  readonly size: number;
}

/** Reads and checks it; null when it is damaged. Rejects when the file cannot be read. */
export async function readLargeRecord(file: DiskFile, run: BlockRun, seed: number): Promise<LargeRecord | null> {
  const part = new Uint8Array(DISK_WHOLE_BYTES);
  const view = new DataView(part.buffer);
  const begun = await readFully(file, part, run.offset);
  const block = readBlockHead(view, 0);
  if (
    begun < part.length ||
    block?.count !== 1 ||
    block.first !== run.first ||
    BLOCK_HEADER_BYTES + block.length !== run.bytes ||
    !isPlausible(block, run.first) ||
    storedSize(view, BLOCK_HEADER_BYTES, run.bytes, run.first) !== block.length - block.padding
  ) {
    return null;
  }
  const expected = view.getUint32(4, true);
  const head = part.slice(BLOCK_HEADER_BYTES, BLOCK_HEADER_BYTES + DISK_LARGE_HEAD_BYTES);
  const sum = new BlockSum(seed).update(part.subarray(CHECKED_FROM));
  for (let done = begun; done < run.bytes;) {
    const next = part.subarray(0, Math.min(part.length, run.bytes - done));
    if ((await readFully(file, next, run.offset + done)) < next.length) return null;
    sum.update(next);
    done += next.length;
  }
  return sum.value === expected ? { run, head, view: new DataView(head.buffer), size: head.length } : null;
}

/** Part of a record that was checked as a whole before. Rejects when the file cannot be read. */
export async function readLargePart(
  file: DiskFile,
  run: BlockRun,
  from: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  const done = await readFully(file, bytes, run.offset + BLOCK_HEADER_BYTES + from);
  if (done < length) throw new Error('the file has become shorter while it was read');
  return bytes;
}
