/**
 * The language of the box "Filter messages". Terms are separated by spaces
 * and must all hold; `-` before a term negates it.
 *
 *   hello             text in the payload or in the described event, in any case
 *   "two words"       the same with spaces; \" \\ \n \r \t \0 stand for characters
 *   /pattern/imsu     a regular expression over the payload as text
 *   hex:1f8b          bytes; also `hex: 1f 8b`
 *   dir:in            direction: in, out or none
 *   kind:data         kind of the record
 *   peer:3            number of the connection
 *   len:>100          length of the payload in bytes: >, >=, <, <=, = or just a number
 *   is:framed         a WebSocket message that came in several frames or compressed, so that they have rows of their own
 *
 * Pure: the window reads a filter too, to say at once what is wrong with it.
 */
import { failure, success, type Outcome } from './errors.ts';
import { directions, type Direction } from './record.ts';

export type Comparison = '<' | '<=' | '=' | '>=' | '>';

/** Kind of the rows that say what a message was on the wire, where that is more than one plain frame. */
export const FRAME_KIND = 'frame';

/** Kinds of messages that can have rows for their frames. Such a message has meta, and one of a plain frame has none. */
const FRAMED_KINDS: readonly string[] = ['text', 'binary'];

/** @param hasMeta whether the record has meta */
export function isFramed(kind: string, hasMeta: boolean): boolean {
  return hasMeta && FRAMED_KINDS.includes(kind);
}

type Test =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'regex'; readonly regex: RegExp }
  | { readonly type: 'hex'; readonly bytes: Uint8Array }
  | { readonly type: 'direction'; readonly direction: Direction }
  | { readonly type: 'kind'; readonly kind: string }
  | { readonly type: 'peer'; readonly peer: number }
  | { readonly type: 'length'; readonly comparison: Comparison; readonly length: number }
  | { readonly type: 'framed' };

export type FilterTerm = Test & { readonly negated: boolean };

/** One step of reading: what was read and where the rest begins. */
type Read = { readonly test: Test; readonly next: number };

/** Reads a filter. An empty one has no terms and lets everything pass. Error: `bad-filter`, with a sentence for the box. */
export function parseFilter(text: string): Outcome<readonly FilterTerm[]> {
  const terms: FilterTerm[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const negated = text[at] === '-' && /\S/.test(text[at + 1] ?? ' ');
    const read = readTest(text, negated ? at + 1 : at);
    if (!read.ok) return read;
    terms.push({ ...read.value.test, negated });
    at = skipSpace(text, read.value.next);
  }
  return success(terms);
}

function readTest(text: string, at: number): Outcome<Read> {
  if (text[at] === '"') return readQuoted(text, at);
  if (text[at] === '/') return readRegex(text, at);
  const next = wordEnd(text, at);
  const word = text.slice(at, next);
  const colon = word.indexOf(':');
  const value = word.slice(colon + 1);
  switch (colon === -1 ? '' : word.slice(0, colon).toLowerCase()) {
    case 'hex':
      return readHex(text, at + 'hex:'.length);
    case 'dir':
      return readDirection(value, next);
    case 'kind':
      return value === ''
        ? failure('bad-filter', 'kind: needs the name of a kind.', 'Write for example kind:data.')
        : success({ test: { type: 'kind', kind: value }, next });
    case 'peer':
      return /^\d{1,10}$/.test(value)
        ? success({ test: { type: 'peer', peer: Number(value) }, next })
        : failure('bad-filter', `"${value}" is not the number of a connection.`, 'Write for example peer:3.');
    case 'len':
      return readLength(value, next);
    case 'is':
      return success({
        test: value.toLowerCase() === 'framed' ? { type: 'framed' } : { type: 'text', text: word },
        next,
      });
    default:
      return success({ test: { type: 'text', text: word }, next });
  }
}

function readDirection(value: string, next: number): Outcome<Read> {
  const direction = directions.find((name) => name === value.toLowerCase());
  return direction === undefined
    ? failure('bad-filter', `"${value}" is not a direction.`, 'Write dir:in, dir:out or dir:none.')
    : success({ test: { type: 'direction', direction }, next });
}

