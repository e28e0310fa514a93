import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PLACEHOLDER_CHARACTERS, VARIABLE_NAME_CHARACTERS } from '../../src/shared/preset-limits.ts';
import { generatorNames, generators } from '../../src/shared/template-generators.ts';
import { BRACES_ESCAPE, hasTemplate, parseTemplate } from '../../src/shared/template.ts';

/** Parts in short: `text hello`, `variable name`. */
function short(text: string): string[] {
  return parseTemplate(text).map((part) => {
    switch (part.type) {
      case 'text':
        return `text ${part.source}`;
      case 'escape':
        return 'escape';
      case 'variable':
        return `variable ${part.name}`;
      case 'generator':
        return ['generator', part.name, ...part.values].join(' ');
      case 'malformed':
        return `malformed ${part.problem}`;
    }
  });
}

/** Text in which much looks like a placeholder. */
const braced = fc
  .array(
    fc.oneof(
      fc.constantFrom('{', '{{', '}}', '}', '{{{', '"{{"', BRACES_ESCAPE, '{{a}}', '{{ b }}', '{{$uuid}}', '{{$'),
      fc.string({ unit: 'binary', maxLength: 8 }),
    ),
  )
  .map((pieces) => pieces.join(''));

describe('a template', () => {
  it('has variables, with or without spaces inside of the braces', () => {
    expect(short('GET /{{path}} {{ host.name }}!')).toEqual([
      'text GET /',
      'variable path',
      'text  ',
      'variable host.name',
      'text !',
    ]);
    expect(short('{{이름}}{{_x-1}}{{größe}}')).toEqual(['variable 이름', 'variable _x-1', 'variable größe']);
  });

  it('says where each part is', () => {
    expect(parseTemplate('ab{{c}}')).toEqual([
      { type: 'text', start: 0, end: 2, source: 'ab' },
      { type: 'variable', start: 2, end: 7, source: '{{c}}', name: 'c' },
    ]);
  });

  it('has generators, with whole numbers as arguments', () => {
    expect(short('{{$uuid}}{{ $randomInt  -3 6 }}{{$randomInt}}{{$randomHex 16}}')).toEqual([
      'generator uuid',
      'generator randomInt -3 6',
      'generator randomInt',
      'generator randomHex 16',
    ]);
  });

  it('takes every generator as its own usage shows it', () => {
    for (const name of generatorNames) {
      expect(parseTemplate(generators[name].usage)).toMatchObject([{ type: 'generator', name }]);
    }
  });

  it('has a way to write two braces', () => {
    expect(short('{{"{{"}}name}}')).toEqual(['escape', 'text name}}']);
  });

  it('leaves alone what is not closed on its line, or has braces inside', () => {
    for (const text of [
      '{{',
      '{{a',
      '{{a\n}}',
      '{{a}',
      '{ {a}}',
      '{"a":{"b":{}}}',
      '{{{',
      '}}',
      '{{a{b}}',
      '{{"x{"}}',
    ]) {
      expect(short(text)).toEqual([`text ${text}`]);
      expect(hasTemplate(text)).toBe(false);
    }
  });

  it('leaves alone what is too long to be a placeholder', () => {
    const text = `{{${'a'.repeat(PLACEHOLDER_CHARACTERS + 1)}}}`;
    expect(hasTemplate(text)).toBe(false);
  });

  it('finds the innermost braces where there are more than two', () => {
    expect(short('{"a":{{{b}}}}')).toEqual(['text {"a":{', 'variable b', 'text }}']);
    expect(short('{{a {{b}}')).toEqual(['text {{a ', 'variable b']);
  });

  it('says what is wrong with what looks like a placeholder', () => {
    const [empty, spaces, digit, long, unknown] = [
      '{{}}',
      '{{my name}}',
      '{{1a}}',
      `{{${'a'.repeat(VARIABLE_NAME_CHARACTERS + 1)}}}`,
      '{{$eval 1}}',
    ].map((text) => short(text)[0]);
    expect(empty).toMatch(/^malformed .*no name/);
    expect(spaces).toMatch(/^malformed .*\{\{my name\}\} is no name/);
    expect(digit).toMatch(/^malformed /);
    expect(long).toMatch(/^malformed .*at most 100/);
    expect(unknown).toBe('malformed There is no generator {{$eval}}.');
  });

  it('says what is wrong with the arguments of a generator', () => {
    for (const text of [
      '{{$uuid 1}}',
      '{{$randomHex}}',
      '{{$randomHex 0}}',
      '{{$randomHex 99999}}',
      '{{$randomHex 1.5}}',
      '{{$randomInt 6 1}}',
      '{{$randomInt 1}}',
      '{{$randomInt 0 999999999999999}}',
      '{{$randomInt a b}}',
      '{{$__proto__}}',
      '{{$constructor}}',
      '{{$}}',
    ]) {
      expect(parseTemplate(text)).toMatchObject([{ type: 'malformed' }]);
    }
  });

  it('loses nothing of any text', () => {
    fc.assert(
      fc.property(braced, (text) => {
        const parts = parseTemplate(text);
        expect(parts.map(({ source }) => source).join('')).toBe(text);
        let at = 0;
        for (const { start, end, source } of parts) {
          expect(start).toBe(at);
          expect(text.slice(start, end)).toBe(source);
          at = end;
        }
        expect(hasTemplate(text)).toBe(parts.some(({ type }) => type !== 'text'));
      }),
      { numRuns: 3000 },
    );
  });

  it('is plain text where there are no two braces', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((text) => !text.includes('{{')),
        (text) => {
          expect(parseTemplate(text)).toEqual(
            text === '' ? [] : [{ type: 'text', start: 0, end: text.length, source: text }],
          );
        },
      ),
    );
  });

  it('looks at each character of a hostile text a bounded number of times', () => {
    // Quadratic work on these would take hours.
    const length = 4_000_000;
    for (const unit of ['{', '{{', '{{a', '{{a ', '{{"{{"', '{{$', '}}{{', '{{a}', `{{${'a'.repeat(150)}`]) {
      const text = unit.repeat(Math.ceil(length / unit.length));
      const parts = parseTemplate(text);
      expect(parts.at(-1)?.end).toBe(text.length);
    }
  }, 60_000);
});
