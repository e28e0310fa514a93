/**
 * The newest part of a session in memory: a queue of blocks. When the cap is
 * reached the oldest block goes and its memory is used again; what it held is
 * counted, and one gap row stands for everything that is gone.
 */
import type { Batch } from '../drivers/driver.ts';
import type { RowRange } from '../shared/contract.ts';
import { failure, success, type Outcome } from '../shared/errors.ts';
import { RECORDING_BLOCK_BYTES, RECORDING_MEMORY_BYTES } from '../shared/limits.ts';
import { encodeMeta, encodeRecord, FLAG_SYNTHETIC, RECORD_HEADER_BYTES, type Meta } from '../shared/record.ts';
import { MemoryBlock } from './memory-block.ts';
import type { Recording, RecordingState, RecordingTotals, ScanInput } from './recording.ts';

/** `gap` is the first of the common kinds. */
const GAP_KIND = 0;
const noBytes = new Uint8Array(0);

/** One row that is about to be copied out; `block` null: the gap row. */
interface Located {
  readonly block: MemoryBlock | null;
  readonly offset: number;
  readonly size: number;
}

export class MemoryRecording implements Recording {
  readonly #blockBytes: number;
  readonly #capBytes: number;
  #blocks: MemoryBlock[] = [];
  #spare: MemoryBlock | null = null;
  #allocated = 0;
  #used = 0;
  #end = 0;
  #lostRecords = 0;
  #lostBytes = 0;
  #lostTime = 0;
  readonly #listeners = new Set<() => void>();
  readonly state: RecordingState;

  /**
   * @param capBytes most bytes of blocks that are kept; at least one block
   * @param error why it is not on disk, where that was wanted
   */
  constructor(
    blockBytes = RECORDING_BLOCK_BYTES,
    capBytes = RECORDING_MEMORY_BYTES,
    error: RecordingState['error'] = null,
  ) {
    if (capBytes < blockBytes) throw new RangeError('A recording keeps at least one block');
    this.#blockBytes = blockBytes;
    this.#capBytes = capBytes;
    this.state = { storage: 'memory', id: null, waiting: 0, isBehind: false, error };
  }

