/** Collects the numbers of records that pass until they are handed over. */

const CAPACITY = 4096;

export class FoundList {
  #seqs = new Float64Array(CAPACITY);
  #length = 0;
  #last = -1;

  /** One that is not greater than the last one changes nothing. */
  add(seq: number): void {
    if (seq <= this.#last) return;
    if (this.#length === this.#seqs.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#seqs);
      this.#seqs = larger;
    }
    this.#seqs[this.#length] = seq;
    this.#last = seq;
    this.#length += 1;
  }

  /** A copy of what was collected; the list is empty then. */
  take(): Float64Array<ArrayBuffer> {
    const found = this.#seqs.slice(0, this.#length);
    this.#length = 0;
    return found;
  }
}
