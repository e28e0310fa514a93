import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MESSAGE_BYTES } from '../../src/shared/limits.ts';
import { encodeMessage, typedForm, type TypedFormat } from '../../src/shared/message-format.ts';
import { composerFormats, composerSchema, lineEndings, textEncodings } from '../../src/shared/workspace.ts';
import type { ComposerDraft } from '../../src/shared/workspace.ts';

function draft(part: Partial<ComposerDraft>): ComposerDraft {
  return { ...composerSchema.parse({ lineEnding: 'none' }), ...part };
}

/** The bytes as hex, or the sentence of the error. */
function encoded(part: Partial<ComposerDraft>): string {
  const outcome = encodeMessage(draft(part));
  if (!outcome.ok) return outcome.error.message;
  return Array.from(outcome.value, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

const text = (typed: string, more: Partial<ComposerDraft> = {}): string =>
  encoded({ format: 'Text', text: typed, ...more });
const hex = (typed: string): string => encoded({ format: 'Hex', hex: typed });
const base64 = (typed: string): string => encoded({ format: 'Base64', base64: typed });
const json = (typed: string): string => encoded({ format: 'JSON', json: typed });

describe('Text', () => {
  it.each([
    ['\\n', '0a'],
    ['\\r', '0d'],
    ['\\t', '09'],
    ['\\0', '00'],
    ['\\07', '00 37'],
    ['\\\\', '5c'],
    ['\\x1b', '1b'],
    ['\\xff', 'ff'],
    ['\\u00e9', 'c3 a9'],
    ['\\u{e9}', 'c3 a9'],
    ['\\u{1F600}', 'f0 9f 98 80'],
    ['\\ud83d\\ude00', 'f0 9f 98 80'],
    ['한', 'ed 95 9c'],
    ['😀', 'f0 9f 98 80'],
    ['', ''],
  ])('reads %s as %s', (typed, bytes) => {
    expect(text(typed)).toBe(bytes);
  });

  it.each([
    ['utf8', 'c3 a9'],
    ['utf16le', 'e9 00'],
    ['latin1', 'e9'],
  ] as const)('writes é in %s', (encoding, bytes) => {
    expect(text('é', { encoding })).toBe(bytes);
  });

  it('writes characters beyond U+FFFF as a surrogate pair in utf16le', () => {
    expect(text('😀', { encoding: 'utf16le' })).toBe('3d d8 00 de');
  });

  it('leaves a byte escape one byte in every encoding', () => {
    for (const encoding of textEncodings) expect(text('\\xfe', { encoding })).toBe('fe');
  });

  it.each([
    ['none', '68 69'],
    ['\\n', '68 69 0a'],
    ['\\r\\n', '68 69 0d 0a'],
    ['\\r', '68 69 0d'],
    ['\\0', '68 69 00'],
  ] as const)('appends the line ending %s', (lineEnding, bytes) => {
    expect(text('hi', { lineEnding })).toBe(bytes);
  });

  it('encodes the line ending like the text', () => {
    expect(text('a', { lineEnding: '\\r\\n', encoding: 'utf16le' })).toBe('61 00 0d 00 0a 00');
  });

  it.each([
    ['abc\\q', 'Unknown escape \\q at character 4.'],
    ['a\nb\\q', 'Unknown escape \\q at line 2, character 2.'],
    ['😀\\q', 'Unknown escape \\q at character 2.'],
    ['abc\\', 'The backslash at character 4 has nothing behind it.'],
    ['\\x1', '\\x at character 1 needs two hex digits, as in \\x1b.'],
    ['\\xzz', '\\x at character 1 needs two hex digits, as in \\x1b.'],
    ['\\u12', '\\u at character 1 needs four hex digits, or digits in braces as in \\u{1f600}.'],
    ['\\u{}', '\\u at character 1 needs four hex digits, or digits in braces as in \\u{1f600}.'],
    ['\\u{110000}', '\\u{110000} at character 1 is no character; the last one is \\u{10ffff}.'],
    ['a\\ud800', 'utf8 cannot hold half a surrogate pair (U+D800), at character 2.'],
    ['\\ud800x', 'utf8 cannot hold half a surrogate pair (U+D800), at character 1.'],
    ['\\udc00', 'utf8 cannot hold half a surrogate pair (U+DC00), at character 1.'],
  ])('says what is wrong with %j', (typed, sentence) => {
    expect(text(typed)).toBe(sentence);
  });

  it.each([
    ['latin1', 'na한', 'latin1 cannot hold "한" (U+D55C), at character 3.'],
    ['latin1', '\\u{1F600}', 'latin1 cannot hold "😀" (U+1F600), at character 1.'],
    ['ascii', 'née', 'ascii cannot hold "é" (U+00E9), at character 2.'],
    ['ascii', '\\u{85}', 'ascii cannot hold U+0085, at character 1.'],
  ] as const)('names the character that %s cannot hold', (encoding, typed, sentence) => {
    expect(text(typed, { encoding })).toBe(sentence);
  });
});

describe('Hex', () => {
  it.each([
    ['', ''],
    ['68656C', '68 65 6c'],
    ['68 65\n6c', '68 65 6c'],
    ['0x68, 0x65', '68 65'],
    ['0X6865', '68 65'],
    ['68:65-6c,6F', '68 65 6c 6f'],
  ])('reads %j as %s', (typed, bytes) => {
    expect(hex(typed)).toBe(bytes);
  });

  it.each([
    ['1234567', 'The hex text has 7 digits; two make a byte.'],
    ['1', 'The hex text has 1 digit; two make a byte.'],
    ['12 3 4', 'The group at character 4 has 1 digit; two make a byte.'],
    ['12 g4', '"g" at character 4 is not a hex digit.'],
    ['12\n34 한', '"한" (U+D55C) at line 2, character 4 is not a hex digit.'],
    ['12 0x', '0x at character 4 has no digits behind it.'],
  ])('says what is wrong with %j', (typed, sentence) => {
    expect(hex(typed).replace(' (U+0067)', '')).toBe(sentence);
  });
});

describe('Base64', () => {
  it.each([
    ['', ''],
    ['aGk=', '68 69'],
    ['aGk', '68 69'],
    ['aG\nkh', '68 69 21'],
    ['+/-_', 'fb ff bf'],
  ])('reads %j as %s', (typed, bytes) => {
    expect(base64(typed)).toBe(bytes);
  });

  it.each([
    ['a*', '"*" (U+002A) at character 2 is not a Base64 character.'],
    ['aGkha', 'The Base64 text has 5 characters; the last one alone makes no byte.'],
    ['aGk=aa', '"=" ends Base64, but more follows at character 5.'],
    ['aGk==', 'The Base64 text ends with 2 "="; here there must be 1.'],
    ['aGkh=', 'The Base64 text ends with 1 "="; here there must be none.'],
  ])('says what is wrong with %j', (typed, sentence) => {
    expect(base64(typed)).toBe(sentence);
  });
});

describe('JSON', () => {
  it('sends the text exactly as it was typed, with the line ending', () => {
    const typed = '{ "a" : 1.50,\n "é":[ ] }';
    const outcome = encodeMessage(draft({ format: 'JSON', json: typed, lineEnding: '\\r\\n' }));
    expect(outcome.ok && new TextDecoder().decode(outcome.value)).toBe(`${typed}\r\n`);
  });

  it.each([
    ['', 'character 1: a value is missing at the end'],
    ['{"a":}', 'character 6: a value is expected'],
    ['{a:1}', 'character 2: a name in double quotes is expected'],
    ['{"a" 1}', 'character 6: ":" is expected after the name'],
    ['{"a":1,\n}', 'line 2, character 1: a name in double quotes is expected'],
    ['[1 2]', 'character 4: "," or "]" is expected'],
    ['{"a":1', 'character 7: "," or "}" is expected'],
    ['1 2', 'character 3: nothing may follow the value'],
    ['01', 'character 2: nothing may follow the value'],
    ['1.', 'character 3: a digit is missing'],
    ['"a', 'character 3: the string has no closing quote'],
    ['"\t"', 'character 2: a string holds a control character; write it as an escape'],
    ['"\\q"', 'character 2: JSON has no such escape'],
    ['"\\u12"', 'character 2: \\u needs four hex digits'],
  ])('says what is wrong with %j', (typed, end) => {
    expect(json(typed)).toBe(`This is not JSON at ${end}.`);
  });

  it('agrees with JSON.parse on what is JSON', () => {
    const near = fc.array(fc.constantFrom(...'{}[],:"\\ \n0123456789.eE+-truefalsn u'), { maxLength: 12 });
    const parses = (typed: string): boolean => {
      try {
        JSON.parse(typed);
        return true;
      } catch {
        return false;
      }
    };
    const agrees = (typed: string): void => {
      expect(encodeMessage(draft({ format: 'JSON', json: typed })).ok).toBe(parses(typed));
    };
    fc.assert(
      fc.property(near, (signs) => {
        agrees(signs.join(''));
      }),
      { numRuns: 3000 },
    );
    fc.assert(fc.property(fc.json(), agrees));
  });

  it('reads a hundred thousand nested arrays without exhausting the stack', () => {
    expect(encodeMessage(draft({ format: 'JSON', json: '['.repeat(1e5) + ']'.repeat(1e5) })).ok).toBe(true);
  });
});

describe('any draft', () => {
  it('is encoded or refused with a sentence, and never throws', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'\\xu{}01aF=- \n"한\ud800') }),
    );
    const anyDraft = fc.record({
      format: fc.constantFrom(...composerFormats),
      lineEnding: fc.constantFrom(...lineEndings),
      encoding: fc.constantFrom(...textEncodings),
      typed: anyText,
    });
    fc.assert(
      fc.property(anyDraft, ({ format, lineEnding, encoding, typed }) => {
        const part = { format, lineEnding, encoding, text: typed, hex: typed, base64: typed, json: typed };
        const outcome = encodeMessage(draft(part));
        if (!outcome.ok)
          expect(outcome.error).toMatchObject({ code: 'bad-message', message: expect.stringMatching(/\.$/) });
      }),
      { numRuns: 2000 },
    );
  });

  it('is refused above the largest message, with the remedy', () => {
    const outcome = encodeMessage(draft({ format: 'Text', text: 'x'.repeat(MESSAGE_BYTES + 1) }));
    expect(outcome).toMatchObject({ ok: false, error: { code: 'message-too-long', hint: 'Send it as a file.' } });
  });

  it('refuses a file, which is no text', () => {
    expect(encodeMessage(draft({ format: 'File', file: '/tmp/a' })).ok).toBe(false);
  });
});

