/**
 * Finds the whole blocks in a part of a segment. Where something else stands, it
 * looks for the next place that could be a block and is one by its check sum.
 */
import { DISK_WHOLE_BYTES } from '../../shared/limits.ts';
import { findMagic, isPlausible } from './block-check.ts';
import { crc32 } from './crc32.ts';
import type { DiskFile } from './disk-files.ts';
import { FileWindow } from './file-window.ts';
import { BLOCK_HEADER_BYTES, readBlockHead, type BlockHead } from './format.ts';

/** The check sum of a block is about what comes after it. */
const CHECKED_FROM = 8;
/** Bytes of the magic number but one: it may begin in one part and end in the next. */
const MAGIC_OVERLAP = 3;
/** How many times the bytes are checked in vain before the rest counts as damaged: a file can be made so that each byte begins a large block. */
const VAIN_CHECKS = 4;

export interface BlockSearch {
  readonly file: DiskFile;
  readonly from: number;
  readonly to: number;
  /** No record before this one is expected. */
  readonly next: number;
  /** `blockSeed` of the recording. */
  readonly seed: number;
  /** Called for each whole block, in order. */
  readonly found: (head: BlockHead, offset: number) => void;
}

/** @returns where the last whole block ends; `from` when there is none. Rejects when the file cannot be read. */
export async function findBlocks({ file, from, to, next, seed, found }: BlockSearch): Promise<number> {
  const window = new FileWindow(file, to, Math.min(DISK_WHOLE_BYTES, Math.max(0, to - from)));
  let vain = (to - from) * VAIN_CHECKS;
  let seq = next;
  let whole = from;
  for (let offset = from; offset + BLOCK_HEADER_BYTES <= to && vain >= 0;) {
    let bytes = window.peek(offset, BLOCK_HEADER_BYTES);
    if (bytes === null) {
      await window.read(offset);
      bytes = window.peek(offset, BLOCK_HEADER_BYTES);
      // The file has become shorter.
      if (bytes === null) break;
    }
    const head = readBlockHead(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0);
    const end = offset + BLOCK_HEADER_BYTES + (head?.length ?? 0);
    const isPossible = head !== null && isPlausible(head, seq) && end <= to;
    if (isPossible && (await isIntact(window, offset, end, seed))) {
      found(head, offset);
      seq = head.first + head.count;
      whole = end;
      offset = end;
    } else {
      if (isPossible) vain -= end - offset;
      offset = await nextMagic(window, offset + 1);
    }
  }
  return whole;
}

async function isIntact(window: FileWindow, offset: number, end: number, seed: number): Promise<boolean> {
  const length = Math.min(window.size, end - offset);
  if (window.peek(offset, length) === null) await window.read(offset);
  const first = window.peek(offset, length);
  if (first === null) return false;
  const expected = new DataView(first.buffer, first.byteOffset).getUint32(4, true);
  let crc = crc32(first.subarray(CHECKED_FROM), seed);
  for (let done = offset + length; done < end;) {
    await window.read(done);
    const rest = window.peekRest(done);
    if (rest.length === 0) return false;
    const part = rest.subarray(0, end - done);
    crc = crc32(part, crc);
    done += part.length;
  }
  return crc === expected;
}

/** Where the next block may begin; Infinity when nowhere. */
async function nextMagic(window: FileWindow, from: number): Promise<number> {
  let position = from;
  if (window.peekRest(position).length <= MAGIC_OVERLAP) await window.read(position);
  for (;;) {
    const rest = window.peekRest(position);
    const at = findMagic(rest, 0);
    if (at >= 0) return position + at;
    if (rest.length <= MAGIC_OVERLAP) return Infinity;
    position += rest.length - MAGIC_OVERLAP;
    await window.read(position);
  }
}
