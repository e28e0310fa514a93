/**
 * The recording of a live session on disk. A record is copied into a block;
 * full blocks, and after DISK_FLUSH_MS the one that is being filled, go to the
 * disk in the background. Rows are read from memory until the system has them
 * and from the files after that, so that a reader never waits for the writer.
 */
import type { Batch } from '../../drivers/driver.ts';
import type { RowRange } from '../../shared/contract.ts';
import type { Outcome, WireError } from '../../shared/errors.ts';
import { DISK_BLOCK_BYTES, DISK_BLOCK_MAX_BYTES, DISK_WRITE_BLOCKS } from '../../shared/limits.ts';
import { encodeMeta, RECORD_HEADER_BYTES, type Meta } from '../../shared/record.ts';
import { Listeners } from '../listeners.ts';
import type { Recording, RecordingState, RecordingTotals, ScanInput } from '../recording.ts';
import { Behind } from './behind.ts';
import { BlockPool, sharedBlocks, type BlockBuffer } from './block-buffer.ts';
import { BlockIndex } from './block-index.ts';
import { unansweredError } from './disk-errors.ts';
import { usualSizes, type DiskRecordingOptions, type DiskSizes } from './disk-options.ts';
import { DiskReader } from './disk-reader.ts';
import { DiskStore } from './disk-store.ts';
import { DiskWriter, type WriterHost } from './disk-writer.ts';
import { BLOCK_HEADER_BYTES, blockSeed, type SegmentInfo } from './format.ts';
import { LiveRows } from './live-rows.ts';
import { Loss, type LossReason } from './loss.ts';
import { MemoryTail } from './memory-tail.ts';
import type { Before } from './segment-files.ts';

/** `gap` is the first of the common kinds. */
const GAP_KIND = 0;

export type { DiskRecordingOptions, DiskSizes };

export class DiskRecording implements Recording {
  readonly #options: DiskRecordingOptions;
  readonly #sizes: DiskSizes;
  readonly #pool: BlockPool;
  readonly #seed: number;
  readonly #index: BlockIndex;
  readonly #store: DiskStore;
  readonly #writer: DiskWriter;
  readonly #rows: LiveRows;
  readonly #loss = new Loss();
  readonly #growth = new Listeners();
  readonly #behind: Behind;
  /** The block that is being filled. */
  #current: BlockBuffer | null = null;
  #end = 0;
  #lastTime = 0;
  /** Records are dropped until half of what may wait has been written. */
  #isDropping = false;
  #flushTimer: ReturnType<typeof setTimeout> | null = null;
  #flushIsDue = false;
  #closing: Promise<void> | null = null;

