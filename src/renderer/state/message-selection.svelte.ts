/** The selected row of a message list: by row number where that is known, and the record itself, which stays. */
import type { RecordView } from '../../shared/record.ts';

export class MessageSelection {
  #row = $state<number | null>(null);
  #record = $state.raw<RecordView | null>(null);
  /** True while the row must not leave the view by itself. */
  holds = false;

  /** Null when nothing is selected, or when its row in this view is not known. */
  get row(): number | null {
    return this.#row;
  }

  /** Also when it is no longer listed or kept; null while it is on its way. */
  get record(): RecordView | null {
    return this.#record;
  }

  set(row: number, record: RecordView | null): void {
    this.#row = row;
    this.#record = record;
  }

  /** The record of the selected row has come. */
  fill(recordOf: (row: number) => RecordView | null): void {
    if (this.#row !== null && this.#record === null) this.#record = recordOf(this.#row);
  }

  /** The view is another one, in which the record has this row number, or an unknown one. */
  moved(row: number | null): void {
    this.#row = row;
    this.holds = false;
  }

  clear(): void {
    this.#row = null;
    this.#record = null;
    this.holds = false;
  }

  /** @param record what is in the row, if it has come */
  has(row: number, record: RecordView | null): boolean {
    if (this.#row !== null) return row === this.#row;
    return record !== null && record.seq === this.#record?.seq && record.kind === this.#record.kind;
  }
}

/** A list as the keys see it: rows from `first` to `end - 1`, `start` where a first key begins. */
export interface KeyedRows {
  readonly first: number;
  readonly end: number;
  readonly selected: number | null;
  readonly start: number;
  readonly pageRows: number;
}

/** @returns the row that a key selects, not yet kept within the list; null when the key selects none */
export function rowTarget(key: string, rows: KeyedRows): number | null {
  const { first, end, selected, start, pageRows } = rows;
  switch (key) {
    case 'ArrowUp':
      return selected === null ? start : selected - 1;
    case 'ArrowDown':
      return selected === null ? start : selected + 1;
    case 'PageUp':
      return (selected ?? start) - pageRows;
    case 'PageDown':
      return (selected ?? start) + pageRows;
    case 'Home':
      return first;
    case 'End':
      return end - 1;
    default:
      return null;
  }
}
