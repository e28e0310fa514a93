/** Two clocks that start together: a monotonic one for records, and the wall clock that it began at. */
export interface Clock {
  /** ms since 1970 at time 0. */
  readonly startedAt: number;
  /** ns since the start; never goes back. As precise as `performance.now()`: some microseconds. */
  now(): number;
}

export function startClock(): Clock {
  const origin = performance.now();
  return {
    startedAt: Date.now(),
    now: () => Math.round((performance.now() - origin) * 1e6),
  };
}
