/** One record as a row of the message list: what stands in its cells and what a screen reader says. */
import { describe } from '../../shared/describe.ts';
import { rowShows } from '../../shared/describe-websocket.ts';
import type { RecordView } from '../../shared/record.ts';
import type { TimeFormat } from '../../shared/workspace.ts';
import { frameFlags, frameOf } from './frame.ts';
import { plainText, previewOf, type Part } from './preview.ts';
import { formatCount } from './size.ts';
import { clockTime, deltaTime, relativeTime, type TimeText } from './time.ts';

export interface RowText {
  /** How the row looks: bytes in or out, an event of the socket, a failure, or a band for rows that are not kept. */
  readonly tone: 'in' | 'out' | 'event' | 'bad' | 'gap';
  readonly sign: string;
  /** Length of the payload; empty when there is none. */
  readonly length: string;
  readonly parts: readonly Part[];
  readonly label: string;
}

/** RFC 6455 §4.1: any other status means that there is no WebSocket. */
const SWITCHING_PROTOCOLS = 101;
/** The connection ended without a close frame (RFC 6455 §7.1.5). */
const ABNORMAL_CLOSURE = 1006;

function isBad({ meta }: RecordView, kind: string): boolean {
  switch (kind) {
    case 'error':
    case 'violation':
    case 'failed':
    case 'malformed':
    case 'mismatch':
      return true;
    case 'state':
      return meta.to === 'failed';
    case 'response':
      return typeof meta.status === 'number' && meta.status !== SWITCHING_PROTOCOLS;
    case 'socketClose':
      return meta.code === ABNORMAL_CLOSURE;
    default:
      return false;
  }
}

/** A message is one also when nothing is in it. */
function isMessage(kind: string): boolean {
  return kind === 'text' || kind === 'binary';
}

function toneOf(record: RecordView, kind: string): RowText['tone'] {
  if (kind === 'gap') return 'gap';
  if (isBad(record, kind)) return 'bad';
  const isEmpty = record.payloadLength === 0 && !isMessage(kind);
  return isEmpty || record.direction === 'none' ? 'event' : record.direction;
}

function signOf(record: RecordView, tone: RowText['tone']): string {
  if (tone === 'bad') return '▲';
  return record.direction === 'in' ? '↓' : record.direction === 'out' ? '↑' : '·';
}

/** `#3 out data 12 bytes hello world\n` */
function labelOf(record: RecordView, kind: string, preview: string): string {
  const length = record.payloadLength;
  const words = [`#${record.seq}`];
  if (record.direction !== 'none') words.push(record.direction);
  words.push(kind);
  if (length > 0) words.push(`${length} byte${length === 1 ? '' : 's'}`);
  if (preview !== '') words.push(preview);
  return words.join(' ');
}

/** Up to where the first line of an HTTP message ends. */
function firstLine(bytes: Uint8Array): Uint8Array {
  const end = bytes.findIndex((byte) => byte === 0x0d || byte === 0x0a);
  return end === -1 ? bytes : bytes.subarray(0, end);
}

/** Of the first line of an HTTP message it does not matter that more follows. */
function payloadParts(record: RecordView, shows: ReturnType<typeof rowShows>): readonly Part[] {
  const { payload, payloadLength } = record;
  if (shows !== 'first-line') return previewOf(payload, payloadLength).parts;
  const line = firstLine(payload);
  return previewOf(line, line.length < payload.length ? line.length : payloadLength).parts;
}

/** What happened, the bytes, or both: `ping` has a payload and may be one whose pong is withheld. */
function partsOf(record: RecordView, kind: string): readonly Part[] {
  const shows = rowShows(kind);
  const isEmpty = record.payloadLength === 0;
  const says = isEmpty || shows !== 'bytes' ? describe(kind, record.direction, record.meta) : '';
  const meaning: readonly Part[] = says === '' ? [] : [{ text: says, isEscape: false }];
  if (isEmpty || (shows === 'meaning' && says !== '')) return meaning;
  const bytes = payloadParts(record, shows);
  if (meaning.length === 0) return bytes;
  const between = { text: '  ', isEscape: false };
  return kind === 'frame' ? [...meaning.map(asFlags), between, ...bytes] : [...bytes, between, ...meaning.map(asNote)];
}

/** The row of a message as the frame that it was: its flags in front of its payload. */
function asFrame(record: RecordView, kind: string, role: 'client' | 'server'): readonly Part[] {
  const parts = partsOf(record, kind);
  const frame = kind === 'frame' ? null : frameOf(record, kind, role);
  if (frame === null) return parts;
  return [{ text: `${frameFlags(frame)}${parts.length === 0 ? '' : '  '}`, isEscape: true }, ...parts];
}

/** Quieter than the bytes behind it. */
function asFlags({ text }: Part): Part {
  return { text, isEscape: true };
}

/** Stands behind the bytes, quieter than they. */
function asNote({ text }: Part): Part {
  return { text: `· ${text}`, isEscape: true };
}

/** @param framesOf the role of this side when frames are listed, not messages */
export function rowText(record: RecordView, kind: string, framesOf: 'client' | 'server' | null = null): RowText {
  const tone = toneOf(record, kind);
  const parts = framesOf === null ? partsOf(record, kind) : asFrame(record, kind, framesOf);
  return {
    tone,
    sign: signOf(record, tone),
    length: record.payloadLength === 0 && !isMessage(kind) ? '' : formatCount(record.payloadLength),
    parts,
    label: labelOf(record, kind, plainText(parts)),
  };
}

/** The time column; null where there is nothing to say. @param before time of the row above, ns */
export function rowTime(time: number, before: number | null, format: TimeFormat, startedAt: number): TimeText | null {
  if (format === 'relative') return relativeTime(time);
  if (format === 'clock') return clockTime(time, startedAt);
  return rowDelta(time, before);
}

export function rowDelta(time: number, before: number | null): TimeText | null {
  return before === null ? null : deltaTime(time, before);
}
