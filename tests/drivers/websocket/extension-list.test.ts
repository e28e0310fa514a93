import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatExtensions, parseExtensions, type Extension } from '../../../src/drivers/websocket/extension-list.ts';

function parsed(value: string): readonly Extension[] | string {
  const result = parseExtensions(value);
  return result.ok ? result.value : result.problem;
}

const foo = { name: 'foo', params: [] };
const token = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,12}$/);
const extensions = fc.array(
  fc.record({
    name: token,
    params: fc.array(fc.record({ name: token, value: fc.option(token) }), { maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 4 },
);

describe('Sec-WebSocket-Extensions', () => {
  it.each<[string, readonly Extension[]]>([
    ['foo', [foo]],
    ['foo, foo', [foo, foo]],
    [' foo ,\t foo ', [foo, foo]],
    [', foo,, foo,', [foo, foo]],
    [
      'foo; a; b=1;c="2"',
      [
        {
          name: 'foo',
          params: [
            { name: 'a', value: null },
            { name: 'b', value: '1' },
            { name: 'c', value: '2' },
          ],
        },
      ],
    ],
    ['foo ; a = 1', [{ name: 'foo', params: [{ name: 'a', value: '1' }] }]],
    ['foo; a="x\\y"', [{ name: 'foo', params: [{ name: 'a', value: 'xy' }] }]],
    [
      'foo; a; a',
      [
        {
          name: 'foo',
          params: [
            { name: 'a', value: null },
            { name: 'a', value: null },
          ],
        },
      ],
    ],
  ])('%j is read', (value, expected) => {
    expect(parsed(value)).toEqual(expected);
  });

  it.each([
    ['', 'the name of an extension'],
    [' , ', 'the name of an extension'],
    ['"foo"', 'the name of an extension'],
    ['foo bar', 'a comma or a semicolon'],
    ['foo=1', 'a comma or a semicolon'],
    ['foo;', 'the name of a parameter'],
    ['foo; , bar', 'the name of a parameter'],
    ['foo; a=', 'the value of a'],
    ['foo; a=,', 'the value of a'],
    ['foo; a=""', 'the value of a'],
    ['foo; a="x y"', 'the value of a'],
    ['foo; a="x', 'the value of a'],
    ['foo; a="x\\', 'the value of a'],
    ['foo; a=1 2', 'a comma or a semicolon'],
    ['föö', 'a comma or a semicolon'],
    ['foo\u0000', 'a comma or a semicolon'],
  ])('%j is refused where %s should be', (value, wanted) => {
    expect(parsed(value)).toMatch(
      new RegExp(`^Sec-WebSocket-Extensions has .+ where ${wanted} should be: “.*”\\.$`, 's'),
    );
  });

  it('is read as it was written', () => {
    fc.assert(
      fc.property(extensions, (list) => {
        expect(parsed(formatExtensions(list))).toEqual(list);
      }),
    );
  });

  it('never throws, whatever it is', () => {
    const pieces = fc.constantFrom('foo', 'a', ';', ',', '=', '"', '\\', ' ', '\t', '1', 'ä', '\n');
    fc.assert(
      fc.property(
        fc.array(pieces).map((list) => list.join('')),
        (value) => {
          const result = parseExtensions(value);
          if (result.ok) expect(parsed(formatExtensions(result.value))).toEqual(result.value);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('takes no time that grows faster than its length', () => {
    // Each of these would be gone through again from every quote if a string without an end were given up.
    for (const value of ['"\\'.repeat(50_000), `foo; a="${'\\"'.repeat(50_000)}`, ' '.repeat(100_000) + '"']) {
      expect(parseExtensions(value).ok).toBe(false);
    }
  });
});
