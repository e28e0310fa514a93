/** Something that ends once: a promise with its resolver outside (`Promise.withResolvers` came with Node 22). */
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

  /** Waits for the end; calls `giveUp`, which must bring it about, when it has not come after `ms`. */
  async within(ms: number, giveUp: () => void): Promise<void> {
    const timer = setTimeout(giveUp, ms);
    await this.promise;
    clearTimeout(timer);
  }
}
