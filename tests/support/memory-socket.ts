/** A socket without a system under it: what comes and what has gone is in memory, so that thousands live and end in a second. */
import { Socket } from 'node:net';
import { readBuffer } from '../../src/drivers/net/read-buffer.ts';
import type { Reads } from '../../src/drivers/net/reads.ts';
import { READ_BYTES } from '../../src/shared/limits.ts';

type Done = (error?: Error | null) => void;

export class MemorySocket extends Socket {
  /** Everything that was written, as the peer gets it. */
  readonly sent: Uint8Array[] = [];
  readonly #reads: Reads | null;
  /** What has come and was not read; null stands for FIN. */
  readonly #queue: (Uint8Array | null)[] = [];
  /** Calls that wait while the peer does not read. */
  readonly #waiting: Done[] = [];
  #isBlocked = false;
  /** The peer has sent FIN: nothing comes any more. */
  #isOver = false;

  /** @param reads gets what comes in the buffer that all sockets share, as from TCP; null: as events with memory of its own, as from TLS */
  constructor(reads: Reads | null) {
    super();
    this.#reads = reads;
  }

  /** The peer has sent something. */
  arrive(bytes: Uint8Array): void {
    if (this.#isOver) return;
    for (let at = 0; at < bytes.length; at += READ_BYTES) this.#queue.push(bytes.slice(at, at + READ_BYTES));
    this.#deliver();
  }

  /** FIN comes, behind everything that has come before. */
  peerEnds(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#queue.push(null);
    this.#deliver();
  }

  /** RST comes. */
  peerResets(): void {
    this.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read', errno: -104 }));
  }

  /** The peer reads no more: nothing that is written is taken by the system. */
  block(): void {
    this.#isBlocked = true;
  }

  unblock(): void {
    this.#isBlocked = false;
    for (const done of this.#waiting.splice(0)) process.nextTick(done);
  }

  override resume(): this {
    super.resume();
    // Never within the call: the system tells in a turn of its own.
    process.nextTick(() => {
      this.#deliver();
    });
    return this;
  }

  override resetAndDestroy(): this {
    return this.destroy();
  }

  override _read(): void {
    // What comes is pushed.
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: Done): void {
    this.sent.push(chunk.slice());
    this.#taking(done);
  }

  override _writev(chunks: { readonly chunk: Uint8Array }[], done: Done): void {
    for (const { chunk } of chunks) this.sent.push(chunk.slice());
    this.#taking(done);
  }

  override _final(done: Done): void {
    process.nextTick(done);
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#queue.length = 0;
    const canceled = Object.assign(new Error('write ECANCELED'), { code: 'ECANCELED', syscall: 'write' });
    for (const waiting of this.#waiting.splice(0)) waiting(canceled);
    done(error);
    setImmediate(() => {
      this.emit('close', error !== null);
    });
  }

  #taking(done: Done): void {
    if (this.#isBlocked) this.#waiting.push(done);
    else process.nextTick(done);
  }

  #deliver(): void {
    while (!this.destroyed && this.readableFlowing === true && !this.isPaused()) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      if (next === null) {
        this.push(null);
        this.read(0);
        return;
      }
      if (this.#reads === null) {
        this.push(Buffer.from(next));
      } else {
        readBuffer.set(next);
        this.#reads.onread.callback(next.length, readBuffer);
      }
    }
  }
}
