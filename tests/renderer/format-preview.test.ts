import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapedParts, isMostlyText, plainText, previewOf } from '../../src/renderer/format/preview.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const preview = (bytes: Uint8Array, total = bytes.length): string => plainText(previewOf(bytes, total).parts);

describe('the preview of a payload', () => {
  it('shows text with control characters as escapes', () => {
    expect(preview(utf8('LOGIN\tdevice-7\r\n\x1b[0m'))).toBe('LOGIN\\tdevice-7\\r\\n\\x1b[0m');
    expect(preview(utf8('OK\0'))).toBe('OK\\0');
  });

  it('marks escapes, so that a backslash and an n are not taken for a line feed', () => {
    const { parts } = previewOf(utf8('a\\n\n'), 4);
    expect(parts).toEqual([
      { text: 'a\\n', isEscape: false },
      { text: '\\n', isEscape: true },
    ]);
  });

  it('shows bytes that are not mostly text as hex', () => {
    expect(preview(Uint8Array.of(0x00, 0x0c, 0x01, 0x10, 0xa4, 0x7e, 0x1b))).toBe('00 0c 01 10 a4 7e 1b');
    expect(previewOf(Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0), 6).form).toBe('hex');
  });

  it('keeps text that has a few foreign bytes, and shows those by number', () => {
    expect(preview(Uint8Array.of(...utf8('temperature '), 0xb0, 0x43))).toBe('temperature \\xb0C');
  });

  it('shows what cannot be seen or would turn the line around', () => {
    expect(preview(utf8('a\u202eb\u200bc\u00a0d'))).toBe('a\\u{202e}b\\u{200b}c\\u{a0}d');
  });

  it('leaves characters of any script as they are', () => {
    expect(preview(utf8('온도 21.4 °C 😀'))).toBe('온도 21.4 °C 😀');
  });

  it('ends with … when the payload goes on, without half a character in front of it', () => {
    const bytes = utf8('온도');
    expect(preview(bytes.subarray(0, 5), 300)).toBe('온…');
    expect(preview(bytes.subarray(0, 5))).toBe('온\\xeb\\x8f');
    expect(preview(Uint8Array.of(0, 1, 2), 9)).toBe('00 01 02 …');
  });

  it('says nothing of no bytes', () => {
    expect(preview(new Uint8Array(0))).toBe('');
  });

  it('never loses a byte: printable ASCII, escapes and hex account for all of them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const parts = escapedParts(bytes, { lines: 'escape', cut: false });
        expect(plainText(parts)).not.toMatch(/\p{Cc}/u);
        const length = parts.reduce((sum, part) => {
          if (!part.isEscape) return sum + utf8(part.text).length;
          const escapes = part.text.match(/\\u\{([0-9a-f]+)\}|\\x..|\\./g) ?? [];
          return escapes.reduce((bytes, escape) => {
            const code = /\\u\{(.+)\}/.exec(escape)?.[1];
            return bytes + (code === undefined ? 1 : utf8(String.fromCodePoint(parseInt(code, 16))).length);
          }, sum);
        }, 0);
        expect(length).toBe(bytes.length);
      }),
    );
  });

  it('takes any valid text for text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        fc.pre(!/\p{Cc}/u.test(text));
        expect(isMostlyText(utf8(text))).toBe(true);
      }),
    );
  });

  it('keeps line feeds and tabs in text of many lines, and can mark the ends of lines', () => {
    const bytes = utf8('a\tb\r\nc\n');
    expect(plainText(escapedParts(bytes, { lines: 'break', cut: false }))).toBe('a\tb\\r\nc\n');
    expect(plainText(escapedParts(bytes, { lines: 'mark', cut: false }))).toBe('a\tb\\r\\n\nc\\n\n');
  });
});
