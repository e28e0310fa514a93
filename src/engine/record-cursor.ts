/** Walks over packed records, one after another, and shows each to a filter without decoding it. */
import { describe } from '../shared/describe.ts';
import { directionName, parseMeta, RECORD_HEADER_BYTES, type Direction } from '../shared/record.ts';
import type { FilterRecord } from './record-filter.ts';
import type { ScanInput } from './recording.ts';

/** Packed records one after another. */
type RecordChunk = Extract<ScanInput, { readonly type: 'bytes' }>;

/** Texts of events that are kept. Most events of a session say one of a few things. */
const TEXTS_KEPT = 256;
/** Longest meta, in bytes, whose text is kept. */
const META_KEPT_BYTES = 256;

export class RecordCursor implements FilterRecord {
  readonly #kinds: readonly string[];
  readonly #texts = new Map<string, string>();
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(this.#bytes.buffer, 0, 0);
  #offset = 0;
  #end = 0;
  #seq = 0;

  constructor(chunk: RecordChunk | null, kinds: readonly string[]) {
    this.#kinds = kinds;
    if (chunk === null) return;
    const { buffer, byteOffset, byteLength } = chunk.bytes;
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    this.read(bytes, new DataView(buffer, byteOffset, byteLength), 0, byteLength, chunk.first);
  }

  /**
   * Goes to other records: those from `offset` to `end`.
   * @param view of the same bytes
   * @param first `seq` of the one at `offset`
   */
  read(bytes: Buffer, view: DataView, offset: number, end: number, first: number): void {
    this.#bytes = bytes;
    this.#view = view;
    this.#offset = offset;
    this.#end = end;
    this.#seq = first;
  }

  /**
   * False when all records have been walked over, or what comes is no record: bytes that
   * passed their check sum are what somebody wrote, which need not have been us.
   */
  get isAtRecord(): boolean {
    const offset = this.#offset;
    if (offset + RECORD_HEADER_BYTES > this.#end) return false;
    const size = this.#view.getUint32(offset, true);
    return size >= RECORD_HEADER_BYTES && offset + size <= this.#end;
  }

  get seq(): number {
    return this.#seq;
  }

  /** Of the bytes. */
  get view(): DataView {
    return this.#view;
  }

  /** Where the record begins in the bytes. */
  get offset(): number {
    return this.#offset;
  }

  /** Where the next one begins. */
  get recordEnd(): number {
    return this.#offset + this.#view.getUint32(this.#offset, true);
  }

  get payloadStart(): number {
    return this.#offset + RECORD_HEADER_BYTES + this.#metaLength;
  }

  /** Whether its row has a text of its own: it has meta, or no payload. */
  get isEvent(): boolean {
    return this.#metaLength > 0 || this.length === 0;
  }

  next(): void {
    this.#offset += this.#view.getUint32(this.#offset, true);
    this.#seq += 1;
  }

  /** Goes on to the record in which `position` is; behind the last record, to the end. */
  seek(position: number): void {
    const [view, end] = [this.#view, this.#end];
    let [offset, seq] = [this.#offset, this.#seq];
    while (offset + RECORD_HEADER_BYTES <= end) {
      const size = view.getUint32(offset, true);
      if (size < RECORD_HEADER_BYTES || offset + size > position) break;
      offset += size;
      seq += 1;
    }
    this.#offset = offset;
    this.#seq = seq;
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

  get hasMeta(): boolean {
    return this.#metaLength > 0;
  }

  payload(): Buffer {
    const start = this.payloadStart;
    return this.#bytes.subarray(start, Math.min(start + this.length, this.recordEnd));
  }

  text(): string {
    const length = this.#metaLength;
    // What carries bytes shows them; its kind is looked for with `kind:`.
    const hasPayload = this.length > 0;
    if (length === 0 && hasPayload) return '';
    const start = this.#offset + RECORD_HEADER_BYTES;
    const end = Math.min(start + length, this.recordEnd);
    if (length > META_KEPT_BYTES) return this.#describe(start, end, hasPayload);
    const head = this.#view.getUint16(this.#offset + 4, true);
    const key = `${head} ${hasPayload ? 1 : 0} ${this.#bytes.toString('latin1', start, end)}`;
    const kept = this.#texts.get(key);
    if (kept !== undefined) return kept;
    if (this.#texts.size === TEXTS_KEPT) this.#texts.clear();
    const text = this.#describe(start, end, hasPayload);
    this.#texts.set(key, text);
    return text;
  }

  #describe(start: number, end: number, hasPayload: boolean): string {
    const text = describe(this.kind, this.direction, parseMeta(this.#bytes.subarray(start, end)));
    return hasPayload ? text : `${this.kind} ${text}`;
  }

  get #metaLength(): number {
    return this.#view.getUint32(this.#offset + 28, true);
  }
}
