import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteSample, needleOfBytes, needlesOfText, type Needle } from '../../src/engine/scan/needle.ts';
import { bytewise, needlesOfRegex } from '../../src/engine/scan/regex-needles.ts';
import { SearchWindow } from '../../src/engine/scan/search-window.ts';

const spelled = (needles: readonly Needle[] | null): string[] | null =>
  needles?.map(({ lower, upper }) =>
    [...lower].map((low, at) => (low === upper[at] ? '' : '~') + String.fromCharCode(low)).join(''),
  ) ?? null;

describe('what an expression must find', () => {
  it.each([
    ['needle', ['needle']],
    ['^nee.*dle$', ['dle']],
    ['a(bcd)?xyz', ['xyz']],
    ['(?:foo|bar)baz', ['baz']],
    ['foo|bar', ['foo', 'bar']],
    ['(?<word>quiz)+', ['quiz']],
    ['x{2,}y', ['xy']],
    ['[zq]\\.json', ['qz.json']],
    ['\\d+\\x41', ['A']],
  ])('%s', (source, expected) => {
    const found = needlesOfRegex(new RegExp(source));
    const plain = found?.map(({ lower, upper }) =>
      [...lower].map((low, at) => String.fromCharCode(...new Set([low, upper[at] ?? 0].sort()))).join(''),
    );
    expect(plain).toEqual(expected);
  });

  it.each([/a*/, /./, /\d+/, /foo|./, /(?=foo)/, /(?!foo)/, /\p{L}/u, /é/, /aa|bb|cc|dd|ee/, /(a?)\1/])(
    'is not known of %s',
    (regex) => {
      expect(needlesOfRegex(regex)).toBeNull();
    },
  );

  it('knows that letters in any case may be outside of ASCII', () => {
    expect(spelled(needlesOfRegex(/task/i))).toEqual(['~t~a~s~k']);
    expect(spelled(needlesOfRegex(/task/iu))).toEqual(['~t~a']);
  });
});

describe('an expression for bytes', () => {
  it.each(['needle', '[0-9]+x', '(?:a|b){2}\\w', '\\x41[a-f.]'])('is there for %s', (source) => {
    expect(bytewise(new RegExp(source, 'i'))?.flags).toBe('gi');
  });

  it.each(['^a', 'a$', 'a.', '\\s', '[^a]', 'é', '\\bfoo', '(?=a)b', '\\W', '[\\s]', '(a)\\1'])(
    'is not there for %s',
    (source) => {
      expect(bytewise(new RegExp(source))).toBeNull();
    },
  );
});

describe('a window', () => {
  const window = new SearchWindow();

  it('finds the first of several needles, wherever they are', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 3, max: 3 });
    fc.assert(
      fc.property(
        fc.array(bytes, { minLength: 1, maxLength: 4 }),
        fc.uint8Array({ maxLength: 80, max: 3 }),
        fc.nat(40),
        (wanted, all, offset) => {
          window.prepare(wanted.map(needleOfBytes));
          window.bytes.fill(9, 0, 200).set(all, offset);
          window.changed();
          const text = Buffer.from(all);
          const end = offset + all.length;
          for (let from = offset; from <= end;) {
            const places = wanted.map((one) => text.indexOf(one, from - offset)).filter((at) => at >= 0);
            const expected = places.length === 0 ? -1 : Math.min(...places) + offset;
            expect(window.find(from, end)).toBe(expected);
            expect(window.isSure).toBe(true);
            if (expected === -1) break;
            from = expected + 1;
          }
        },
      ),
    );
  });

  /** Runs of one byte, which a search passes over, and between them what may be the needle or nearly is. */
  const needle = fc
    .array(fc.tuple(fc.integer({ min: 0x40, max: 0x7f }), fc.constantFrom(0, 0x20, 0x03, 0x81)), {
      minLength: 1,
      maxLength: 20,
    })
    .map((places) => ({
      lower: Uint8Array.from(places, ([low]) => low),
      upper: Uint8Array.from(places, ([low, bits]) => low ^ bits),
      isExact: true,
    }));
  const piece = fc.record({
    gap: fc.nat(130),
    /** Which value each byte of the needle has here, and a bit that is wrong, or none. */
    spelling: fc.infiniteStream(fc.boolean()),
    wrong: fc.option(fc.tuple(fc.nat(19), fc.nat(7))),
  });
  const haystack = fc.tuple(fc.nat(255), fc.array(piece, { maxLength: 12 }), fc.nat(300));

  it('finds a needle of two values for each byte at every place where it is, and nowhere else', () => {
    fc.assert(
      fc.property(needle, haystack, fc.nat(60), (wanted, [filler, pieces, rest], cut) => {
        const parts = pieces.map(({ gap, spelling, wrong }) => {
          const spelled = wanted.lower.map((low, at) =>
            spelling.next().value === true ? low : (wanted.upper[at] ?? 0),
          );
          const [place, bit] = wrong ?? [Infinity, 0];
          return Buffer.concat([
            Buffer.alloc(gap, filler),
            spelled.map((byte, at) => (at === place ? byte ^ (1 << bit) : byte)),
          ]);
        });
        const all = Buffer.concat([...parts, Buffer.alloc(rest, filler)]);
        const expected = [...all.keys()].filter(
          (start) =>
            start + wanted.lower.length <= all.length - cut &&
            wanted.lower.every((low, at) => all[start + at] === low || all[start + at] === wanted.upper[at]),
        );
        window.prepare([wanted]);
        window.bytes.set(all, 7);
        window.changed();
        const found: number[] = [];
        const end = 7 + all.length - cut;
        for (let at = window.find(7, end); at >= 0; at = window.find(at + 1, end)) {
          if (window.isSure) found.push(at - 7);
        }
        expect(found).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('goes by the bytes that are there when it chooses what to compare', () => {
    const sample = new ByteSample();
    sample.take(Buffer.from('zzqz'.repeat(1000) + 'k'));
    expect(sample.placesOf(needleOfBytes(Buffer.from('zqe')))).toEqual([2, 2]);
    expect(sample.placesOf(needleOfBytes(Buffer.from('zqk')))).toEqual([2, 2]);
    expect(sample.placesOf(needleOfBytes(Buffer.from('zzq')))).toEqual([2, 0]);
    expect(sample.placesOf(needleOfBytes(Buffer.from('z')))).toEqual([0, 0]);
  });

  it('finds what comes after other content than that which it chose by', () => {
    window.prepare([needleOfBytes(Buffer.from('kz'))]);
    for (const text of ['z'.repeat(5000), 'k'.repeat(5000), 'k '.repeat(2500)]) {
      window.bytes.write(`${text}kz`, 0, 'latin1');
      window.changed();
      expect(window.find(0, text.length + 2)).toBe(text.length);
    }
  });

  it('finds a text in any case, and is exact only where nothing is left to compare', () => {
    window.prepare(needlesOfText('Needle') ?? []);
    window.bytes.fill(0, 0, 100).write('a nEEDLE', 10);
    window.changed();
    expect(window.find(0, 100)).toBe(12);
    expect(window.find(13, 100)).toBe(-1);
    expect(needlesOfText('needle')?.map(({ isExact }) => isExact)).toEqual([true]);
    expect(needlesOfText('straße')?.map(({ isExact }) => isExact)).toEqual([false, true]);
  });
});
