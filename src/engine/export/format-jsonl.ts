/**
 * JSON Lines, as docs/export.md describes it: a header object, then one
 * object for each record. No line holds anything that a reader could take for
 * the end of a line.
 */
import { isUtf8 } from 'node:buffer';
import { sequenceLength } from '../../shared/escaped-text.ts';
import { directionName, parseMeta, RECORD_HEADER_BYTES } from '../../shared/record.ts';
import type { ByteSink } from './byte-sink.ts';
import {
  directionOf,
  kindOf,
  metaLengthOf,
  payloadLengthOf,
  payloadStart,
  peerOf,
  seqOf,
  timeOf,
  type ExportInfo,
  type RecordFormatter,
} from './packed.ts';
import { ISO_BYTES, isoTime, WallClock } from './wall-clock.ts';

const JSONL_FORMAT = 'wirebench-jsonl';
const JSONL_VERSION = 1;

/** Payload that is formatted in one go, in bytes; a longer one in parts. */
const PART_BYTES = 32 * 1024;
/** Most bytes that one byte of a payload becomes: `\u0000`. */
const ESCAPED_BYTES = 6;
/** A character may reach over the end of a part. */
const SLACK_BYTES = 64;
/** Base64 of part after part is base64 of the whole when each part is whole groups of three bytes. */
const BASE64_PART_BYTES = 48 * 1024;
const DIRECTIONS = 3;

const bytesOf = (text: string): Buffer => Buffer.from(text);

const seqKey = bytesOf('{"seq":');
const timeKey = bytesOf(',"time":"');
const nsKey = bytesOf('","ns":');
const peerKey = bytesOf(',"peer":');
const lengthKey = bytesOf(',"length":');
const textKey = bytesOf(',"text":"');
const base64Key = bytesOf(',"base64":"');
const closingQuote = bytesOf('"}\n');
const closing = bytesOf('}\n');

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LOWER_U = 0x75;
const ZERO = 0x30;
const hexDigits = bytesOf('0123456789abcdef');
const WORD_BYTES = 4;
/** In place of an escape: the byte begins a character of more bytes. */
const BEYOND_ASCII = 0xff;

/** What the escape of a byte has behind its backslash, or `u` for one of six bytes; 0: the byte stands for itself (RFC 8259 §7). */
const escapeOf = new Uint8Array(128);
escapeOf.fill(LOWER_U, 0, 0x20);
for (const [byte, letter] of [
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [QUOTE, '"'],
  [BACKSLASH, '\\'],
] as const) {
  escapeOf[byte] = letter.charCodeAt(0);
}

/** Ends of lines for readers that go by Unicode (UAX 14, classes NL and BK). JSON would let them stand. */
const nextLine = bytesOf('\\u0085');
const lineSeparator = bytesOf('\\u2028');
const paragraphSeparator = bytesOf('\\u2029');

export class JsonlFormatter implements RecordFormatter {
  readonly #sink: ByteSink;
  readonly #info: ExportInfo;
  readonly #clock: WallClock;
  /** `,"direction":"in","kind":"data"` by kind and direction. */
  readonly #middles: readonly Buffer[];
  readonly #unknown: Buffer;
  /** Bytes of a line without its payload and its meta. */
  readonly #room: number;

  constructor(sink: ByteSink, info: ExportInfo) {
    this.#sink = sink;
    this.#info = info;
    this.#clock = new WallClock(info.startedAt);
    this.#middles = info.kinds.flatMap((kind) => [0, 1, 2].map((direction) => middleOf(direction, kind)));
    this.#unknown = middleOf(0, '');
    this.#room = 200 + ISO_BYTES + Math.max(0, ...this.#middles.map(({ length }) => length));
  }

  begin(): void {
    const { protocol, address, startedAt, kinds, filter, peer } = this.#info;
    const head = {
      format: JSONL_FORMAT,
      version: JSONL_VERSION,
      protocol,
      address,
      startedAt: isoTime(startedAt),
      kinds,
      ...(filter === '' ? {} : { filter }),
      ...(peer === null ? {} : { peer }),
    };
    this.#sink.text(`${jsonText(head)}\n`);
  }

  record(bytes: Buffer, view: DataView, offset: number): boolean {
    const sink = this.#sink;
    const time = timeOf(view, offset);
    sink.reserve(this.#room);
    sink.chunk(seqKey);
    sink.digits(seqOf(view, offset));
    sink.chunk(timeKey);
    this.#clock.write(sink, time);
    sink.chunk(nsKey);
    sink.digits(time);
    sink.chunk(peerKey);
    sink.digits(peerOf(view, offset));
    const direction = directionOf(view, offset);
    sink.chunk(
      this.#middles[kindOf(view, offset) * DIRECTIONS + (direction < DIRECTIONS ? direction : 0)] ?? this.#unknown,
    );
    const metaLength = metaLengthOf(view, offset);
    if (metaLength > 0) {
      const start = offset + RECORD_HEADER_BYTES;
      sink.text(`,"meta":${jsonText(parseMeta(bytes.subarray(start, start + metaLength)))}`);
    }
    const length = payloadLengthOf(view, offset);
    const start = payloadStart(view, offset);
    sink.reserve(SLACK_BYTES);
    sink.chunk(lengthKey);
    sink.digits(length);
    if (length === 0) {
      sink.chunk(closing);
      return true;
    }
    this.#payload(bytes, view, start, start + length);
    sink.reserve(SLACK_BYTES);
    sink.chunk(closingQuote);
    return true;
  }

