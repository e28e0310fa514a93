/**
 * Messages out of the frames that are no whole messages by themselves:
 * fragments, and what is compressed.
 *
 * Decompression happens within the call, so that nothing overtakes a message:
 * neither the next one nor a ping nor the end of the connection. A few bytes
 * can become a large message. Whoever cannot take more pauses the frame reader
 * (`FrameReader.pause`), from within its sink too, and the socket with it; the
 * rest of what was read then waits in the reader, still compressed.
 *
 *     frame(head, payload) {
 *       if (isControl(head.opcode)) …
 *       const assembled = assembler.add(head, payload);
 *       if (assembled === null) …       // there is more to come
 *       else if (assembled.ok) …        // assembled.message
 *       else …                          // assembled.problem; stop the reader
 *     }
 */
import { notUtf8 } from './frame-rules.ts';
import { OPCODE, RSV1, type FrameHead, type Violation } from './frame.ts';
import { HeldBytes } from './held-bytes.ts';
import { isUtf8Text } from './utf8.ts';

/** A message that came in several frames, or compressed. */
export interface AssembledMessage {
  readonly opcode: typeof OPCODE.text | typeof OPCODE.binary;
  /** Plain; only good until the next call. A text is valid UTF-8. */
  readonly bytes: Uint8Array;
  /** How many frames it came in. */
  readonly frames: number;
  /** Bytes of all their payloads on the wire when it was compressed, else null. */
  readonly compressed: number | null;
}

export type Inflated =
  { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly problem: Violation };

export type Assembled =
  { readonly ok: true; readonly message: AssembledMessage } | { readonly ok: false; readonly problem: Violation };

/**
 * Decompresses the payload of one message (RFC 7692 §7.2.2); the bytes are not kept. Stops with 1009 as soon as there
 * are more than its limit.
 */
export type Inflate = (payload: Uint8Array) => Inflated;

/** Takes data frames that a FrameReader has checked: their order, the limit, and that text which is not compressed is UTF-8. */
export class MessageAssembler {
  readonly #inflate: Inflate | null;
  /** Payloads so far; one piece, because there can be any number of empty frames. */
  readonly #held = new HeldBytes();
  #opcode: AssembledMessage['opcode'] = OPCODE.text;
  #isCompressed = false;
  #frames = 0;

  /** @param inflate null when permessage-deflate was not agreed; then the frame reader lets nothing pass that is compressed */
  constructor(inflate: Inflate | null) {
    this.#inflate = inflate;
  }

  /**
   * The next text, binary or continuation frame.
   * @returns null when the message goes on; a problem when it cannot be decompressed, or is a text that is no UTF-8
   */
  add(head: FrameHead, payload: Uint8Array): Assembled | null {
    if (head.opcode !== OPCODE.continuation) {
      this.#opcode = head.opcode === OPCODE.text ? OPCODE.text : OPCODE.binary;
      this.#isCompressed = (head.rsv & RSV1) !== 0;
      this.#frames = 0;
    }
    this.#frames += 1;
    if (head.fin && this.#frames === 1) return this.#whole(payload);
    const held = this.#held;
    held.append(payload, 0, payload.length);
    if (!head.fin) return null;
    const whole = held.bytes.subarray(held.from, held.end);
    // Its bytes stay as they are until something is added.
    held.clear();
    return this.#whole(whole);
  }

  #whole(payload: Uint8Array): Assembled {
    const opcode = this.#opcode;
    const frames = this.#frames;
    if (!this.#isCompressed) return { ok: true, message: { opcode, bytes: payload, frames, compressed: null } };
    if (this.#inflate === null) throw new Error('A compressed frame came, but nothing to decompress it with.');
    const inflated = this.#inflate(payload);
    if (!inflated.ok) return inflated;
    const { bytes } = inflated;
    if (opcode === OPCODE.text && !isUtf8Text(bytes)) return { ok: false, problem: notUtf8 };
    return { ok: true, message: { opcode, bytes, frames, compressed: payload.length } };
  }
}
