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

/** Taken before a test can put another clock in its place. */
const { setTimeout: realTimeout } = globalThis;

/** Rounds of an idle event loop pass in a moment: after these, each takes a millisecond, so that timers get their time. */
const QUICK_TURNS = 1000;

function slowTurn(): Promise<void> {
  return new Promise((resolve) => {
    realTimeout(resolve, 1);
  });
}

/** Waits until the condition holds, for a bounded number of rounds of the event loop. */
export async function until(condition: () => boolean, what = 'the condition', turns = 20_000): Promise<void> {
  for (let count = 0; count < turns; count += 1) {
    if (condition()) return;
    await (count < QUICK_TURNS ? turn() : slowTurn());
  }
  throw new Error(`Gave up waiting for ${what}`);
}
