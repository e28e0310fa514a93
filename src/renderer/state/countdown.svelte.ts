/** Seconds until a moment, while something on the screen shows them. */
import { createSubscriber } from 'svelte/reactivity';

/** Often enough that a second is never seen twice as long. */
const TICK_MS = 200;

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, TICK_MS);
  return () => {
    clearInterval(timer);
  };
});

/** @param at ms since 1970. @returns whole seconds, rounded up; 0 when it has come */
export function secondsUntil(at: number): number {
  subscribe();
  return Math.max(0, Math.ceil((at - Date.now()) / 1000));
}
