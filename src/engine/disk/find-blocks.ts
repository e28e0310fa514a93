/**
 * Finds the whole blocks in a part of a segment. Where something else stands, it
 * looks for the next place that could be a block and is one by its check sum.
 * Others can go on in between, and it can be ended.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { DISK_FIND_TURN_BYTES, DISK_WHOLE_BYTES } from '../../shared/limits.ts';
import { findHead, isPlausible } from './block-check.ts';
import type { DiskFile } from './disk-files.ts';
import { FileWindow } from './file-window.ts';
import { BLOCK_HEADER_BYTES, readBlockHead, type BlockHead } from './format.ts';
import { BlockSum } from './xxhash.ts';

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
  /** No record before this one is expected, and none from `most` on. */
  readonly next: number;
  readonly most: number;
  /** `blockSeed` of the recording. */
  readonly seed: number;
  /** Called for each whole block, in order. @returns false when no more are wanted: then this one does not count */
  readonly found: (head: BlockHead, offset: number) => boolean;
  /** Ends it: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** @returns where the last whole block ends; `from` when there is none. Rejects when the file cannot be read. */
export async function findBlocks({ file, from, to, next, most, seed, found, signal }: BlockSearch): Promise<number> {
  const window = new FileWindow(file, to, Math.min(DISK_WHOLE_BYTES, Math.max(0, to - from)));
  const pace = new Pace(signal);
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
    const isPossible = head !== null && isPlausible(head, seq) && head.first + head.count <= most && end <= to;
    await pace.spend(isPossible ? end - offset : BLOCK_HEADER_BYTES);
    if (isPossible && (await isIntact(window, offset, end, seed))) {
      if (!found(head, offset)) break;
      seq = head.first + head.count;
      whole = end;
      offset = end;
    } else {
      if (isPossible) vain -= end - offset;
      offset = await nextHead(window, offset + 1, seq, pace);
    }
  }
  return whole;
}

/** Lets others go on after each DISK_FIND_TURN_BYTES, however they are come by: a file in memory is read without waiting. */
class Pace {
  readonly #signal: AbortSignal | undefined;
  #left = DISK_FIND_TURN_BYTES;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    signal?.throwIfAborted();
  }

  /** Before so many bytes are looked at. Rejects with the reason of the signal. */
  async spend(bytes: number): Promise<void> {
    this.#left -= bytes;
    if (this.#left > 0) return;
    this.#left = DISK_FIND_TURN_BYTES;
    await turn();
    this.#signal?.throwIfAborted();
  }
}

async function isIntact(window: FileWindow, offset: number, end: number, seed: number): Promise<boolean> {
  const length = Math.min(window.size, end - offset);
  if (window.peek(offset, length) === null) await window.read(offset);
  const first = window.peek(offset, length);
  if (first === null) return false;
  const expected = new DataView(first.buffer, first.byteOffset).getUint32(4, true);
  const sum = new BlockSum(seed).update(first.subarray(CHECKED_FROM));
  for (let done = offset + length; done < end;) {
    await window.read(done);
    const rest = window.peekRest(done);
    if (rest.length === 0) return false;
    const part = rest.subarray(0, end - done);
    sum.update(part);
    done += part.length;
  }
  return sum.value === expected;
}

/** Where the next block may begin; Infinity when nowhere. */
async function nextHead(window: FileWindow, from: number, next: number, pace: Pace): Promise<number> {
  let position = from;
  if (window.peekRest(position).length <= MAGIC_OVERLAP) await window.read(position);
  for (;;) {
    const rest = window.peekRest(position);
    const at = findHead(rest, 0, next);
    await pace.spend(at < 0 ? rest.length : at);
    if (at >= 0) return position + at;
    if (rest.length <= MAGIC_OVERLAP) return Infinity;
    position += rest.length - MAGIC_OVERLAP;
    await window.read(position);
  }
}
