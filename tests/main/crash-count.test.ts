import { describe, expect, it } from 'vitest';
import { CrashCount } from '../../src/main/crash-count.ts';
import { CRASH_WINDOW_MS, PAGE_SETTLED_MS } from '../../src/shared/app-limits.ts';

describe('a page that has crashed', () => {
  it('is loaded again, but not a third time within a minute', () => {
    const count = new CrashCount();
    const crash = (at: number): string => count.add({ reason: 'crashed', at, upSince: 0 });
    expect([crash(5000), crash(10_000), crash(15_000)]).toEqual(['reload', 'reload', 'ask']);
    count.forget();
    expect(crash(16_000)).toBe('reload');
  });

  it('is loaded again for ever when it crashes rarely', () => {
    const count = new CrashCount();
    for (let turn = 0; turn < 100; turn += 1) {
      const at = turn * (CRASH_WINDOW_MS / 2 + 1);
      expect(count.add({ reason: 'oom', at, upSince: at - 10 })).toBe('reload');
    }
  });

  it('is loaded again for ever when something ends it that has nothing to do with it', () => {
    const count = new CrashCount();
    for (let at = 0; at < 100_000; at += PAGE_SETTLED_MS + 500) {
      expect(count.add({ reason: 'killed', at, upSince: at - PAGE_SETTLED_MS })).toBe('reload');
    }
  });

  it('counts when it is killed before it is up, as for want of memory', () => {
    const count = new CrashCount();
    const kill = (at: number, upSince: number | null): string => count.add({ reason: 'killed', at, upSince });
    expect([kill(1000, null), kill(2000, 1500), kill(3000, null)]).toEqual(['reload', 'reload', 'ask']);
  });
});
