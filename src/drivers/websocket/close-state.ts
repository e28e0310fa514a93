/** How far the closing handshake is (RFC 6455 §7): who began it, with what, and how it came out. */
import { failure } from '../../shared/errors.ts';
import type { Meta } from '../../shared/record.ts';
import { closeName } from './close-codes.ts';
import { CLOSE_REASON_BYTES, readClosePayload } from './frame-writer.ts';

/** What stands for a close frame without a code (RFC 6455 §7.1.5). */
const NO_STATUS = 1005;
/** The connection ended without a close frame of the peer. */
const ABNORMAL = 1006;

/** Error `bad-option` with `field` when a close frame cannot have both; null when it can. */
export function reasonProblem(code: number, reason: string): ReturnType<typeof failure> | null {
  const length = new TextEncoder().encode(reason).length;
  if (length > CLOSE_REASON_BYTES) {
    const message = `The reason is ${length} bytes long; a close frame has room for ${CLOSE_REASON_BYTES} (RFC 6455 §5.5).`;
    return failure('bad-option', message, 'Make it shorter.', { field: 'reason' });
  }
  if (code !== NO_STATUS || reason === '') return null;
  const message = 'A close frame without a code has no reason either (RFC 6455 §5.5.1).';
  const hint = 'Choose a code, such as 1000, or leave the reason empty.';
  return failure('bad-option', message, hint, { field: 'reason' });
}

export type Side = 'us' | 'peer';

interface CloseFrame {
  readonly code: number;
  readonly reason: string;
}

export class CloseState {
  #sent: CloseFrame | null = null;
  #received: CloseFrame | null = null;
  #began: Side | null = null;

  get isSent(): boolean {
    return this.#sent !== null;
  }

  get isReceived(): boolean {
    return this.#received !== null;
  }

  /** No close frame has gone or come: messages may go. */
  get isOpen(): boolean {
    return this.#sent === null && this.#received === null;
  }

  get began(): Side | null {
    return this.#began;
  }

  /** Without a frame: the socket ended, or was ended. Only the first that is said counts. */
  begunBy(side: Side): void {
    this.#began ??= side;
  }

  /** @returns meta of its record */
  sent(payload: Uint8Array): Meta {
    this.begunBy('us');
    this.#sent = read(payload);
    return this.#frameMeta(this.#sent);
  }

  /** @returns meta of its record */
  received(payload: Uint8Array): Meta {
    this.begunBy('peer');
    this.#received = read(payload);
    return this.#frameMeta(this.#received);
  }

  /** The meta of the last row that are about this: the code is the peer's, as RFC 6455 §7.1.5 has it. */
  summary(): Meta {
    const { code, reason } = this.#received ?? { code: ABNORMAL, reason: '' };
    return {
      code,
      name: closeName(code),
      reason,
      began: this.#began ?? 'peer',
      clean: this.#sent !== null && this.#received !== null,
      ...(this.#received === null && this.#sent !== null ? { sent: this.#sent.code } : {}),
    };
  }

  /** Once the connection has ended: the code and the reason that were received, and who began to close. */
  facts(): Meta {
    const { code, reason } = this.#received ?? { code: ABNORMAL, reason: '' };
    return { closeCode: code, closeReason: reason, endedBy: this.#began ?? 'peer' };
  }

  #frameMeta({ code, reason }: CloseFrame): Meta {
    return { code, name: closeName(code), reason, began: this.#began };
  }
}

function read(payload: Uint8Array): CloseFrame {
  const { code, reason } = readClosePayload(payload);
  return { code: code ?? NO_STATUS, reason };
}
