/** Lets scans take turns: in each round of the event loop one of them runs, and sockets and timers come in between. */
export class Turns {
  readonly #waiting: (() => void)[] = [];

  /** Resolves in a round of its own. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) this.#schedule();
    });
  }

  #schedule(): void {
    setImmediate(() => {
      this.#waiting.shift()?.();
      if (this.#waiting.length > 0) this.#schedule();
    });
  }
}
