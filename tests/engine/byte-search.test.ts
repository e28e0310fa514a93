import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactSearch, FOUND, textSearches, type ByteSearch } from '../../src/engine/byte-search.ts';

/** Goes on until there is an answer, with this many steps at a time. */
function isFound(search: ByteSearch, bytes: Uint8Array, steps: number): boolean {
  const buffer = Buffer.from(bytes);
  let at = 0;
  while (at < buffer.length) {
    const next = search.find(buffer, at, { left: steps });
    if (next === FOUND) return true;
    expect(next).toBeGreaterThan(at);
    at = next;
  }
  return false;
}

/** Few letters, so that there is much that nearly fits. */
const letters = (most: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'é', 'É', 'ÿ', 'Ÿ', 'ß', 's', 'S', 'ǆ', '日'), maxLength: most });
const word = letters(4).filter((text) => text !== '');

describe('a search for bytes', () => {
  it('finds what a plain search finds, however few steps it takes at a time', () => {
    const bytes = (most: number, least = 0): fc.Arbitrary<Uint8Array> =>
      fc.array(fc.constantFrom(0, 1), { minLength: least, maxLength: most }).map((all) => Uint8Array.from(all));
    fc.assert(
      fc.property(bytes(6, 1), bytes(40), fc.integer({ min: 0, max: 9 }), (wanted, all, steps) => {
        expect(isFound(new ExactSearch(wanted), all, steps)).toBe(Buffer.from(all).includes(Buffer.from(wanted)));
      }),
    );
  });
});

describe('a search for a text', () => {
  it('finds what a plain search finds, in any case, however few steps it takes at a time', () => {
    const spellings = (text: string): string =>
      [...text].map((one) => `(?:${[...new Set([one, one.toLowerCase(), one.toUpperCase()])].join('|')})`).join('');
    fc.assert(
      fc.property(word, letters(30), fc.integer({ min: 0, max: 9 }), (wanted, text, steps) => {
        const [utf8] = textSearches(wanted);
        if (utf8 === undefined) throw new Error('there is always a search as UTF-8');
        const expected = new RegExp(spellings(wanted)).test(text);
        expect(isFound(utf8, new TextEncoder().encode(text), steps)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('looks at few bytes of a payload that is nothing like it', () => {
    const [search] = textSearches('abcdefgh');
    const effort = { left: 100_000 };
    search?.find(Buffer.alloc(80_000, 'x'), 0, effort);
    expect(effort.left).toBeGreaterThan(85_000);
  });
});
