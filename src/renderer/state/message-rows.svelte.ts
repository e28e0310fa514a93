/**
 * The rows of one list as far as the window has them. Whatever is asked for,
 * at most one call starts in a frame and few are on their way, always for
 * what is in view now: the cost does not depend on how fast the session is.
 */
import type { Client } from '../../rpc/client.ts';
import type { RowRange } from '../../shared/contract.ts';
import type { WireError } from '../../shared/errors.ts';
import { FETCHES_IN_FLIGHT, ROWS_CACHED, ROWS_PER_CALL } from '../../shared/limits.ts';
import { decodeRecords, type RecordView } from '../../shared/record.ts';
import { RowCache } from './row-cache.ts';
import type { Scheduler } from './scheduler.ts';

/** Row numbers from `from` to `to - 1`. */
export interface Rows {
  readonly from: number;
  readonly to: number;
}

/** `need` has to be there; `reach` is fetched along with it when something is missing. */
export interface Wanted {
  readonly need: Rows;
  readonly reach: Rows;
}

/** What an answer says: the rows that came, and which rows there are. */
export interface Arrival extends RowRange {
  readonly from: number;
  readonly count: number;
}

export interface MessageRowsOptions {
  readonly client: Client;
  readonly session: () => string | null;
  readonly view: () => number | null;
  readonly scheduler: Scheduler;
  /** Asked once a frame; null: nothing. */
  readonly wanted: () => Wanted | null;
  readonly onarrival: (arrival: Arrival) => void;
}

export class MessageRows {
  readonly #options: MessageRowsOptions;
  readonly #cache = new RowCache(ROWS_CACHED);
  /** Rises whenever the cache has changed. */
  #version = $state(0);
  #error = $state.raw<WireError | null>(null);
  #flying: readonly Rows[] = [];
  #generation = 0;
  #framed = false;

  constructor(options: MessageRowsOptions) {
    this.#options = options;
  }

  /** Why rows cannot be read, until they can again. */
  get error(): WireError | null {
    return this.#error;
  }

  /** The record in a row, or null while it is on its way. */
  record(row: number): RecordView | null {
    return this.#version < 0 ? null : (this.#cache.get(row) ?? null);
  }

  /** Another session or view: forgets everything, also what is on its way. */
  clear(): void {
    this.#generation += 1;
    this.#flying = [];
    this.#cache.clear();
    this.#error = null;
    this.#version += 1;
  }

  dropThrough(first: number): void {
    this.#cache.dropThrough(first);
    this.#version += 1;
  }

  /** Looks at the next frame what is missing. */
  kick(): void {
    if (this.#framed) return;
    this.#framed = true;
    this.#options.scheduler.frame(() => {
      this.#framed = false;
      this.#fetchMissing();
    });
  }

  #fetchMissing(): void {
    const wanted = this.#options.wanted();
    const session = this.#options.session();
    if (wanted === null || session === null) return;
    const { need, reach } = wanted;
    this.#cache.touch(need.from, need.to);
    const missing = this.#cache.missing(need.from, need.to);
    // What is on its way to its end fetches anew (`kick` below); until then this has to wait.
    if (missing === null || this.#flying.length >= FETCHES_IN_FLIGHT) return;
    if (this.#flying.some((range) => range.from <= missing.from && range.to >= missing.to)) return;
    const more = this.#cache.missing(reach.from, reach.to) ?? missing;
    const from = Math.max(more.from, missing.from - ROWS_PER_CALL / 4);
    void this.#fetch(session, { from, to: Math.min(more.to, from + ROWS_PER_CALL) });
  }

  async #fetch(session: string, range: Rows): Promise<void> {
    const generation = this.#generation;
    this.#flying = [...this.#flying, range];
    const answer = await this.#options.client.call('rows', {
      session,
      view: this.#options.view(),
      from: range.from,
      count: range.to - range.from,
    });
    if (generation !== this.#generation) return;
    this.#flying = this.#flying.filter((other) => other !== range);
    if (!answer.ok) {
      this.#error = answer.error;
      return;
    }
    const { first, end, from, rows } = answer.value;
    const records = decodeRecords(rows);
    this.#error = null;
    this.#cache.add(from, records);
    this.#version += 1;
    this.#options.onarrival({ first, end, from, count: records.length });
    // An answer without rows must not be asked for again and again: the next status will tell.
    if (records.length > 0) this.kick();
  }
}
