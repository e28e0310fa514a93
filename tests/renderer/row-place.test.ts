import { describe, expect, it } from 'vitest';
import { parsePlace } from '../../src/renderer/format/row-place.ts';

/** 14:00:01.5 of a local day. */
const start = new Date(2026, 0, 30, 14, 0, 1, 500).getTime();

function place(text: string, until: number | null = null): unknown {
  const parsed = parsePlace(text, start, until);
  return parsed.ok ? parsed.value : parsed.error.code;
}

describe('what is typed to go to a row', () => {
  it.each([
    ['123456', { seq: 123_456 }],
    [' 123 456 ', { seq: 123_456 }],
    ['1\u2009234', { seq: 1234 }],
    ['#7', { seq: 7 }],
    ['1.5s', { time: 1.5e9 }],
    ['+1.5 s', { time: 1.5e9 }],
    ['250ms', { time: 250e6 }],
    ['3 µs', { time: 3000 }],
    ['2 min', { time: 120e9 }],
    ['1h', { time: 3600e9 }],
    ['+2.5', { time: 2.5e9 }],
    ['+01:30.25', { time: 90.25e9 }],
    ['+00:01:30.250', { time: 90.25e9 }],
    ['+00:00:00.000000001', { time: 1 }],
    ['14:00:02.5', { time: 1e9 }],
    ['14:00:02.500000001', { time: 1e9 + 1 }],
    ['14:01', { time: 58.5e9 }],
    ['2026-01-31 09:00', { time: (18 * 3600 + 59 * 60 + 58.5) * 1e9 }],
    ['2026-01-31T09:00:00', { time: (18 * 3600 + 59 * 60 + 58.5) * 1e9 }],
  ])('%s is understood', (text, expected) => {
    expect(place(text)).toEqual(expected);
  });

  it('takes the second in which the session began for its beginning', () => {
    expect(place('14:00:01')).toEqual({ time: 0 });
  });

  it('asks for the date of a time of day before the beginning', () => {
    const parsed = parsePlace('09:00', start, null);
    expect(parsed.ok ? '' : parsed.error.message).toBe('09:00 is before the session began, at 14:00:01.');
    expect(parsed.ok ? '' : parsed.error.hint).toContain('date');
  });

  it('takes it for the next day where that has come', () => {
    const tomorrow = new Date(2026, 0, 31, 9, 0).getTime();
    expect(place('09:00', tomorrow + 1)).toEqual({ time: (tomorrow - start) * 1e6 });
    expect(place('09:00', tomorrow - 1)).toBe('bad-request');
  });

  it.each(['', '  ', 'abc', '25:00', '14:61', '1.5', '-3', '12:00:00:00', '1.5 weeks', '+', '14:00:02.5 pm'])(
    'says of “%s” what can be typed',
    (text) => {
      const parsed = parsePlace(text, start, null);
      expect(parsed.ok ? '' : parsed.error.hint).toMatch(/row number.*1\.5s.*14:03:22\.5/);
    },
  );
});