  constructor(options: DiskRecordingOptions) {
    const { folder, files, id, quota } = options;
    const sizes = { ...usualSizes, ...options.sizes };
    const { blockBytes, segmentBytes, unsyncedSegments, linksMs, retryMs, behindBytes } = sizes;
    const seed = blockSeed(id);
    const index = new BlockIndex(4 * blockBytes);
    const reader = new DiskReader({ folder, files, index, recording: id });
    const describe = (segment: number, before: Before): SegmentInfo => this.#describe(segment, before);
    const onSegment = (): void => options.onSegment?.();
    const rowsGone = (): void => this.#growth.tell();
    const failed = (error: WireError): void => this.#writer.failed(error);
    const spoiled = (error: WireError): void => this.#writer.spoiled(error);
    const store = new DiskStore({
      ...{ folder, files, index, reader, seed, segmentBytes, unsyncedSegments, blockBytes, linksMs, quota },
      ...{ describe, onSegment, rowsGone, failed, spoiled },
    });
    this.#options = options;
    this.#sizes = sizes;
    this.#behind = new Behind(behindBytes);
    this.#pool = blockBytes === DISK_BLOCK_BYTES ? sharedBlocks : new BlockPool(blockBytes);
    this.#seed = seed;
    this.#index = index;
    this.#store = store;
    this.#writer = new DiskWriter(this.#hostOf(store), DISK_WRITE_BLOCKS * blockBytes, behindBytes / 2, retryMs);
    const tail = new MemoryTail(() => this.#blocksInMemory());
    this.#rows = new LiveRows({ index, reader, tail, before: () => store.before, end: () => this.#end });
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
    // A clock that jumps backwards must not make readers, which search by time, lose their way.
    if (time > this.#lastTime) this.#lastTime = time;
    let block = this.#current;
    if (block?.fits(size) !== true) {
      block = this.#blockFor(size, payloadLength);
      if (block === null) return -1;
    }
    block.append(kind, direction, this.#lastTime, peer, metaBytes, payload);
    const seq = this.#end;
    this.#end = seq + 1;
    this.#growth.tell();
    return seq;
  }

  appendBatch(batch: Batch, codes: Uint8Array, direction: number, time: number, peer: number): void {
    const { bytes, count, lengths } = batch;
    const source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (time > this.#lastTime) this.#lastTime = time;
    for (let at = 0; at < count;) {
      const length = lengths[at] ?? 0;
      const size = RECORD_HEADER_BYTES + length;
      let block = this.#current;
      if (block?.fits(size) !== true) block = this.#blockFor(size, length);
      const next = block?.appendBatch(batch, at, codes, direction, this.#lastTime, peer, source) ?? at + 1;
      if (block !== null) this.#end += next - at;
      at = next;
    }
    this.#growth.tell();
  }

  get rows(): RowRange {
    return this.#rows.range;
  }

  get firstKept(): number {
    return this.#rows.firstKept;
  }

  get totals(): RecordingTotals {
    return {
      bytes: this.#index.bytes + this.#waiting,
      lostRecords: this.#loss.totalRecords + this.#store.goneRecords,
      lostBytes: this.#loss.totalBytes + this.#store.goneBytes,
    };
  }

  get state(): RecordingState {
    return {
      storage: 'disk',
      id: this.#store.hasBegun ? this.#options.id : null,
      waiting: this.#waiting,
      isBehind: this.#behind.isBehind,
      error: this.#writer.error,
    };
  }

  /** Bytes that its files take. */
  get diskBytes(): number {
    return this.#store.bytes;
  }

  /** `seq` after the last record that the system has: a killed process loses nothing before it. */
  get writtenEnd(): number {
    return this.#index.end;
  }

  read(from: number, count: number, preview: number): Promise<{ from: number; rows: Uint8Array }> {
    return this.#rows.read(from, count, preview);
  }

  pick(seqs: readonly number[], preview: number): Promise<{ skipped: number; rows: Uint8Array }> {
    return this.#rows.pick(seqs, preview);
  }

  payload(seq: number, offset: number, length: number): Promise<Outcome<{ total: number; bytes: Uint8Array }>> {
    return this.#rows.payload(seq, offset, length);
  }

  seqAt(time: number): Promise<number> {
    return this.#rows.seqAt(time);
  }

  scan(from: number): ScanInput | null {
    return this.#rows.scan(from);
  }

  onGrowth(listener: () => void): () => void {
    return this.#growth.add(listener);
  }

  onState(listener: () => void): () => void {
    return this.#behind.listeners.add(listener);
  }

  flush(): Promise<void> {
    if (this.#end === this.#index.end) return Promise.resolve();
    this.#flushIsDue = true;
    return this.#writer.reach(this.#end);
  }

  /** Deletes the oldest segment. @returns bytes that became free; 0 when only the one that is written is left */
  dropOldestSegment(): Promise<number> {
    return this.#store.dropOldest();
  }

  /**
   * Hands everything to the disk and makes it durable; waits no longer than DISK_CLOSE_MS for it.
   * When that was not done, `state.error` says why.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  get #waiting(): number {
    const current = this.#current;
    return this.#writer.waiting + (current === null ? 0 : current.used - BLOCK_HEADER_BYTES);
  }

  /** A block with room for the record, or null: it is dropped and counted. */
  #blockFor(size: number, payloadLength: number): BlockBuffer | null {
    this.#seal();
    const reason = this.#reasonToDrop(size);
    if (reason !== null) {
      this.#loss.add(payloadLength, this.#lastTime, reason);
      // Nothing else is in the way of the row that says so.
      if (reason === 'too-large') this.#writeGap();
      return null;
    }
    return this.#begin(size);
  }

  #reasonToDrop(size: number): LossReason | null {
    const { behindBytes, slackBytes } = this.#sizes;
    if (this.#closing !== null) return this.#writer.isFailing ? 'disk-error' : 'disk-behind';
    if (!this.#isDropping) {
      if (size + BLOCK_HEADER_BYTES > DISK_BLOCK_MAX_BYTES) return 'too-large';
      const most = this.#options.whenBehind() === 'drop' ? behindBytes : behindBytes + slackBytes;
      if (this.#writer.waiting < most) return null;
      this.#isDropping = true;
    }
    return this.#writer.isFailing ? 'disk-error' : 'disk-behind';
  }

  #begin(size: number): BlockBuffer {
    const block = this.#pool.take(size).begin(this.#end, this.#lastTime);
    this.#current = block;
    this.#flushLater();
    return block;
  }

  /** Whatever is in memory now goes to the system within `flushMs`. */
  #flushLater(): void {
    if (this.#flushTimer !== null || this.#closing !== null) return;
    this.#flushTimer = setTimeout(() => {
      this.#flushTimer = null;
      this.#flushIsDue = true;
      this.#writer.start();
    }, this.#sizes.flushMs);
    this.#flushTimer.unref();
  }

  /** The block that is being filled goes to the writer. */
  #seal(): void {
    const block = this.#current;
    if (block === null) return;
    this.#current = null;
    this.#flushIsDue = false;
    const { position } = this.#store;
    block.seal(this.#seed, position === null ? null : position + this.#writer.waiting);
    this.#writer.push(block);
    this.#measure();
  }

  /** A row that says what was dropped. It finds room in every case: it is small, and there is one for all. */
  #writeGap(): void {
    if (!this.#loss.isPending) return;
    const { time } = this.#loss;
    const meta = this.#loss.take();
    const size = RECORD_HEADER_BYTES + meta.length;
    if (this.#current?.fits(size) !== true) this.#seal();
    const block = this.#current ?? this.#begin(size);
    block.append(GAP_KIND, 0, time, 0, meta, null);
    this.#end += 1;
    this.#growth.tell();
  }

  /** The writer has written, or could not. */
  #writerChanged(): void {
    if (this.#isDropping && this.#behind.isEasy(this.#writer.waiting)) {
      this.#isDropping = false;
      this.#writeGap();
    }
    this.#measure();
  }

  #measure(): void {
    const { waiting, error, isFailing } = this.#writer;
    this.#behind.measure(waiting, error, isFailing);
  }

  #blocksInMemory(): readonly BlockBuffer[] {
    const { queue } = this.#writer;
    return this.#current === null || this.#current.count === 0 ? queue : [...queue, this.#current];
  }

  #hostOf(store: DiskStore): WriterHost {
    return {
      prepare: (bytes) => store.prepare(bytes),
      write: (buffers, skip, toDevice) => store.write(buffers, skip, toDevice),
      written: (block) => {
        store.written(block);
        this.#pool.give(block);
      },
      idle: () => {
        if (this.#flushIsDue) this.#seal();
      },
      changed: () => this.#writerChanged(),
      errorOf: (problem) => store.errorOf(problem),
    };
  }

  #describe(segment: number, before: Before): SegmentInfo {
    const { id, startedAt, protocol, address, kinds, writer } = this.#options;
    return { recording: id, segment, startedAt: startedAt(), protocol, address, kinds: [...kinds], before, writer };
  }

  async #close(): Promise<void> {
    if (this.#flushTimer !== null) clearTimeout(this.#flushTimer);
    this.#flushTimer = null;
    this.#writeGap();
    this.#seal();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        // The system has everything: only making it durable takes its time, and goes on.
        if (!this.#store.isEnded) this.#writer.giveUp(unansweredError(this.#options.folder));
        resolve();
      }, this.#sizes.closeMs);
    });
    await Promise.race([this.#finish(), late]);
    clearTimeout(timer);
    this.#growth.clear();
    this.#behind.listeners.clear();
  }

  async #finish(): Promise<void> {
    await this.#writer.drained();
    await this.#writer.stopped();
    await this.#store.close(this.#writer.queue.length === 0);
  }
}
