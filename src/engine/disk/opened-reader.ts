/** A recording from History: what its segments hold, with gap rows for what was deleted, damaged or never written. */
import type { RowRange } from '../../shared/contract.ts';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import type { RecordingReader, RecordingState, RecordingTotals, ScanInput } from '../recording.ts';
import type { BlockIndex } from './block-index.ts';
import type { DiskReader } from './disk-reader.ts';
import type { SegmentInfo } from './format.ts';
import { goneRow, interruptedRow } from './gap-rows.ts';

const noBytes = new Uint8Array(0);

export interface OpenedReaderOptions {
  readonly reader: DiskReader;
  readonly index: BlockIndex;
  /** Id of the recording. */
  readonly id: string;
  /** What was before the oldest segment that is kept. */
  readonly before: SegmentInfo['before'];
  /** Bytes at its end that are no whole block, when it was never closed; null when it was, or is still written. */
  readonly interrupted: number | null;
}

export class OpenedReader implements RecordingReader {
  readonly #reader: DiskReader;
  readonly #index: BlockIndex;
  readonly #before: SegmentInfo['before'];
  readonly #interrupted: Uint8Array | null;
  readonly rows: RowRange;
  readonly firstKept: number;
  readonly totals: RecordingTotals;
  readonly state: RecordingState;

  constructor({ reader, index, id, before, interrupted }: OpenedReaderOptions) {
    this.#reader = reader;
    this.#index = index;
    this.#before = before;
    const lastTime = index.length === 0 ? before.time : index.get(index.length - 1).lastTime;
    this.#interrupted = interrupted === null ? null : interruptedRow(index.end, lastTime, interrupted);
    this.firstKept = index.firstKept;
    this.rows = {
      first: Math.max(0, index.firstKept - 1),
      end: index.end + (interrupted === null ? 0 : 1),
    };
    let records = 0;
    for (let run = 0; run < index.length; run += 1) records += index.endOf(run) - index.firstOf(run);
    this.totals = { bytes: index.bytes, lostRecords: index.end - records, lostBytes: before.payloadBytes };
    this.state = { storage: 'disk', id, waiting: 0, isBehind: false, error: null };
  }

  async read(from: number, count: number, preview: number): Promise<{ from: number; rows: Uint8Array }> {
    const first = Math.min(Math.max(from, this.rows.first), this.rows.end);
    const end = Math.min(first + count, this.rows.end);
    const begin = Math.max(first, this.firstKept);
    const stop = Math.min(end, this.#index.end);
    const rows = begin < stop ? await this.#reader.rows(begin, stop, preview) : noBytes;
    if (first >= end) return { from: first, rows };
    return { from: first, rows: this.#surround(rows, first < this.firstKept, end > this.#index.end) };
  }

  async pick(seqs: readonly number[], preview: number): Promise<{ skipped: number; rows: Uint8Array }> {
    const skipped = seqs.filter((seq) => seq < this.rows.first).length;
    const kept = seqs.filter((seq) => seq >= this.firstKept && seq < this.#index.end);
    const rows = await this.#reader.pick(kept, preview);
    const hasQuota = seqs.some((seq) => seq >= this.rows.first && seq < this.firstKept);
    return { skipped, rows: this.#surround(rows, hasQuota, seqs.includes(this.#index.end)) };
  }

  async payload(seq: number, offset: number, length: number): Promise<Outcome<{ total: number; bytes: Uint8Array }>> {
    if (seq >= this.rows.end) return failure('not-found', `There is no record ${seq}.`);
    if (seq < this.firstKept) {
      return failure('gone', `Record ${seq} is no longer kept: the oldest part of the recording was deleted.`);
    }
    if (seq >= this.#index.end) return success({ total: 0, bytes: noBytes });
    return this.#reader.payload(seq, offset, length);
  }

  async seqAt(time: number): Promise<number> {
    const seq = await this.#reader.seqAt(time);
    return seq < this.#index.end ? seq : this.rows.end;
  }

  scan(from: number): ScanInput | null {
    return this.#reader.scan(from);
  }

  /** It does not grow. */
  onGrowth(): () => void {
    return () => undefined;
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  /** Puts the rows that are made up before and behind the stored ones. */
  #surround(rows: Uint8Array, hasQuota: boolean, hasInterrupted: boolean): Uint8Array {
    const before = hasQuota ? goneRow(this.firstKept, this.#before) : noBytes;
    const behind = hasInterrupted ? (this.#interrupted ?? noBytes) : noBytes;
    if (before.length + behind.length === 0) return rows;
    const all = new Uint8Array(before.length + rows.length + behind.length);
    all.set(before);
    all.set(rows, before.length);
    all.set(behind, before.length + rows.length);
    return all;
  }
}
