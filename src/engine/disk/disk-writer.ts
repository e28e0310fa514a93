/**
 * Hands sealed blocks to the disk: one write at a time, with everything that
 * waits. A block stays in the queue until the system has it as a whole; what
 * fails or comes up short is written again at the same place. So what is on
 * disk is always a prefix of what was recorded.
 */
import type { WireError } from '../../shared/errors.ts';
import { DISK_CACHED_WRITES } from '../../shared/disk-limits.ts';
import { DISK_BATCH_BYTES } from '../../shared/limits.ts';
import type { BlockBuffer } from './block-buffer.ts';
import { nothingWritten } from './write-fully.ts';

/** Where blocks go, and who is told. */
export interface WriterHost {
  /** Sees to a segment with room for `bytes`. Rejects with the system's error. @returns most bytes that go in now */
  prepare(bytes: number): Promise<number>;
  /** @see SegmentFiles.write */
  write(buffers: readonly Uint8Array[], skip: number, toDevice: boolean): Promise<number>;
  /** The system has the block, which the caller may use again after this. */
  written(block: BlockBuffer): void;
  /** Nothing waits: the block that is being filled may be pushed now. */
  idle(): void;
  /** How much waits, or the error, has changed. */
  changed(): void;
  errorOf(problem: unknown): WireError;
}

interface Waiter {
  readonly until: number;
  /** Waits on when an attempt fails. */
  readonly isPatient: boolean;
  readonly resolve: () => void;
}

export class DiskWriter {
  readonly #host: WriterHost;
  readonly #writeBytes: number;
  readonly #slowBytes: number;
  readonly #retryMs: number;
  /** Sealed, oldest first. */
  readonly #queue: BlockBuffer[] = [];
  #waiting = 0;
  #error: WireError | null = null;
  /** What no further write makes good again. */
  #lasting: WireError | null = null;
  /** The loop, while it runs. */
  #running: Promise<void> | null = null;
  #isGivenUp = false;
  /** Writes that are left to the system's cache, because the device was slow. */
  #cached = 0;
  /** `seq` after the last record that the system has. */
  #end = 0;
  #waiters: Waiter[] = [];
  #wake: (() => void) | null = null;

  /**
   * @param writeBytes bytes that wait before a write begins by itself
   * @param slowBytes bytes that wait when the device is slower than what comes
   * @param retryMs between two attempts
   */
  constructor(host: WriterHost, writeBytes: number, slowBytes: number, retryMs: number) {
    this.#host = host;
    this.#writeBytes = writeBytes;
    this.#slowBytes = slowBytes;
    this.#retryMs = retryMs;
  }

  /** Blocks that the system does not have yet, oldest first. */
  get queue(): readonly BlockBuffer[] {
    return this.#queue;
  }

  /** Bytes of these blocks. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Why the last attempt failed, else what else is wrong for good; null when nothing is. */
  get error(): WireError | null {
    return this.#error ?? this.#lasting;
  }

  /** Whether the last attempt failed. */
  get isFailing(): boolean {
    return this.#error !== null;
  }

