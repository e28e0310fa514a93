/** A run of blocks in memory, checked, with the place of each of its records. */
import { RECORD_HEADER_BYTES } from '../../shared/record.ts';
import { findHead, isPlausible, storedSize } from './block-check.ts';
import type { BlockRun } from './block-index.ts';
import { BLOCK_HEADER_BYTES, BLOCK_RECORDS, isBlockIntact, readBlockHead, type BlockHead } from './format.ts';

/** How many times the bytes of a run are checked in vain, in looking for the next whole block, before the rest counts as damaged. */
const VAIN_CHECKS = 4;

/** Records that cannot be shown: from `first` to before `end`. `time`: about when they were, ns since the session began. */
export interface Hole {
  readonly first: number;
  readonly end: number;
  readonly time: number;
}

export class LoadedRun {
  readonly run: BlockRun;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where the record with number `run.first + i` starts; 0 when it is damaged: a header stands there. */
  readonly #starts: Uint32Array;

  /**
   * @param bytes what the file has at the run's place, perhaps fewer bytes than there should be
   * @param seed `blockSeed` of the recording
   */
  constructor(run: BlockRun, bytes: Uint8Array, seed: number) {
    this.run = run;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // A block cannot have more records than bytes for their headers, whatever the index says.
    this.#starts = new Uint32Array(Math.min(run.count, Math.floor(bytes.length / RECORD_HEADER_BYTES)));
    this.#findBlocks(seed);
  }

  /** Bytes of memory that it takes. */
  get size(): number {
    return this.bytes.length + this.#starts.byteLength;
  }

  /** Where record `seq` of this run starts in `bytes`; 0 when it is damaged. */
  startOf(seq: number): number {
    return this.#starts[seq - this.run.first] ?? 0;
  }

  /** The damaged records around the damaged record `seq`. */
  holeAround(seq: number): Hole {
    // Beyond the table everything is damaged.
    const tableEnd = this.run.first + this.#starts.length;
    let first = Math.min(seq, tableEnd);
    while (first > this.run.first && this.startOf(first - 1) === 0) first -= 1;
    let end = seq + 1;
    while (end < tableEnd && this.startOf(end) === 0) end += 1;
    const before =
      first > this.run.first ? this.view.getFloat64(this.startOf(first - 1) + 8, true) : this.run.firstTime;
    return { first, end: end < tableEnd ? end : this.run.first + this.run.count, time: before };
  }

  /** `seq` of the first whole record at or after `time`; that after the last when there is none. */
  seqAt(time: number): number {
    for (const [index, start] of this.#starts.entries()) {
      if (start !== 0 && this.view.getFloat64(start + 8, true) >= time) return this.run.first + index;
    }
    return this.run.first + this.run.count;
  }

  #findBlocks(seed: number): void {
    let vain = this.bytes.length * VAIN_CHECKS;
    let next = this.run.first;
    let offset = 0;
    while (offset >= 0 && vain >= 0) {
      const head = readBlockHead(this.view, offset);
      const isPossible = head !== null && this.#isExpected(head, offset, next);
      if (isPossible && isBlockIntact(this.bytes, this.view, offset, head, seed)) {
        if (head.type === BLOCK_RECORDS) this.#findRecords(offset, head);
        next = head.first + head.count;
        offset += BLOCK_HEADER_BYTES + head.length;
        if (offset === this.bytes.length) return;
      } else {
        if (isPossible) vain -= head.length;
        offset = findHead(this.bytes, offset + 1, next);
      }
    }
  }

  #isExpected(head: BlockHead, offset: number, next: number): boolean {
    return (
      isPlausible(head, next) &&
      offset + BLOCK_HEADER_BYTES + head.length <= this.bytes.length &&
      head.first + head.count <= this.run.first + this.run.count
    );
  }

  #findRecords(offset: number, head: BlockHead): void {
    let start = offset + BLOCK_HEADER_BYTES;
    const end = start + head.length;
    for (let index = head.first - this.run.first, left = head.count; left > 0; left -= 1, index += 1) {
      const size = storedSize(this.view, start, end, this.run.first + index);
      // Its check sum was right, so it was written so: what follows cannot be found.
      if (size === 0) return;
      this.#starts[index] = start;
      start += size;
    }
  }
}
