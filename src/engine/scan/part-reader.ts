/**
 * Takes the parts of a recording that are to be looked through apart into
 * blocks of records. Reads files at the speed of memory: into one window, and
 * without computing check sums. A block is checked when something in it may
 * pass; in one where nothing can, it does not matter what is there. So that no
 * other block is overlooked meanwhile, each must go on where the one before it
 * ended. Where something is amiss, BlockSource finds out what is left.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { RECORD_HEADER_BYTES } from '../../shared/record.ts';
import { isPlausible } from '../disk/block-check.ts';
import { BlockSource, type DamagedBlock, type RecordBlock as SourceBlock } from '../disk/block-source.ts';
import { BLOCK_HEADER_BYTES, isBlockIntact, readBlockHead, type BlockHead } from '../disk/format.ts';
import { errnoOf } from '../file-errors.ts';
import type { ScanInput } from '../recording.ts';
import type { RecordBlock } from './block-scan.ts';
import type { SearchWindow } from './search-window.ts';

type Blocks = Extract<ScanInput, { readonly type: 'blocks' }>;
type Bytes = Extract<ScanInput, { readonly type: 'bytes' }>;

/** A line of a processor's cache. What is at a multiple of it in the file is at one in the window: so copying is quickest. */
const LINE_BYTES = 64;

/** A block of a file that is in memory, but has not been checked. */
interface Unchecked {
  readonly head: BlockHead;
  /** Where it begins in the file, and in `bytes`. */
  readonly offset: number;
  readonly at: number;
  readonly bytes: Buffer;
  readonly view: DataView;
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function blockOf({ head, at, bytes, view }: Unchecked, isInWindow: boolean): RecordBlock {
  const { first, count, payloadBytes } = head;
  const length = head.length - head.padding;
  const begin = at + BLOCK_HEADER_BYTES;
  const metaBytes = length - count * RECORD_HEADER_BYTES - payloadBytes;
  return { bytes, view, begin, end: begin + length, first, count, head, metaBytes, isInWindow };
}

export class PartReader {
  readonly #window: SearchWindow;
  /** How much of it is used. */
  readonly #room: number;
  #source: BlockSource | null = null;
  #path = '';
  #file = -1;
  #input: ScanInput | null = null;
  /** Where in the file, or in the bytes, the next block begins, and its first record. */
  #offset = 0;
  #seq = 0;
  /** Where in the file the window begins, and how much of it is filled; nothing before `#offset` is looked at again. */
  #start = 0;
  #length = 0;
  #unchecked: Unchecked | null = null;
  /** What BlockSource makes of the rest of the part. */
  #rest: Iterator<SourceBlock | DamagedBlock> | null = null;

  /** @param room bytes of the window that are used */
  constructor(window: SearchWindow, room: number) {
    this.#window = window;
    this.#room = room;
  }

  /** All records before this one have been given, or cannot be read. */
  get seq(): number {
    return this.#seq;
  }

  /**
   * Begins with a part. What is gone or damaged has no records.
   * @throws an error of the system when its file is there, but cannot be opened
   */
  begin(input: ScanInput): void {
    this.#input = input;
    this.#seq = input.first;
    this.#offset = input.type === 'bytes' ? 0 : input.offset;
    this.#length = 0;
    this.#rest = null;
    this.#unchecked = null;
    if (input.type === 'blocks') this.#open(input.path);
  }

