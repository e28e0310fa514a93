/** How long a graceful end may take. */
import { CLOSE_GRACE_MS } from '../../shared/limits.ts';

/** A promise with its resolver outside: `Promise.withResolvers` came with Node 22. */
export class Ending {
  readonly promise: Promise<void>;
  #resolve: () => void = () => undefined;

  constructor() {
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  reached(): void {
    this.#resolve();
  }
}

/** Waits for the end; calls `giveUp` when it has not come after CLOSE_GRACE_MS. */
export async function endWithGrace(ending: Ending, giveUp: () => void): Promise<void> {
  const timer = setTimeout(giveUp, CLOSE_GRACE_MS);
  await ending.promise;
  clearTimeout(timer);
}