  append(
    kind: number,
    direction: number,
    time: number,
    peer: number,
    payload: Uint8Array | null,
    meta: Meta | null,
  ): number {
    const metaBytes = meta === null ? null : encodeMeta(meta);
    const payloadLength = payload === null ? 0 : payload.length;
    const size = RECORD_HEADER_BYTES + (metaBytes === null ? 0 : metaBytes.length) + payloadLength;
    const seq = this.#end;
    this.#end += 1;
    const block = this.#blockFor(size, seq);
    if (block === null) {
      this.#count(1, payloadLength, time);
      return seq;
    }
    block.append(kind, direction, time, peer, metaBytes, payload);
    this.#used += size;
    if (this.#listeners.size > 0) for (const listener of this.#listeners) listener();
    return seq;
  }

  appendBatch(
    { bytes, count, kinds, starts, lengths }: Batch,
    codes: Uint8Array,
    direction: number,
    time: number,
    peer: number,
  ): void {
    for (let at = 0; at < count; at += 1) {
      const start = starts[at] ?? 0;
      const payload = bytes.subarray(start, start + (lengths[at] ?? 0));
      this.append(codes[kinds[at] ?? 0] ?? 0, direction, time, peer, payload, null);
    }
  }

  get firstKept(): number {
    return this.#lostRecords;
  }

  get rows(): RowRange {
    return { first: this.#firstRow, end: this.#end };
  }

  get totals(): RecordingTotals {
    return { bytes: this.#used, lostRecords: this.#lostRecords, lostBytes: this.#lostBytes };
  }

  read(from: number, count: number, preview: number): Promise<{ from: number; rows: Uint8Array }> {
    const first = Math.min(Math.max(from, this.#firstRow), this.#end);
    const end = Math.min(first + count, this.#end);
    const located: Located[] = [];
    let seq = first;
    if (seq < end && seq < this.firstKept) {
      located.push(gapPlace);
      seq += 1;
    }
    for (let index = this.#indexOf(seq); seq < end; index += 1) {
      const block = this.#blocks[index];
      if (block === undefined) break;
      let offset = block.offsetOf(seq);
      for (const stop = Math.min(end, block.end); seq < stop; seq += 1) {
        located.push({ block, offset, size: block.previewSize(offset, preview) });
        offset += block.sizeAt(offset);
      }
    }
    return Promise.resolve({ from: first, rows: this.#copy(located) });
  }

  pick(seqs: readonly number[], preview: number): Promise<{ skipped: number; rows: Uint8Array }> {
    const located: Located[] = [];
    let skipped = 0;
    for (const seq of seqs) {
      if (seq >= this.#end) break;
      if (seq < this.#firstRow) skipped += 1;
      else if (seq < this.firstKept) located.push(gapPlace);
      else {
        const block = this.#blocks[this.#indexOf(seq)];
        if (block === undefined) break;
        const offset = block.offsetOf(seq);
        located.push({ block, offset, size: block.previewSize(offset, preview) });
      }
    }
    return Promise.resolve({ skipped, rows: this.#copy(located) });
  }

  payload(seq: number, offset: number, length: number): Promise<Outcome<{ total: number; bytes: Uint8Array }>> {
    if (seq >= this.#end) return Promise.resolve(failure('not-found', `There is no record ${seq}.`));
    const block = seq < this.firstKept ? undefined : this.#blocks[this.#indexOf(seq)];
    if (block === undefined) {
      return Promise.resolve(failure('gone', `Record ${seq} is no longer kept: the newest records took its place.`));
    }
    const place = block.offsetOf(seq);
    const total = block.view.getUint32(place + 32, true);
    const start = place + RECORD_HEADER_BYTES + block.view.getUint32(place + 28, true);
    const from = Math.min(offset, total);
    const bytes = block.bytes.slice(start + from, start + Math.min(from + length, total));
    return Promise.resolve(success({ total, bytes }));
  }

  scan(from: number): ScanInput | null {
    const first = Math.max(from, this.firstKept);
    const block = first >= this.#end ? undefined : this.#blocks[this.#indexOf(first)];
    if (block === undefined) return null;
    // A copy: the block may be filled anew before the reader is done with it.
    const bytes = new Uint8Array(block.bytes.subarray(block.offsetOf(first), block.used));
    return { type: 'bytes', first, count: block.end - first, bytes };
  }

  seqAt(time: number): Promise<number> {
    for (const block of this.#blocks) if (block.lastTime >= time) return Promise.resolve(block.seqAt(time));
    return Promise.resolve(this.#end);
  }

  onGrowth(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Memory is never behind. */
  onState(): () => void {
    return () => undefined;
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#blocks = [];
    this.#listeners.clear();
    this.#spare = null;
    this.#allocated = 0;
    this.#used = 0;
    this.#count(this.#end - this.#lostRecords, 0, this.#lostTime);
    return Promise.resolve();
  }

  get #firstRow(): number {
    return this.#lostRecords === 0 ? 0 : this.#lostRecords - 1;
  }

  /** The block that takes a record of `size` bytes, or null when it is larger than all that may be kept. */
  #blockFor(size: number, seq: number): MemoryBlock | null {
    const last = this.#blocks.at(-1);
    if (last?.fits(size) === true) return last;
    const wanted = Math.max(this.#blockBytes, size);
    while (this.#blocks.length > 0 && this.#allocated + wanted > this.#capBytes) this.#dropOldest();
    if (wanted > this.#capBytes) return null;
    const block = (wanted === this.#blockBytes ? this.#spare : null) ?? new MemoryBlock(wanted);
    this.#spare = null;
    this.#blocks.push(block.restart(seq));
    this.#allocated += wanted;
    return block;
  }

  #dropOldest(): void {
    const block = this.#blocks.shift();
    if (block === undefined) return;
    this.#allocated -= block.bytes.length;
    this.#used -= block.used;
    this.#count(block.count, block.payloadBytes, block.lastTime);
    if (block.bytes.length === this.#blockBytes) this.#spare = block;
  }

  #count(records: number, bytes: number, time: number): void {
    this.#lostRecords += records;
    this.#lostBytes += bytes;
    this.#lostTime = time;
  }

  /** Index of the block that holds `seq`; `seq` is kept. */
  #indexOf(seq: number): number {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#blocks[middle]?.first ?? 0) <= seq) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #copy(located: readonly Located[]): Uint8Array {
    const gap = located[0] === gapPlace ? this.#gapRow() : noBytes;
    const rows = new Uint8Array(located.reduce((sum, place) => sum + place.size, gap.length));
    const view = new DataView(rows.buffer);
    rows.set(gap, 0);
    let position = gap.length;
    for (const { block, offset, size } of located) {
      block?.copyPreview(offset, size, rows, view, position);
      position += size;
    }
    return rows;
  }

  #gapRow(): Uint8Array {
    return encodeRecord(
      {
        kind: GAP_KIND,
        direction: 'none',
        flags: FLAG_SYNTHETIC,
        time: this.#lostTime,
        seq: this.#lostRecords - 1,
        peer: 0,
      },
      { count: this.#lostRecords, bytes: this.#lostBytes, reason: 'memory' },
      noBytes,
    );
  }
}

const gapPlace: Located = { block: null, offset: 0, size: 0 };
