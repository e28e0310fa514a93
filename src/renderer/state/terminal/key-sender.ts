/** Sends what is typed, in order: what comes while something is on its way is joined to one message. */
import type { Client } from '../../../rpc/client.ts';
import type { WireError } from '../../../shared/errors.ts';
import { MESSAGE_BYTES } from '../../../shared/limits.ts';

export interface KeySenderOptions {
  readonly client: Client;
  readonly session: string;
  /** One connection; null: that of a client. */
  readonly peer: number | null;
  /** It could not be sent, nor will what was typed after it. */
  readonly failed: (error: WireError) => void;
}

export class KeySender {
  readonly #options: KeySenderOptions;
  #waiting: Uint8Array[] = [];
  #isSending = false;

  constructor(options: KeySenderOptions) {
    this.#options = options;
  }

  send(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#waiting.push(bytes);
    if (!this.#isSending) void this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    const { client, session, peer, failed } = this.#options;
    this.#isSending = true;
    while (this.#waiting.length > 0) {
      const sent = await client.call('session.send', {
        session,
        peer,
        source: { type: 'bytes', bytes: this.#next() },
        then: null,
      });
      if (sent.ok) continue;
      this.#waiting = [];
      failed(sent.error);
    }
    this.#isSending = false;
  }

  /** Everything that waits, as far as it fits into one message. */
  #next(): Uint8Array {
    const length = this.#waiting.reduce((sum, { length: more }) => sum + more, 0);
    const all = new Uint8Array(length);
    let at = 0;
    for (const bytes of this.#waiting) {
      all.set(bytes, at);
      at += bytes.length;
    }
    this.#waiting = length > MESSAGE_BYTES ? [all.slice(MESSAGE_BYTES)] : [];
    return all.subarray(0, MESSAGE_BYTES);
  }
}
