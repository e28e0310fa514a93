import { afterEach, describe, expect, it, vi } from 'vitest';
import { startClock } from '../../src/engine/clock.ts';

describe('the clock of a recording', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('says the same time to all records that come in one run of JavaScript', async () => {
    const clock = startClock();
    const read = vi.spyOn(performance, 'now');
    const first = clock.now();
    for (let count = 0; count < 1000; count += 1) expect(clock.now()).toBe(first);
    expect(read).toHaveBeenCalledTimes(1);
    await Promise.resolve();
    clock.now();
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('never goes back, even where the system’s clock does', async () => {
    const times = [100, 105, 90, 104, 106];
    vi.spyOn(performance, 'now').mockImplementation(() => times.shift() ?? 0);
    const clock = startClock();
    const seen: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      seen.push(clock.now());
      await Promise.resolve();
    }
    expect(seen).toEqual([5e6, 5e6, 5e6, 6e6]);
  });
});
