/** The rows of a DNS session, live or recorded, read as they come and put together as lookups. */
import { untrack } from 'svelte';
import type { Client } from '../../../rpc/client.ts';
import type { RowRange } from '../../../shared/contract.ts';
import type { WireError } from '../../../shared/errors.ts';
import { ROWS_PER_CALL } from '../../../shared/limits.ts';
import { decodeRecords, type RecordView } from '../../../shared/record.ts';
import { compareLookup, failuresOf, type ComparedType, type DnsFailure } from './compare.ts';
import { LookupLog, type DnsLookup } from './lookup-log.ts';

/** Lookups that can be gone back to. Older ones stay in the list of messages. */
export const LOOKUPS_SHOWN = 50;

/** Answers that take this many calls to be read are put together anew only so often: each time costs as much as all of them. */
const CALLS_BETWEEN = 10;

/** Rows that are read of what was there before: far more than people ask, and still at once. */
const ROWS_READ = 20_000;

export interface AnswersOptions {
  readonly client: () => Client;
  /** The engine's session; null before the first lookup. */
  readonly session: () => string | null;
  readonly kindOf: (record: RecordView) => string;
}

export class DnsAnswers {
  readonly #options: AnswersOptions;
  #log = new LookupLog(LOOKUPS_SHOWN);
  /** Rises whenever rows have come. */
  #version = $state(0);
  #chosen = $state<number | null>(null);
  #error = $state.raw<WireError | null>(null);
  /** The session that is being read. */
  #session: string | null = null;
  #next = 0;
  #end = 0;
  #isReading = false;

  constructor(options: AnswersOptions) {
    this.#options = options;
  }

  /** Newest last. */
  readonly lookups: readonly DnsLookup[] = $derived.by(() => (this.#version < 0 ? [] : [...this.#log.lookups]));

  /** The one that is shown: the newest, unless another was chosen. */
  readonly shown: DnsLookup | null = $derived(
    this.lookups.find(({ seq }) => seq === this.#chosen) ?? this.lookups.at(-1) ?? null,
  );

  readonly tables: readonly ComparedType[] = $derived.by(() => {
    return this.#version < 0 || this.shown === null ? [] : compareLookup(this.shown);
  });

  /** Why questions have no answer, by type; under '' what holds for all of them. */
  readonly failures: ReadonlyMap<string, readonly DnsFailure[]> = $derived.by(() => {
    if (this.#version < 0 || this.shown === null) return new Map();
    return failuresOf(
      this.shown,
      this.tables.map(({ type }) => type),
    );
  });

  /** Why rows could not be read. */
  get error(): WireError | null {
    return this.#error;
  }

  /** Shows a lookup by the number of its row `ask`; null: always the newest. */
  choose(seq: number | null): void {
    this.#chosen = seq === this.lookups.at(-1)?.seq ? null : seq;
  }

  /** Which rows there are now. May be called in an effect. */
  update(rows: RowRange): void {
    untrack(() => {
      this.#begin(rows);
      this.#end = rows.end;
      void this.#read();
    });
  }

  /** One row, whole as the list of messages has it; null when it cannot be had. */
  async record(seq: number): Promise<RecordView | null> {
    const session = this.#options.session();
    if (session === null) return null;
    const answer = await this.#options.client().call('rows', { session, view: null, from: seq, count: 1 });
    if (!answer.ok) {
      this.#error = answer.error;
      return null;
    }
    return decodeRecords(answer.value.rows).find((record) => record.seq === seq) ?? null;
  }

  /** Another session, or the first: from its beginning. */
  #begin({ first, end }: RowRange): void {
    const session = this.#options.session();
    if (session === this.#session) return;
    this.#session = session;
    this.#log = new LookupLog(LOOKUPS_SHOWN);
    this.#next = Math.max(first, end - ROWS_READ);
    this.#error = null;
    this.#chosen = null;
    this.#version += 1;
  }

  async #read(): Promise<void> {
    const session = this.#session;
    if (this.#isReading || session === null) return;
    this.#isReading = true;
    let calls = 0;
    while (this.#next < this.#end && session === this.#session) {
      const from = this.#next;
      const answer = await this.#options.client().call('rows', { session, view: null, from, count: ROWS_PER_CALL });
      if (session !== this.#session) break;
      if (!answer.ok) {
        this.#error = answer.error;
        break;
      }
      const records = decodeRecords(answer.value.rows);
      for (const record of records) this.#log.add(this.#options.kindOf(record), record);
      // Rows that are no longer kept are passed over.
      this.#next = Math.max(from, answer.value.from) + records.length;
      calls += 1;
      if (calls % CALLS_BETWEEN === 0) this.#version += 1;
      if (records.length === 0) break;
    }
    this.#version += 1;
    this.#isReading = false;
    // Meanwhile it may have become another session.
    if (session !== this.#session) await this.#read();
  }
}
