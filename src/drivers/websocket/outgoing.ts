/** What goes out on a connection: each message is recorded, made into frames and written, in the order of the calls. */
import { randomFillSync } from 'node:crypto';
import type { Socket } from 'node:net';
import { failure, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { FRAGMENTS_MOST, FRAME_SPLIT_MS, WEBSOCKET_UNCOPIED_BYTES } from '../../shared/websocket-limits.ts';
import type { Direction, Meta } from '../../shared/record.ts';
import type { Batch } from '../driver.ts';
import type { Deflater } from './deflate.ts';
import { encodeBatch, encodeControl, encodeHead, encodeMessage, type MakeKey } from './frame-writer.ts';
import { OPCODE, RSV1 } from './frame.ts';
import type { Options } from '../spec.ts';
import { frameWrites, handMeta, rawFrameOf } from './frame-values.ts';
import { frameMeta } from './incoming.ts';
import type { RawFrame } from './raw-frame.ts';
import { isUtf8Text } from './utf8.ts';

export interface OutgoingSetup {
  readonly socket: Socket;
  /** Only a client masks (RFC 6455 §5.1). */
  readonly masks: boolean;
  /** Null when permessage-deflate was not agreed. */
  readonly deflater: Deflater | null;
  /** Shorter messages are not compressed, in bytes. */
  readonly deflateThreshold: number;
  /** Bytes of payload of a frame; null: each message is one frame. */
  readonly fragmentSize: number | null;
  readonly record: (kind: string, direction: Direction, payload: Uint8Array | null, meta: Meta | null) => void;
  /** Of messages that were sent as plain frames. */
  readonly recordBatch: (batch: Batch) => void;
  /** Null while messages may be sent, else why not. */
  readonly refusal: () => WireError | null;
}

/** Is told once, when the system has taken a message, or what ended the connection before it. */
export type Done = (outcome: Outcome) => void;

const POOL_BYTES = 8192;

/** Masking keys that nobody can guess (RFC 6455 §5.3), many from one call of the system's source. */
function randomKeys(): MakeKey {
  const pool = Buffer.alloc(POOL_BYTES);
  let at = POOL_BYTES;
  return () => {
    if (at === POOL_BYTES) {
      randomFillSync(pool);
      at = 0;
    }
    at += 4;
    return pool.readUInt32BE(at - 4);
  };
}

/** One for all connections: keys are never told apart. */
const makeRandomKey = randomKeys();

export class Outgoing {
  readonly #setup: OutgoingSetup;
  readonly #makeKey: MakeKey | null;
  /** Sends whose bytes the system has not taken yet. */
  readonly #waiting = new Set<Done>();
  /** What has to wait because a message before it is being compressed. */
  readonly #queue: (() => Promise<void>)[] = [];
  #isBusy = false;
  /** What has to wait because only the first part of a frame is out; null: none is. */
  #held: (() => void)[] | null = null;
  /** Of control frames among it. */
  #heldBytes = 0;
  #splitTimer: NodeJS.Timeout | null = null;
  #splitTurn: NodeJS.Immediate | null = null;
  #queuedMost = 0;
  #unsent = 0;

  constructor(setup: OutgoingSetup) {
    this.#setup = setup;
    this.#makeKey = setup.masks ? makeRandomKey : null;
  }

  /** Bytes given to the socket that the system has not taken. `writableLength` forgets them when the socket dies. */
  get unsent(): number {
    return this.#unsent;
  }

  /** Bytes that wait in this process: of the socket, and of control frames behind half a frame. */
  get backlog(): number {
    return this.#setup.socket.writableLength + this.#heldBytes;
  }

  /** @param bytes stay as they are until `done` is called */
  message(bytes: Uint8Array, isText: boolean, done: Done): void {
    const refusal = this.#setup.refusal() ?? this.#problem(bytes, isText);
    if (refusal !== null) {
      done({ ok: false, error: refusal });
      return;
    }
    this.#waiting.add(done);
    const { deflater } = this.#setup;
    if (deflater === null || bytes.length < this.#setup.deflateThreshold) {
      this.inTurn(() => {
        this.#message(bytes, isText, null, done);
      });
      return;
    }
    this.#inTurn(async () => {
      const compressed = await deflater.deflate(bytes);
      // Null: the connection has ended, and `fail` tells why.
      if (compressed !== null) this.#message(bytes, isText, compressed, done);
    });
  }

  /**
   * All messages of a batch, whose texts are UTF-8: in one write where each is one plain frame.
   * @param batch is not kept
   */
  batch(batch: Batch, done: Done): void {
    const error = this.#setup.refusal();
    if (error !== null) {
      done({ ok: false, error });
    } else if (this.#isPlain(batch)) {
      this.#setup.recordBatch(batch);
      this.#waiting.add(done);
      this.#write(encodeBatch(batch, this.#makeKey), () => this.#settle(done, success()));
    } else {
      this.#oneByOne(batch, done);
    }
  }

  /**
   * A frame that a person has put together (`frameWrites`), in two writes when it is to be split.
   * @param goes called as it goes; what that returns, when the system has taken it
   * @returns errors `bad-message` with `field`
   */
  byHand(values: Options, goes: (frame: RawFrame) => (() => void) | undefined): Outcome {
    const frame = rawFrameOf(values);
    if (!frame.ok) return frame;
    const writes = frameWrites(values, this.#makeKey ?? makeRandomKey);
    if (!writes.ok) return writes;
    const [first, second] = writes.value;
    const go = (): (() => void) | undefined => {
      this.#setup.record('frame', 'out', frame.value.payload, handMeta(frame.value, writes.value));
      return goes(frame.value);
    };
    const { socket } = this.#setup;
    if (first !== undefined && second === undefined) {
      this.inTurn(() => {
        // The connection may have ended while this waited.
        if (socket.writable) this.#write(first, go());
      });
    } else if (first !== undefined && second !== undefined) {
      this.#inTurn(async () => {
        if (socket.writable) await this.#split(first, second, go());
      });
    }
    return success();
  }

  /** Calls `act` at once, or, while only a part of a frame is out, behind its end. */
  whenWhole(act: () => void): void {
    if (this.#held === null) act();
    else this.#held.push(act);
  }

  /** Written at once, also between two messages, but not inside of a frame. The record is the caller's. */
  control(
    opcode: typeof OPCODE.close | typeof OPCODE.ping | typeof OPCODE.pong,
    payload: Uint8Array,
    taken?: () => void,
  ): void {
    const bytes = encodeControl(opcode, payload, this.#makeKey);
    if (this.#held === null) {
      this.#write(bytes, taken);
      return;
    }
    this.#heldBytes += bytes.length;
    this.#held.push(() => this.#write(bytes, taken));
  }

  /** Calls `act` when every message before it has been written: at once, unless one is being compressed. */
  inTurn(act: () => void): void {
    if (!this.#isBusy) act();
    else {
      this.#inTurn(() => {
        act();
        return Promise.resolve();
      });
    }
  }

  /** The socket has given all bytes to the system. */
  drained(): void {
    this.#setup.record('drain', 'none', null, { was: this.#queuedMost });
    this.#queuedMost = 0;
  }

  /** The connection has ended: nothing that waits will leave. */
  fail(error: WireError): void {
    this.#queue.length = 0;
    this.#held = null;
    this.#heldBytes = 0;
    if (this.#splitTimer !== null) clearTimeout(this.#splitTimer);
    if (this.#splitTurn !== null) clearImmediate(this.#splitTurn);
    this.#setup.deflater?.close();
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const done of waiting) done({ ok: false, error });
  }

  #settle(done: Done, outcome: Outcome): void {
    if (this.#waiting.delete(done)) done(outcome);
  }

  #isPlain({ count, lengths }: Batch): boolean {
    const { deflater, deflateThreshold, fragmentSize } = this.#setup;
    if (this.#isBusy || fragmentSize !== null) return false;
    return deflater === null || lengths.subarray(0, count).every((length) => length < deflateThreshold);
  }

  #oneByOne({ bytes, count, kinds, starts, lengths }: Batch, done: Done): void {
    let left = count;
    const taken = (outcome: Outcome): void => {
      left -= 1;
      if (left === 0) done(outcome);
    };
    for (let at = 0; at < count; at += 1) {
      const start = starts[at] ?? 0;
      const message = bytes.slice(start, start + (lengths[at] ?? 0));
      this.message(message, kinds[at] === 0, (outcome) => taken(outcome));
    }
  }

  #problem(bytes: Uint8Array, isText: boolean): WireError | null {
    if (isText && !isUtf8Text(bytes)) {
      const hint = 'Send it as binary. To see what the peer makes of it, send it as a frame.';
      return failure('bad-message', 'A text message must be UTF-8, and this is not.', hint).error;
    }
    const { fragmentSize } = this.#setup;
    const fragments = fragmentSize === null ? 1 : bytes.length / fragmentSize;
    if (fragments <= FRAGMENTS_MOST) return null;
    const message = `The message would be ${Math.ceil(fragments)} frames; ${FRAGMENTS_MOST} are the most.`;
    return failure('bad-message', message, 'Set a larger fragment size.').error;
  }

  #inTurn(act: () => Promise<void>): void {
    this.#queue.push(act);
    if (!this.#isBusy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let act = this.#queue.shift(); act !== undefined; act = this.#queue.shift()) await act();
    this.#isBusy = false;
  }

  /** Resolves when the second part has been written; never when the connection ends before. */
  #split(first: Uint8Array, second: Uint8Array, taken: (() => void) | undefined): Promise<void> {
    this.#held = [];
    return new Promise((resolve) => {
      const goOn = (): void => {
        const held = this.#held ?? [];
        this.#held = null;
        this.#heldBytes = 0;
        // The peer may have ended, and Node this side with it.
        if (this.#setup.socket.writable) {
          this.#write(second, taken);
          for (const act of held) act();
        }
        resolve();
      };
      this.#write(first, () => {
        this.#splitTimer = setTimeout(() => {
          // A peer of this same process reads first, also when the timer was late.
          this.#splitTurn = setImmediate(goOn);
        }, FRAME_SPLIT_MS);
      });
    });
  }

  #message(bytes: Uint8Array, isText: boolean, compressed: Uint8Array | null, done: Done): void {
    // The connection may have begun to close while this waited.
    const error = this.#setup.refusal();
    if (error !== null) {
      this.#settle(done, { ok: false, error });
      return;
    }
    const { fragmentSize, record } = this.#setup;
    const opcode = isText ? OPCODE.text : OPCODE.binary;
    const payload = compressed ?? bytes;
    const frames = fragmentSize === null ? 1 : Math.max(1, Math.ceil(payload.length / fragmentSize));
    const isCompressed = compressed !== null;
    const isPlain = !isCompressed && frames === 1;
    if (!isPlain) this.#recordFrames(opcode, payload, frames, isCompressed);
    const meta = { frames, ...(isCompressed ? { compressed: compressed.length } : {}) };
    record(isText ? 'text' : 'binary', 'out', bytes, isPlain ? null : meta);
    const taken = (): void => {
      this.#settle(done, success());
    };
    if (this.#makeKey === null && frames === 1 && payload.length >= WEBSOCKET_UNCOPIED_BYTES) {
      this.#write(encodeHead(opcode, payload.length, isCompressed), taken, payload);
      return;
    }
    const framing = { makeKey: this.#makeKey, isCompressed };
    const whole = fragmentSize === null ? framing : { ...framing, fragments: fragmentSize };
    this.#write(encodeMessage(opcode, payload, whole), taken);
  }

  #recordFrames(opcode: number, payload: Uint8Array, frames: number, isCompressed: boolean): void {
    const size = this.#setup.fragmentSize ?? payload.length;
    for (let index = 0; index < frames; index += 1) {
      const part = payload.subarray(index * size, (index + 1) * size);
      const head = {
        opcode: index === 0 ? opcode : OPCODE.continuation,
        fin: index === frames - 1,
        rsv: index === 0 && isCompressed ? RSV1 : 0,
        masked: this.#setup.masks,
        length: part.length,
      };
      this.#setup.record('frame', 'out', part, frameMeta(head));
    }
  }

  /**
   * @param taken called when the system has taken the bytes; never when the connection ends before
   * @param more bytes that follow, in the same call of the system
   */
  #write(bytes: Uint8Array, taken?: () => void, more?: Uint8Array): void {
    const { socket } = this.#setup;
    const size = bytes.length + (more?.length ?? 0);
    this.#unsent += size;
    const written = (error?: Error | null): void => {
      // Node up to 20 reports success for a write that was under way when the socket was destroyed.
      // `close` follows in both cases, and tells what ended the connection.
      if (error || socket.destroyed) return;
      this.#unsent -= size;
      taken?.();
    };
    let hasRoom: boolean;
    if (more === undefined) {
      hasRoom = socket.write(bytes, written);
    } else {
      socket.cork();
      socket.write(bytes);
      hasRoom = socket.write(more, written);
      socket.uncork();
    }
    if (hasRoom) return;
    const queued = socket.writableLength;
    if (queued > this.#queuedMost) this.#queuedMost = queued;
    this.#setup.record('write', 'none', null, { queued });
  }
}
