/**
 * Bytes in one line, or in many: text where they are mostly text, with every
 * character that cannot be seen as an escape; else hex.
 */
import { hidden, sequenceLength } from '../../shared/escaped-text.ts';
import { hexBytes } from './hex.ts';

/** A stretch of text. An escape is shown differently, because `\n` may also be a backslash and an n. */
export interface Part {
  readonly text: string;
  readonly isEscape: boolean;
}

export interface Preview {
  readonly form: 'text' | 'hex';
  readonly parts: readonly Part[];
}

/** Share of bytes that no text has, above which bytes are shown as hex. */
const STRANGE_SHARE = 0.3;

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

const shortEscapes: Readonly<Record<number, string>> = { 0x00: '\\0', 0x09: '\\t', 0x0a: '\\n', 0x0d: '\\r' };

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function isPlainAscii(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}

/** True when the bytes from `at` begin a UTF-8 sequence that the end of the bytes cuts off (RFC 3629 §3). */
function isCutOff(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at] ?? 0;
  const length =
    first >= 0xf0 && first <= 0xf4 ? 4 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xc2 && first < 0xe0 ? 2 : 1;
  if (at + length <= bytes.length) return false;
  for (let next = at + 1; next < bytes.length; next += 1) if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return false;
  return true;
}

/** Length of the character at `at` if it is shown as it is, else 0. */
function shownLength(bytes: Uint8Array, at: number): number {
  const length = sequenceLength(bytes, at);
  if (length <= 1) return length === 1 && isPlainAscii(bytes[at] ?? 0) ? 1 : 0;
  return hidden.test(decoder.decode(bytes.subarray(at, at + length))) ? 0 : length;
}

function escapeAt(bytes: Uint8Array, at: number): { readonly text: string; readonly length: number } {
  const byte = bytes[at] ?? 0;
  const length = sequenceLength(bytes, at);
  if (length > 1) {
    const code = decoder.decode(bytes.subarray(at, at + length)).codePointAt(0) ?? 0;
    return { text: `\\u{${code.toString(16)}}`, length };
  }
  return { text: shortEscapes[byte] ?? `\\x${byte.toString(16).padStart(2, '0')}`, length: 1 };
}

/**
 * Bytes as UTF-8 text with escapes: `\n \r \t \0`, `\xHH` for other control
 * characters and for what is no UTF-8, `\u{…}` for characters that cannot be
 * seen or that turn the direction of what follows.
 * @param options.lines what a line feed is: an escape, a line break, or a break with the escape in front of it; unless it is an escape, tabs stay too
 * @param options.cut the bytes go on: half a character at the end is left out
 */
export function escapedParts(
  bytes: Uint8Array,
  options: { readonly lines: 'escape' | 'break' | 'mark'; readonly cut: boolean },
): Part[] {
  const parts: Part[] = [];
  let start = 0;
  let at = 0;
  const flush = (): void => {
    if (at > start) parts.push({ text: decoder.decode(bytes.subarray(start, at)), isEscape: false });
  };
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    const keeps = (byte === LINE_FEED && options.lines === 'break') || (byte === TAB && options.lines !== 'escape');
    const shown = keeps || isPlainAscii(byte) ? 1 : shownLength(bytes, at);
    if (shown > 0) {
      at += shown;
      continue;
    }
    flush();
    if (options.cut && isCutOff(bytes, at)) return parts;
    const escape = escapeAt(bytes, at);
    const last = parts.at(-1);
    if (at === start && last?.isEscape === true)
      parts[parts.length - 1] = { text: last.text + escape.text, isEscape: true };
    else parts.push({ text: escape.text, isEscape: true });
    at += escape.length;
    start = at;
    if (byte === LINE_FEED && options.lines === 'mark') parts.push({ text: '\n', isEscape: false });
  }
  flush();
  return parts;
}

/**
 * False for bytes that are shown better as hex. At the end, text may have one
 * NUL (C strings do) or half a character (a read ends anywhere).
 */
export function isMostlyText(bytes: Uint8Array): boolean {
  let strange = 0;
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    const length = sequenceLength(bytes, at);
    const isSpace = byte === TAB || byte === LINE_FEED || byte === CARRIAGE_RETURN;
    const isClosingNul = byte === 0 && at === bytes.length - 1 && bytes.length > 1;
    if (length === 0 && at > 0 && isCutOff(bytes, at)) break;
    if (length === 0 || (length === 1 && !isPlainAscii(byte) && !isSpace && !isClosingNul)) strange += 1;
    at += Math.max(1, length);
  }
  return strange <= bytes.length * STRANGE_SHARE;
}

/** @param total length of the whole payload in bytes: when `payload` is less, the preview ends with `…` */
export function previewOf(payload: Uint8Array, total: number): Preview {
  const cut = payload.length < total;
  const isText = isMostlyText(payload);
  const parts = isText
    ? escapedParts(payload, { lines: 'escape', cut })
    : [{ text: hexBytes(payload), isEscape: false }];
  if (cut) parts.push({ text: isText ? '…' : ' …', isEscape: false });
  return { form: isText ? 'text' : 'hex', parts };
}

export function plainText(parts: readonly Part[]): string {
  return parts.map((part) => part.text).join('');
}
