/**
 * Bytes as the list of messages shows them, and a backslash doubled, so that
 * `encodeText` (shared/escaped-text.ts) reads the same bytes back. Written to
 * a sink in parts, without a string for each character.
 */
import { hidden, sequenceLength } from '../../shared/escaped-text.ts';
import type { ByteSink } from './byte-sink.ts';

/** Bytes that are looked at before there is a look at the room. */
const PART_BYTES = 32 * 1024;
/** Most bytes that one byte becomes: `\x1b`. A character of more bytes becomes at most three for each: `\u{ad}`. */
const ESCAPED_BYTES = 4;
/** A character may reach over the end of a part. */
const SLACK_BYTES = 64;

const CODE_POINTS = 0x110000;
const SEEN = 1;
const HIDDEN = 2;
/** What is known of each code point. Asking Unicode again and again would cost more than all else here. */
let looks: Uint8Array | null = null;

const BACKSLASH = 0x5c;
const LOWER_X = 0x78;
const WORD_BYTES = 4;
const hexDigits = Buffer.from('0123456789abcdef');
/** Letter behind the backslash; 0: the byte stands for itself; `x`: with two digits. */
const escapeOf = new Uint8Array(256).fill(LOWER_X);
escapeOf.fill(0, 0x20, 0x7f);
for (const [byte, letter] of [
  [0x00, '0'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0d, 'r'],
  [BACKSLASH, '\\'],
] as const) {
  escapeOf[byte] = letter.charCodeAt(0);
}

/** @param view on the same bytes; what is in front of `start` and behind `end` does not matter */
export function writeEscaped(sink: ByteSink, bytes: Buffer, view: DataView, start: number, end: number): void {
  for (let at = start; at < end;) {
    const stop = Math.min(end, at + PART_BYTES);
    sink.reserve((stop - at) * ESCAPED_BYTES + SLACK_BYTES);
    at = writePart(sink, bytes, view, at, stop, end);
  }
}

function writePart(sink: ByteSink, bytes: Buffer, view: DataView, start: number, stop: number, end: number): number {
  const { buffer, view: target } = sink;
  let { used } = sink;
  let at = start;
  while (at < stop) {
    // Most text is plain ASCII: four bytes a step.
    for (; at + WORD_BYTES <= stop; at += WORD_BYTES, used += WORD_BYTES) {
      const word = view.getInt32(at, true);
      if (!areAllPlain(word)) break;
      target.setInt32(used, word, true);
    }
    // One of the next four is not, or they are the last.
    let byte = 0;
    let escape = 0;
    for (; at < stop; at += 1) {
      byte = bytes[at] ?? 0;
      escape = escapeOf[byte] ?? 0;
      if (escape !== 0) break;
      buffer[used++] = byte;
    }
    if (escape === 0) break;
    const length = byte < 0x80 ? 0 : sequenceLength(bytes, at);
    // What follows may happen to look like the rest of a character.
    if (length > 0 && at + length <= end) {
      const code = codePoint(bytes, at, length);
      if (isHidden(code)) used += buffer.write(`\\u{${code.toString(16)}}`, used, 'latin1');
      else for (let index = 0; index < length; index += 1) buffer[used++] = bytes[at + index] ?? 0;
      at += length;
      continue;
    }
    at += 1;
    buffer[used++] = BACKSLASH;
    buffer[used++] = escape;
    if (escape !== LOWER_X) continue;
    buffer[used++] = hexDigits[byte >> 4] ?? 0;
    buffer[used++] = hexDigits[byte & 15] ?? 0;
  }
  sink.used = used;
  return at;
}

/**
 * Whether each of four bytes stands for itself: ASCII, no control character,
 * no backslash. A subtraction sets the highest bit of the lowest byte that is
 * too small (H. S. Warren, "Hacker's Delight", 6-1).
 */
function areAllPlain(word: number): boolean {
  const backslash = (word ^ 0x5c5c5c5c) - 0x01010101;
  const del = (word ^ 0x7f7f7f7f) - 0x01010101;
  return ((word | (word - 0x20202020) | backslash | del) & 0x80808080) === 0;
}

/** Of a well-formed sequence of two to four bytes (RFC 3629 §3). */
function codePoint(bytes: Buffer, at: number, length: number): number {
  let code = (bytes[at] ?? 0) & (0x7f >> length);
  for (let index = 1; index < length; index += 1) code = (code << 6) | ((bytes[at + index] ?? 0) & 0x3f);
  return code;
}

function isHidden(code: number): boolean {
  looks ??= new Uint8Array(CODE_POINTS);
  const known = looks[code];
  if (known !== 0) return known === HIDDEN;
  const found = hidden.test(String.fromCodePoint(code));
  looks[code] = found ? HIDDEN : SEEN;
  return found;
}
