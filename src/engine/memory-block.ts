/** One block of a recording in memory: packed records one after another, and a sparse index of where they start. */
import { RECORD_INDEX_STRIDE } from '../shared/limits.ts';
import { RECORD_HEADER_BYTES, writeRecordHeader } from '../shared/record.ts';

export class MemoryBlock {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** `seq` of the first record. */
  first = 0;
  count = 0;
  used = 0;
  payloadBytes = 0;
  lastTime = 0;
  readonly #headroom: number;
  readonly #starts: Uint32Array;

  /**
   * @param size bytes in all
   * @param headroom bytes at the front that are left to somebody else
   */
  constructor(size: number, headroom = 0) {
    this.#headroom = headroom;
    this.used = headroom;
    this.bytes = new Uint8Array(size);
    this.view = new DataView(this.bytes.buffer);
    this.#starts = new Uint32Array(Math.floor(size / RECORD_HEADER_BYTES / RECORD_INDEX_STRIDE) + 1);
  }

  get end(): number {
    return this.first + this.count;
  }

  /** Makes the block empty, to be filled from record `first` on. */
  restart(first: number): this {
    this.first = first;
    this.count = 0;
    this.used = this.#headroom;
    this.payloadBytes = 0;
    this.lastTime = 0;
    return this;
  }

  fits(size: number): boolean {
    return this.used + size <= this.bytes.length;
  }

  append(
    kind: number,
    direction: number,
    time: number,
    peer: number,
    meta: Uint8Array | null,
    payload: Uint8Array | null,
  ): void {
    const offset = this.used;
    const metaLength = meta === null ? 0 : meta.length;
    const payloadLength = payload === null ? 0 : payload.length;
    if (this.count % RECORD_INDEX_STRIDE === 0) this.#starts[this.count / RECORD_INDEX_STRIDE] = offset;
    writeRecordHeader(
      this.view,
      offset,
      kind,
      direction,
      0,
      time,
      this.end,
      peer,
      metaLength,
      payloadLength,
      payloadLength,
    );
    if (meta !== null) this.bytes.set(meta, offset + RECORD_HEADER_BYTES);
    if (payload !== null) this.bytes.set(payload, offset + RECORD_HEADER_BYTES + metaLength);
    this.used = offset + RECORD_HEADER_BYTES + metaLength + payloadLength;
    this.payloadBytes += payloadLength;
    this.lastTime = time;
    this.count += 1;
  }

  sizeAt(offset: number): number {
    return this.view.getUint32(offset, true);
  }

  /** Where record `seq` starts; it must be one of this block. */
  offsetOf(seq: number): number {
    const index = seq - this.first;
    let offset = this.#starts[Math.floor(index / RECORD_INDEX_STRIDE)] ?? 0;
    for (let steps = index % RECORD_INDEX_STRIDE; steps > 0; steps -= 1) offset += this.sizeAt(offset);
    return offset;
  }

  /** `seq` of the first record at or after `time`; `end` when there is none. */
  seqAt(time: number): number {
    let offset = this.#headroom;
    let seq = this.first;
    while (seq < this.end && this.view.getFloat64(offset + 8, true) < time) {
      offset += this.sizeAt(offset);
      seq += 1;
    }
    return seq;
  }

  /** Length in bytes of the record at `offset` when its payload is cut to `preview` bytes. */
  previewSize(offset: number, preview: number): number {
    const included = this.view.getUint32(offset + 36, true);
    return this.sizeAt(offset) - included + Math.min(included, preview);
  }

  /** Copies the record at `offset`, cut to `size` bytes in all, to `target`. */
  copyPreview(offset: number, size: number, target: Uint8Array, view: DataView, position: number): void {
    const cut = this.sizeAt(offset) - size;
    target.set(this.bytes.subarray(offset, offset + size), position);
    if (cut === 0) return;
    view.setUint32(position, size, true);
    view.setUint32(position + 36, this.view.getUint32(offset + 36, true) - cut, true);
  }
}
