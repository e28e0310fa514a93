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
import type { FilterTerm } from '../shared/filter.ts';
import {
  FILTER_REGEX_MS,
  ROW_PREVIEW_BYTES,
  SCAN_LOOK_STEPS,
  SCAN_RECORD_STEPS,
  SCAN_SLICE_MS,
} from '../shared/limits.ts';
import type { Effort } from './byte-search.ts';
import { RecordCursor } from './record-cursor.ts';
import { RecordFilter } from './record-filter.ts';
import type { Recording } from './recording.ts';
import { SeqList } from './seq-list.ts';
import { runLimited } from './time-limit.ts';
import type { Turns } from './turns.ts';

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
  readonly #filter: RecordFilter;
  readonly #peer: PeerId | null;
  /** What the scan may take until it looks at the clock again. */
  readonly #effort: Effort = { left: 0 };
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
    this.#filter = new RecordFilter(terms);
    this.#peer = peer;
    this.wake();
  }

  get status(): ViewStatus {
    const { first, end } = this.#rows;
    const { recording } = this.#source;
    const lost = recording.firstKept;
    const total = recording.rows.end - lost;
    return { view: this.id, first, end, scanned: this.#next - lost, total, error: this.#failure };
  }

  /** There may be new records. Cheap enough for every record. */
  wake(): void {
    this.#isWoken = true;
    if (this.#isScanning || this.#isStopped()) return;
    this.#isScanning = true;
    void this.#scan();
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Error: that of the status, when the scan had to be given up. */
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

  /** Never rejects: what goes wrong is the view's failure. */
  async #scan(): Promise<void> {
    try {
      while (this.#mustGoOn()) await this.#scanChunk();
    } catch (bug) {
      this.#fail(bug);
    } finally {
      this.#isScanning = false;
    }
  }

  async #scanChunk(): Promise<void> {
    const { recording, turns, kinds } = this.#source;
    await turns.next();
    const chunk = this.#isStopped() ? null : await recording.chunk(this.#next);
    if (chunk === null) return;
    const cursor = new RecordCursor(chunk, kinds);
    while (this.#slice(cursor)) await turns.next();
    // There may be a further block.
    this.#isWoken = true;
  }

  #fail(bug: unknown): void {
    // An expression is compiled when it is first used, and may turn out to be too large then.
    if (this.#filter.isCostly && bug instanceof Error && bug.name === 'SyntaxError') {
      const message = 'The regular expression is too large.';
      this.#failure = failure('bad-filter', message, 'Use smaller counts in its repetitions.').error;
    } else {
      this.#source.report(bug);
      this.#failure = failure('internal', 'The filter failed.', 'This is a bug; the log has the details.').error;
    }
    this.#source.changed();
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
    if (this.#filter.isCostly) this.#lookWithin(cursor);
    else this.#look(cursor);
    this.#source.changed();
    return cursor.isAtRecord;
  }

  /** Gives the view up when one record takes too long, twice. */
  #lookWithin(cursor: RecordCursor): void {
    const work = (): void => {
      this.#look(cursor);
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

  /**
   * May be cut off anywhere: a record that was found but not passed is looked at again, and counts once. It may end in
   * the middle of a record, too, and goes on there.
   */
  #look(cursor: RecordCursor): void {
    const effort = this.#effort;
    const deadline = performance.now() + SCAN_SLICE_MS;
    effort.left = SCAN_LOOK_STEPS;
    while (cursor.isAtRecord) {
      if (effort.left <= 0) {
        if (performance.now() >= deadline) return;
        effort.left = SCAN_LOOK_STEPS;
      }
      const isOther = this.#peer !== null && cursor.peer !== this.#peer;
      const passes = !isOther && this.#filter.look(cursor, effort);
      if (passes === null) continue;
      if (passes) this.#found.push(cursor.seq);
      cursor.next();
      this.#next = cursor.seq;
      effort.left -= SCAN_RECORD_STEPS;
    }
  }
}
