/**
 * What the peer sends, frame by frame, and whether it keeps to the protocol itself. Written apart from FrameReader,
 * which is among what is tried.
 */
import { isUtf8 } from 'node:buffer';
import { constants, inflateRawSync } from 'node:zlib';
import { isSendable } from '../close-codes.ts';
import { isControl, OPCODE, opcodeName, readHead, RSV1, type FrameHead } from '../frame.ts';

export type PeerEvent =
  | { readonly type: 'message'; readonly opcode: 1 | 2; readonly payload: Uint8Array }
  | { readonly type: 'ping' | 'pong'; readonly payload: Uint8Array }
  | { readonly type: 'close'; readonly code: number | null; readonly reason: Uint8Array }
  /** It broke the protocol; nothing after it is read. */
  | { readonly type: 'broken'; readonly why: string };

/** How the peer compresses. */
export interface PeerDeflate {
  readonly windowBits: number;
  readonly contextTakeover: boolean;
}

export interface PeerReaderOptions {
  /** The peer is a client. */
  readonly expectMasked: boolean;
  /** Null: nothing was agreed. */
  readonly deflate: PeerDeflate | null;
}

const WINDOW_BYTES = 32 * 1024;
/** Longest message that is inflated: nothing that is sent here comes back longer. */
const INFLATED_MOST = 64 * 1024 * 1024;
const TAIL = Buffer.of(0, 0, 0xff, 0xff);

export class PeerReader {
  /** Masking keys of the frames so far. */
  readonly keys: number[] = [];
  readonly #options: PeerReaderOptions;
  readonly #onEvent: (event: PeerEvent, frames: number) => void;
  #waiting: Uint8Array[] = [];
  #size = 0;
  /** Bytes without which it is no use to look again. */
  #needs = 2;
  #parts: Uint8Array[] = [];
  #message: { readonly opcode: 1 | 2; readonly isCompressed: boolean } | null = null;
  #window = Buffer.alloc(0);
  #isOver = false;

  /** @param onEvent `frames`: in how many it came */
  constructor(options: PeerReaderOptions, onEvent: (event: PeerEvent, frames: number) => void) {
    this.#options = options;
    this.#onEvent = onEvent;
  }

  /** @param bytes are copied */
  push(bytes: Uint8Array): void {
    if (this.#isOver) return;
    this.#waiting.push(bytes.slice());
    this.#size += bytes.length;
    if (this.#size < this.#needs) return;
    const all = Buffer.concat(this.#waiting);
    const view = new DataView(all.buffer, all.byteOffset, all.length);
    let at = 0;
    this.#needs = 2;
    for (;;) {
      const head = this.#next(view, at);
      if (head === null) break;
      const end = at + head.headBytes + head.length;
      if (end > all.length) {
        this.#needs = end - at;
        break;
      }
      const payload = Buffer.from(all.subarray(at + head.headBytes, end));
      at = end;
      this.#frame(head, payload);
    }
    this.#waiting = [all.subarray(at)];
    this.#size = all.length - at;
  }

  #next(view: DataView, at: number): FrameHead | null {
    return this.#isOver ? null : readHead(view, at, view.byteLength);
  }

  #frame(head: FrameHead, payload: Buffer): void {
    const problem = this.#problem(head);
    if (problem !== null) {
      this.#broken(problem);
      return;
    }
    if (head.masked) {
      this.keys.push(head.key);
      for (let index = 0; index < payload.length; index += 1) {
        payload[index] = (payload[index] ?? 0) ^ ((head.key >>> (24 - 8 * (index & 3))) & 0xff);
      }
    }
    if (isControl(head.opcode)) this.#control(head.opcode, payload);
    else this.#data(head, payload);
  }

  #problem({ fin, rsv, opcode, masked, headBytes, length }: FrameHead): string | null {
    const name = opcodeName(opcode);
    if (name === 'reserved') return `it sent a frame with the reserved opcode ${opcode}`;
    if (masked !== this.#options.expectMasked) return masked ? 'it masks its frames' : 'it does not mask its frames';
    const mayHaveRsv1 = this.#options.deflate !== null && (opcode === OPCODE.text || opcode === OPCODE.binary);
    if (rsv !== 0 && !(rsv === RSV1 && mayHaveRsv1)) return `it sent a ${name} frame with reserved bits`;
    if (isControl(opcode)) {
      if (!fin) return `it sent a fragmented ${name} frame`;
      if (length > 125) return `it sent a ${name} frame with ${length} bytes`;
    }
    const lengthBytes = headBytes - (masked ? 6 : 2);
    if ((lengthBytes === 2 && length < 126) || (lengthBytes === 8 && length < 0x1_0000)) {
      return `it wrote the length ${length} in ${lengthBytes} bytes`;
    }
    if (isControl(opcode)) return null;
    if (opcode === OPCODE.continuation)
      return this.#message === null ? 'it continued a message that had not begun' : null;
    return this.#message === null ? null : 'it began a message within another';
  }

  #control(opcode: number, payload: Buffer): void {
    if (opcode !== OPCODE.close) {
      this.#onEvent({ type: opcode === OPCODE.ping ? 'ping' : 'pong', payload }, 1);
      return;
    }
    if (payload.length === 1) {
      this.#broken('it sent a close frame with one byte');
      return;
    }
    const code = payload.length === 0 ? null : payload.readUInt16BE(0);
    const reason = payload.subarray(2);
    if (code !== null && !isSendable(code)) this.#broken(`it sent a close frame with the code ${code}`);
    else if (!isUtf8(reason)) this.#broken('it sent a close frame with a reason that is no UTF-8');
    else this.#onEvent({ type: 'close', code, reason }, 1);
    this.#isOver = true;
  }

  #data(head: FrameHead, payload: Buffer): void {
    if (head.opcode !== OPCODE.continuation) {
      this.#message = { opcode: head.opcode === OPCODE.text ? 1 : 2, isCompressed: head.rsv !== 0 };
      this.#parts = [];
    }
    this.#parts.push(payload);
    if (!head.fin || this.#message === null) return;
    const { opcode, isCompressed } = this.#message;
    const frames = this.#parts.length;
    this.#message = null;
    const plain = this.#plain(Buffer.concat(this.#parts), isCompressed);
    if (plain === null) this.#broken('it sent a compressed message that cannot be inflated with what was agreed');
    else if (opcode === 1 && !isUtf8(plain)) this.#broken('it sent a text that is no UTF-8');
    else this.#onEvent({ type: 'message', opcode, payload: plain }, frames);
  }

  #plain(payload: Buffer, isCompressed: boolean): Buffer | null {
    const { deflate } = this.#options;
    if (!isCompressed || deflate === null) return payload;
    try {
      const plain = inflateRawSync(Buffer.concat([payload, TAIL]), {
        finishFlush: constants.Z_SYNC_FLUSH,
        windowBits: deflate.windowBits,
        maxOutputLength: INFLATED_MOST,
        ...(this.#window.length === 0 ? {} : { dictionary: this.#window }),
      });
      // Without context take-over the next message must not need this one.
      if (deflate.contextTakeover)
        this.#window = Buffer.concat([this.#window, plain]).subarray(-Math.min(WINDOW_BYTES, 2 ** deflate.windowBits));
      return plain;
    } catch {
      return null;
    }
  }

  #broken(why: string): void {
    this.#isOver = true;
    this.#onEvent({ type: 'broken', why }, 1);
  }
}
