/** Walks over the packed records of a chunk, one after another, and shows each to a filter without decoding it. */
import { describe } from '../shared/describe.ts';
import { directionName, parseMeta, RECORD_HEADER_BYTES, type Direction } from '../shared/record.ts';
import type { FilterRecord } from './record-filter.ts';
import type { RecordChunk } from './recording.ts';

export class RecordCursor implements FilterRecord {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #kinds: readonly string[];
  #offset = 0;
  #seq: number;

  constructor(chunk: RecordChunk, kinds: readonly string[]) {
    const { buffer, byteOffset, byteLength } = chunk.bytes;
    this.#bytes = Buffer.from(buffer, byteOffset, byteLength);
    this.#view = new DataView(buffer, byteOffset, byteLength);
    this.#kinds = kinds;
    this.#seq = chunk.first;
  }

  /** False when all records have been walked over. */
  get isAtRecord(): boolean {
    return this.#offset < this.#bytes.length;
  }

  get seq(): number {
    return this.#seq;
  }

  next(): void {
    this.#offset += this.#view.getUint32(this.#offset, true);
    this.#seq += 1;
  }

  get kind(): string {
    return this.#kinds[this.#view.getUint8(this.#offset + 4)] ?? '';
  }

  get direction(): Direction {
    return directionName(this.#view.getUint8(this.#offset + 5));
  }

  get peer(): number {
    return this.#view.getUint32(this.#offset + 24, true);
  }

  get length(): number {
    return this.#view.getUint32(this.#offset + 32, true);
  }

  payload(): Buffer {
    const start = this.#offset + RECORD_HEADER_BYTES + this.#metaLength;
    return this.#bytes.subarray(start, start + this.length);
  }

  text(): string {
    const start = this.#offset + RECORD_HEADER_BYTES;
    const length = this.#metaLength;
    // What carries bytes shows them; its kind is looked for with `kind:`.
    const hasPayload = this.length > 0;
    if (length === 0 && hasPayload) return '';
    const text = describe(this.kind, this.direction, parseMeta(this.#bytes.subarray(start, start + length)));
    return hasPayload ? text : `${this.kind} ${text}`;
  }

  get #metaLength(): number {
    return this.#view.getUint32(this.#offset + 28, true);
  }
}
