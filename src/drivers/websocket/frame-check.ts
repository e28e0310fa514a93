import { WEBSOCKET_PAYLOAD_MOST_BYTES } from '../../shared/websocket-limits.ts';
import { closeProblem, headProblem, notUtf8, orderProblem, sizeProblem } from './frame-rules.ts';
import { isControl, OPCODE, RSV1, type FrameHead, type Violation } from './frame.ts';
import { MaskedBytes } from './mask.ts';
import type { LookFast } from './plain-messages.ts';
import { advanceUtf8, UTF8_ACCEPT, UTF8_REJECT } from './utf8.ts';

export interface FrameReaderOptions {
  /** True where clients' frames are read: they must be masked, and a server's must not (§5.1). */
  readonly expectMasked: boolean;
  /** Most bytes of one message, all its fragments together and decompressed. 0: as many as a record can hold. */
  readonly maxPayload: number;
  /** permessage-deflate was agreed: the first frame of a message may have RSV1. */
  readonly allowRsv1: boolean;
  /** Tells faster than it is done here whether bytes are ASCII, where it can. */
  readonly lookFast?: LookFast;
}

/** One frame after another, and the message that they are fragments of, against RFC 6455. */
export class FrameCheck {
  readonly #options: FrameReaderOptions;
  /** Bytes that a message may have. */
  readonly most: number;
  /** Whether a message has begun and not ended. */
  isInMessage = false;
  #isText = false;
  #isCompressed = false;
  /** Payload bytes of the message's frames so far. */
  #bytes = 0;
  #utf8 = UTF8_ACCEPT;

  constructor(options: FrameReaderOptions) {
    this.#options = options;
    const limit = options.maxPayload > 0 ? options.maxPayload : Infinity;
    this.most = Math.min(limit, WEBSOCKET_PAYLOAD_MOST_BYTES);
  }

  /** A frame begins: its head is known. */
  begin(head: FrameHead): Violation | null {
    const problem =
      headProblem(head, this.#options.expectMasked, this.#options.allowRsv1) ?? orderProblem(head, this.isInMessage);
    if (problem !== null || isControl(head.opcode)) return problem;
    if (!this.isInMessage) {
      this.isInMessage = true;
      this.#isText = head.opcode === OPCODE.text;
      this.#isCompressed = head.rsv === RSV1;
      this.#bytes = 0;
      this.#utf8 = UTF8_ACCEPT;
    }
    this.#bytes += head.length;
    return sizeProblem(this.#bytes, this.most, this.#isCompressed);
  }

  /** Unmasks and checks the part of the payload that starts at its byte `offset` and stands at `from`. */
  advance(
    head: FrameHead,
    bytes: Uint8Array,
    view: DataView,
    from: number,
    to: number,
    offset: number,
  ): Violation | null {
    const isAscii = head.masked && new MaskedBytes(bytes).apply(from, to, head.key, offset);
    if (isControl(head.opcode) || !this.#checksText || (isAscii && this.#utf8 === UTF8_ACCEPT)) return null;
    this.#utf8 = advanceUtf8(this.#utf8, view, from, to);
    return this.#utf8 === UTF8_REJECT ? notUtf8 : null;
  }

  /** A frame is whole. */
  end(head: FrameHead, payload: Uint8Array): Violation | null {
    if (isControl(head.opcode)) return head.opcode === OPCODE.close ? closeProblem(payload) : null;
    if (!head.fin) return null;
    this.isInMessage = false;
    return this.#checksText && this.#utf8 !== UTF8_ACCEPT ? notUtf8 : null;
  }

  get #checksText(): boolean {
    return this.#isText && !this.#isCompressed;
  }
}
