/**
 * A filtered view: the numbers of the records that pass, found by scanning in
 * slices and kept up while the session goes on.
 *
 * Its rows are numbered in the order in which they were found, from 0. When
 * the oldest of them are no longer kept, or records were gone before they
 * could be looked at, the first row is the recording's gap row.
 */
import type { PeerId } from '../drivers/driver.ts';
import type { Result, RowRange, ViewStatus } from '../shared/contract.ts';
import { failure, success, type Outcome, type WireError } from '../shared/errors.ts';
import { compileFilter, isCostly, type Matcher } from '../shared/filter-match.ts';
import type { FilterTerm } from '../shared/filter.ts';
import { FILTER_REGEX_MS, ROW_PREVIEW_BYTES, SCAN_SLICE_MS } from '../shared/limits.ts';
import { RecordCursor } from './record-cursor.ts';
import type { Recording } from './recording.ts';
import { SeqList } from './seq-list.ts';
import { runLimited } from './time-limit.ts';
import type { Turns } from './turns.ts';

/** After how many records a cheap scan looks at the clock. */
const RECORDS_PER_LOOK = 32;

/** What a view looks into and whom it tells. */
export interface ViewSource {
  readonly recording: Recording;
  /** Names of the kinds, by their numbers. */
  readonly kinds: readonly string[];
  readonly turns: Turns;
  /** The view's status has changed. */
  changed(): void;
  report(bug: unknown): void;
}

export class View {
  readonly id: number;
  readonly #source: ViewSource;
  readonly #matches: Matcher;
  readonly #isCostly: boolean;
  readonly #found = new SeqList();
  /** `seq` of the next record to look at. */
  #next = 0;
  /** Rows that the view has had and that are gone; with the gap row, if it begins with one. */
  #goneRows = 0;
  #isScanning = false;
  #isWoken = false;
  #isClosed = false;
  #failure: WireError | null = null;
  #stuckAt = -1;

  /** @param peer only the records of this connection, or null for all */
  constructor(id: number, source: ViewSource, terms: readonly FilterTerm[], peer: PeerId | null) {
    this.id = id;
    this.#source = source;
    this.#isCostly = isCostly(terms);
    const filter = compileFilter(terms);
    this.#matches = peer === null ? filter : (record) => record.peer === peer && filter(record);
    this.wake();
  }

  get status(): ViewStatus {
    const { first, end } = this.#rows;
    const { recording } = this.#source;
    const lost = recording.firstKept;
    return { view: this.id, first, end, scanned: this.#next - lost, total: recording.rows.end - lost };
  }

  /** There may be new records. Cheap enough for every record. */
  wake(): void {
    this.#isWoken = true;
    if (this.#isScanning || this.#isStopped()) return;
    this.#isScanning = true;
    this.#scan().catch((bug: unknown) => {
      this.#source.report(bug);
    });
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Error: `bad-filter` when the scan had to be given up. */
  async read(from: number, count: number): Promise<Outcome<Result<'rows'>>> {
    if (this.#failure !== null) return { ok: false, error: this.#failure };
    const { first, end } = this.#rows;
    const start = Math.min(Math.max(from, first), end);
    const stop = Math.min(start + count, end);
    const seqs = this.#found.slice(
      Math.max(start, this.#goneRows) - this.#goneRows,
      Math.max(0, stop - this.#goneRows),
    );
    if (start < this.#goneRows && start < stop) seqs.unshift(this.#source.recording.rows.first);
    const { skipped, rows } = await this.#source.recording.pick(seqs, ROW_PREVIEW_BYTES);
    return success({ first, end, from: start + skipped, rows });
  }

  get #rows(): RowRange {
    const { firstKept } = this.#source.recording;
    this.#goneRows += this.#found.dropBelow(firstKept);
    if (this.#next < firstKept) {
      this.#next = firstKept;
      // Nobody has looked at what is gone: the view says so, with a row that it begins with.
      if (this.#goneRows === 0) this.#goneRows = 1;
    }
    return { first: Math.max(0, this.#goneRows - 1), end: this.#goneRows + this.#found.length };
  }

  async #scan(): Promise<void> {
    const { recording, turns } = this.#source;
    while (this.#mustGoOn()) {
      await turns.next();
      const chunk = this.#isStopped() ? null : await recording.chunk(this.#next);
      if (chunk === null) continue;
      const cursor = new RecordCursor(chunk, this.#source.kinds);
      while (this.#slice(cursor)) await turns.next();
      // There may be a further block.
      this.#isWoken = true;
    }
    this.#isScanning = false;
  }

  /** Takes note that somebody has woken it. */
  #mustGoOn(): boolean {
    const isWoken = this.#isWoken;
    this.#isWoken = false;
    return isWoken && !this.#isStopped();
  }

  #isStopped(): boolean {
    return this.#isClosed || this.#failure !== null;
  }

  /** Looks at records until the time is up. @returns whether there are more to look at */
  #slice(cursor: RecordCursor): boolean {
    if (this.#isStopped()) return false;
    if (this.#isCostly) this.#lookWithin(cursor);
    else this.#look(cursor, RECORDS_PER_LOOK);
    this.#source.changed();
    return cursor.isAtRecord;
  }

  /** Gives the view up when one record takes too long, twice. */
  #lookWithin(cursor: RecordCursor): void {
    const work = (): void => {
      this.#look(cursor, 1);
    };
    if (runLimited(work, FILTER_REGEX_MS)) return;
    // A busy machine can take the time away once; twice at one record is the expression.
    if (this.#stuckAt !== cursor.seq) {
      this.#stuckAt = cursor.seq;
      return;
    }
    this.#failure = failure(
      'bad-filter',
      `The regular expression takes too long on record ${cursor.seq}.`,
      'Avoid repetitions inside of repetitions, such as (a+)+.',
    ).error;
  }

  /** May be cut off anywhere: a record that was found but not passed is looked at again, and counts once. */
  #look(cursor: RecordCursor, step: number): void {
    const deadline = performance.now() + SCAN_SLICE_MS;
    for (let looked = 0; cursor.isAtRecord; looked += 1) {
      if (looked % step === 0 && looked > 0 && performance.now() >= deadline) return;
      if (this.#matches(cursor)) this.#found.push(cursor.seq);
      cursor.next();
      this.#next = cursor.seq;
    }
  }
}
