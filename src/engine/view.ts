/**
 * A filtered view: the numbers of the records that pass, which a scan finds and
 * keeps up while the session goes on.
 *
 * Its rows are numbered in the order in which they were found, from 0. When
 * the oldest of them are no longer kept, or records were gone before they
 * could be looked at, the first row is the recording's gap row.
 */
import type { PeerId } from '../drivers/driver.ts';
import type { Result, RowRange, ViewStatus } from '../shared/contract.ts';
import { success, type Outcome, type WireError } from '../shared/errors.ts';
import type { FilterTerm } from '../shared/filter.ts';
import { ROW_PREVIEW_BYTES } from '../shared/limits.ts';
import type { RecordingReader } from './recording.ts';
import type { Scan } from './scan/scan.ts';
import type { Scanner } from './scan/scanner.ts';
import { SeqSet } from './seq-set.ts';

/** What a view looks into and whom it tells. */
export interface ViewSource {
  readonly recording: RecordingReader;
  /** Names of the kinds, by their numbers. */
  readonly kinds: readonly string[];
  readonly scanner: Scanner;
  /** The view's status has changed. Not called for each record. */
  changed(): void;
}

export class View {
  readonly id: number;
  readonly #recording: RecordingReader;
  readonly #found = new SeqSet();
  readonly #scan: Scan;
  /** All records before this one have been looked at, or were gone before they could be. */
  #next = 0;
  /** Rows that the view has had and that are gone; with the gap row, if it begins with one. */
  #goneRows = 0;
  #failure: WireError | null = null;

  /** @param peer only the records of this connection, or null for all */
  constructor(id: number, source: ViewSource, terms: readonly FilterTerm[], peer: PeerId | null) {
    this.id = id;
    const { recording, kinds, scanner } = source;
    this.#recording = recording;
    this.#scan = scanner.open(
      { recording, kinds, terms, peer },
      {
        found: (seqs) => {
          // What had gone when it was told belongs to the gap that the view begins with.
          for (const seq of seqs) if (seq >= this.#next) this.#found.add(seq);
        },
        looked: (next) => {
          this.#next = Math.max(this.#next, next);
          source.changed();
        },
        failed: (error) => {
          this.#failure = error;
          source.changed();
        },
      },
    );
  }

  get status(): ViewStatus {
    const { first, end } = this.#rows;
    const lost = this.#recording.firstKept;
    const total = this.#recording.rows.end - lost;
    const scanned = Math.min(Math.max(this.#next, this.#scan.position) - lost, total);
    return { view: this.id, first, end, scanned: Math.max(0, scanned), total, error: this.#failure };
  }

  /** There may be new records. Cheap enough for every record. */
  wake(): void {
    this.#scan.wake();
  }

  close(): void {
    this.#scan.close();
  }

  /** Error: that of the status, when the scan had to be given up. */
  async read(from: number, count: number): Promise<Outcome<Result<'rows'>>> {
    if (this.#failure !== null) return { ok: false, error: this.#failure };
    const { first, end } = this.#rows;
    const start = Math.min(Math.max(from, first), end);
    const seqs = this.#seqs(start, Math.min(start + count, end));
    const { skipped, rows } = await this.#recording.pick(seqs, ROW_PREVIEW_BYTES);
    return success({ first, end, from: start + skipped, rows });
  }

  /** The first row whose record is not before `seq`, else the last; null when there are no rows. */
  find(seq: number): number | null {
    const { first, end } = this.#rows;
    if (first === end) return null;
    // The row of the gap stands for all records before the oldest one that is kept.
    if (first < this.#goneRows && seq < this.#recording.firstKept) return first;
    return Math.min(this.#goneRows + this.#found.rank(seq), end - 1);
  }

  #seqs(start: number, stop: number): number[] {
    const found = this.#found.slice(
      Math.max(start, this.#goneRows) - this.#goneRows,
      Math.max(0, stop - this.#goneRows),
    );
    if (start < this.#goneRows && start < stop) found.unshift(this.#recording.rows.first);
    return found;
  }

  get #rows(): RowRange {
    const { firstKept } = this.#recording;
    this.#goneRows += this.#found.dropBelow(firstKept);
    if (this.#next < firstKept) {
      this.#next = firstKept;
      // Nobody has looked at what is gone: the view says so, with a row that it begins with.
      if (this.#goneRows === 0) this.#goneRows = 1;
    }
    return { first: Math.max(0, this.#goneRows - 1), end: this.#goneRows + this.#found.length };
  }
}
