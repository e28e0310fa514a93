/** Reads a recording while it is written: the newest records from memory, the others from the files. */
import type { RowRange } from '../../shared/contract.ts';
import { failure, type Outcome } from '../../shared/errors.ts';
import type { ScanInput } from '../recording.ts';
import type { BlockIndex } from './block-index.ts';
import type { DiskReader } from './disk-reader.ts';
import { goneRow } from './gap-rows.ts';
import type { MemoryTail } from './memory-tail.ts';
import { RowWriter } from './row-writer.ts';
import type { Before } from './segment-files.ts';
import { concat } from './write-fully.ts';

const noBytes = new Uint8Array(0);

export interface LiveRowsOptions {
  /** What the system has: rows before `index.end`. */
  readonly index: BlockIndex;
  readonly reader: DiskReader;
  /** What it does not have yet: rows from `index.end` on. */
  readonly tail: MemoryTail;
  /** What is no longer kept. */
  readonly before: () => Before;
  /** `seq` after the newest record. */
  readonly end: () => number;
}

export class LiveRows {
  readonly #options: LiveRowsOptions;

  constructor(options: LiveRowsOptions) {
    this.#options = options;
  }

  get firstKept(): number {
    return this.#options.before().records;
  }

  get range(): RowRange {
    const { firstKept } = this;
    return { first: firstKept === 0 ? 0 : firstKept - 1, end: this.#options.end() };
  }

  async read(from: number, count: number, preview: number): Promise<{ from: number; rows: Uint8Array }> {
    const { index, reader, tail } = this.#options;
    for (;;) {
      const { first: firstRow, end: endRow } = this.range;
      const first = Math.min(Math.max(from, firstRow), endRow);
      const end = Math.min(first + count, endRow);
      const kept = Math.max(first, this.firstKept);
      const split = Math.min(Math.max(index.end, kept), end);
      const gap = first < end && first < this.firstKept ? this.#gapRow() : noBytes;
      // Before anything is awaited: these records may be on disk, and their blocks filled anew, a moment later.
      const newest = new RowWriter(end - split);
      tail.rows(split, end, preview, newest);
      const older = kept < split ? await reader.rows(kept, split, preview) : noBytes;
      // What was deleted while it was read is answered as damaged: the range is another one now.
      if (kept < split && this.firstKept > kept) continue;
      return { from: first, rows: concat([gap, older, newest.finish()]) };
    }
  }

  async pick(seqs: readonly number[], preview: number): Promise<{ skipped: number; rows: Uint8Array }> {
    const { index, reader, tail } = this.#options;
    for (;;) {
      const { firstKept } = this;
      const { first, end } = this.range;
      const skipped = seqs.filter((seq) => seq < first).length;
      const wanted = seqs.filter((seq) => seq >= first && seq < end);
      const gap = (wanted[0] ?? firstKept) < firstKept ? this.#gapRow() : noBytes;
      const onDisk = wanted.filter((seq) => seq >= firstKept && seq < index.end);
      const newest = new RowWriter(wanted.length - onDisk.length);
      const inMemory = wanted.filter((seq) => seq >= index.end && seq >= firstKept);
      tail.pick(inMemory, preview, newest);
      const [oldest] = onDisk;
      const older = oldest === undefined ? noBytes : await reader.pick(onDisk, preview);
      if (oldest !== undefined && this.firstKept > oldest) continue;
      return { skipped, rows: concat([gap, older, newest.finish()]) };
    }
  }

  async payload(seq: number, offset: number, length: number): Promise<Outcome<{ total: number; bytes: Uint8Array }>> {
    const { index, reader, tail } = this.#options;
    if (seq >= this.#options.end()) return failure('not-found', `There is no record ${seq}.`);
    if (seq >= this.firstKept) {
      if (seq >= index.end) return tail.payload(seq, offset, length);
      const part = await reader.payload(seq, offset, length);
      if (part.ok || seq >= this.firstKept) return part;
    }
    return failure('gone', `Record ${seq} is no longer kept: the oldest records were deleted.`);
  }

  async seqAt(time: number): Promise<number> {
    const { index, reader, tail } = this.#options;
    if (index.runAt(time) < index.length) return reader.seqAt(time);
    return tail.seqAt(time) ?? this.#options.end();
  }

  scan(from: number): ScanInput | null {
    const { index, reader, tail } = this.#options;
    const first = Math.max(from, this.firstKept);
    const onDisk = first < index.end ? reader.scan(first) : null;
    return onDisk ?? tail.scan(Math.max(first, index.end));
  }

  #gapRow(): Uint8Array {
    const before = this.#options.before();
    return goneRow(before.records, before);
  }
}
