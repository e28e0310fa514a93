/**
 * Where the records of a recording are: a line for each run of blocks, without
 * an object. A recording of ten million messages of 100 bytes takes 1,340 lines,
 * 64 bytes each, and nothing per record.
 */
import { DISK_RUN_BYTES } from '../../shared/limits.ts';
import {
  bytesAt,
  endAt,
  firstAt,
  lastTimeAt,
  LINE_BYTES,
  payloadBytesAt,
  readRun,
  segmentAt,
  writeRun,
  type BlockRun,
} from './run-lines.ts';

export type { BlockRun } from './run-lines.ts';

/** What went with a segment. */
export interface DroppedSegment {
  readonly records: number;
  readonly payloadBytes: number;
  /** Bytes of its blocks, with their headers. */
  readonly bytes: number;
  /** Time of its last record, ns; 0 when it had none. */
  readonly lastTime: number;
}

const FIRST_LINES = 32;

export class BlockIndex {
  readonly #runBytes: number;
  #lines = new Uint8Array(0);
  #view = new DataView(this.#lines.buffer);
  #length = 0;
  #firstKept = 0;
  #end = 0;
  #bytes = 0;
  #payloadBytes = 0;

  /** @param runBytes up to how many bytes neighbouring blocks are taken together */
  constructor(runBytes = DISK_RUN_BYTES) {
    this.#runBytes = runBytes;
  }

  /** How many runs there are; they are numbered from 0, oldest first. */
  get length(): number {
    return this.#length;
  }

  /** `seq` after the last indexed record, or where `reset` or `skipTo` put it. */
  get end(): number {
    return this.#end;
  }

  /** `seq` of the oldest record that is kept or, in a hole, ought to be; `end` when there is none. */
  get firstKept(): number {
    return this.#firstKept;
  }

  /** Bytes of all blocks, with their headers. */
  get bytes(): number {
    return this.#bytes;
  }

  get payloadBytes(): number {
    return this.#payloadBytes;
  }

  /** The runs as lines, one after another, valid until something changes. */
  get lines(): Uint8Array {
    return this.#lines.subarray(0, this.#length * LINE_BYTES);
  }

  /** Empties it; the next record has this `seq`, or a later one behind a hole. */
  reset(first: number): void {
    this.#length = 0;
    this.#firstKept = first;
    this.#end = first;
    this.#bytes = 0;
    this.#payloadBytes = 0;
  }

