import { describe, expect, it } from 'vitest';
import { formatCount, formatExactSize, formatSize } from '../../src/renderer/format/size.ts';
import {
  clockTime,
  dateTime,
  deltaTime,
  joined,
  nextTimeFormat,
  relativeTime,
} from '../../src/renderer/format/time.ts';

describe('sizes', () => {
  it('groups digits by thin spaces', () => {
    expect(formatCount(1448)).toBe('1\u2009448');
    expect(formatCount(1234567)).toBe('1\u2009234\u2009567');
    expect(formatCount(999)).toBe('999');
    expect(formatExactSize(65536)).toBe('65\u2009536 B');
  });

  it('shows two or three digits and a unit of 1000', () => {
    expect(formatSize(0)).toBe('0 B');
    expect(formatSize(999)).toBe('999 B');
    expect(formatSize(1000)).toBe('1.0 KB');
    expect(formatSize(1448)).toBe('1.4 KB');
    expect(formatSize(12_345)).toBe('12 KB');
    expect(formatSize(512_000_000)).toBe('512 MB');
    expect(formatSize(2 ** 30)).toBe('1.1 GB');
  });

  it('goes to the next unit before it would show 1000', () => {
    expect(formatSize(999_499)).toBe('999 KB');
    expect(formatSize(999_500)).toBe('1.0 MB');
    expect(formatSize(9_949)).toBe('9.9 KB');
    expect(formatSize(9_950)).toBe('10 KB');
  });
});

describe('times', () => {
  it('are shown to the microsecond, cut and not rounded', () => {
    expect(relativeTime(5_020_113_999)).toEqual({ main: '5.020', micro: '113' });
    expect(relativeTime(0)).toEqual({ main: '0.000', micro: '000' });
    expect(joined(relativeTime(12_345_678_901_234))).toBe('12\u2009345.678901');
  });

  it('count a difference between what the two rows show', () => {
    expect(joined(deltaTime(2_000_999, 1_000_001))).toBe('+0.001000');
    expect(joined(deltaTime(5_000, 5_000))).toBe('+0.000000');
  });

  it('add up to a local time of day', () => {
    const start = new Date(2026, 10, 23, 14, 2, 11, 123).getTime();
    expect(joined(clockTime(1_500_000, start))).toBe('14:02:11.124500');
    expect(joined(clockTime(3_600_000_000_000, start + 0.25))).toBe('15:02:11.123250');
    expect(dateTime(0, start)).toBe('2026-11-23 14:02:11.123000');
  });

  it('go round through their three forms', () => {
    expect(nextTimeFormat('relative')).toBe('delta');
    expect(nextTimeFormat('delta')).toBe('clock');
    expect(nextTimeFormat('clock')).toBe('relative');
  });
});
