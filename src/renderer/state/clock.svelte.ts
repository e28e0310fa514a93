/** The time of day, for texts like "4 min": ticks while something on the screen shows it. */
import { createSubscriber } from 'svelte/reactivity';

const TICK_MS = 20_000;

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, TICK_MS);
  return () => {
    clearInterval(timer);
  };
});

/** ms since 1970; whoever reads it in markup or an effect is told when it has moved on. */
export function now(): number {
  subscribe();
  return Date.now();
}
