/**
 * One line for each record, for people: seconds since the session began,
 * direction, kind, connection, length and the whole payload, with escapes for
 * what cannot be seen.
 */
import { isDnsMessage } from '../../shared/describe-dns.ts';
import { describe } from '../../shared/describe.ts';
import { hidden } from '../../shared/escaped-text.ts';
import { directionName, parseMeta, RECORD_HEADER_BYTES } from '../../shared/record.ts';
import type { ByteSink } from './byte-sink.ts';
import { writeEscaped } from './escaped-bytes.ts';
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
import { isoTime } from './wall-clock.ts';

/** Columns, in characters. What is longer moves the rest of its line. */
const SEQ_WIDTH = 9;
const TIME_WIDTH = 15;
const KIND_WIDTH = 12;
const PEER_WIDTH = 5;
const LENGTH_WIDTH = 9;
/** Bytes of a line in front of what it says, without its kind. */
const ROOM = 160;

const NS_PER_S = 1e9;
const NS_PER_MICROSECOND = 1000;
const MICRO_DIGITS = 6;
const SPACE = 0x20;
const POINT = 0x2e;
const LINE_FEED = 0x0a;

/** As the list of messages marks them, by the code of the direction. */
const arrows = [' · ', ' ↓ ', ' ↑ '].map((sign) => Buffer.from(sign));
const noArrow = Buffer.from(' · ');

export class TextFormatter implements RecordFormatter {
  readonly #sink: ByteSink;
  readonly #info: ExportInfo;
  readonly #kinds: readonly Buffer[];
  readonly #room: number;

  constructor(sink: ByteSink, info: ExportInfo) {
    this.#sink = sink;
    this.#info = info;
    this.#kinds = info.kinds.map((kind) => Buffer.from(visible(kind).padEnd(KIND_WIDTH)));
    this.#room = ROOM + Math.max(0, ...this.#kinds.map(({ length }) => length));
  }

  begin(): void {
    const { protocol, address, startedAt, filter, peer } = this.#info;
    const chosen = [...(filter === '' ? [] : [`filter ${filter}`]), ...(peer === null ? [] : [`connection ${peer}`])];
    const lines = [
      `${protocol} ${address}, began ${isoTime(startedAt)}`,
      ...(chosen.length === 0 ? [] : [`only ${chosen.join(', ')}`]),
      'number, seconds since then, direction (↓ in, ↑ out), kind, connection, bytes, payload with escapes or what happened',
    ];
    this.#sink.text(lines.map((line) => `# ${visible(line)}\n`).join(''));
  }

  record(bytes: Buffer, view: DataView, offset: number): boolean {
    const sink = this.#sink;
    sink.reserve(this.#room);
    const kind = kindOf(view, offset);
    const direction = directionOf(view, offset);
    this.#right(seqOf(view, offset), SEQ_WIDTH);
    this.#seconds(timeOf(view, offset));
    sink.byte(SPACE);
    sink.chunk(arrows[direction] ?? noArrow);
    const named = this.#kinds[kind];
    const kindStart = sink.used;
    if (named !== undefined) sink.chunk(named);
    sink.padTo(kindStart, KIND_WIDTH);
    this.#right(peerOf(view, offset), PEER_WIDTH, true);
    const length = payloadLengthOf(view, offset);
    this.#right(length, LENGTH_WIDTH, true);
    sink.byte(SPACE);
    sink.byte(SPACE);
    const start = payloadStart(view, offset);
    const name = this.#info.kinds[kind] ?? '';
    if (length > 0 && !isDnsMessage(name)) writeEscaped(sink, bytes, view, start, start + length);
    else {
      const meta = offset + RECORD_HEADER_BYTES;
      const parsed = parseMeta(bytes.subarray(meta, meta + metaLengthOf(view, offset)));
      sink.text(visible(describe(name, directionName(direction), parsed)));
    }
    sink.reserve(1);
    sink.byte(LINE_FEED);
    return true;
  }

  /** A number at the right of its column, after a space. @param hideZero leaves the column empty for 0 */
  #right(value: number, width: number, hideZero = false): void {
    const sink = this.#sink;
    const start = sink.used;
    sink.byte(SPACE);
    let length = 1;
    for (let power = 10; power <= value; power *= 10) length += 1;
    if (value === 0 && hideZero) length = 0;
    sink.padTo(start, width + 1 - length);
    if (length > 0) sink.digits(value);
  }

  #seconds(ns: number): void {
    const sink = this.#sink;
    const seconds = Math.floor(ns / NS_PER_S);
    this.#right(seconds, TIME_WIDTH - MICRO_DIGITS - 1);
    sink.byte(POINT);
    sink.fixed(Math.floor((ns - seconds * NS_PER_S) / NS_PER_MICROSECOND), MICRO_DIGITS);
  }
}

const everyHidden = new RegExp(hidden.source, 'gu');

/** A text of an event in one line: what cannot be seen as `\u{…}`. */
function visible(text: string): string {
  return text.replace(everyHidden, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
}