describe('bytes as something to type', () => {
  const keyOf = { Text: 'text', Hex: 'hex', Base64: 'base64', JSON: 'json' } as const;
  const back = (bytes: Uint8Array, format: TypedFormat): Uint8Array | null => {
    const typed = typedForm(bytes, format);
    if (typed === null) return null;
    const outcome = encodeMessage(draft({ format, [keyOf[format]]: typed }));
    return outcome.ok ? outcome.value : null;
  };

  it.each(['Text', 'Hex', 'Base64'] as const)('makes the same bytes again from %s', (format) => {
    const utf8 = fc.string({ unit: 'binary' }).map((value) => new TextEncoder().encode(value));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), utf8), (bytes) => {
        expect(back(bytes, format)).toEqual(bytes);
      }),
      { numRuns: 1000 },
    );
  });

  it('shows control and hidden characters as escapes and everything else as it reads', () => {
    const bytes = new TextEncoder().encode('a\\b\r\n\t\0\x1b한\u00a0\u200e 😀');
    expect(typedForm(bytes, 'Text')).toBe('a\\\\b\\r\\n\\t\\0\\u{1b}한\\u{a0}\\u{200e} 😀');
  });

  it('shows bytes that are not UTF-8 one by one', () => {
    expect(typedForm(Uint8Array.of(0xff, 0x41, 0xc0, 0x80, 0xed, 0xa0, 0x80), 'Text')).toBe(
      '\\xffA\\xc0\\x80\\xed\\xa0\\x80',
    );
  });

  it('has no JSON for bytes that are none', () => {
    expect(typedForm(Uint8Array.of(0xff), 'JSON')).toBeNull();
    expect(typedForm(new TextEncoder().encode('{a}'), 'JSON')).toBeNull();
    expect(typedForm(new TextEncoder().encode('{"a":1}'), 'JSON')).toBe('{"a":1}');
  });
});
