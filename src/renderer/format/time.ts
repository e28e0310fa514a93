/** Times of records: ns since the session began, shown to the microsecond. */
import type { TimeFormat } from '../../shared/workspace.ts';
import { formatCount } from './size.ts';

/** A time in two parts, so that the last three digits can be shown more quietly. */
export interface TimeText {
  /** Up to the millisecond: `5.020`, `14:02:11.020`. */
  readonly main: string;
  /** The microseconds: `113`. */
  readonly micro: string;
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}

/** Whole µs in three parts. Below zero, all are 0. */
function split(ns: number): { readonly seconds: number; readonly milli: number; readonly micro: number } {
  const micros = Math.max(0, Math.floor(ns / 1000));
  return { seconds: Math.floor(micros / 1e6), milli: Math.floor(micros / 1000) % 1000, micro: micros % 1000 };
}

/** Seconds since the session began: `5.020` and `113`. */
export function relativeTime(ns: number): TimeText {
  const { seconds, milli, micro } = split(ns);
  return { main: `${formatCount(seconds)}.${digits(milli, 3)}`, micro: digits(micro, 3) };
}

/**
 * Seconds since the record before: `+0.213` and `004`. Counted between the
 * shown microseconds, so that the columns add up.
 */
export function deltaTime(ns: number, before: number): TimeText {
  const { main, micro } = relativeTime((Math.floor(ns / 1000) - Math.floor(before / 1000)) * 1000);
  return { main: `+${main}`, micro };
}

/** Local time of day: `14:02:11.020` and `113`. @param startedAt wall clock at time 0, ms since 1970 */
export function clockTime(ns: number, startedAt: number): TimeText {
  // Kept apart until the end: ms since 1970 times 1e6 is more than a number holds exactly.
  const startMs = Math.floor(startedAt);
  const micros = Math.floor((startedAt - startMs) * 1000 + ns / 1000);
  const at = new Date(startMs + Math.floor(micros / 1000));
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => digits(part, 2)).join(':');
  return { main: `${time}.${digits(at.getMilliseconds(), 3)}`, micro: digits(micros % 1000, 3) };
}

/** One text: `5.020113`. */
export function joined(time: TimeText): string {
  return time.main + time.micro;
}

/** Local date and time of day to the microsecond: `2026-11-23 14:02:11.020113`. */
export function dateTime(ns: number, startedAt: number): string {
  const at = new Date(startedAt + ns / 1e6);
  const date = [digits(at.getFullYear(), 4), digits(at.getMonth() + 1, 2), digits(at.getDate(), 2)].join('-');
  return `${date} ${joined(clockTime(ns, startedAt))}`;
}

/** What a click on the head of the time column leads to. */
export function nextTimeFormat(format: TimeFormat): TimeFormat {
  return format === 'relative' ? 'delta' : format === 'delta' ? 'clock' : 'relative';
}

/** Words of the column head. */
export const timeFormatNames: Readonly<Record<TimeFormat, string>> = {
  relative: 'time, s',
  delta: 'Δ, s',
  clock: 'clock',
};
