/** One record as a row of the message list: what stands in its cells and what a screen reader says. */
import { describe } from '../../shared/describe.ts';
import type { RecordView } from '../../shared/record.ts';
import type { TimeFormat } from '../../shared/workspace.ts';
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

function toneOf(record: RecordView, kind: string): RowText['tone'] {
  if (kind === 'gap') return 'gap';
  if (kind === 'error' || (kind === 'state' && record.meta.to === 'failed')) return 'bad';
  if (record.payloadLength === 0 || record.direction === 'none') return 'event';
  return record.direction;
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

export function rowText(record: RecordView, kind: string): RowText {
  const tone = toneOf(record, kind);
  const described = record.payloadLength === 0;
  const parts = described
    ? [{ text: describe(kind, record.direction, record.meta), isEscape: false }]
    : previewOf(record.payload, record.payloadLength).parts;
  return {
    tone,
    sign: signOf(record, tone),
    length: described ? '' : formatCount(record.payloadLength),
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
