import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { needleOfBytes, needlesOfText, type Needle } from '../../src/engine/scan/needle.ts';
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
