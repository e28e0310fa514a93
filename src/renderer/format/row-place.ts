/** What a person types to go to a row: its number, a time since the session began, or a time of day. */
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { timeOfDay } from './time-of-day.ts';

/** `time`: ns since the session began. */
export type RowPlace = { readonly seq: number } | { readonly time: number };

const units: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  min: 60e9,
  h: 3600e9,
  d: 86_400e9,
};

/** Seconds with their fraction, as typed, in ns: by digits, because 0.1 s is no exact number. */
function fractionNs(digits: string | undefined): number {
  return Number((digits ?? '').slice(0, 9).padEnd(9, '0'));
}

/** `1.5s`, `250 ms`, `+2.5`, `+01:30.250`, `+00:01:30.250`: ns, or null when it is none of these. */
function relativePlace(text: string): number | null {
  const amount = /^\+?(\d+(?:\.\d+)?)\s*(ns|us|µs|ms|s|min|h|d)$/i.exec(text);
  const unit = units[amount?.[2]?.toLowerCase() ?? ''];
  if (amount?.[1] !== undefined && unit !== undefined) return Math.round(Number(amount[1]) * unit);
  const span = /^\+(?:(?:(\d+):)?(\d+):)?(\d+)(?:\.(\d+))?$/.exec(text);
  if (span === null) return null;
  const [, hours = '0', minutes = '0', seconds = '0', fraction] = span;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1e9 + fractionNs(fraction);
}

/** The parts of a time of day, with or without a date before it; null when it is none. */
function clockParts(text: string): { date: [number, number, number] | null; ms: number; ns: number } | null {
  const found = /^(?:(\d{4})-(\d{1,2})-(\d{1,2})[T\s]+)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?$/.exec(text);
  if (found === null) return null;
  const [, year, month, day, hours = '0', minutes = '0', seconds = '0', fraction] = found;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  return {
    date: year === undefined ? null : [Number(year), Number(month) - 1, Number(day)],
    ms: ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000,
    ns: fractionNs(fraction),
  };
}

/** ms since 1970 of a local day and a time of it. Built from the day's parts, so that a change of the clock counts. */
function localTime([year, month, day]: [number, number, number], ms: number): number {
  return new Date(year, month, day, 0, 0, 0, ms).getTime();
}

/**
 * @param startedAt wall clock at time 0, ms since 1970
 * @param until wall clock up to which rows can be, ms since 1970, or null when that is not known: a time of day before
 *   the beginning is then one of the next day, if that has come
 * @returns error `bad-request` with what can be typed
 */
export function parsePlace(typed: string, startedAt: number, until: number | null): Outcome<RowPlace> {
  const text = typed.trim();
  if (/^#?\d[\d\s]*$/.test(text)) return success({ seq: Number(text.replace(/[#\s]/g, '')) });
  const relative = relativePlace(text);
  if (relative !== null) return success({ time: relative });
  const clock = clockParts(text);
  if (clock === null) {
    const forms =
      'Write a row number, a time since the beginning as 1.5s or +00:01:30.250, or a time of day as 14:03:22.5.';
    return failure(
      'bad-request',
      text === '' ? 'Nothing is typed.' : `“${text}” is neither a row number nor a time.`,
      forms,
    );
  }
  const start = new Date(startedAt);
  const today: [number, number, number] = [start.getFullYear(), start.getMonth(), start.getDate()];
  let at = localTime(clock.date ?? today, clock.ms);
  const isBefore = at + 1000 <= startedAt;
  if (isBefore && clock.date === null) {
    at = localTime([start.getFullYear(), start.getMonth(), start.getDate() + 1], clock.ms);
    if (until === null || at > until) {
      return failure(
        'bad-request',
        `${text} is before the session began, at ${timeOfDay(startedAt)}.`,
        'For a later day write the date too, as 2026-01-31 09:00.',
      );
    }
  }
  return success({ time: Math.max(0, Math.round((at - startedAt) * 1e6) + clock.ns) });
}
