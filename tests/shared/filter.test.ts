import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../src/shared/filter.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

describe('a filter', () => {
  it('is terms that must all hold, each of which may be negated', () => {
    expect(valueOf(parseFilter('hello -dir:in hex: 1f 8b len:>=3 peer:2 KIND:data "a b" /x.y/i'))).toEqual([
      { type: 'text', text: 'hello', negated: false },
      { type: 'direction', direction: 'in', negated: true },
      { type: 'hex', bytes: Uint8Array.of(0x1f, 0x8b), negated: false },
      { type: 'length', comparison: '>=', length: 3, negated: false },
      { type: 'peer', peer: 2, negated: false },
      { type: 'kind', kind: 'data', negated: false },
      { type: 'text', text: 'a b', negated: false },
      { type: 'regex', regex: /x.y/i, negated: false },
    ]);
    expect(valueOf(parseFilter('  '))).toEqual([]);
  });
});

describe('a bad filter', () => {
  it.each([
    '"open',
    '""',
    '/(/',
    '/x/g',
    'hex:',
    'hex:1',
    'hex:1f8',
    'hex:xy',
    'hex: 1f 8',
    'dir:sideways',
    'dir:',
    'kind:',
    'peer:x',
    'peer:-1',
    'len:',
    'len:>',
    'len:x',
    'len:=>3',
    'peer:__proto__',
  ])('is %s', (filter) => {
    const error = errorOf(parseFilter(filter));
    expect(error.code).toBe('bad-filter');
    expect(error.message).toMatch(/[.]$/);
  });
});

describe('any filter', () => {
  it('is read or refused, and never throws', () => {
    const piece = fc.constantFrom(
      '"',
      '/',
      '\\',
      '-',
      ' ',
      'hex:',
      'len:',
      'peer:',
      'dir:',
      'kind:',
      '1f',
      '>',
      '(',
      'a',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (filter) => {
        const parsed = parseFilter(filter);
        if (!parsed.ok) expect(parsed.error.code).toBe('bad-filter');
      }),
      { numRuns: 2000 },
    );
  });
});
