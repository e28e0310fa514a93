/** Whether a writer keeps up with what it is given, and who is told when that changes. */
import type { WireError } from '../../shared/errors.ts';
import { Listeners } from '../listeners.ts';

export class Behind {
  readonly listeners = new Listeners();
  readonly #limit: number;
  #isBehind = false;
  #error: WireError | null = null;
  #isTelling = false;

  /** @param limit bytes that wait at which the writer is behind; it is until half of them are left */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Whether so little waits that everything is well again. */
  isEasy(waiting: number): boolean {
    return waiting <= this.#limit / 2;
  }

  /** @param error is told. @param isFailing whether nothing can be written because of it */
  measure(waiting: number, error: WireError | null, isFailing: boolean): void {
    const isBehind = isFailing || waiting >= this.#limit || (this.#isBehind && !this.isEasy(waiting));
    if (isBehind === this.#isBehind && error === this.#error) return;
    this.#isBehind = isBehind;
    this.#error = error;
    if (this.#isTelling) return;
    this.#isTelling = true;
    // Not in here: a listener adds a row of its own, and a record may be on its way into a block.
    queueMicrotask(() => {
      this.#isTelling = false;
      this.listeners.tell();
    });
  }
}
