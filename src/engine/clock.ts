/** Two clocks that start together: a monotonic one for records, and the wall clock that it began at. */
export interface Clock {
  /** ms since 1970 at time 0. */
  readonly startedAt: number;
  /**
   * ns since the start; never goes back. As precise as `performance.now()`: some microseconds.
   *
   * Read once in each uninterrupted run of JavaScript: looking at the clock
   * costs as much as writing a record. So all records that come from one read
   * of a socket have one time, that at which they were read; which is all that
   * is known of them.
   */
  now(): number;
}

const nextTurn = Promise.resolve();

export function startClock(): Clock {
  const origin = performance.now();
  let latest = 0;
  let isRead = false;
  const forget = (): void => {
    isRead = false;
  };
  return {
    startedAt: Date.now(),
    now: () => {
      if (isRead) return latest;
      isRead = true;
      // Microtasks run as soon as the callback of the socket returns. A third of the cost of queueMicrotask().
      void nextTurn.then(forget);
      latest = Math.max(latest, Math.round((performance.now() - origin) * 1e6));
      return latest;
    },
  };
}
