/** What goes out on a connection: each message is recorded, made into frames and written, in the order of the calls. */
import { randomFillSync } from 'node:crypto';
import type { Socket } from 'node:net';
import { failure, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { FRAGMENTS_MOST } from '../../shared/websocket-limits.ts';
import type { Direction, Meta } from '../../shared/record.ts';
import type { Deflater } from './deflate.ts';
import { encodeControl, encodeMessage, type MakeKey } from './frame-writer.ts';
import { OPCODE, RSV1 } from './frame.ts';
import type { Options } from '../spec.ts';
import { frameWrites, rawFrameOf } from './frame-values.ts';
import { frameMeta } from './incoming.ts';
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
  /** Null while messages may be sent, else why not. */
  readonly refusal: () => WireError | null;
}

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
  readonly #waiting = new Set<(outcome: Outcome) => void>();
  /** What has to wait because a message before it is being compressed. */
  readonly #queue: (() => Promise<void>)[] = [];
  #isBusy = false;
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

  /** Resolves when the system has taken the message, or with what ended the connection before it. */
  message(bytes: Uint8Array, isText: boolean): Promise<Outcome> {
    const refusal = this.#setup.refusal() ?? this.#problem(bytes, isText);
    if (refusal !== null) return Promise.resolve({ ok: false, error: refusal });
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
      const settle = (outcome: Outcome): void => {
        this.#waiting.delete(resolve);
        resolve(outcome);
      };
      const { deflater } = this.#setup;
      const compresses = deflater !== null && bytes.length >= this.#setup.deflateThreshold;
      if (!compresses) {
        this.inTurn(() => {
          this.#message(bytes, isText, null, settle);
        });
        return;
      }
      this.#inTurn(async () => {
        const compressed = await deflater.deflate(bytes);
        // Null: the connection has ended, and `fail` tells why.
        if (compressed !== null) this.#message(bytes, isText, compressed, settle);
      });
    });
  }

  /** A frame that a person has put together (`frameWrites`), in two writes when it is to be split. */
  byHand(values: Options): Outcome {
    const frame = rawFrameOf(values);
    if (!frame.ok) return frame;
    const writes = frameWrites(values, this.#makeKey ?? makeRandomKey);
    if (!writes.ok) return writes;
    const { opcode, fin, rsv, mask, payload } = frame.value;
    const head = { opcode, fin, rsv, masked: mask !== 'none' && mask !== 'not-flagged', length: payload.length };
    this.inTurn(() => {
      this.#setup.record('frame', 'out', payload, { ...frameMeta(head), byHand: true });
      for (const bytes of writes.value) this.#write(bytes);
    });
    return success();
  }

  /** Written at once, also between two messages. The record is the caller's. */
  control(
    opcode: typeof OPCODE.close | typeof OPCODE.ping | typeof OPCODE.pong,
    payload: Uint8Array,
    taken?: () => void,
  ): void {
    this.#write(encodeControl(opcode, payload, this.#makeKey), taken);
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
    this.#setup.deflater?.close();
    for (const resolve of this.#waiting) resolve({ ok: false, error });
    this.#waiting.clear();
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

  #message(
    bytes: Uint8Array,
    isText: boolean,
    compressed: Uint8Array | null,
    settle: (outcome: Outcome) => void,
  ): void {
    // The connection may have begun to close while this waited.
    const error = this.#setup.refusal();
    if (error !== null) {
      settle({ ok: false, error });
      return;
    }
    const { fragmentSize, record } = this.#setup;
    const opcode = isText ? OPCODE.text : OPCODE.binary;
    const payload = compressed ?? bytes;
    const frames = fragmentSize === null ? 1 : Math.max(1, Math.ceil(payload.length / fragmentSize));
    const isPlain = compressed === null && frames === 1;
    if (!isPlain) this.#recordFrames(opcode, payload, frames, compressed !== null);
    const meta = { frames, ...(compressed === null ? {} : { compressed: compressed.length }) };
    record(isText ? 'text' : 'binary', 'out', bytes, isPlain ? null : meta);
    const framing = { makeKey: this.#makeKey, isCompressed: compressed !== null };
    const encoded = encodeMessage(
      opcode,
      payload,
      fragmentSize === null ? framing : { ...framing, fragments: fragmentSize },
    );
    this.#write(encoded, () => {
      settle(success());
    });
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

  /** @param taken called when the system has taken the bytes; never when the connection ends before */
  #write(bytes: Uint8Array, taken?: () => void): void {
    const { socket } = this.#setup;
    this.#unsent += bytes.length;
    const more = socket.write(bytes, (error) => {
      // Node up to 20 reports success for a write that was under way when the socket was destroyed.
      // `close` follows in both cases, and tells what ended the connection.
      if (error || socket.destroyed) return;
      this.#unsent -= bytes.length;
      taken?.();
    });
    if (more) return;
    const queued = socket.writableLength;
    if (queued > this.#queuedMost) this.#queuedMost = queued;
    this.#setup.record('write', 'none', null, { queued });
  }
}
