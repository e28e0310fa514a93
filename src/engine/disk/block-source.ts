/**
 * The records of a part of a recording, block by block, for worker threads:
 * reads and checks synchronously, into one buffer that is used again and again.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { DISK_READ_BYTES } from '../../shared/limits.ts';
import type { ScanInput } from '../recording.ts';
import { findHead, isPlausible, storedSize } from './block-check.ts';
import { BLOCK_HEADER_BYTES, BLOCK_RECORDS, isBlockIntact, readBlockHead, type BlockHead } from './format.ts';

/** How many times the bytes of a part are checked in vain before the rest of it counts as damaged (find-blocks.ts). */
const VAIN_CHECKS = 4;
/** Bytes of the magic number but one: it may begin in one part and end in the next. */
const MAGIC_OVERLAP = 3;

/** Whole records that follow one another. `bytes`: packed, valid until the next step. */
export interface RecordBlock {
  readonly first: number;
  readonly count: number;
  readonly bytes: Buffer;
}

/** Records that cannot be read. */
export interface DamagedBlock {
  readonly damaged: true;
  readonly first: number;
  readonly count: number;
}

/** What reading synchronously asks of the file system, so that tests can have one of their own. */
export interface SyncFiles {
  /** @returns a descriptor */
  open(path: string): number;
  /** @returns bytes read; 0 at the end */
  read(file: number, into: Uint8Array, offset: number, length: number, position: number): number;
  close(file: number): void;
}

const nodeSyncFiles: SyncFiles = { open: (path) => openSync(path, 'r'), read: readSync, close: closeSync };

export class BlockSource {
  readonly #files: SyncFiles;
  #buffer = Buffer.allocUnsafe(DISK_READ_BYTES);
  #view = viewOf(this.#buffer);
  #path = '';
  #file = -1;
  /** What of the file is in the buffer. */
  #start = 0;
  #length = 0;

  constructor(files = nodeSyncFiles) {
    this.#files = files;
  }

  /** All records of a part in ascending order; those that are not whole, or not readable, as damaged ones. Does not throw. */
  *next(input: ScanInput): Iterable<RecordBlock | DamagedBlock> {
    const { first, count } = input;
    let seq = first;
    for (const block of input.type === 'bytes' ? ofBytes(input.bytes, first, count) : this.#blocks(input)) {
      if (block.first > seq) yield { damaged: true, first: seq, count: block.first - seq };
      yield block;
      seq = block.first + block.count;
    }
    if (seq < first + count) yield { damaged: true, first: seq, count: first + count - seq };
  }

  /** Closes the file that it has open. */
  close(): void {
    if (this.#file >= 0) this.#files.close(this.#file);
    this.#file = -1;
    this.#path = '';
  }

  *#blocks(input: ScanInput & { readonly type: 'blocks' }): Iterable<RecordBlock> {
    if (!this.#open(input.path)) return;
    const end = input.offset + input.length;
    const endSeq = input.first + input.count;
    let vain = input.length * VAIN_CHECKS;
    let seq = input.first;
    for (let offset = input.offset; offset + BLOCK_HEADER_BYTES <= end && vain >= 0;) {
      const at = this.#see(offset, BLOCK_HEADER_BYTES, end);
      if (at < 0) return;
      const head = readBlockHead(this.#view, at);
      const size = BLOCK_HEADER_BYTES + (head?.length ?? 0);
      const isPossible =
        head !== null && isPlausible(head, seq) && head.first + head.count <= endSeq && offset + size <= end;
      if (isPossible && this.#isIntact(offset, size, end, head, input.seed)) {
        if (head.type === BLOCK_RECORDS) {
          const start = offset - this.#start + BLOCK_HEADER_BYTES;
          yield* ofBytes(this.#buffer.subarray(start, start + head.length), head.first, head.count);
        }
        seq = head.first + head.count;
        offset += size;
      } else {
        if (isPossible) vain -= size;
        offset = this.#findHead(offset + 1, end, seq);
      }
    }
  }

  /** Opens a file unless it is the one that is open. */
  #open(path: string): boolean {
    if (path === this.#path) {
      // It may have grown, and its last bytes may have been read before they were whole.
      this.#length = 0;
      return true;
    }
    this.close();
    this.#length = 0;
    try {
      this.#file = this.#files.open(path);
    } catch {
      return false;
    }
    this.#path = path;
    return true;
  }

  /** Where in the buffer the bytes from `position` on are, at least `length` of them; -1 when there are not so many. */
  #see(position: number, length: number, end: number): number {
    const offset = position - this.#start;
    if (offset >= 0 && offset + length <= this.#length) return offset;
    const kept = offset >= 0 && offset < this.#length ? this.#length - offset : 0;
    const old = this.#buffer;
    if (length > old.length) {
      this.#buffer = Buffer.allocUnsafe(length);
      this.#view = viewOf(this.#buffer);
    }
    if (kept > 0) old.copy(this.#buffer, 0, offset, offset + kept);
    this.#start = position;
    this.#length = kept;
    const wanted = Math.min(this.#buffer.length, end - position);
    try {
      while (this.#length < wanted) {
        const count = this.#files.read(
          this.#file,
          this.#buffer,
          this.#length,
          wanted - this.#length,
          position + this.#length,
        );
        if (count === 0) break;
        this.#length += count;
      }
    } catch {
      // As far as it could be read.
    }
    return length <= this.#length ? 0 : -1;
  }

  #isIntact(offset: number, size: number, end: number, head: BlockHead, seed: number): boolean {
    const at = this.#see(offset, size, end);
    return at >= 0 && isBlockIntact(this.#buffer, this.#view, at, head, seed);
  }

  /** Where the next block may begin; Infinity when nowhere. */
  #findHead(from: number, end: number, seq: number): number {
    let position = from;
    for (;;) {
      const at = this.#see(position, MAGIC_OVERLAP + 1, end);
      if (at < 0) return Infinity;
      const found = findHead(this.#buffer.subarray(0, this.#length), at, seq);
      if (found >= 0) return this.#start + found;
      position = this.#start + this.#length - MAGIC_OVERLAP;
    }
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Records as far as they are what they should be: whoever walks over them may rely on their sizes. */
function* ofBytes(bytes: Uint8Array, first: number, count: number): Iterable<RecordBlock> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const view = viewOf(buffer);
  let end = 0;
  let whole = 0;
  while (whole < count) {
    const size = storedSize(view, end, buffer.length, first + whole);
    if (size === 0) break;
    end += size;
    whole += 1;
  }
  if (whole > 0) yield { first, count: whole, bytes: buffer.subarray(0, end) };
}