  #payload(bytes: Buffer, view: DataView, start: number, end: number): void {
    const sink = this.#sink;
    if (end - start > PART_BYTES) {
      if (isUtf8(bytes.subarray(start, end))) this.#longText(bytes, view, start, end);
      else this.#base64(bytes, start, end);
      return;
    }
    sink.reserve((end - start) * ESCAPED_BYTES + SLACK_BYTES);
    const before = sink.used;
    sink.chunk(textKey);
    if (writeJsonText(sink, bytes, view, start, end, end) >= 0) return;
    sink.used = before;
    this.#base64(bytes, start, end);
  }

  #longText(bytes: Buffer, view: DataView, start: number, end: number): void {
    const sink = this.#sink;
    sink.reserve(SLACK_BYTES);
    sink.chunk(textKey);
    for (let at = start; at < end;) {
      sink.reserve(PART_BYTES * ESCAPED_BYTES + SLACK_BYTES);
      at = writeJsonText(sink, bytes, view, at, Math.min(end, at + PART_BYTES), end);
    }
  }

  #base64(bytes: Buffer, start: number, end: number): void {
    const sink = this.#sink;
    sink.reserve(SLACK_BYTES);
    sink.chunk(base64Key);
    for (let at = start; at < end; at += BASE64_PART_BYTES) {
      const text = bytes.toString('base64', at, Math.min(end, at + BASE64_PART_BYTES));
      sink.reserve(text.length);
      sink.used += sink.buffer.write(text, sink.used, 'latin1');
    }
  }
}

function middleOf(direction: number, kind: string): Buffer {
  return bytesOf(`,"direction":"${directionName(direction)}","kind":${jsonText(kind)}`);
}

function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0085\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Writes UTF-8 as the inside of a JSON string, from `start` until a character
 * ends at `stop` or later. Needs room: ESCAPED_BYTES for each byte.
 * @param end where the payload ends
 * @returns where it stopped; -1 when there is no UTF-8
 */
function writeJsonText(
  sink: ByteSink,
  bytes: Buffer,
  view: DataView,
  start: number,
  stop: number,
  end: number,
): number {
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
      escape = byte < 0x80 ? (escapeOf[byte] ?? 0) : BEYOND_ASCII;
      if (escape !== 0) break;
      buffer[used++] = byte;
    }
    for (; escape === BEYOND_ASCII; escape = at < stop && byte >= 0x80 ? BEYOND_ASCII : 0) {
      const length = sequenceLength(bytes, at);
      // What follows the payload may happen to look like the rest of a character.
      if (length === 0 || at + length > end) return -1;
      const lineEnd = length === 4 ? null : lineEndAt(bytes, at, byte);
      if (lineEnd === null) for (let index = 0; index < length; index += 1) buffer[used++] = bytes[at + index] ?? 0;
      else for (const sign of lineEnd) buffer[used++] = sign;
      at += length;
      byte = bytes[at] ?? 0;
    }
    if (escape === 0) continue;
    at += 1;
    buffer[used++] = BACKSLASH;
    buffer[used++] = escape;
    if (escape !== LOWER_U) continue;
    buffer[used++] = ZERO;
    buffer[used++] = ZERO;
    buffer[used++] = ZERO + (byte >> 4);
    buffer[used++] = hexDigits[byte & 15] ?? 0;
  }
  sink.used = used;
  return at;
}

/**
 * Whether each of four bytes stands for itself: ASCII, no control character,
 * no quotation mark, no backslash. A subtraction sets the highest bit of the
 * lowest byte that is too small (H. S. Warren, "Hacker's Delight", 6-1).
 */
function areAllPlain(word: number): boolean {
  const quote = (word ^ 0x22222222) - 0x01010101;
  const backslash = (word ^ 0x5c5c5c5c) - 0x01010101;
  return ((word | (word - 0x20202020) | quote | backslash) & 0x80808080) === 0;
}

function lineEndAt(bytes: Buffer, at: number, first: number): Buffer | null {
  if (first === 0xc2) return bytes[at + 1] === 0x85 ? nextLine : null;
  if (first !== 0xe2 || bytes[at + 1] !== 0x80) return null;
  return bytes[at + 2] === 0xa8 ? lineSeparator : bytes[at + 2] === 0xa9 ? paragraphSeparator : null;
}
