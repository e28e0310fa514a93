/**
 * One block of a recording on disk while it is in memory: being filled, or
 * waiting to be written. The header's place is left free in front of the
 * records, so that the block goes to the file as it stands, without a copy.
 */
import type { Batch } from '../../drivers/driver.ts';
import { DISK_BLOCK_BYTES, DISK_SPARE_BLOCKS } from '../../shared/limits.ts';
import { MemoryBlock } from '../memory-block.ts';
import { BLOCK_HEADER_BYTES, BLOCK_RECORDS, kindBit, sealBlock } from './format.ts';

export class BlockBuffer extends MemoryBlock {
  firstTime = 0;
  /** Bits of the kinds that occur (`kindBit`). */
  kinds = 0;
  /** Bits of the directions that occur: 1 << code. */
  directions = 0;

  /** @param size bytes with the header */
  constructor(size: number) {
    super(size, BLOCK_HEADER_BYTES);
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
   */
  seal(seed: number): void {
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
    };
    sealBlock(this.bytes, this.view, 0, head, seed);
  }
}

/**
 * Blocks that are free to be filled again. Shared by all sessions: an idle
 * session holds no block, and a busy one finds a warm one.
 */
export class BlockPool {
  readonly #blockBytes: number;
  readonly #spare: BlockBuffer[] = [];

  constructor(blockBytes: number) {
    this.#blockBytes = blockBytes;
  }

  /** An empty block with room for `bytes` of records, larger than usual when they need it. */
  take(bytes: number): BlockBuffer {
    const wanted = BLOCK_HEADER_BYTES + bytes;
    if (wanted > this.#blockBytes) return new BlockBuffer(wanted);
    return this.#spare.pop() ?? new BlockBuffer(this.#blockBytes);
  }

  /** The caller does not look at the block again. */
  give(block: BlockBuffer): void {
    if (block.bytes.length === this.#blockBytes && this.#spare.length < DISK_SPARE_BLOCKS) this.#spare.push(block);
  }
}

export const sharedBlocks = new BlockPool(DISK_BLOCK_BYTES);
