/** Decoded rows by row number. Holds at most `limit`; those not looked at for longest go first. */
import type { RecordView } from '../../shared/record.ts';

export class RowCache {
  readonly #limit: number;
  /** In the order of their last use. */
  readonly #rows = new Map<number, RecordView>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#rows.size;
  }

  has(row: number): boolean {
    return this.#rows.has(row);
  }

  get(row: number): RecordView | undefined {
    return this.#rows.get(row);
  }

  /** These rows are looked at now: they go last. */
  touch(from: number, to: number): void {
    for (let row = from; row < to; row += 1) {
      const record = this.#rows.get(row);
      if (record === undefined) continue;
      this.#rows.delete(row);
      this.#rows.set(row, record);
    }
  }

  /** Adds rows with the numbers `from`, `from + 1` … */
  add(from: number, records: readonly RecordView[]): void {
    for (const [index, record] of records.entries()) {
      this.#rows.delete(from + index);
      this.#rows.set(from + index, record);
    }
    for (const row of this.#rows.keys()) {
      if (this.#rows.size <= this.#limit) break;
      this.#rows.delete(row);
    }
  }

  /** Row `first` is now the oldest: those before it are gone, and it may have become a gap row. */
  dropThrough(first: number): void {
    for (const row of this.#rows.keys()) if (row <= first) this.#rows.delete(row);
  }

  clear(): void {
    this.#rows.clear();
  }

  /** The first and last row of `from … to - 1` that are not here, as a range; null when all are. */
  missing(from: number, to: number): { readonly from: number; readonly to: number } | null {
    let start = from;
    while (start < to && this.#rows.has(start)) start += 1;
    if (start >= to) return null;
    let stop = to;
    while (stop > start && this.#rows.has(stop - 1)) stop -= 1;
    return { from: start, to: stop };
  }
}