  /** Whether `next` can answer at once, with nothing to be read. May be cut off anywhere then, and asked again. */
  get isReady(): boolean {
    if (this.#input?.type !== 'blocks' || this.#rest !== null) return false;
    const at = this.#offset - this.#start;
    if (at < 0 || at + BLOCK_HEADER_BYTES > this.#length) return false;
    const head = readBlockHead(this.#window.view, at);
    if (head === null || head.count === 0 || head.first !== this.#seq || !isPlausible(head, this.#seq)) return false;
    return at + BLOCK_HEADER_BYTES + head.length <= this.#length;
  }

  /** The next records of the part, valid until the next call; null when there are no more. */
  next(): RecordBlock | null {
    const input = this.#input;
    if (input === null) return null;
    const block = input.type === 'bytes' ? this.#nextOfBytes(input) : (this.#nextOfFile(input) ?? this.#nextOfRest());
    if (block !== null) return block;
    this.#seq = input.first + input.count;
    this.#input = null;
    return null;
  }

  /** Whether the block that was given last is what was written. If not, its records must not be used: what is left of them comes again. */
  isIntact(): boolean {
    const [block, input] = [this.#unchecked, this.#input];
    if (block === null || input?.type !== 'blocks') return true;
    const isIntact = isBlockIntact(block.bytes, block.view, block.at, block.head, input.seed);
    if (!isIntact) this.#leaveToSource(input, block.offset, block.head.first);
    this.#unchecked = null;
    return isIntact;
  }

  close(): void {
    this.#input = null;
    this.#source?.close();
    this.#closeFile();
  }

  #open(path: string): void {
    if (path === this.#path) return;
    this.#closeFile();
    try {
      this.#file = openSync(path, 'r');
      this.#path = path;
    } catch (problem) {
      // It is gone, to make room: the recording itself says so where its rows were.
      if (errnoOf(problem) !== 'ENOENT') throw problem;
    }
  }

  #closeFile(): void {
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = -1;
    this.#path = '';
  }

  /** The next block that goes on where the last one ended; null when there is none, or it is not known to. */
  #nextOfFile(input: Blocks): RecordBlock | null {
    const end = input.offset + input.length;
    while (this.#rest === null && this.#seq < input.first + input.count) {
      const [offset, seq] = [this.#offset, this.#seq];
      const at = offset + BLOCK_HEADER_BYTES <= end ? this.#see(offset, BLOCK_HEADER_BYTES, end) : -1;
      const head = at < 0 ? null : readBlockHead(this.#window.view, at);
      const size = BLOCK_HEADER_BYTES + (head?.length ?? 0);
      const goesOn = head !== null && isPlausible(head, seq) && head.first === seq && offset + size <= end;
      if (!goesOn || seq + head.count > input.first + input.count) {
        this.#leaveToSource(input, offset, seq);
        return null;
      }
      const unchecked = head.count === 0 ? null : this.#load(offset, size, end, head);
      if (unchecked === null && head.count > 0) {
        this.#leaveToSource(input, offset, seq);
        return null;
      }
      const block = unchecked === null ? null : blockOf(unchecked, unchecked.bytes === this.#window.bytes);
      // All at once: a scan may be cut off at any call.
      this.#unchecked = unchecked;
      this.#offset = offset + size;
      this.#seq = seq + head.count;
      if (block !== null) return block;
    }
    return null;
  }

  #load(offset: number, size: number, end: number, head: BlockHead): Unchecked | null {
    const { bytes, view } = this.#window;
    if (size <= this.#room - LINE_BYTES) {
      const at = this.#see(offset, size, end);
      return at < 0 ? null : { head, offset, at, bytes, view };
    }
    const large = Buffer.allocUnsafe(size);
    const isWhole = this.#read(large, 0, offset, size) === size;
    return isWhole ? { head, offset, at: 0, bytes: large, view: viewOf(large) } : null;
  }

  /** Where in the window the bytes from `offset` of the file on are, at least `length` of them; -1 when there are not so many. */
  #see(offset: number, length: number, end: number): number {
    const at = offset - this.#start;
    if (at >= 0 && at + length <= this.#length) return at;
    const { bytes } = this.#window;
    const kept = at >= 0 && at < this.#length ? this.#length - at : 0;
    const place = offset % LINE_BYTES;
    if (kept > 0) bytes.copyWithin(place, at, at + kept);
    this.#window.changed();
    this.#start = offset - place;
    const begin = place + kept;
    this.#length = begin + this.#read(bytes, begin, offset + kept, Math.min(this.#room - place, end - offset) - kept);
    return place + length <= this.#length ? place : -1;
  }

  /** @returns how many bytes could be read */
  #read(into: Buffer, at: number, position: number, length: number): number {
    let done = 0;
    try {
      while (this.#file >= 0 && done < length) {
        const count = readSync(this.#file, into, at + done, length - done, position + done);
        if (count === 0) break;
        done += count;
      }
    } catch {
      // As far as it could be read.
    }
    return done;
  }

  #leaveToSource(input: Blocks, offset: number, seq: number): void {
    this.#seq = seq;
    const rest = { ...input, offset, length: input.offset + input.length - offset };
    this.#source ??= new BlockSource();
    this.#rest = this.#source.next({ ...rest, first: seq, count: input.first + input.count - seq })[Symbol.iterator]();
  }

  #nextOfRest(): RecordBlock | null {
    for (let step = this.#rest?.next(); step?.done === false; step = this.#rest?.next()) {
      const { value } = step;
      this.#seq = value.first + value.count;
      if ('damaged' in value) continue;
      const { bytes, first, count } = value;
      return {
        bytes,
        view: viewOf(bytes),
        begin: 0,
        end: bytes.length,
        first,
        count,
        head: null,
        metaBytes: 0,
        isInWindow: false,
      };
    }
    return null;
  }

  /** As many records as there is room for in the window; one that has none as it is. */
  #nextOfBytes(input: Bytes): RecordBlock | null {
    const { buffer, byteOffset, byteLength } = input.bytes;
    const view = new DataView(buffer, byteOffset, byteLength);
    const begin = this.#offset;
    const first = this.#seq;
    let end = begin;
    while (end + RECORD_HEADER_BYTES <= byteLength && this.#seq < input.first + input.count) {
      const size = view.getUint32(end, true);
      const isRecord = size >= RECORD_HEADER_BYTES && end + size <= byteLength;
      if (!isRecord || (end > begin && end + size - begin > this.#room)) break;
      end += size;
      this.#seq += 1;
    }
    this.#offset = end;
    const [count, length] = [this.#seq - first, end - begin];
    if (count === 0) return null;
    const known = { first, count, head: null, metaBytes: 0 };
    if (length > this.#room) {
      const bytes = Buffer.from(buffer, byteOffset, byteLength);
      return { ...known, bytes, view, begin, end, isInWindow: false };
    }
    this.#window.changed();
    this.#window.bytes.set(input.bytes.subarray(begin, end));
    return { ...known, bytes: this.#window.bytes, view: this.#window.view, begin: 0, end: length, isInWindow: true };
  }
}
