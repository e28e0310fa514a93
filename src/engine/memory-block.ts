/** One block of a recording in memory: packed records one after another, and a sparse index of where they start. */
import type { Batch } from '../drivers/driver.ts';
import { copyFast, isFast } from '../shared/fast-memory.ts';
import { RECORD_INDEX_STRIDE } from '../shared/limits.ts';
import { RECORD_HEADER_BYTES, writeRecordHeader } from '../shared/record.ts';

/** Up to this many bytes are copied word by word: `set` and the view that it needs cost as much as that. */
const SHORT_COPY_BYTES = 160;

export class MemoryBlock {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** `seq` of the first record. */
  first = 0;
  count = 0;
  used = 0;
  payloadBytes = 0;
  lastTime = 0;
  /** Bytes that records may fill, with what is in front of them. */
  readonly #size: number;
  readonly #headroom: number;
  readonly #isFast: boolean;
  readonly #starts: Uint32Array;

  /**
   * @param size bytes in all
   * @param headroom bytes at the front that are left to somebody else
   * @param bytes its memory, at least `size`
   */
  constructor(size: number, headroom = 0, bytes = new Uint8Array(size)) {
    this.#size = size;
    this.#headroom = headroom;
    this.used = headroom;
    this.bytes = bytes;
    this.#isFast = isFast(bytes);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
    return this.used + size <= this.#size;
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

  /**
   * Adds messages of a batch, from number `from` of it on, as far as they fit.
   * @param codes kinds of the records, by the kinds of the batch
   * @param source over the bytes of the batch
   * @returns number of the first that did not fit
   */
  appendBatch(
    batch: Batch,
    from: number,
    codes: Uint8Array,
    direction: number,
    time: number,
    peer: number,
    source: DataView,
  ): number {
    const { kinds, starts, lengths, count } = batch;
    const { view } = this;
    const canCopyFast = this.#isFast && isFast(source);
    const room = this.#size - RECORD_HEADER_BYTES;
    let at = from;
    let offset = this.used;
    let payloadBytes = 0;
    for (; at < count; at += 1) {
      const length = lengths[at] ?? 0;
      if (offset + length > room) break;
      const index = this.count + at - from;
      if (index % RECORD_INDEX_STRIDE === 0) this.#starts[index / RECORD_INDEX_STRIDE] = offset;
      const code = codes[kinds[at] ?? 0] ?? 0;
      writeRecordHeader(view, offset, code, direction, 0, time, this.first + index, peer, 0, length, length);
      offset += RECORD_HEADER_BYTES;
      const start = starts[at] ?? 0;
      if (canCopyFast && length > SHORT_COPY_BYTES) {
        copyFast(this.bytes.byteOffset + offset, source.byteOffset + start, length);
      } else {
        this.#copy(source, batch.bytes, start, length, offset);
      }
      offset += length;
      payloadBytes += length;
    }
    if (at === from) return at;
    this.used = offset;
    this.payloadBytes += payloadBytes;
    this.lastTime = time;
    this.count += at - from;
    return at;
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

  #copy(source: DataView, bytes: Uint8Array, from: number, length: number, to: number): void {
    if (length > SHORT_COPY_BYTES) {
      this.bytes.set(bytes.subarray(from, from + length), to);
      return;
    }
    const { view } = this;
    let at = 0;
    for (; at + 16 <= length; at += 16) {
      view.setInt32(to + at, source.getInt32(from + at, true), true);
      view.setInt32(to + at + 4, source.getInt32(from + at + 4, true), true);
      view.setInt32(to + at + 8, source.getInt32(from + at + 8, true), true);
      view.setInt32(to + at + 12, source.getInt32(from + at + 12, true), true);
    }
    for (; at + 4 <= length; at += 4) view.setInt32(to + at, source.getInt32(from + at, true), true);
    for (; at < length; at += 1) view.setUint8(to + at, source.getUint8(from + at));
  }
}
