/** Those who want to know when the status of a session has changed, told at most every STATUS_INTERVAL_MS. */
import { STATUS_INTERVAL_MS } from '../shared/limits.ts';
import { StatusPace } from './status-pace.ts';

export class StatusListeners {
  readonly #listeners = new Set<() => void>();
  readonly #pace = new StatusPace(STATUS_INTERVAL_MS, () => {
    for (const listener of this.#listeners) listener();
    return true;
  });

  /** @returns a function that ends it */
  add(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** The status has changed. Cheap enough for every record. */
  touch(): void {
    this.#pace.touch();
  }

  /** Nobody is told any more. */
  stop(): void {
    this.#pace.stop();
    this.#listeners.clear();
  }
}