function readLength(value: string, next: number): Outcome<Read> {
  const found = /^(<=|>=|<|>|=|)(\d{1,12})$/.exec(value);
  const comparison = comparisonOf(found?.[1]);
  return found === null || comparison === null
    ? failure('bad-filter', `"${value}" is not a length.`, 'Write for example len:>100 (bytes).')
    : success({ test: { type: 'length', comparison, length: Number(found[2]) }, next });
}

function comparisonOf(sign: string | undefined): Comparison | null {
  switch (sign) {
    case '':
    case '=':
      return '=';
    case '<':
    case '<=':
    case '>':
    case '>=':
      return sign;
    default:
      return null;
  }
}

/** Bytes right after the colon or after a space, then any further tokens that are each one byte: `hex: 1f 8b`. */
function readHex(text: string, at: number): Outcome<Read> {
  const start = skipSpace(text, at);
  let next = wordEnd(text, start);
  let digits = text.slice(start, next);
  for (;;) {
    const [whole, byte] = /^\s+([0-9a-f]{1,2})(?=\s|$)/i.exec(text.slice(next)) ?? [];
    if (whole === undefined || byte === undefined) break;
    // Half a byte is one that is still being typed.
    if (byte.length === 1) return oddDigits(`${digits} ${byte}`);
    digits += byte;
    next += whole.length;
  }
  if (!/^[0-9a-f]+$/i.test(digits)) {
    return failure('bad-filter', 'hex: needs bytes as hexadecimal digits.', 'Write for example hex:1f8b.');
  }
  if (digits.length % 2 === 1) return oddDigits(digits);
  const bytes = Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16),
  );
  return success({ test: { type: 'hex', bytes }, next });
}

function oddDigits(digits: string): Outcome<never> {
  return failure('bad-filter', `hex:${digits} has an odd number of digits; each byte takes two.`);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' };

function readQuoted(text: string, at: number): Outcome<Read> {
  let value = '';
  for (let index = at + 1; index < text.length; index += 1) {
    const char = text[index] ?? '';
    if (char === '"') {
      return value === ''
        ? failure('bad-filter', 'There is nothing between the quotation marks.')
        : success({ test: { type: 'text', text: value }, next: index + 1 });
    }
    if (char !== '\\') {
      value += char;
      continue;
    }
    index += 1;
    const escaped = text[index] ?? '';
    value += Object.hasOwn(escapes, escaped) ? (escapes[escaped] ?? '') : escaped;
  }
  return failure('bad-filter', 'A quotation mark is not closed.');
}

/** A path such as `/api/users` is text: what follows the second slash are no flags. */
function readRegex(text: string, at: number): Outcome<Read> {
  const found = /^\/((?:[^/\\[]|\\.|\[(?:[^\]\\]|\\.)*\])+)\/([dgimsuvy]*)(?=\s|$)/.exec(text.slice(at));
  if (found === null) {
    const next = wordEnd(text, at);
    return success({ test: { type: 'text', text: text.slice(at, next) }, next });
  }
  const [whole, pattern = '', flags = ''] = found;
  const unknown = /[^imsu]/.exec(flags);
  if (unknown !== null) {
    return failure('bad-filter', `The flag "${unknown[0]}" means nothing in a filter.`, 'i, m, s and u do.');
  }
  try {
    return success({ test: { type: 'regex', regex: new RegExp(pattern, flags) }, next: at + whole.length });
  } catch (problem) {
    return failure('bad-filter', `${problem instanceof Error ? problem.message : 'The expression is not valid'}.`);
  }
}

function skipSpace(text: string, at: number): number {
  while (at < text.length && /\s/.test(text[at] ?? '')) at += 1;
  return at;
}

function wordEnd(text: string, at: number): number {
  while (at < text.length && /\S/.test(text[at] ?? '')) at += 1;
  return at;
}
