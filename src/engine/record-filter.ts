/**
 * Whether a record passes a filter (see shared/filter.ts). Works on the bytes;
 * nothing is decoded but for a regular expression.
 */
import { isUtf8 } from 'node:buffer';
import { isFramed, type Comparison, type FilterTerm } from '../shared/filter.ts';
import { FILTER_REGEX_BYTES, SCAN_LOOK_STEPS } from '../shared/limits.ts';
import type { Direction } from '../shared/record.ts';
import { ExactSearch, FOUND, textSearches, type ByteSearch, type Effort } from './byte-search.ts';

/** A record as a filter sees it. What costs something to make is a method, called only when a term needs it. */
export interface FilterRecord {
  readonly kind: string;
  readonly direction: Direction;
  readonly peer: number;
  /** Length of the payload in bytes. */
  readonly length: number;
  readonly hasMeta: boolean;
  payload(): Buffer;
  /** What the row of an event says; empty for a record that shows its payload. */
  text(): string;
}

/** What one look with a regular expression counts for. */
const REGEX_STEPS = SCAN_LOOK_STEPS / 16;

/**
 * Looks at one record, from where it stopped when it was asked before.
 * @returns whether the record passes; null when the effort is used up and the same record has to be looked at again
 */
type Look = (record: FilterRecord, effort: Effort) => boolean | null;

/** All terms of a filter. Make it once and use it for many records, one after another. */
export class RecordFilter {
  /** Whether it can take long on one record without being asked, so that it has to be watched. */
  readonly isCostly: boolean;
  readonly #terms: readonly { readonly look: Look; readonly negated: boolean }[];
  /** How many terms the record that is being looked at has passed. */
  #passed = 0;

  constructor(terms: readonly FilterTerm[]) {
    this.isCostly = terms.some((term) => term.type === 'regex');
    this.#terms = terms.map((term) => ({ look: lookOf(term), negated: term.negated }));
  }

  /** See `Look`. May be cut off anywhere: looking again at the same record gives the right answer. */
  look(record: FilterRecord, effort: Effort): boolean | null {
    for (;;) {
      const term = this.#terms[this.#passed];
      const holds = term === undefined || term.look(record, effort);
      if (holds === null) return null;
      if (term === undefined || holds === term.negated) {
        this.#passed = 0;
        return term === undefined;
      }
      this.#passed += 1;
    }
  }
}

function lookOf(term: FilterTerm): Look {
  switch (term.type) {
    case 'text':
      return lookForText(term.text);
    case 'regex':
      return (record, effort) => {
        // Nobody knows what it will take: the clock is looked at soon.
        effort.left -= REGEX_STEPS;
        return matches(term.regex, record);
      };
    case 'hex':
      return lookThrough([new ExactSearch(term.bytes)]);
    case 'direction':
      return (record) => record.direction === term.direction;
    case 'kind': {
      const kind = term.kind.toLowerCase();
      return (record) => record.kind.toLowerCase() === kind;
    }
    case 'peer':
      return (record) => record.peer === term.peer;
    case 'length':
      return (record) => compare(record.length, term.comparison, term.length);
    case 'framed':
      return (record) => isFramed(record.kind, record.hasMeta);
  }
}

export function compare(left: number, comparison: Comparison, right: number): boolean {
  switch (comparison) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '=':
      return left === right;
    case '>=':
      return left >= right;
    case '>':
      return left > right;
  }
}

function lookForText(text: string): Look {
  const wanted = text.toLowerCase();
  const lookAtPayload = lookThrough(textSearches(text));
  return (record, effort) => {
    const found = lookAtPayload(record, effort);
    return found === false ? record.text().toLowerCase().includes(wanted) : found;
  };
}

/** Whether one of the searches finds something in the payload. */
function lookThrough(searches: readonly ByteSearch[]): Look {
  let current = 0;
  let at = 0;
  const end = (found: boolean): boolean => {
    current = 0;
    at = 0;
    return found;
  };
  return (record, effort) => {
    if (record.length === 0) return false;
    const payload = record.payload();
    for (;;) {
      const search = searches[current];
      if (search === undefined) return end(false);
      const next = search.find(payload, at, effort);
      if (next === FOUND) return end(true);
      if (next < payload.length) {
        at = next;
        return null;
      }
      at = 0;
      current += 1;
    }
  };
}

function matches(regex: RegExp, record: FilterRecord): boolean {
  const text = record.text();
  if (text !== '' && regex.test(text)) return true;
  return (record.length > 0 || text === '') && regex.test(textOf(record.payload()));
}

/** The head of a payload as text: UTF-8 if it is that, else Latin-1, so that every byte is some character. */
function textOf(payload: Buffer): string {
  // TextDecoder does the same, at ten times the cost.
  if (payload.length <= FILTER_REGEX_BYTES) return payload.toString(isUtf8(payload) ? 'utf8' : 'latin1');
  const head = payload.subarray(0, FILTER_REGEX_BYTES);
  try {
    // As a stream: a character that the limit cuts in two is no error.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(head, { stream: true });
  } catch {
    return head.toString('latin1');
  }
}
