/**
 * Turns any number of changes into few notifications: the first at the end of
 * the current callback, further ones at most every STATUS_INTERVAL_MS. The
 * timer runs only while changes keep coming.
 */
import { STATUS_INTERVAL_MS } from '../shared/limits.ts';

export class StatusPace {
  readonly #notify: () => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #scheduled = false;
  #dirty = false;
  #stopped = false;

  constructor(notify: () => void) {
    this.#notify = notify;
  }

  /** Something has changed. Cheap enough for every record. */
  touch(): void {
    if (this.#dirty || this.#stopped) return;
    this.#dirty = true;
    if (this.#timer !== null || this.#scheduled) return;
    this.#scheduled = true;
    // Not in here: the caller may be in the middle of a change.
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  /** No notification comes any more and no timer is left. */
  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #flush(): void {
    this.#timer = null;
    if (!this.#dirty || this.#stopped) return;
    this.#dirty = false;
    this.#timer = setTimeout(() => {
      this.#flush();
    }, STATUS_INTERVAL_MS);
    this.#timer.unref();
    this.#notify();
  }
}
