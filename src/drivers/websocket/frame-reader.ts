/**
 * Frames out of bytes as they come (RFC 6455 §5), for both roles.
 *
 * What a connection mostly gets, whole plain messages, is found by one loop
 * that makes no object and one call for a whole read. Everything else goes
 * frame by frame. A frame that has not come as a whole is held; for a frame
 * that is only announced nothing is reserved.
 */
import { WEBSOCKET_BATCH_MESSAGES } from '../../shared/websocket-limits.ts';
import type { Batch } from '../driver.ts';
import { FrameCheck, type FrameReaderOptions } from './frame-check.ts';
import { HEAD_BYTES, isControl, OPCODE, readHead, type FrameHead, type Violation } from './frame.ts';
import { HeldBytes } from './held-bytes.ts';
import { MaskedBytes } from './mask.ts';
import { takePlainMessages, type LookFast } from './plain-messages.ts';

export type { FrameReaderOptions } from './frame-check.ts';

const cannotTell: LookFast = () => null;

export interface FrameSink {
  /**
   * Whole, plain messages (FIN, RSV 0, text or binary, valid UTF-8), in order; at least one. `kinds` are 0 for text and
   * 1 for binary. Arrays and bytes are used again afterwards.
   */
  messages(batch: Batch): void;
  /** Every other frame, whole, in its place between them. `payload` is unmasked and only good until this returns. */
  frame(head: FrameHead, payload: Uint8Array): void;
  /**
   * The peer broke the protocol; nothing after it is read.
   * @param head of the frame in which it was seen, which is not given to `frame`
   * @param payload what has come of its payload, unmasked, only good until this returns
   */
  violation(problem: Violation, head: FrameHead, payload: Uint8Array): void;
}

/**
 * `read` calls the sink before it returns. From there `pause`, `resume` and `stop` may be called, but not `read`.
 * While it is paused it holds whatever comes, so the socket has to be paused as well.
 */
