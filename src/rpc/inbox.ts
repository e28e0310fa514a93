/** Messages that have come and nobody listens to yet, and the one notice that a port has closed. */
export class Inbox {
  #receive: ((message: unknown) => void) | null = null;
  #closed: (() => void) | null = null;
  #waiting: unknown[] = [];
  #isClosed = false;

  listen(receive: (message: unknown) => void, closed: () => void): void {
    this.#receive = receive;
    this.#closed = closed;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const message of waiting) receive(message);
    if (this.#isClosed) closed();
  }

  deliver(message: unknown): void {
    if (this.#isClosed) return;
    if (this.#receive === null) this.#waiting.push(message);
    else this.#receive(message);
  }

  /** @returns false when it was closed before */
  close(): boolean {
    if (this.#isClosed) return false;
    this.#isClosed = true;
    this.#closed?.();
    return true;
  }
}
