/**
 * Turns any number of changes into few notifications: the first at the end of
 * the current callback, further ones at most every `interval` ms. The timer
 * runs only while changes keep coming.
 */
export class StatusPace {
  readonly #notify: () => boolean;
  readonly #interval: number | (() => number);
  #timer: ReturnType<typeof setTimeout> | null = null;
  #scheduled = false;
  #dirty = false;
  #stopped = false;

  /**
   * @param interval ms, or what says after each notification how many until the next
   * @param notify returns false when it could not: then it is called again after the interval
   */
  constructor(interval: number | (() => number), notify: () => boolean) {
    this.#interval = interval;
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
      if (this.#timer === null) this.#flush();
    });
  }

  /** Notifies at once, whenever that was last done. */
  now(): void {
    this.#dirty = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#flush();
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
    if (!this.#notify()) this.#dirty = true;
    this.#wait();
  }

  #wait(): void {
    // By whoever was told.
    if (this.#stopped) return;
    const interval = typeof this.#interval === 'number' ? this.#interval : this.#interval();
    this.#timer = setTimeout(() => {
      this.#flush();
    }, interval);
    this.#timer.unref();
  }
}
