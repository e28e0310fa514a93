/**
 * Searching bytes in steps that can be counted and gone on with: one payload
 * can be 16 MiB, and an unlucky search takes many steps for each of its bytes.
 */

/** What a search may still take until somebody looks at the clock; one step is about one byte. */
export interface Effort {
  left: number;
}

/** The answer of a search that has found something. */
export const FOUND = -1;

export interface ByteSearch {
  /**
   * Looks for a match that begins at `from` or later, until one is found or the effort is used up.
   * @returns FOUND, else where to go on: later than `from`, and `bytes.length` when there is none
   */
  find(bytes: Buffer, from: number, effort: Effort): number;
}

/** Finds exactly these bytes, with the search that Node has built in. */
export class ExactSearch implements ByteSearch {
  readonly #wanted: Buffer;

  constructor(wanted: Uint8Array) {
    this.#wanted = Buffer.from(wanted);
  }

  find(bytes: Buffer, from: number, effort: Effort): number {
    const end = Math.min(from + Math.max(1, effort.left), bytes.length);
    // A match that begins before `end` may go on behind it.
    const reach = Math.min(end + this.#wanted.length - 1, bytes.length);
    effort.left -= end - from;
    const part = reach === bytes.length ? bytes : bytes.subarray(0, reach);
    return part.includes(this.#wanted, from) ? FOUND : end;
  }
}

/**
 * Finds a sequence of characters, each of which may be written as one of
 * several byte sequences: lower and upper case.
 *
 * It looks through a window as long as the text (Horspool 1980): the byte
 * under the end of the window says how far it may move on. A character that
 * has spellings of different lengths ends the window; what comes behind it is
 * compared only where the window fits.
 */
class SpellingSearch implements ByteSearch {
  readonly #characters: readonly (readonly Uint8Array[])[];
  /** Index of the last byte of the window. */
  readonly #last: number;
  /** 1 at each byte that can be the first or the last of the window. */
  readonly #isFirst = new Uint8Array(256);
  readonly #isLast = new Uint8Array(256);
  /** How far the window may move when this byte is under its end. */
  readonly #shift: Uint16Array;

  /** @param characters at least one; the spellings of one never begin with each other */
  constructor(characters: readonly (readonly Uint8Array[])[]) {
    this.#characters = characters;
    const places = placesOf(characters);
    this.#last = places.length - 1;
    this.#shift = new Uint16Array(256).fill(places.length);
    for (const [index, place] of places.entries()) {
      for (const byte of place) {
        if (index < this.#last) this.#shift[byte] = this.#last - index;
        else this.#isLast[byte] = 1;
        if (index === 0) this.#isFirst[byte] = 1;
      }
    }
  }

  find(bytes: Buffer, from: number, effort: Effort): number {
    const [shift, isFirst, isLast, last] = [this.#shift, this.#isFirst, this.#isLast, this.#last];
    const end = bytes.length - last;
    let at = from;
    let left = effort.left;
    while (at < end) {
      const byte = bytes[at + last] ?? 0;
      if (isLast[byte] === 1 && isFirst[bytes[at] ?? 0] === 1) {
        const compared = this.#compare(bytes, at);
        if (compared === FOUND) return FOUND;
        left -= compared;
      }
      at += shift[byte] ?? 1;
      left -= 1;
      if (left <= 0) break;
    }
    effort.left = left;
    return at < end ? at : bytes.length;
  }

  /** @returns FOUND, or how many characters were compared before one differed */
  #compare(bytes: Buffer, start: number): number {
    let at = start;
    for (let index = 0; index < this.#characters.length; index += 1) {
      const length = fittingLength(this.#characters[index] ?? [], bytes, at);
      if (length === 0) return index + 1;
      at += length;
    }
    return FOUND;
  }
}

/** The bytes that can stand at each place of the window. */
function placesOf(characters: readonly (readonly Uint8Array[])[]): Set<number>[] {
  const places: Set<number>[] = [];
  for (const spellings of characters) {
    const lengths = spellings.map((spelling) => spelling.length);
    const shortest = Math.min(...lengths);
    for (let index = 0; index < shortest; index += 1) {
      places.push(new Set(spellings.map((spelling) => spelling[index] ?? 0)));
    }
    if (Math.max(...lengths) > shortest) break;
  }
  return places;
}

/** Length of the spelling that stands at `at`; 0 when none does. */
function fittingLength(spellings: readonly Uint8Array[], bytes: Buffer, at: number): number {
  for (const spelling of spellings) {
    let index = 0;
    while (index < spelling.length && bytes[at + index] === spelling[index]) index += 1;
    if (index === spelling.length) return index;
  }
  return 0;
}

const encoder = new TextEncoder();

/**
 * How the characters of a text may be written, in any case: in UTF-8 and, where that differs and all characters are in
 * it, in Latin-1. For each, the byte sequences of each character.
 */
export function spellingsOf(text: string): readonly (readonly (readonly Uint8Array[])[])[] {
  const characters = [...text].map((character) => [
    ...new Set([character, character.toLowerCase(), character.toUpperCase()]),
  ]);
  const utf8 = characters.map((cases) => cases.map((spelling) => encoder.encode(spelling)));
  const isAscii = /^[\0-\x7f]*$/.test(text);
  if (isAscii || !/^[\0-\xff]*$/.test(text)) return [utf8];
  const latin1 = characters.map((cases) =>
    cases.filter((spelling) => /^[\0-\xff]$/.test(spelling)).map((spelling) => Uint8Array.of(spelling.charCodeAt(0))),
  );
  return [utf8, latin1];
}

/** Searches for a text in any case: as UTF-8 and, where that differs and all characters are in it, as Latin-1. */
export function textSearches(text: string): ByteSearch[] {
  return spellingsOf(text).map((characters) => new SpellingSearch(characters));
}
