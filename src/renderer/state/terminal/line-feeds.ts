/** Finds out whether a peer writes CR LF, as a terminal's peer does, or LF alone, as most servers of plain text do. */

const LF = 0x0a;
const CR = 0x0d;

export class LineFeeds {
  /** Null: there was none yet. */
  #areAlone: boolean | null = null;
  #last = 0;

  /** Another connection: another peer. */
  restart(): void {
    this.#areAlone = null;
    this.#last = 0;
  }

  /** @returns whether a line feed is to begin a new line */
  look(bytes: Uint8Array): boolean {
    if (this.#areAlone === null) {
      const at = bytes.indexOf(LF);
      if (at >= 0) this.#areAlone = (at === 0 ? this.#last : bytes[at - 1]) !== CR;
      this.#last = bytes.at(-1) ?? this.#last;
    }
    return this.#areAlone ?? false;
  }
}
