/** Packed rows, one after another, in memory that grows with them. */
import { RECORD_HEADER_BYTES } from '../../shared/record.ts';

/** Guess at a row of a list: header, little meta, a short payload. */
const USUAL_ROW_BYTES = 160;

/** Length in bytes of the record at `offset` when its payload is cut to `preview` bytes. The record must be whole as far as it says. */
export function previewSize(view: DataView, offset: number, preview: number): number {
  const included = view.getUint32(offset + 36, true);
  return view.getUint32(offset, true) - included + Math.min(included, preview);
}

export class RowWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  /** @param rows how many are expected */
  constructor(rows: number) {
    this.#bytes = new Uint8Array(Math.max(rows, 1) * USUAL_ROW_BYTES);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Adds a row as it is. */
  add(row: Uint8Array): void {
    this.#makeRoom(row.length);
    this.#bytes.set(row, this.#length);
    this.#length += row.length;
  }

  /** Adds the record at `offset` of `bytes` with its payload cut to `preview` bytes. */
  addRecord(bytes: Uint8Array, view: DataView, offset: number, preview: number): void {
    const size = previewSize(view, offset, preview);
    const cut = view.getUint32(offset, true) - size;
    this.#makeRoom(size);
    const at = this.#length;
    this.#bytes.set(bytes.subarray(offset, offset + size), at);
    if (cut > 0) {
      this.#view.setUint32(at, size, true);
      this.#view.setUint32(at + RECORD_INCLUDED, view.getUint32(offset + RECORD_INCLUDED, true) - cut, true);
    }
    this.#length += size;
  }

  /** The rows, in memory of their own size: a message takes all of a view's buffer along. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #makeRoom(size: number): void {
    const needed = this.#length + size;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/** Where a record says how many bytes of its payload follow: the last field of its header. */
const RECORD_INCLUDED = RECORD_HEADER_BYTES - 4;
