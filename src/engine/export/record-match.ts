/** Which records of a part are exported: those that pass the filter and are of the wanted connection, and every gap. */
import { failure, type WireError } from '../../shared/errors.ts';
import { parseFilter } from '../../shared/filter.ts';
import {
  FILTER_REGEX_MS,
  FILTER_REGEX_TRIES,
  SCAN_LOOK_STEPS,
  SCAN_RECORD_STEPS,
  SCAN_SLICE_MS,
} from '../../shared/limits.ts';
import type { Effort } from '../byte-search.ts';
import { RecordCursor } from '../record-cursor.ts';
import { RecordFilter } from '../record-filter.ts';
import { HeadTest, isHeadTerm } from '../scan/head-test.ts';
import { runLimited } from '../time-limit.ts';
import { GAP_KIND, kindOf } from './packed.ts';

/** The filter is at fault: `bad-filter`. */
export class FilterFailure extends Error {
  readonly error: WireError;

  constructor(message: string, hint: string) {
    super(message);
    this.error = failure('bad-filter', message, hint).error;
  }
}

export class RecordMatch {
  /** The terms that a record's header answers, and the others. */
  readonly #heads: HeadTest;
  readonly #filter: RecordFilter;
  readonly #cursor: RecordCursor;
  readonly #isAll: boolean;
  readonly #effort: Effort = { left: 0 };
  /** One for each record of the part, made larger when it has to be. */
  #verdicts = new Uint8Array(0);
  /** The record at which an expression was cut off last, and how often. */
  #stuckAt = -1;
  #cuts = 0;

  /** @param filter has been checked */
  constructor(filter: string, peer: number | null, kinds: readonly string[]) {
    const terms = parseFilter(filter);
    if (!terms.ok) throw new FilterFailure(terms.error.message, terms.error.hint);
    this.#heads = new HeadTest(terms.value.filter(isHeadTerm), kinds, peer);
    this.#filter = new RecordFilter(terms.value.filter((term) => !isHeadTerm(term)));
    this.#cursor = new RecordCursor(null, kinds);
    this.#isAll = terms.value.length === 0 && peer === null;
  }

  /**
   * @param bytes packed records one after another, each of them whole
   * @returns 1 for each record that is exported, valid until the next call; null when all are
   * @throws FilterFailure when an expression is too large or takes too long
   */
  select(bytes: Buffer, view: DataView, first: number, count: number): Uint8Array | null {
    if (this.#isAll) return null;
    if (this.#verdicts.length < count) this.#verdicts = new Uint8Array(count);
    const cursor = this.#cursor;
    cursor.read(bytes, view, 0, bytes.length, first);
    const work = (): void => {
      this.#look(cursor, first);
    };
    while (cursor.isAtRecord) {
      if (this.#filter.isCostly) this.#lookWithin(work, cursor);
      else work();
    }
    return this.#verdicts;
  }

  /** Gives up when one record takes too long again and again: a busy machine can take the time away now and then. */
  #lookWithin(work: () => void, cursor: RecordCursor): void {
    const { seq } = cursor;
    try {
      if (runLimited(work, FILTER_REGEX_MS) || cursor.seq !== seq) return;
    } catch (bug) {
      // An expression is compiled when it is first used, and may turn out to be too large then.
      if (!(bug instanceof Error && bug.name === 'SyntaxError')) throw bug;
      throw new FilterFailure('The regular expression is too large.', 'Use smaller counts in its repetitions.');
    }
    this.#cuts = this.#stuckAt === seq ? this.#cuts + 1 : 1;
    this.#stuckAt = seq;
    if (this.#cuts < FILTER_REGEX_TRIES) return;
    throw new FilterFailure(
      `The regular expression takes too long on record ${seq}.`,
      'Avoid repetitions inside of repetitions, such as (a+)+.',
    );
  }

  /** May be cut off anywhere: a record that was not passed is looked at again. */
  #look(cursor: RecordCursor, first: number): void {
    const effort = this.#effort;
    const deadline = performance.now() + SCAN_SLICE_MS;
    effort.left = SCAN_LOOK_STEPS;
    while (cursor.isAtRecord) {
      if (effort.left <= 0) {
        if (performance.now() >= deadline) return;
        effort.left = SCAN_LOOK_STEPS;
      }
      const { view, offset } = cursor;
      const isGap = kindOf(view, offset) === GAP_KIND;
      const passes = isGap || (this.#heads.passes(view, offset) && this.#filter.look(cursor, effort));
      if (passes === null) continue;
      this.#verdicts[cursor.seq - first] = passes ? 1 : 0;
      cursor.next();
      effort.left -= SCAN_RECORD_STEPS;
    }
  }
}