  /**
   * Takes over the lines of an index that is empty; they belong to it from now on.
   * The caller has seen to it that they come in order and begin at `end` or later.
   */
  adopt(lines: Uint8Array<ArrayBuffer>): void {
    this.#use(lines);
    this.#length = lines.length / LINE_BYTES;
    for (let offset = 0; offset < lines.length; offset += LINE_BYTES) {
      this.#bytes += bytesAt(this.#view, offset);
      this.#payloadBytes += payloadBytesAt(this.#view, offset);
    }
    if (this.#length > 0) this.#end = this.endOf(this.#length - 1);
  }

  /** Leaves a hole from `end` to `seq`. */
  skipTo(seq: number): void {
    this.#end = Math.max(this.#end, seq);
  }

  /**
   * Adds blocks that come after all others: `first` is not less than `end`. They join the last run when they follow
   * it without a hole in the same segment and both together are not too large.
   * @returns true when a new run began, so that the one before it, if any, is complete
   */
  add(run: BlockRun): boolean {
    if (run.first < this.#end) throw new RangeError(`Record ${run.first} is indexed already`);
    const last = this.#length === 0 ? null : this.get(this.#length - 1);
    const joins = last !== null && follows(last, run) && last.bytes + run.bytes <= this.#runBytes;
    this.#bytes += run.bytes;
    this.#payloadBytes += run.payloadBytes;
    this.#end = run.first + run.count;
    if (joins) {
      writeRun(this.#view, (this.#length - 1) * LINE_BYTES, join(last, run));
      return false;
    }
    this.#makeRoom();
    writeRun(this.#view, this.#length * LINE_BYTES, run);
    this.#length += 1;
    return true;
  }

  /** Takes out what is in a segment. When it is the oldest one, `firstKept` moves on to what follows. */
  dropSegment(segment: number): DroppedSegment {
    const begin = this.#search((offset) => segmentAt(this.#view, offset) >= segment);
    const end = this.#search((offset) => segmentAt(this.#view, offset) > segment);
    if (begin === end) return { records: 0, payloadBytes: 0, bytes: 0, lastTime: 0 };
    const dropped = { records: 0, payloadBytes: 0, bytes: 0, lastTime: this.get(end - 1).lastTime };
    for (let run = begin; run < end; run += 1) {
      const { count, payloadBytes, bytes } = this.get(run);
      dropped.records += count;
      dropped.payloadBytes += payloadBytes;
      dropped.bytes += bytes;
    }
    if (begin === 0) {
      const before = this.#firstKept;
      this.#firstKept = this.firstOf(end);
      dropped.records = this.#firstKept - before;
    }
    // Into memory of its own size: what is dropped is not held on to.
    const { lines } = this;
    const kept = new Uint8Array((this.#length - (end - begin)) * LINE_BYTES);
    kept.set(lines.subarray(0, begin * LINE_BYTES));
    kept.set(lines.subarray(end * LINE_BYTES), begin * LINE_BYTES);
    this.#use(kept);
    this.#length -= end - begin;
    this.#bytes -= dropped.bytes;
    this.#payloadBytes -= dropped.payloadBytes;
    return dropped;
  }

  /** The run that holds record `seq`, or -1: it is not kept, not there yet, or in a hole. */
  runOf(seq: number): number {
    const run = this.runFrom(seq);
    return run < this.#length && this.firstOf(run) <= seq ? run : -1;
  }

  /** The first run that holds `seq` or a later record; `length` when there is none. */
  runFrom(seq: number): number {
    return this.#search((offset) => endAt(this.#view, offset) > seq);
  }

  /** The first run with a record at or after `time` (ns since the session began); `length` when all are before it. */
  runAt(time: number): number {
    return this.#search((offset) => lastTimeAt(this.#view, offset) >= time);
  }

  /** `seq` of a run's first record; `end` for the run after the last. */
  firstOf(run: number): number {
    return run < this.#length ? firstAt(this.#view, run * LINE_BYTES) : this.#end;
  }

  /** `seq` after a run's last record. */
  endOf(run: number): number {
    return run < this.#length ? endAt(this.#view, run * LINE_BYTES) : this.#end;
  }

  get(run: number): BlockRun {
    if (!(run >= 0 && run < this.#length)) throw new RangeError(`There is no run ${run}`);
    return readRun(this.#view, run * LINE_BYTES);
  }

  #makeRoom(): void {
    const needed = (this.#length + 1) * LINE_BYTES;
    if (needed <= this.#lines.length) return;
    const larger = new Uint8Array(Math.max(FIRST_LINES * LINE_BYTES, this.#lines.length * 2));
    larger.set(this.#lines);
    this.#use(larger);
  }

  #use(lines: Uint8Array<ArrayBuffer>): void {
    this.#lines = lines;
    this.#view = new DataView(lines.buffer, lines.byteOffset, lines.byteLength);
  }

  /** The first run for which `isReached` is true at the offset of its line; it must be so for all after it. */
  #search(isReached: (offset: number) => boolean): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isReached(middle * LINE_BYTES)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Whether a run goes on where the one before it ends. */
function follows(last: BlockRun, run: BlockRun): boolean {
  return (
    run.segment === last.segment && run.offset === last.offset + last.bytes && run.first === last.first + last.count
  );
}

function join(last: BlockRun, run: BlockRun): BlockRun {
  return {
    ...last,
    bytes: last.bytes + run.bytes,
    count: last.count + run.count,
    lastTime: run.lastTime,
    payloadBytes: last.payloadBytes + run.payloadBytes,
    kinds: last.kinds | run.kinds,
    directions: last.directions | run.directions,
  };
}
