/**
 * One end of a connection inside this process, with the semantics of a TCP
 * socket: a byte stream each way, FIN, RST, a buffer of the "system" of limited
 * size, and everything told in a later turn of the event loop.
 */
import { MEMORY_PIPE_BYTES } from '../../shared/limits.ts';

export interface SocketEvents {
  data(bytes: Uint8Array): void;
  /** The peer sends no more. */
  end(): void;
  /** Everything has been taken, and this side has ended. */
  finish(): void;
  drain(): void;
  timeout(): void;
  error(errno: 'ECONNRESET'): void;
  close(hadError: boolean): void;
}

export interface MemorySocketOptions {
  readonly allowHalfOpen: boolean;
  /** Idle time in ms, 0 for none. */
  readonly setTimeout: number;
}

/** A write whose last byte stands at `end` in the stream. */
interface PendingWrite {
  readonly end: number;
  readonly written: () => void;
}

export class MemorySocket {
  readonly #allowHalfOpen: boolean;
  readonly #idle: NodeJS.Timeout | null;
  #events: SocketEvents | null = null;
  #other: MemorySocket = this;
  /** Written here, not yet read there. */
  #queue: Uint8Array[] = [];
  #pending: PendingWrite[] = [];
  #bytesWritten = 0;
  #bytesTaken = 0;
  #bytesRead = 0;
  #needsDrain = false;
  #isPaused = false;
  #hasEnded = false;
  #hasFinished = false;
  #otherHasEnded = false;
  #isDestroyed = false;
  #isReset = false;
  #isClosed = false;
  #turn: NodeJS.Immediate | null = null;

  private constructor(options: MemorySocketOptions) {
    this.#allowHalfOpen = options.allowHalfOpen;
    this.#idle =
      options.setTimeout === 0
        ? null
        : setTimeout(() => {
            this.#events?.timeout();
          }, options.setTimeout);
  }

  static pair(first: MemorySocketOptions, second: MemorySocketOptions): readonly [MemorySocket, MemorySocket] {
    const one = new MemorySocket(first);
    const two = new MemorySocket(second);
    one.#other = two;
    two.#other = one;
    return [one, two];
  }

  get bytesRead(): number {
    return this.#bytesRead;
  }

  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  /** Bytes that the "system" has not taken yet. */
  get writableLength(): number {
    return Math.max(0, this.#bytesWritten - this.#bytesTaken - MEMORY_PIPE_BYTES);
  }

  get isWritable(): boolean {
    return !this.#hasEnded && !this.#isDestroyed;
  }

  get isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  /** Everything has been taken, and this side has ended. */
  get hasFinished(): boolean {
    return this.#hasFinished;
  }

  get hasReadAll(): boolean {
    return this.#otherHasEnded;
  }

  /** Nothing is told before somebody listens. */
  listen(events: SocketEvents): void {
    this.#events = events;
    this.#wake();
  }

  /** @returns false when bytes have to wait; then `drain` follows */
  write(bytes: Uint8Array, written: () => void): boolean {
    this.#idle?.refresh();
    if (this.#other.#isDestroyed) {
      this.#receiveReset();
      return true;
    }
    for (let start = 0; start < bytes.length; start += MEMORY_PIPE_BYTES) {
      this.#queue.push(bytes.slice(start, start + MEMORY_PIPE_BYTES));
    }
    this.#bytesWritten += bytes.length;
    this.#pending.push({ end: this.#bytesWritten, written });
    this.#settleWrites();
    this.#other.#wake();
    if (this.writableLength === 0) return true;
    this.#needsDrain = true;
    return false;
  }

  end(): void {
    this.#hasEnded = true;
    this.#wake();
    this.#other.#wake();
  }

  /** What the "system" has taken still arrives; unread bytes make it a reset, as in TCP (RFC 2525 §2.17). */
  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    if (this.#other.#queue.length > 0) {
      this.#other.#receiveReset();
    } else {
      this.#dropWaiting();
      this.#hasEnded = true;
    }
    this.#wake();
    this.#other.#wake();
  }

  reset(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#queue = [];
    this.#other.#receiveReset();
    this.#wake();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#wake();
  }

  #receiveReset(): void {
    if (this.#isDestroyed) return;
    this.#isReset = true;
    this.#queue = [];
    this.#wake();
  }

  #dropWaiting(): void {
    let room = MEMORY_PIPE_BYTES;
    this.#queue = this.#queue.filter((bytes) => (room -= bytes.length) >= 0);
    this.#pending = [];
  }

  #wake(): void {
    if (this.#turn !== null || this.#isClosed || this.#events === null) return;
    this.#turn = setImmediate(() => {
      this.#turn = null;
      this.#run();
    });
  }

  #run(): void {
    const events = this.#events;
    if (events === null) return;
    if (this.#isReset && !this.#isDestroyed) {
      this.#isDestroyed = true;
      events.error('ECONNRESET');
    }
    if (!this.#isDestroyed) this.#read(events);
    if (!this.#isDestroyed) this.#finish(events);
    if (this.#isDestroyed) this.#close(events);
  }

  #read(events: SocketEvents): void {
    const other = this.#other;
    while (!this.#isPaused && !this.#isDestroyed) {
      const bytes = other.#queue.shift();
      if (bytes === undefined) break;
      this.#idle?.refresh();
      this.#bytesRead += bytes.length;
      other.#bytesTaken += bytes.length;
      events.data(bytes);
      other.#settleWrites();
    }
    if (this.#isPaused || this.#otherHasEnded || !other.#hasEnded || other.#queue.length > 0) return;
    this.#otherHasEnded = true;
    events.end();
    if (!this.#allowHalfOpen) this.end();
  }

  #finish(events: SocketEvents): void {
    if (!this.#hasEnded || this.writableLength > 0) return;
    if (!this.#hasFinished) {
      this.#hasFinished = true;
      events.finish();
    }
    if (this.#otherHasEnded) this.#isDestroyed = true;
  }

  #close(events: SocketEvents): void {
    this.#isClosed = true;
    if (this.#idle !== null) clearTimeout(this.#idle);
    events.close(this.#isReset);
  }

  #settleWrites(): void {
    if (this.#isDestroyed) return;
    let first = this.#pending[0];
    while (first !== undefined && first.end <= this.#bytesTaken + MEMORY_PIPE_BYTES) {
      this.#pending.shift();
      first.written();
      first = this.#pending[0];
    }
    if (this.writableLength > 0) return;
    if (this.#hasEnded) this.#wake();
    if (!this.#needsDrain) return;
    this.#needsDrain = false;
    this.#events?.drain();
  }
}
