/**
 * Where the records of one session are kept. Writing is synchronous and
 * cheap, because it happens in socket callbacks; reading may wait for a disk.
 */
import type { Batch } from '../drivers/driver.ts';
import type { RecordingStatus, RowRange } from '../shared/contract.ts';
import { sentence, type Outcome, type WireError } from '../shared/errors.ts';
import type { Meta } from '../shared/record.ts';

export interface RecordingTotals {
  /** Bytes that the kept records take, with their headers. */
  readonly bytes: number;
  readonly lostRecords: number;
  /** Payload bytes of the lost records. */
  readonly lostBytes: number;
}

/** How the writer of a recording does. */
export interface RecordingState {
  readonly storage: 'disk' | 'memory';
  /** Name of its folder; null when there is none (yet). */
  readonly id: string | null;
  /** Bytes that wait for the disk. */
  readonly waiting: number;
  /** True from DISK_BEHIND_BYTES on, or while the disk refuses to write, until half of that is left. */
  readonly isBehind: boolean;
  /** Why the disk does not take records at the moment. */
  readonly error: WireError | null;
}

/**
 * Records to look through, from `first` on without holes: in memory, as packed
 * records one after another, or as blocks one after another in a file, with
 * their headers (disk/format.ts). Made to be sent to a worker.
 */
export type ScanInput =
  | { readonly type: 'bytes'; readonly first: number; readonly count: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | {
      readonly type: 'blocks';
      readonly path: string;
      readonly offset: number;
      /** Bytes of the blocks, with their headers. */
      readonly length: number;
      readonly first: number;
      readonly count: number;
      /** What the check sums of the blocks begin with (`blockSeed`). */
      readonly seed: number;
    };

/** A recording as it is read: that of a session, or one from History. */
export interface RecordingReader {
  /** Rows from `first` to `end - 1`. When the oldest records are gone, the row at `first` is a gap row for them all. */
  readonly rows: RowRange;
  /** `seq` of the oldest record that is kept; equals `rows.end` when none is. */
  readonly firstKept: number;
  readonly totals: RecordingTotals;
  readonly state: RecordingState;
  /**
   * Up to `count` rows from number `from`, packed, payloads cut to `preview` bytes.
   * `from` of the answer is later than asked when the rows asked for are no longer kept.
   * A row that cannot be read, because the disk or somebody damaged it, is a gap row with `reason: 'damaged'`.
   */
  read(from: number, count: number, preview: number): Promise<{ readonly from: number; readonly rows: Uint8Array }>;
  /** The rows with these ascending numbers. The first `skipped` of them are no longer kept. */
  pick(seqs: readonly number[], preview: number): Promise<{ readonly skipped: number; readonly rows: Uint8Array }>;
  /** Part of a payload. Errors: `gone` when the record is no longer kept, `bad-recording` when it is damaged, `not-found` when there never was one. */
  payload(
    seq: number,
    offset: number,
    length: number,
  ): Promise<Outcome<{ readonly total: number; readonly bytes: Uint8Array }>>;
  /** `seq` of the first record at or after a time (ns since the session began); `rows.end` when all are before it. */
  seqAt(time: number): Promise<number>;
  /**
   * Some records to look through, from `from` on, or from the oldest kept or the next readable one if that is later:
   * `first` of the answer says. Null when there are none (yet). A part may begin before `from`: at the block it is in.
   */
  scan(from: number): ScanInput | null;
  /** Calls when `scan` can give more than before, or rows are gone. Cheap enough for every record. @returns a function that ends it */
  onGrowth(listener: () => void): () => void;
  /** Frees everything and waits for what is being written. Nothing may be called afterwards but `close`. */
  close(): Promise<void>;
}

export interface Recording extends RecordingReader {
  /**
   * Adds one record. `payload` is copied before the call returns.
   * @param kind index in the session's kind table
   * @param direction code of `directionCode`
   * @param time ns since the session began, not less than the time before
   * @returns its `seq`: 0, 1, 2 … without holes; -1 when it was dropped because the disk is behind (a gap row will say so)
   */
  append(
    kind: number,
    direction: number,
    time: number,
    peer: number,
    payload: Uint8Array | null,
    meta: Meta | null,
  ): number;
  /**
   * Adds a record for each message of a batch, as `append` does for one.
   * @param codes indices in the session's kind table, by the kinds of the batch
   */
  appendBatch(batch: Batch, codes: Uint8Array, direction: number, time: number, peer: number): void;
  /**
   * Calls when `state.isBehind` or `state.error` has changed; never while a record is being added, so that the
   * listener may add one. @returns a function that ends it
   */
  onState(listener: () => void): () => void;
  /** Hands everything to the system now. Resolves when it has it, or cannot take it. */
  flush(): Promise<void>;
}

/** What a window is told of it. */
export function recordingStatus({ totals, state }: RecordingReader): RecordingStatus {
  const { bytes, lostRecords, lostBytes } = totals;
  const { storage, id, waiting, isBehind, error } = state;
  return { bytes, lostRecords, lostBytes, storage, id, waiting, isBehind, error };
}

/** What a person should know of a recording that is not on disk as they expect; null when there is nothing. */
export function memoryNotice({ state }: RecordingReader): string | null {
  if (state.storage === 'disk' || state.error === null) return null;
  return `Only the newest rows of this session are kept, in memory: ${sentence(state.error)}`;
}
