/** Who is told of something that may happen at every record: telling nobody costs nothing, and one next to nothing. */
export class Listeners {
  #all: readonly (() => void)[] = [];

  /** @returns a function that ends it */
  add(listener: () => void): () => void {
    // A list of its own for each change: one that is being told through stays as it is.
    const own = (): void => {
      listener();
    };
    this.#all = [...this.#all, own];
    return () => {
      this.#all = this.#all.filter((one) => one !== own);
    };
  }

  tell(): void {
    for (const listener of this.#all) listener();
  }

  clear(): void {
    this.#all = [];
  }
}