export class FrameReader {
  readonly #options: FrameReaderOptions;
  readonly #sink: FrameSink;
  readonly #check: FrameCheck;
  readonly #batch: Batch = {
    bytes: new Uint8Array(0),
    count: 0,
    kinds: new Uint8Array(WEBSOCKET_BATCH_MESSAGES),
    starts: new Uint32Array(WEBSOCKET_BATCH_MESSAGES),
    lengths: new Uint32Array(WEBSOCKET_BATCH_MESSAGES),
  };
  /** The frame that has come in part; while paused also what follows it. */
  readonly #held = new HeldBytes();
  /** Head of the frame that has come in part, once that is whole. */
  #head: FrameHead | null = null;
  /** Payload bytes of it that are unmasked and checked. */
  #ready = 0;
  #isPaused = false;
  #isStopped = false;
  #isReading = false;

  constructor(options: FrameReaderOptions, sink: FrameSink) {
    this.#options = options;
    this.#sink = sink;
    this.#check = new FrameCheck(options);
  }

  /** Whether every frame has come to its end: a connection that ends here was not cut in the middle of one. */
  get isBetweenFrames(): boolean {
    return this.#held.size === 0;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Bytes that are kept: of a frame that has come in part, or while paused. */
  get heldBytes(): number {
    return this.#held.size;
  }

  /** @param bytes any part of the stream; masked payloads in it are unmasked in place. Not kept. */
  read(bytes: Uint8Array): void {
    if (this.#isReading) throw new Error('read() was called from its own sink.');
    if (this.#isStopped) return;
    const held = this.#held;
    if (this.#isPaused) {
      held.append(bytes, 0, bytes.length);
      return;
    }
    this.#isReading = true;
    let at = held.size > 0 ? this.#fill(bytes) : 0;
    if (at < bytes.length && this.#mayGoOn()) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      at = this.#frames(bytes, view, at, bytes.length);
    }
    if (at < bytes.length) {
      const head = this.#head;
      held.append(bytes, at, bytes.length, head === null ? Infinity : head.headBytes + head.length);
      if (this.#mayGoOn()) this.#goOn();
    }
    this.#ended();
  }

  /** Gives nothing to the sink until `resume`: what follows in this read is held. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Goes on with what was held, before it returns. */
  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    // From within the sink: the loop that called it goes on by itself.
    if (this.#isReading || this.#isStopped) return;
    this.#isReading = true;
    const held = this.#held;
    if (this.#goOn() && held.size > 0 && this.#mayGoOn()) {
      held.drop(this.#frames(held.bytes, held.view, held.from, held.end) - held.from);
      if (this.#mayGoOn()) this.#goOn();
    }
    this.#ended();
  }

  /** Reads nothing any more, and lets go of what was held. */
  stop(): void {
    this.#isStopped = true;
    if (!this.#isReading) this.#held.clear();
  }

  #mayGoOn(): boolean {
    return !this.#isPaused && !this.#isStopped;
  }

  #ended(): void {
    this.#isReading = false;
    if (this.#isStopped) this.#held.clear();
  }

  /** Adds to the frame that has come in part as much as it lacks, and gives it on once it is whole. @returns how much that took */
  #fill(bytes: Uint8Array): number {
    const held = this.#held;
    let at = 0;
    let head = this.#head;
    if (head === null) {
      const before = held.size;
      held.append(bytes, 0, Math.min(HEAD_BYTES - before, bytes.length));
      head = readHead(held.view, held.from, held.end);
      if (head === null) return bytes.length;
      // A short frame ends before as many bytes as a head may have.
      at = Math.min(held.size, head.headBytes + head.length) - before;
      held.end = held.from + before + at;
    }
    const size = head.headBytes + head.length;
    const end = Math.min(bytes.length, at + size - held.size);
    held.append(bytes, at, end, size);
    if (this.#head !== null || this.#begin(head, held.bytes, held.from, held.end)) this.#goOn();
    return end;
  }

  /** Goes on with the frame that has come in part, and gives it on once it is whole. @returns false while it is not */
  #goOn(): boolean {
    const head = this.#head;
    if (head === null) return true;
    const { bytes, view, from, end } = this.#held;
    const start = from + head.headBytes;
    const to = Math.min(start + head.length, end);
    const problem = this.#check.advance(head, bytes, view, start + this.#ready, to, this.#ready);
    this.#ready = to - start;
    if (problem !== null) this.#fail(problem, head, bytes.subarray(start, to));
    if (problem !== null || this.#ready < head.length) return false;
    this.#head = null;
    this.#whole(head, bytes, start);
    this.#held.drop(head.headBytes + head.length);
    return true;
  }

  /** Reads frames from `start` on. @returns where the first begins that is not whole, or has to wait */
  #frames(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const check = this.#check;
    const batch = this.#batch;
    const lookFast = this.#options.lookFast ?? cannotTell;
    const masked = this.#options.expectMasked ? new MaskedBytes(bytes) : null;
    let at = start;
    while (at < end && this.#mayGoOn()) {
      if (!check.isInMessage) {
        at = takePlainMessages(batch, view, at, end, masked, check.most, lookFast);
        if (batch.count > 0) {
          this.#give(bytes);
          continue;
        }
      }
      const head = readHead(view, at, end);
      if (head === null || !this.#begin(head, bytes, at, end)) return at;
      const payload = at + head.headBytes;
      const next = payload + head.length;
      if (next > end) return at;
      const problem = check.advance(head, bytes, view, payload, next, 0);
      this.#head = null;
      if (problem !== null) this.#fail(problem, head, bytes.subarray(payload, next));
      else this.#whole(head, bytes, payload);
      at = next;
    }
    return at;
  }

  /** A frame begins at `at`. @returns false when it must not, which was reported */
  #begin(head: FrameHead, bytes: Uint8Array, at: number, end: number): boolean {
    const problem = this.#check.begin(head);
    if (problem === null) {
      this.#head = head;
      this.#ready = 0;
      return true;
    }
    const payload = at + head.headBytes;
    const to = Math.min(payload + head.length, end);
    if (head.masked) new MaskedBytes(bytes).apply(payload, to, head.key);
    this.#fail(problem, head, bytes.subarray(payload, to));
    return false;
  }

  /** A frame has come as a whole, is unmasked and has its payload at `from`. */
  #whole(head: FrameHead, bytes: Uint8Array, from: number): void {
    const payload = bytes.subarray(from, from + head.length);
    const problem = this.#check.end(head, payload);
    if (problem !== null) {
      this.#fail(problem, head, payload);
    } else if (!head.fin || head.rsv !== 0 || head.opcode === OPCODE.continuation || isControl(head.opcode)) {
      this.#sink.frame(head, payload);
    } else {
      const { kinds, starts, lengths } = this.#batch;
      kinds[0] = head.opcode - 1;
      starts[0] = from;
      lengths[0] = head.length;
      this.#batch.count = 1;
      this.#give(bytes);
    }
  }

  #give(bytes: Uint8Array): void {
    this.#batch.bytes = bytes;
    this.#sink.messages(this.#batch);
  }

  #fail(problem: Violation, head: FrameHead, payload: Uint8Array): void {
    this.#isStopped = true;
    this.#sink.violation(problem, head, payload);
  }
}
