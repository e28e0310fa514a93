/** Whether a record passes a filter (see filter.ts). Works on the bytes; nothing is decoded but for a regular expression. */
import type { Comparison, FilterTerm } from './filter.ts';
import { FILTER_REGEX_BYTES } from './limits.ts';
import type { Direction } from './record.ts';

/** A record as a filter sees it. What costs something to make is a method, called only when a term needs it. */
export interface FilterRecord {
  readonly kind: string;
  readonly direction: Direction;
  readonly peer: number;
  /** Length of the payload in bytes. */
  readonly length: number;
  payload(): Uint8Array;
  /** What the row of an event says; empty for a record that shows its payload. */
  text(): string;
}

export type Matcher = (record: FilterRecord) => boolean;

/** One function for all terms. Make it once and use it for many records. */
export function compileFilter(terms: readonly FilterTerm[]): Matcher {
  const matchers = terms.map((term) => {
    const matcher = compileTerm(term);
    return term.negated ? (record: FilterRecord) => !matcher(record) : matcher;
  });
  return (record) => matchers.every((matcher) => matcher(record));
}

/** Whether the filter can take long on one record, so that it has to be watched. */
export function isCostly(terms: readonly FilterTerm[]): boolean {
  return terms.some((term) => term.type === 'regex');
}

function compileTerm(term: FilterTerm): Matcher {
  switch (term.type) {
    case 'text':
      return compileText(term.text);
    case 'regex':
      return (record) => {
        const text = record.text();
        if (text !== '' && term.regex.test(text)) return true;
        return (record.length > 0 || text === '') && term.regex.test(textOf(record.payload()));
      };
    case 'hex': {
      const finder = new Finder([...term.bytes].map((byte) => [Uint8Array.of(byte)]));
      return (record) => finder.isIn(record.payload());
    }
    case 'direction':
      return (record) => record.direction === term.direction;
    case 'kind':
      return (record) => record.kind.toLowerCase() === term.kind.toLowerCase();
    case 'peer':
      return (record) => record.peer === term.peer;
    case 'length':
      return (record) => compare(record.length, term.comparison, term.length);
  }
}

function compare(left: number, comparison: Comparison, right: number): boolean {
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

function compileText(text: string): Matcher {
  const wanted = text.toLowerCase();
  const finders = findersOf(text);
  return (record) => {
    if (record.length > 0) {
      const payload = record.payload();
      if (finders.some((finder) => finder.isIn(payload))) return true;
    }
    return record.text().toLowerCase().includes(wanted);
  };
}

const encoder = new TextEncoder();

/** The text as UTF-8 and, where that differs and all characters are in it, as Latin-1. */
function findersOf(text: string): Finder[] {
  const characters = [...text].map((character) => [
    ...new Set([character, character.toLowerCase(), character.toUpperCase()]),
  ]);
  const utf8 = new Finder(characters.map((cases) => cases.map((character) => encoder.encode(character))));
  const isAscii = /^[\0-\x7f]*$/.test(text);
  if (isAscii || !/^[\0-\xff]*$/.test(text)) return [utf8];
  const latin1 = new Finder(
    characters.map((cases) =>
      cases.filter((character) => /^[\0-\xff]$/.test(character)).map((one) => Uint8Array.of(one.charCodeAt(0))),
    ),
  );
  return [utf8, latin1];
}

/** Searches a sequence of characters, each of which may be written as one of several byte sequences. */
class Finder {
  readonly #characters: readonly (readonly Uint8Array[])[];
  /** 1 at each byte that the first character may begin with. */
  readonly #starts = new Uint8Array(256);

  constructor(characters: readonly (readonly Uint8Array[])[]) {
    this.#characters = characters;
    for (const [first] of characters[0] ?? []) {
      if (first !== undefined) this.#starts[first] = 1;
    }
  }

  isIn(bytes: Uint8Array): boolean {
    const starts = this.#starts;
    for (let at = 0; at < bytes.length; at += 1) {
      if (starts[bytes[at] ?? 0] === 1 && this.#isAt(bytes, at)) return true;
    }
    return false;
  }

  /** Takes for each character the first spelling that fits: one never begins with another, in UTF-8 as in Latin-1. */
  #isAt(bytes: Uint8Array, start: number): boolean {
    let at = start;
    for (const spellings of this.#characters) {
      const spelling = spellings.find((candidate) => startsWith(bytes, at, candidate));
      if (spelling === undefined) return false;
      at += spelling.length;
    }
    return true;
  }
}

function startsWith(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index += 1) {
    if (bytes[at + index] !== wanted[index]) return false;
  }
  return true;
}

/** The head of a payload as text: UTF-8 if it is that, else Latin-1, so that every byte is some character. */
function textOf(payload: Uint8Array): string {
  const head = payload.subarray(0, FILTER_REGEX_BYTES);
  try {
    // As a stream: a character that the limit cuts in two is no error.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(head, {
      stream: head.length < payload.length,
    });
  } catch {
    return latin1(head);
  }
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
