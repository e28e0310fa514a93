/**
 * One block of a recording on disk while it is in memory: being filled, or
 * waiting to be written. The header's place is left free in front of the
 * records, so that the block goes to the file as it stands, without a copy.
 */
import type { Batch } from '../../drivers/driver.ts';
import { DISK_ALIGN_BYTES, DISK_ALIGN_FROM_BYTES } from '../../shared/disk-limits.ts';
import { DISK_BLOCK_BYTES, DISK_SPARE_BLOCKS } from '../../shared/limits.ts';
import { reserveFast } from '../../shared/fast-memory.ts';
import { MemoryBlock } from '../memory-block.ts';
import { BLOCK_HEADER_BYTES, BLOCK_RECORDS, kindBit, sealBlock } from './format.ts';

export class BlockBuffer extends MemoryBlock {
  firstTime = 0;
  /** Bits of the kinds that occur (`kindBit`). */
  kinds = 0;
  /** Bits of the directions that occur: 1 << code. */
  directions = 0;

  /** Most bytes that it may be padded with. */
  readonly #room: number;

  /**
   * @param size bytes with the header
   * @param bytes its memory; what is beyond `size` is for padding
   */
  constructor(size: number, bytes = new Uint8Array(size)) {
    super(size, BLOCK_HEADER_BYTES, bytes);
    this.#room = bytes.length - size;
  }

  /** Makes the block empty, to be filled from record `first` at `time` on. */
  begin(first: number, time: number): this {
    this.restart(first);
    this.firstTime = time;
    this.lastTime = time;
    this.kinds = 0;
    this.directions = 0;
    return this;
  }

  override append(
    kind: number,
    direction: number,
    time: number,
    peer: number,
    meta: Uint8Array | null,
    payload: Uint8Array | null,
  ): void {
    this.kinds |= kindBit(kind);
    this.directions |= 1 << direction;
    super.append(kind, direction, time, peer, meta, payload);
  }

  override appendBatch(
    batch: Batch,
    from: number,
    codes: Uint8Array,
    direction: number,
    time: number,
    peer: number,
    source: DataView,
  ): number {
    const end = super.appendBatch(batch, from, codes, direction, time, peer, source);
    for (let at = from; at < end; at += 1) this.kinds |= kindBit(codes[batch.kinds[at] ?? 0] ?? 0);
    if (end > from) this.directions |= 1 << direction;
    return end;
  }

  /**
   * Writes the header and the check sum. Nothing is appended afterwards.
   * @param seed `blockSeed` of the recording's id
   * @param position where in the file it will stand, as far as that is known; null: nobody knows
   */
  seal(seed: number, position: number | null): void {
    const padding = position === null ? 0 : this.#pad(position);
    const length = this.used - BLOCK_HEADER_BYTES;
    const head = {
      type: BLOCK_RECORDS,
      length,
      count: this.count,
      first: this.first,
      firstTime: this.firstTime,
      lastTime: this.lastTime,
      payloadBytes: this.payloadBytes,
      kinds: this.kinds,
      directions: this.directions,
      padding,
    };
    sealBlock(this.bytes, this.view, 0, head, seed);
  }

  /** Has it end where a page of the file ends. @returns bytes of padding */
  #pad(position: number): number {
    if (this.#room === 0 || this.used < DISK_ALIGN_FROM_BYTES) return 0;
    const end = Math.ceil((position + this.used) / DISK_ALIGN_BYTES) * DISK_ALIGN_BYTES - position;
    const padding = end - this.used;
    this.bytes.fill(0, this.used, end);
    this.used = end;
    return padding;
  }
}

/**
 * Blocks that are free to be filled again. Shared by all sessions: an idle
 * session holds no block, and a busy one finds a warm one.
 */
export class BlockPool {
  readonly #blockBytes: number;
  readonly #isFast: boolean;
  readonly #spare: BlockBuffer[] = [];
  /** Of all its blocks that may be used again. */
  readonly #own = new WeakSet<BlockBuffer>();
  #memory: Uint8Array<ArrayBuffer> | null = null;
  #made = 0;

  /** @param isFast its blocks are in the fast memory, of which there is enough for one pool */
  constructor(blockBytes: number, isFast = false) {
    this.#blockBytes = blockBytes;
    this.#isFast = isFast;
  }

  /** An empty block with room for `bytes` of records, larger than usual when they need it. */
  take(bytes: number): BlockBuffer {
    const wanted = BLOCK_HEADER_BYTES + bytes;
    if (wanted > this.#blockBytes) return new BlockBuffer(wanted);
    return this.#spare.pop() ?? this.#next();
  }

  /** The caller does not look at the block again. */
  give(block: BlockBuffer): void {
    if (this.#own.has(block)) this.#spare.push(block);
  }

  /** A new one. In a burst there are more than are kept. */
  #next(): BlockBuffer {
    if (this.#made === DISK_SPARE_BLOCKS) return new BlockBuffer(this.#blockBytes);
    const block = this.#isFast ? this.#nextFast() : new BlockBuffer(this.#blockBytes);
    this.#made += 1;
    this.#own.add(block);
    return block;
  }

  /** With a page more, so that it can be padded. */
  #nextFast(): BlockBuffer {
    const size = this.#blockBytes + DISK_ALIGN_BYTES;
    this.#memory ??= reserveFast(DISK_SPARE_BLOCKS * size);
    const from = this.#made * size;
    return new BlockBuffer(this.#blockBytes, this.#memory.subarray(from, from + size));
  }
}

export const sharedBlocks = new BlockPool(DISK_BLOCK_BYTES, true);
