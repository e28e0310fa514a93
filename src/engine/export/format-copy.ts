/** Payloads for the clipboard, which takes text and nothing else. Records without a payload are left out. */
import { isUtf8 } from 'node:buffer';
import type { ByteSink } from './byte-sink.ts';
import { writeEscaped } from './escaped-bytes.ts';
import { payloadLengthOf, payloadStart, type RecordFormatter } from './packed.ts';

const LINE_FEED = 0x0a;
const SPACE = 0x20;
/** Bytes that are written as hex in one go. */
const HEX_PART_BYTES = 16 * 1024;
const HEX_CHARACTERS = 3;
const hexDigits = Buffer.from('0123456789abcdef');

/**
 * Each payload as it is when it is UTF-8, else with escapes as in the text
 * export. The next one begins in a line of its own.
 */
export class PayloadFormatter implements RecordFormatter {
  readonly #sink: ByteSink;
  #needsLineFeed = false;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  begin(): void {
    return;
  }

  record(bytes: Buffer, view: DataView, offset: number): boolean {
    const length = payloadLengthOf(view, offset);
    if (length === 0) return false;
    const sink = this.#sink;
    const start = payloadStart(view, offset);
    const end = start + length;
    if (this.#needsLineFeed) endLine(sink);
    const isText = isUtf8(bytes.subarray(start, end));
    if (isText) sink.bytes(bytes, start, end);
    else writeEscaped(sink, bytes, view, start, end);
    // With escapes, a line feed at the end is one of them.
    this.#needsLineFeed = !isText || bytes[end - 1] !== LINE_FEED;
    return true;
  }
}

/** Each payload as hex digits in a line of its own: `68 65 6c 6c 6f`. */
export class HexFormatter implements RecordFormatter {
  readonly #sink: ByteSink;
  #needsLineFeed = false;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  begin(): void {
    return;
  }

  record(bytes: Buffer, view: DataView, offset: number): boolean {
    const length = payloadLengthOf(view, offset);
    if (length === 0) return false;
    const sink = this.#sink;
    const start = payloadStart(view, offset);
    if (this.#needsLineFeed) endLine(sink);
    this.#needsLineFeed = true;
    for (let at = start; at < start + length; at += 1) {
      if ((at - start) % HEX_PART_BYTES === 0) sink.reserve(HEX_PART_BYTES * HEX_CHARACTERS);
      if (at > start) sink.byte(SPACE);
      const byte = bytes[at] ?? 0;
      sink.byte(hexDigits[byte >> 4] ?? 0);
      sink.byte(hexDigits[byte & 15] ?? 0);
    }
    return true;
  }
}

function endLine(sink: ByteSink): void {
  sink.reserve(1);
  sink.byte(LINE_FEED);
}
