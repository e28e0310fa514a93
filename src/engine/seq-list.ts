/** An ascending list of record numbers that grows at its end and shrinks at its start: eight bytes for each. */
export class SeqList {
  #seqs = new Float64Array(1024);
  #head = 0;
  #tail = 0;

  get length(): number {
    return this.#tail - this.#head;
  }

  /** A number that is not greater than the last one is in the list already: it changes nothing. */
  push(seq: number): void {
    if (this.#tail > this.#head && seq <= (this.#seqs[this.#tail - 1] ?? 0)) return;
    if (this.#tail === this.#seqs.length) this.#makeRoom();
    this.#seqs[this.#tail] = seq;
    this.#tail += 1;
  }

  /** Removes all numbers below `seq`. @returns how many */
  dropBelow(seq: number): number {
    let low = this.#head;
    let high = this.#tail;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#seqs[middle] ?? 0) < seq) low = middle + 1;
      else high = middle;
    }
    const dropped = low - this.#head;
    this.#head = low;
    return dropped;
  }

  slice(from: number, to: number): number[] {
    const start = this.#head + from;
    return [...this.#seqs.subarray(start, Math.max(start, Math.min(this.#head + to, this.#tail)))];
  }

  #makeRoom(): void {
    const kept = this.#seqs.subarray(this.#head, this.#tail);
    const larger = new Float64Array(Math.max(1024, kept.length * 2));
    larger.set(kept);
    this.#seqs = larger;
    this.#head = 0;
    this.#tail = kept.length;
  }
}
