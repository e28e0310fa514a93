import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layOutJson, type JsonLine } from '../../src/renderer/format/json.ts';

function text(lines: readonly JsonLine[]): string {
  return lines.map(({ depth, tokens }) => '  '.repeat(depth) + tokens.map((token) => token.text).join('')).join('\n');
}

function laidOut(source: string): string {
  const json = layOutJson(source);
  return json.ok ? text(json.lines) : json.reason;
}

describe('the layout of JSON', () => {
  it('is that of JSON.stringify', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (source) => {
        const value: unknown = JSON.parse(source);
        // Through the text once more: -0 has no JSON of its own.
        expect(laidOut(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  it('keeps every literal as it was sent', () => {
    expect(laidOut('{"a":9007199254740993,"a":1.0,"b":"\\u00e9"}')).toBe(
      '{\n  "a": 9007199254740993,\n  "a": 1.0,\n  "b": "\\u00e9"\n}',
    );
  });

  it('tells names from strings, numbers and literals', () => {
    const json = layOutJson('{"a":["b",-1,null]}');
    const tokens = json.ok ? json.lines.flatMap((line) => line.tokens) : [];
    const kinds = tokens.filter((token) => token.kind !== 'sign').map((token) => `${token.kind} ${token.text}`);
    expect(kinds).toEqual(['name "a"', 'string "b"', 'number -1', 'literal null']);
  });

  it('reads several values, one in a line', () => {
    const json = layOutJson('{"a":1}\n{"a":2}\r\n');
    expect(json).toMatchObject({ ok: true, documents: 2 });
    expect(laidOut('1\n2\n')).toBe('1\n2');
  });

  it('says why and where a text is no JSON', () => {
    expect(laidOut('HTTP/1.1 200 OK')).toBe('Not JSON: a value is expected, at character 1.');
    expect(laidOut('{"a":1,\n"b" 2}')).toMatch(/^Not JSON: .+, at line 2, character 5\.$/);
    expect(laidOut('{"a":"cut of')).toMatch(/^Not JSON: the string has no closing quote/);
  });

  it('does not mind a byte order mark or very deep nesting', () => {
    expect(laidOut('\ufeff[1]')).toBe('[\n  1\n]');
    const deep = layOutJson('['.repeat(5000) + ']'.repeat(5000));
    expect(deep.ok && deep.lines.length).toBe(9999);
  });
});
