/** A limit of time for what can be stopped. */

/** Why it was stopped. */
const LATE = 'late';

/** Runs with a signal that aborts after `ms`, and with `stop`. @returns `isLate`: it was the time that stopped it */
export async function inTime<T>(
  ms: number,
  stop: AbortSignal,
  run: (stop: AbortSignal) => Promise<T>,
): Promise<{ readonly value: T; readonly isLate: boolean }> {
  const limit = new AbortController();
  const giveUp = (): void => {
    limit.abort();
  };
  const timer = setTimeout(() => limit.abort(LATE), ms);
  stop.addEventListener('abort', giveUp);
  if (stop.aborted) giveUp();
  try {
    const value = await run(limit.signal);
    return { value, isLate: limit.signal.reason === LATE };
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', giveUp);
  }
}
