/** Waiting for a condition without sleeping: it is looked at again each time something has happened. */

/** A wait that takes longer than this has failed. Only the failing case ever takes so long. */
const PATIENCE_MS = 15_000;

export class Watch {
  readonly #checks = new Set<() => void>();

  /** Something has happened. */
  touch(): void {
    for (const check of this.#checks) check();
  }

  until(condition: () => boolean, what: string): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#checks.delete(check);
        reject(new Error(`Gave up waiting for ${what}`));
      }, PATIENCE_MS);
      const check = (): void => {
        if (!condition()) return;
        this.#checks.delete(check);
        clearTimeout(timer);
        resolve();
      };
      this.#checks.add(check);
    });
  }
}
