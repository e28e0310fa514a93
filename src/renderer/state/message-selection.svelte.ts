/**
 * The selected rows of a message list: one that the keys are on, by row number
 * where that is known, with the record itself, which stays; and, when several
 * are selected, the span from the first to the last of them.
 */
import type { RecordView } from '../../shared/record.ts';

/** Row numbers of the view, both included. */
export interface RowSpan {
  readonly from: number;
  readonly to: number;
}

export class MessageSelection {
  #row = $state<number | null>(null);
  #record = $state.raw<RecordView | null>(null);
  /** The end of the span that stays; null: none was begun. */
  #anchor: number | null = null;
  /** Null: only the one row. */
  #span = $state.raw<RowSpan | null>(null);
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

  /** All selected rows; null when none is, or when its number is not known. */
  get span(): RowSpan | null {
    return this.#span ?? (this.#row === null ? null : { from: this.#row, to: this.#row });
  }

  set(row: number, record: RecordView | null): void {
    this.#row = row;
    this.#record = record;
    this.#anchor = row;
    this.#span = null;
  }

  /** Selects everything between the row where selecting began and this one. */
  extend(row: number, record: RecordView | null): void {
    const anchor = this.#anchor ?? this.#row ?? row;
    this.set(row, record);
    this.#anchor = anchor;
    this.#span = anchor === row ? null : { from: Math.min(anchor, row), to: Math.max(anchor, row) };
  }

  /** Selects these rows; the one that the keys are on stays. */
  spread(span: RowSpan): void {
    this.#anchor = null;
    this.#span = span;
  }

  /** The record of the selected row has come. */
  fill(recordOf: (row: number) => RecordView | null): void {
    if (this.#row !== null && this.#record === null) this.#record = recordOf(this.#row);
  }

  /** The view is another one, in which the record has this row number, or an unknown one. */
  moved(row: number | null): void {
    this.#row = row;
    this.#anchor = null;
    this.#span = null;
    this.holds = false;
  }

  clear(): void {
    this.moved(null);
    this.#record = null;
  }

  /** @param record what is in the row, if it has come */
  has(row: number, record: RecordView | null): boolean {
    const { span } = this;
    if (span !== null) return row >= span.from && row <= span.to;
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
