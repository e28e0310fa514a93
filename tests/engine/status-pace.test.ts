import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StatusPace } from '../../src/engine/status-pace.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets what waits for the end of the current callback run. */
async function turn(): Promise<void> {
  await Promise.resolve();
}

describe('the pace of notifications', () => {
  it('tells the first change at once, and all further ones together after the interval', async () => {
    const notify = vi.fn(() => true);
    const pace = new StatusPace(33, notify);
    pace.touch();
    pace.touch();
    expect(notify).not.toHaveBeenCalled();
    await turn();
    expect(notify).toHaveBeenCalledTimes(1);
    for (let more = 0; more < 10; more += 1) pace.touch();
    vi.advanceTimersByTime(32);
    expect(notify).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(notify).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(1000);
    expect(notify).toHaveBeenCalledTimes(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('asks after each notification when the next one may come', async () => {
    const notify = vi.fn(() => true);
    let interval = 100;
    const pace = new StatusPace(() => interval, notify);
    pace.touch();
    await turn();
    interval = 33;
    pace.touch();
    vi.advanceTimersByTime(99);
    expect(notify).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(notify).toHaveBeenCalledTimes(2);
    pace.touch();
    vi.advanceTimersByTime(33);
    expect(notify).toHaveBeenCalledTimes(3);
    pace.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no timer when whoever is told stops it', async () => {
    const pace: StatusPace = new StatusPace(10, () => {
      pace.stop();
      return true;
    });
    pace.touch();
    await turn();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tries again after the interval what could not be told, and hears of changes while it tells', async () => {
    let isOpen = false;
    const told: string[] = [];
    const pace: StatusPace = new StatusPace(10, () => {
      told.push(isOpen ? 'told' : 'refused');
      if (isOpen && told.length < 4) pace.touch();
      return isOpen;
    });
    pace.touch();
    await turn();
    vi.advanceTimersByTime(10);
    isOpen = true;
    vi.advanceTimersByTime(30);
    expect(told).toEqual(['refused', 'refused', 'told', 'told']);
    pace.stop();
  });
});
