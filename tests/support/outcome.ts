/** Takes outcomes apart in tests: the wrong one fails the test with what it was. */
import type { Outcome, WireError } from '../../src/shared/errors.ts';

export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`Expected a value, got ${outcome.error.code}: ${outcome.error.message}`);
  return outcome.value;
}

export function errorOf(outcome: Outcome<unknown>): WireError {
  if (outcome.ok) throw new Error(`Expected an error, got ${JSON.stringify(outcome.value)}`);
  return outcome.error;
}

/** Lets promises and one round of the event loop run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Waits until the condition holds, for a bounded number of rounds of the event loop. */
export async function until(condition: () => boolean, what = 'the condition', turns = 20_000): Promise<void> {
  for (let count = 0; count < turns; count += 1) {
    if (condition()) return;
    await turn();
  }
  throw new Error(`Gave up waiting for ${what}`);
}
