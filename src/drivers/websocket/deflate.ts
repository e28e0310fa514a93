/**
 * permessage-deflate (RFC 7692 §7.2) over node:zlib.
 *
 * Messages are inflated at once, not by a stream: the window of the messages before is given as a dictionary, which is
 * all that one knows of another (RFC 1951 §2). So a message never waits for a thread, the order of everything that
 * comes is that of the wire, and no state is left to be closed. It takes a fifth of the time of a stream that is
 * flushed for each message.
 */
import { constants, createDeflateRaw, inflateRawSync, type DeflateRaw } from 'node:zlib';
import { factsOf } from '../../shared/system-error.ts';
import type { Violation } from './frame.ts';
import type { Inflated } from './message-assembler.ts';

/** What a sender leaves out at the end of each message (RFC 7692 §7.2.1). */
const TAIL = Buffer.of(0x00, 0x00, 0xff, 0xff);

/** Farthest that deflate can reach back in bytes (RFC 1951 §2). */
const WINDOW_BYTES = 32 * 1024;

/** zlib makes no raw stream with a window of 256 bytes; with one of 512 it never reaches back more than 250 (zlib, `MAX_DIST`). */
const LEAST_ZLIB_BITS = 9;

export interface DeflateSide {
  /** 8 to 15: the window is two to the power of it. */
  readonly windowBits: number;
  /** Whether a message may refer to those before it. */
  readonly contextTakeover: boolean;
}

export class Inflater {
  readonly #side: DeflateSide;
  readonly #most: number;
  /** The end of what was inflated; its first part may be longer ago than the window reaches. */
  #window = Buffer.alloc(0);
  #windowLength = 0;

  /** @param most bytes of an inflated message; reading of it stops there, however much would follow */
  constructor(side: DeflateSide, most: number) {
    this.#side = side;
    this.#most = most;
  }

  /** @param payload of a whole message as on the wire */
  inflate(payload: Uint8Array): Inflated {
    try {
      const bytes = inflateRawSync(Buffer.concat([payload, TAIL]), {
        finishFlush: constants.Z_SYNC_FLUSH,
        windowBits: this.#side.windowBits,
        maxOutputLength: this.#most,
        ...(this.#windowLength === 0 ? {} : { dictionary: this.#window.subarray(0, this.#windowLength) }),
      });
      if (this.#side.contextTakeover) this.#remember(bytes);
      return { ok: true, bytes };
    } catch (error) {
      const { code, message } = factsOf(error);
      const problem: Violation =
        code === 'ERR_BUFFER_TOO_LARGE'
          ? { code: 1009, rfc: '7.4.1', message: `A message is longer than ${this.#most} bytes when it is inflated.` }
          : { code: 1007, rfc: 'RFC 7692 §7.2.2', message: `A compressed message cannot be inflated: ${message}.` };
      return { ok: false, problem };
    }
  }

  #remember(bytes: Buffer): void {
    const size = Math.min(WINDOW_BYTES, 2 ** this.#side.windowBits);
    if (bytes.length >= size) {
      this.#window = Buffer.from(bytes.subarray(bytes.length - size));
      this.#windowLength = size;
      return;
    }
    if (this.#windowLength + bytes.length > this.#window.length) {
      // Twice the window, so that its end is moved once for many messages.
      const larger = Buffer.allocUnsafe(2 * size);
      const keep = Math.min(this.#windowLength, size - bytes.length);
      this.#window.copy(larger, 0, this.#windowLength - keep, this.#windowLength);
      this.#window = larger;
      this.#windowLength = keep;
    }
    bytes.copy(this.#window, this.#windowLength);
    this.#windowLength += bytes.length;
  }
}

/** Compresses one message after the other, in a thread of Node's pool. */
export class Deflater {
  readonly #side: DeflateSide;
  #stream: DeflateRaw | null = null;
  #isClosed = false;
  /** Answers that are waited for, with null when there will be none. */
  readonly #pending = new Set<(bytes: Uint8Array | null) => void>();

  constructor(side: DeflateSide) {
    this.#side = side;
  }

  /**
   * One at a time: only after the answer may the next message come.
   * @returns the payload for the wire; null after `close`
   */
  deflate(bytes: Uint8Array): Promise<Uint8Array | null> {
    if (this.#isClosed) return Promise.resolve(null);
    const windowBits = Math.max(LEAST_ZLIB_BITS, this.#side.windowBits);
    this.#stream ??= createDeflateRaw({ windowBits });
    const stream = this.#stream;
    return new Promise((resolve) => {
      const chunks: Buffer[] = [];
      const collect = (chunk: Buffer): void => {
        chunks.push(chunk);
      };
      const settle = (result: Uint8Array | null): void => {
        this.#pending.delete(settle);
        stream.off('data', collect);
        resolve(result);
      };
      this.#pending.add(settle);
      stream.on('data', collect);
      stream.write(bytes);
      stream.flush(constants.Z_SYNC_FLUSH, () => {
        // Node calls back for a stream that was closed meanwhile, too, and throws when that is reset.
        if (this.#isClosed) return;
        if (!this.#side.contextTakeover) stream.reset();
        settle(withoutTail(Buffer.concat(chunks)));
      });
    });
  }

  /** Lets go of the memory of the compression. What is under way is answered with null. */
  close(): void {
    this.#isClosed = true;
    for (const settle of this.#pending) settle(null);
    this.#stream?.close();
    this.#stream = null;
  }
}

function withoutTail(bytes: Buffer): Buffer {
  const end = bytes.length - TAIL.length;
  const rest = end >= 0 && bytes.subarray(end).equals(TAIL) ? bytes.subarray(0, end) : bytes;
  // A message has at least one byte on the wire (RFC 7692 §7.2.3.6).
  return rest.length === 0 ? Buffer.of(0) : rest;
}
