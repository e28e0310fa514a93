/**
 * The query of an address as names and values that a person can edit (RFC 3986 §3.4), and back into the address. Pure.
 *
 * What is shown is decoded, so that it can be read; what is written follows one rule: characters that were not touched
 * keep the bytes that they have in the address, and typed ones are encoded as `encodeURIComponent` does (ECMAScript
 * §19.2.6), a plus sign as %2B and a blank as %20, which every reader takes for the same. A plus sign that stands in
 * the address is shown as one, since only the server knows whether it means a blank. Placeholders of an environment,
 * `{{name}}` or `{{$randomInt 1 6}}`, are never encoded.
 */

/** One name and value, decoded. Without an equals sign the value is ''. */
export interface QueryPair {
  readonly name: string;
  readonly value: string;
}

interface AddressParts {
  /** Up to the question mark, without it. */
  readonly before: string;
  /** What stands between ampersands, as it does in the address; null without a question mark. */
  readonly parts: readonly string[] | null;
  /** A fragment; else blanks at the end, which belong to nothing. */
  readonly after: string;
}

/** A character, or an escape of one, or a placeholder. */
interface Unit {
  readonly raw: string;
  readonly shown: string;
}

/** A variable or a generator (template.ts). None of its characters separates parts of a query. */
const PLACEHOLDER = /\{\{ *(?:[\p{L}_][\p{L}\p{N}_.-]*|\$[a-z]+(?: +-?\d+)*) *\}\}/iu;
const UNITS = new RegExp(`${PLACEHOLDER.source}|(?:%[0-9a-f]{2})+|[^]`, 'giu');
/** Control characters, line and paragraph separators, direction marks: nobody could see them in a field. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u;
const LONE_SURROGATE = /\p{Cs}/gu;
const ESCAPE_LENGTH = 3;

function splitAddress(address: string): AddressParts {
  const hash = address.indexOf('#');
  const head = hash === -1 ? address.trimEnd() : address.slice(0, hash);
  const after = address.slice(head.length);
  const mark = head.indexOf('?');
  if (mark === -1) return { before: head, parts: null, after };
  return { before: head.slice(0, mark), parts: head.slice(mark + 1).split('&'), after };
}

function joinAddress({ before, parts, after }: AddressParts): string {
  return `${before}${parts === null ? '' : `?${parts.join('&')}`}${after}`;
}

/** How many bytes a character of UTF-8 has that begins with this one (RFC 3629 §3). */
function characterLength(first: number): number {
  return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** Escapes that are no UTF-8, or that stand for what nobody could see, are shown as they are. */
function unitsOfEscapes(run: string): Unit[] {
  const found: Unit[] = [];
  for (let at = 0; at < run.length;) {
    const first = parseInt(run.slice(at + 1, at + ESCAPE_LENGTH), 16);
    const raw = run.slice(at, at + characterLength(first) * ESCAPE_LENGTH);
    const shown = decoded(raw);
    found.push(
      shown === null
        ? { raw: run.slice(at, at + ESCAPE_LENGTH), shown: run.slice(at, at + ESCAPE_LENGTH) }
        : { raw, shown },
    );
    at += shown === null ? ESCAPE_LENGTH : raw.length;
  }
  return found;
}

function decoded(raw: string): string | null {
  try {
    const shown = decodeURIComponent(raw);
    return UNSEEN.test(shown) ? null : shown;
  } catch {
    return null;
  }
}

function unitsOf(raw: string): readonly Unit[] {
  return Array.from(raw.matchAll(UNITS), ([unit]) => unit).flatMap((unit) =>
    unit.startsWith('%') && unit.length >= ESCAPE_LENGTH ? unitsOfEscapes(unit) : [{ raw: unit, shown: unit }],
  );
}

function shownOf(raw: string): string {
  return unitsOf(raw)
    .map(({ shown }) => shown)
    .join('');
}

function encoded(text: string): string {
  const whole = text.replace(LONE_SURROGATE, '\u{FFFD}');
  return whole
    .split(new RegExp(`(${PLACEHOLDER.source})`, 'iu'))
    .map((piece, index) => (index % 2 === 1 ? piece : encodeURIComponent(piece)))
    .join('');
}

/** What stands in the address when `raw` is to be read as `text`: what both have in front and behind stays as it is. */
function rewritten(raw: string, text: string): string {
  if (shownOf(raw) === text) return raw;
  const units = unitsOf(raw);
  const lengthAt = (index: number): number => units[index]?.shown.length ?? 0;
  let [first, from] = [0, 0];
  while (first < units.length && text.startsWith(units[first]?.shown ?? '', from)) from += lengthAt(first++);
  let [last, to] = [units.length, text.length];
  while (last > first && to - lengthAt(last - 1) >= from && text.endsWith(units[last - 1]?.shown ?? '', to)) {
    to -= lengthAt(--last);
  }
  // A placeholder that has only now become whole has parts in what would stay.
  for (const { 0: found, index } of text.matchAll(new RegExp(PLACEHOLDER.source, 'giu'))) {
    if (index >= to || index + found.length <= from) continue;
    while (from > index) from -= lengthAt(--first);
    while (to < index + found.length) to += lengthAt(last++);
  }
  const kept = (begin: number, end: number): string =>
    units
      .slice(begin, end)
      .map((unit) => unit.raw)
      .join('');
  const result = kept(0, first) + encoded(text.slice(from, to)) + kept(last, units.length);
  // Half an escape and what was typed behind it may mean something else together.
  return shownOf(result) === shownOf(encoded(text)) ? result : encoded(text);
}

function pairOf(part: string): { readonly name: string; readonly value: string | null } {
  const equals = part.indexOf('=');
  return equals === -1 ? { name: part, value: null } : { name: part.slice(0, equals), value: part.slice(equals + 1) };
}

/** What there is to edit: a question mark with nothing behind it has no pairs. */
function partsOf({ parts }: AddressParts): readonly string[] {
  return parts === null || (parts.length === 1 && parts[0] === '') ? [] : parts;
}

/** The pairs in the query of an address, in their order, also those that are empty. */
export function queryPairs(address: string): readonly QueryPair[] {
  return partsOf(splitAddress(address)).map((part) => {
    const { name, value } = pairOf(part);
    return { name: shownOf(name), value: shownOf(value ?? '') };
  });
}

/**
 * The address with one pair changed. Only bytes of what differs are written anew.
 * @param index of the pair; behind the last one: a new pair
 * @param change as it is to be read
 */
export function withPair(address: string, index: number, change: Partial<QueryPair>): string {
  const split = splitAddress(address);
  const parts = [...partsOf(split)];
  const at = Math.min(index, parts.length);
  const { name, value } = pairOf(parts[at] ?? '');
  const newName = change.name === undefined ? name : rewritten(name, change.name);
  const newValue = change.value === undefined ? value : rewritten(value ?? '', change.value);
  // A name alone gets its equals sign with a value.
  parts[at] = newValue === null || (newValue === '' && value === null) ? newName : `${newName}=${newValue}`;
  return joinAddress({ ...split, parts });
}

/** The address without one pair; without its question mark when that was the last. */
export function withoutPair(address: string, index: number): string {
  const split = splitAddress(address);
  const parts = partsOf(split).filter((_, at) => at !== index);
  return joinAddress({ ...split, parts: parts.length === 0 ? null : parts });
}
