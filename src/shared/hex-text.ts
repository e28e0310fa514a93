/** Bytes as hex digits and as Base64, and back. */
import { ByteWriter } from './byte-writer.ts';
import { failure, success, type Outcome } from './errors.ts';
import { characterName, position } from './text-position.ts';

const separator = /[\s,:-]/;

function hexValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function digits(count: number): string {
  return `${count} digit${count === 1 ? '' : 's'}; two make a byte.`;
}

/**
 * Hex as it comes: with or without spaces, line breaks, `,` `:` `-` and `0x`.
 * A byte is never put together over a separator: `1 2` is refused rather than read as 0x12.
 * @returns error `bad-message`
 */
export function parseHex(text: string): Outcome<Uint8Array> {
  const writer = new ByteWriter();
  let total = 0;
  let oddGroup: { readonly at: number; readonly count: number } | null = null;
  for (let at = 0; at < text.length;) {
    if (separator.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const start = at;
    const prefixed = text.startsWith('0x', at) || text.startsWith('0X', at);
    if (prefixed) at += 2;
    let count = 0;
    let high = 0;
    for (; at < text.length && !separator.test(text.charAt(at)); at++) {
      const value = hexValue(text.charCodeAt(at));
      if (value < 0) {
        const name = characterName(text.codePointAt(at) ?? 0);
        return failure(
          'bad-message',
          `${name} at ${position(text, at)} is not a hex digit.`,
          'Hex digits are 0–9 and a–f.',
        );
      }
      if (count % 2 === 0) high = value;
      else writer.push(high * 16 + value);
      count += 1;
    }
    if (prefixed && count === 0)
      return failure('bad-message', `0x at ${position(text, start)} has no digits behind it.`);
    total += count;
    if (count % 2 === 1) oddGroup ??= { at: start, count };
  }
  if (total % 2 === 1) return failure('bad-message', `The hex text has ${digits(total)}`);
  if (oddGroup === null) return success(writer.finish());
  return failure('bad-message', `The group at ${position(text, oddGroup.at)} has ${digits(oddGroup.count)}`);
}

/** `68 65 6c` */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const base64Values = new Map<string, number>([
  ...Array.from(alphabet, (sign, value) => [sign, value] as const),
  ['-', 62],
  ['_', 63],
]);

/**
 * Base64 in the standard and the URL-safe alphabet (RFC 4648 §4, §5), with or
 * without white space and padding.
 * @returns error `bad-message`
 */
export function parseBase64(text: string): Outcome<Uint8Array> {
  const writer = new ByteWriter();
  let bits = 0;
  let count = 0;
  let padding = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (/\s/.test(sign)) continue;
    if (sign === '=') {
      padding += 1;
      continue;
    }
    const value = base64Values.get(sign);
    if (value === undefined) {
      const name = characterName(text.codePointAt(at) ?? 0);
      return failure('bad-message', `${name} at ${position(text, at)} is not a Base64 character.`);
    }
    if (padding > 0) return failure('bad-message', `"=" ends Base64, but more follows at ${position(text, at)}.`);
    bits = ((bits << 6) | value) & 0xffffff;
    count += 1;
    if (count % 4 !== 1) writer.push((bits >> (6 - 2 * ((count - 1) % 4))) & 0xff);
  }
  const rest = count % 4;
  if (rest === 1) {
    return failure(
      'bad-message',
      `The Base64 text has ${count} character${count === 1 ? '' : 's'}; the last one alone makes no byte.`,
    );
  }
  if (padding > 0 && padding !== (4 - rest) % 4) {
    const wanted = rest === 0 ? 'none' : String(4 - rest);
    return failure('bad-message', `The Base64 text ends with ${padding} "="; here there must be ${wanted}.`);
  }
  return success(writer.finish());
}

/** Standard alphabet, with padding. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += alphabet.charAt(bits >> 18) + alphabet.charAt((bits >> 12) & 63);
    text += left > 1 ? alphabet.charAt((bits >> 6) & 63) : '=';
    text += left > 2 ? alphabet.charAt(bits & 63) : '=';
  }
  return text;
}
