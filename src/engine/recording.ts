/**
 * Where the records of one session are kept. Writing is synchronous and
 * cheap, because it happens in socket callbacks; reading may wait for a disk.
 */
import type { RowRange } from '../shared/contract.ts';
import type { Outcome } from '../shared/errors.ts';
import type { Meta } from '../shared/record.ts';

export interface RecordingTotals {
  /** Bytes that the kept records take, with their headers. */
  readonly bytes: number;
  readonly lostRecords: number;
  /** Payload bytes of the lost records. */
  readonly lostBytes: number;
}

/** Whole records in packed form (see record.ts), one after another, as an own copy. */
export interface RecordChunk {
  /** `seq` of the first record. */
  readonly first: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}

export interface Recording {
  /**
   * Adds one record. `payload` is copied before the call returns.
   * @param kind index in the session's kind table
   * @param direction code of `directionCode`
   * @param time ns since the session began, not less than the time before
   * @returns its `seq`: 0, 1, 2 … without holes
   */
  append(
    kind: number,
    direction: number,
    time: number,
    peer: number,
    payload: Uint8Array | null,
    meta: Meta | null,
  ): number;
  /** Rows from `first` to `end - 1`. When the oldest records are gone, the row at `first` is a gap row for them all. */
  readonly rows: RowRange;
  /** `seq` of the oldest record that is kept; equals `rows.end` when none is. */
  readonly firstKept: number;
  readonly totals: RecordingTotals;
  /**
   * Up to `count` rows from number `from`, packed, payloads cut to `preview` bytes.
   * `from` of the answer is later than asked when the rows asked for are no longer kept.
   */
  read(from: number, count: number, preview: number): Promise<{ readonly from: number; readonly rows: Uint8Array }>;
  /** The rows with these ascending numbers. The first `skipped` of them are no longer kept. */
  pick(seqs: readonly number[], preview: number): Promise<{ readonly skipped: number; readonly rows: Uint8Array }>;
  /** Part of a payload. Errors: `gone` when the record is no longer kept, `not-found` when there never was one. */
  payload(
    seq: number,
    offset: number,
    length: number,
  ): Promise<Outcome<{ readonly total: number; readonly bytes: Uint8Array }>>;
  /** Some records from `from` on (or from the oldest kept), for scanning; null when there are none yet. */
  chunk(from: number): Promise<RecordChunk | null>;
  /** Frees everything. Nothing may be called afterwards but `close`. */
  close(): Promise<void>;
}