  /** Takes a sealed block, which is written when enough of them wait or somebody calls `start`. */
  push(block: BlockBuffer): void {
    this.#queue.push(block);
    this.#waiting += block.used;
    if (this.#waiting >= this.#writeBytes) this.start();
  }

  /** Writes all that waits. */
  start(): void {
    if (this.#running === null && !this.#isGivenUp) this.#running = this.#run();
  }

  /**
   * Tries at once. Resolves when the system has all records before `until`,
   * or the attempt has failed, or everything was given up.
   */
  reach(until: number): Promise<void> {
    return this.#reach(until, false);
  }

  /** Tries at once and again. Resolves when nothing waits, or everything was given up. */
  drained(): Promise<void> {
    const last = this.#queue.at(-1);
    return last === undefined ? Promise.resolve() : this.#reach(last.end, true);
  }

  /** Resolves when nothing is under way. */
  async stopped(): Promise<void> {
    await this.#running;
  }

  /**
   * Stops trying. A write that is under way cannot be taken back: its block is never used again.
   * @param why told where no failure has been seen
   */
  giveUp(why: WireError): void {
    this.#isGivenUp = true;
    this.#setError(this.#error ?? why);
    this.#wake?.();
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const { resolve } of waiters) resolve();
  }

  /** Something else than a write has failed: it is shown until the next success. */
  failed(error: WireError): void {
    this.#setError(error);
  }

  /** Something is wrong with what was written already: it is shown to the end, and nothing waits because of it. */
  spoiled(error: WireError): void {
    this.#lasting ??= error;
    this.#host.changed();
  }

  async #run(): Promise<void> {
    // Not within `append`, which may be in the middle of something.
    await Promise.resolve();
    while (!this.#isGivenUp) {
      if (this.#queue.length === 0) this.#host.idle();
      const [first] = this.#queue;
      if (first === undefined) break;
      try {
        await this.#writeBatch(first);
        this.#answered(null);
      } catch (problem) {
        this.#answered(this.#host.errorOf(problem));
        this.#settle(true);
        await this.#pause();
      }
    }
    this.#running = null;
  }

  async #writeBatch(first: BlockBuffer): Promise<void> {
    const batch = this.#batch(await this.#host.prepare(first.used));
    // Bytes of the first block of the batch that are in the file already.
    let done = 0;
    while (batch.length > 0) {
      const buffers = batch.map((block, at) => block.bytes.subarray(at === 0 ? done : 0, block.used));
      const toDevice = this.#chooseDevice();
      const written = await this.#host.write(buffers, done, toDevice);
      if (written <= 0) throw nothingWritten();
      if (this.#isGivenUp) return;
      done += written;
      for (let [block] = batch; block !== undefined && done >= block.used; [block] = batch) {
        done -= block.used;
        batch.shift();
        this.#written(block);
      }
      this.#host.changed();
      this.#settle(false);
    }
  }

  /** Whether the next write may wait for the device itself. */
  #chooseDevice(): boolean {
    if (this.#waiting > this.#slowBytes) this.#cached = DISK_CACHED_WRITES;
    if (this.#cached === 0) return true;
    this.#cached -= 1;
    return false;
  }

  /** At least the first block. */
  #batch(room: number): BlockBuffer[] {
    const most = Math.min(room, DISK_BATCH_BYTES);
    const batch: BlockBuffer[] = [];
    let bytes = 0;
    for (const block of this.#queue) {
      bytes += block.used;
      if (batch.length > 0 && bytes > most) break;
      batch.push(block);
    }
    return batch;
  }

  #written(block: BlockBuffer): void {
    this.#queue.shift();
    this.#waiting -= block.used;
    this.#end = block.end;
    this.#host.written(block);
  }

  /** A late answer does not take back what was said when everything was given up. */
  #answered(error: WireError | null): void {
    if (!this.#isGivenUp) this.#setError(error);
  }

  #setError(error: WireError | null): void {
    if (this.#error === error) return;
    this.#error = error;
    this.#host.changed();
  }

  #reach(until: number, isPatient: boolean): Promise<void> {
    if (this.#end >= until || this.#isGivenUp) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push({ until, isPatient, resolve });
      this.start();
      this.#wake?.();
    });
  }

  #settle(hasFailed: boolean): void {
    if (this.#waiters.length === 0) return;
    const isServed = (waiter: Waiter): boolean => waiter.until <= this.#end || (hasFailed && !waiter.isPatient);
    const served = this.#waiters.filter(isServed);
    this.#waiters = this.#waiters.filter((waiter) => !isServed(waiter));
    for (const { resolve } of served) resolve();
  }

  /** Until the next attempt: the retry time, or until somebody wants it at once. */
  async #pause(): Promise<void> {
    if (this.#isGivenUp) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#retryMs);
      timer.unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }
}
