/**
 * Text in which bytes and characters that cannot be typed are written as
 * escapes. `\xHH` is one byte whatever the encoding; all other escapes are
 * characters and are encoded like the rest of the text.
 */
import { ByteWriter } from './byte-writer.ts';
import { failure, success, type Outcome } from './errors.ts';
import { characterName, position } from './text-position.ts';
import type { TextEncodingName } from './workspace.ts';

/** One step of a text: a raw byte, or a UTF-16 unit or code point, and how many units it took to write. */
interface Step {
  readonly raw: boolean;
  readonly value: number;
  readonly length: number;
}

const simpleEscapes: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, '0': 0x00, '\\': 0x5c };

const known = 'Known are \\n \\r \\t \\0 \\\\ \\xHH \\uHHHH and \\u{…}; write \\\\ for a backslash.';

const byteDigits = /[0-9a-fA-F]{2}/y;
const unitDigits = /[0-9a-fA-F]{4}/y;
const braced = /\{([0-9a-fA-F]{1,8})\}/y;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Reads the escape whose backslash is at `at`. */
function readEscape(text: string, at: number): Outcome<Step> {
  const letter = text.codePointAt(at + 1);
  const where = (): string => position(text, at);
  if (letter === undefined) {
    return failure('bad-message', `The backslash at ${where()} has nothing behind it.`, known);
  }
  const sign = String.fromCodePoint(letter);
  const simple = Object.hasOwn(simpleEscapes, sign) ? simpleEscapes[sign] : undefined;
  if (simple !== undefined) return success({ raw: false, value: simple, length: 2 });
  if (sign === 'x') {
    const digits = matchAt(byteDigits, text, at + 2);
    if (digits !== null) return success({ raw: true, value: parseInt(digits[0], 16), length: 4 });
    return failure('bad-message', `\\x at ${where()} needs two hex digits, as in \\x1b.`);
  }
  if (sign === 'u') {
    const digits = matchAt(unitDigits, text, at + 2);
    if (digits !== null) return success({ raw: false, value: parseInt(digits[0], 16), length: 6 });
    const inBraces = matchAt(braced, text, at + 2);
    if (inBraces === null) {
      return failure('bad-message', `\\u at ${where()} needs four hex digits, or digits in braces as in \\u{1f600}.`);
    }
    const value = parseInt(inBraces[1] ?? '', 16);
    const length = 2 + inBraces[0].length;
    if (value <= 0x10ffff) return success({ raw: false, value, length });
    const written = text.slice(at, at + length);
    return failure('bad-message', `${written} at ${where()} is no character; the last one is \\u{10ffff}.`);
  }
  return failure('bad-message', `Unknown escape \\${sign} at ${where()}.`, known);
}

function writeUtf8(writer: ByteWriter, code: number): void {
  if (code < 0x80) {
    writer.push(code);
    return;
  }
  if (code < 0x800) writer.push(0xc0 | (code >> 6));
  else {
    if (code < 0x10000) writer.push(0xe0 | (code >> 12));
    else {
      writer.push(0xf0 | (code >> 18));
      writer.push(0x80 | ((code >> 12) & 0x3f));
    }
    writer.push(0x80 | ((code >> 6) & 0x3f));
  }
  writer.push(0x80 | (code & 0x3f));
}

function writeUtf16(writer: ByteWriter, code: number): void {
  const units = code < 0x10000 ? [code] : [0xd800 | ((code - 0x10000) >> 10), 0xdc00 | ((code - 0x10000) & 0x3ff)];
  for (const unit of units) {
    writer.push(unit & 0xff);
    writer.push(unit >> 8);
  }
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

/** @returns false when the encoding has no bytes for the character */
function writeCharacter(writer: ByteWriter, code: number, encoding: TextEncodingName): boolean {
  if (encoding === 'utf16le') {
    writeUtf16(writer, code);
    return true;
  }
  if (isSurrogate(code) || (encoding === 'latin1' && code > 0xff) || (encoding === 'ascii' && code > 0x7f))
    return false;
  if (encoding === 'utf8') writeUtf8(writer, code);
  else writer.push(code);
  return true;
}

/**
 * The bytes of a text in one of Node's encodings.
 * @param escapes whether a backslash begins an escape, or is a backslash
 * @returns error `bad-message` for an unknown escape or a character that the encoding cannot hold, with its position
 */
export function encodeText(text: string, encoding: TextEncodingName, escapes: boolean): Outcome<Uint8Array> {
  const writer = new ByteWriter();
  /** A high surrogate that waits for its other half, which may be written as an escape. */
  let high: { readonly value: number; readonly at: number } | null = null;

  const cannotHold = (code: number, at: number): Outcome<never> =>
    failure(
      'bad-message',
      `${encoding} cannot hold ${characterName(code)}, at ${position(text, at)}.`,
      isSurrogate(code) ? '' : 'Choose the encoding utf8, or write the bytes as \\xHH.',
    );

  for (let at = 0; at < text.length;) {
    let step: Step = { raw: false, value: text.charCodeAt(at), length: 1 };
    if (escapes && step.value === 0x5c) {
      const escape = readEscape(text, at);
      if (!escape.ok) return escape;
      step = escape.value;
    }
    let code = step.value;
    let start = at;
    if (high !== null) {
      if (!step.raw && code >= 0xdc00 && code <= 0xdfff) {
        code = 0x10000 + ((high.value - 0xd800) << 10) + (code - 0xdc00);
        start = high.at;
      } else if (!writeCharacter(writer, high.value, encoding)) {
        return cannotHold(high.value, high.at);
      }
      high = null;
    }
    if (step.raw) writer.push(code);
    else if (code >= 0xd800 && code <= 0xdbff) high = { value: code, at };
    else if (!writeCharacter(writer, code, encoding)) return cannotHold(code, start);
    at += step.length;
  }
  if (high !== null && !writeCharacter(writer, high.value, encoding)) return cannotHold(high.value, high.at);
  return success(writer.finish());
}

const escapeOf: Readonly<Record<number, string>> = { 0x0a: '\\n', 0x0d: '\\r', 0x09: '\\t', 0x00: '\\0', 0x5c: '\\\\' };

/** Characters that show as nothing, or that change how what is around them shows. */
export const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]|[^\P{Zs} ]/u;

/** Length of the well-formed UTF-8 sequence at `at`, or 0 (RFC 3629 §4). */
export function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  for (let offset = 1; offset < length; offset++) {
    const byte = bytes[at + offset] ?? 0;
    if ((byte & 0xc0) !== 0x80) return 0;
  }
  const second = bytes[at + 1] ?? 0;
  const overlong = (first === 0xe0 && second < 0xa0) || (first === 0xf0 && second < 0x90);
  const surrogate = first === 0xed && second > 0x9f;
  const tooLarge = first === 0xf4 && second > 0x8f;
  return overlong || surrogate || tooLarge ? 0 : length;
}

/**
 * Bytes as text that `encodeText(…, 'utf8', true)` turns back into the same
 * bytes: UTF-8 as it reads, hidden characters as `\u{…}`, all else as `\xHH`.
 */
export function toEscapedText(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    if (length === 0) {
      text += `\\x${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`;
      at += 1;
      continue;
    }
    const character =
      length === 1 ? String.fromCharCode(bytes[at] ?? 0) : decoder.decode(bytes.subarray(at, at + length));
    const code = character.codePointAt(0) ?? 0;
    text += escapeOf[code] ?? (hidden.test(character) ? `\\u{${code.toString(16)}}` : character);
    at += length;
  }
  return text;
}
