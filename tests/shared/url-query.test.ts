import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryPairs, withoutPair, withPair } from '../../src/shared/url-query.ts';

/** Text as it stands in addresses, right and wrong: escapes whole and broken, separators, placeholders, other scripts. */
const addressText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '?',
        '&',
        '=',
        '#',
        '+',
        '%',
        '%2',
        '%41',
        '%e2%82%ac',
        '%C3',
        '%0a',
        ' ',
        '{{',
        '}}',
        '{{id}}',
        '{{$uuid}}',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    ),
    { maxLength: 14 },
  )
  .map((pieces) => pieces.join(''));

/** What can be typed into a field of one line and seen there. */
const typed = fc
  .array(
    fc.oneof(
      fc.constantFrom('?', '&', '=', '#', '+', '%', '%41', ' ', '{', '}', '{{id}}', '{{ $now 1 }}', '한', '€'),
      fc.string({ unit: 'grapheme-ascii', maxLength: 3 }),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(''));

/** What stands between the ampersands. */
function rawParts(address: string): readonly string[] {
  const query = /^[^?#]*\?([^#]*)/u.exec(address.includes('#') ? address : address.trimEnd())?.[1] ?? '';
  return query === '' ? [] : query.split('&');
}

describe('queryPairs', () => {
  it.each([
    ['ws://host/chat', []],
    ['ws://host/chat?', []],
    [
      'ws://host/?a=1&b=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    [
      'ws://host/?tag=x&tag=y&tag=x',
      [
        ['tag', 'x'],
        ['tag', 'y'],
        ['tag', 'x'],
      ],
    ],
    [
      'ws://host/?flag&empty=&=lone',
      [
        ['flag', ''],
        ['empty', ''],
        ['', 'lone'],
      ],
    ],
    [
      'ws://host/?a=1&&b=2',
      [
        ['a', '1'],
        ['', ''],
        ['b', '2'],
      ],
    ],
    ['ws://host/?q=a=b=c', [['q', 'a=b=c']]],
    [
      'ws://host/?price=5%20%e2%82%AC&plus=1+1',
      [
        ['price', '5 €'],
        ['plus', '1+1'],
      ],
    ],
    [
      'ws://host/?line=a%0Ab&broken=%ff%&cut=%2',
      [
        ['line', 'a%0Ab'],
        ['broken', '%ff%'],
        ['cut', '%2'],
      ],
    ],
    ['ws://{{host}}/?token={{token}}', [['token', '{{token}}']]],
    ['ws://host/?a=1#b=2', [['a', '1']]],
    ['ws://host/#?a=1', []],
    ['ws://host/?a=1  ', [['a', '1']]],
  ])('reads %s', (address, pairs) => {
    expect(queryPairs(address).map(({ name, value }) => [name, value])).toEqual(pairs);
  });
});

describe('withPair', () => {
  it.each([
    ['a value of a name', 'ws://host/?a=1&b=2#f', 1, { value: '3' }, 'ws://host/?a=1&b=3#f'],
    ['a name', 'ws://host/?a=1&b', 1, { name: 'c' }, 'ws://host/?a=1&c'],
    ['a name alone to one with a value', 'ws://host/?flag', 0, { value: 'on' }, 'ws://host/?flag=on'],
    ['nothing of a name alone', 'ws://host/?flag', 0, { value: '' }, 'ws://host/?flag'],
    ['the first pair into an address without a query', 'ws://host/x', 0, { name: 'a' }, 'ws://host/x?a'],
    ['the first pair behind a question mark', 'ws://host/x?', 0, { value: '1' }, 'ws://host/x?=1'],
    ['a new pair before blanks at the end', 'ws://host/?a=1 ', 1, { name: 'b', value: '2' }, 'ws://host/?a=1&b=2 '],
  ])('writes %s', (_what, address, index, change, result) => {
    expect(withPair(address, index, change)).toBe(result);
  });

  it('encodes what is typed so that every server reads it as typed', () => {
    expect(withPair('ws://h/?q=', 0, { value: 'a b+c&d=e#f?g%h/€' })).toBe(
      'ws://h/?q=a%20b%2Bc%26d%3De%23f%3Fg%25h%2F%E2%82%AC',
    );
  });

  it('leaves the bytes around the typed ones as they were, also those that it would write otherwise', () => {
    expect(withPair('ws://h/?q=%7e+%e2%82%ac/x', 0, { value: '~+€!/x' })).toBe('ws://h/?q=%7e+%e2%82%ac!/x');
    expect(withPair('ws://h/?q=%7e+%e2%82%ac/x', 0, { value: '~ €/x' })).toBe('ws://h/?q=%7e%20%e2%82%ac/x');
    expect(withPair('ws://h/?%61=b%63&%64', 0, { value: 'bd' })).toBe('ws://h/?%61=bd&%64');
  });

  it('never encodes a placeholder, not even one that is typed letter by letter', () => {
    let address = 'ws://h/?room=x';
    let text = 'x';
    for (const letter of '{{room.id}}-{') {
      text += letter;
      address = withPair(address, 0, { value: text });
      expect(queryPairs(address)[0]?.value).toBe(text);
    }
    expect(address).toBe('ws://h/?room=x{{room.id}}-%7B');
    expect(withPair('ws://h/?a={{b}}', 0, { value: '{{b}' })).toBe('ws://h/?a=%7B%7Bb%7D');
    const generated = withPair('ws://h/', 0, { name: 'dice', value: '{{ $randomInt 1 6 }} {{no name}}' });
    expect(generated).toBe('ws://h/?dice={{ $randomInt 1 6 }}%20%7B%7Bno%20name%7D%7D');
    expect(queryPairs(generated)).toEqual([{ name: 'dice', value: '{{ $randomInt 1 6 }} {{no name}}' }]);
  });

  it('does not let typed text grow together with half an escape', () => {
    const address = withPair('ws://h/?a=%', 0, { value: '%41' });
    expect(queryPairs(address)[0]?.value).toBe('%41');
    expect(address).toBe('ws://h/?a=%2541');
  });

  it('takes half a character for U+FFFD', () => {
    expect(withPair('ws://h/?a=', 0, { value: '\ud83d' })).toBe('ws://h/?a=%EF%BF%BD');
  });
});

describe('withoutPair', () => {
  it.each([
    ['ws://h/?a=1&b=2&a=3', 0, 'ws://h/?b=2&a=3'],
    ['ws://h/?a=1&%62=+&a=3', 2, 'ws://h/?a=1&%62=+'],
    ['ws://h/?a=1#f', 0, 'ws://h/#f'],
  ])('takes a pair out of %s', (address, index, result) => {
    expect(withoutPair(address, index)).toBe(result);
  });
});

describe('whatever the address', () => {
  it('is the same again when every pair is written as it is read', () => {
    fc.assert(
      fc.property(addressText, (address) => {
        const pairs = queryPairs(address);
        const written = pairs.reduce((text, pair, index) => withPair(text, index, pair), address);
        expect(written).toBe(address);
      }),
      { examples: [['?\u0000']] },
    );
  });

  it('has what was typed in one pair, and the others byte for byte as before', () => {
    fc.assert(
      fc.property(addressText, typed, typed, fc.nat(4), (address, name, value, index) => {
        const before = rawParts(address);
        const at = Math.min(index, before.length);
        const written = withPair(address, at, { name, value });
        const after = rawParts(written);
        expect(after.filter((_, other) => other !== at)).toEqual(before.filter((_, other) => other !== at));
        // With neither name nor value, the only pair is no pair.
        if (after.join('') !== '') expect(queryPairs(written)[at]).toEqual({ name, value });
      }),
    );
  });
});
