/** Messages that were sent, to be called back with Alt+↑ and Alt+↓. */
import { SENT_KEPT } from '../../shared/limits.ts';
import type { TypedFormat } from '../../shared/message-format.ts';

export interface SentMessage {
  readonly format: TypedFormat;
  readonly typed: string;
}

export class SentMessages {
  readonly #sent: SentMessage[] = [];
  /** What was being typed when the first older message was called back. */
  #unsent: SentMessage | null = null;
  /** Place in `#sent`; its length stands for what is being typed. */
  #place = 0;

  get count(): number {
    return this.#sent.length;
  }

  /** The newest goes last; the same one twice in a row is kept once. */
  add(message: SentMessage): void {
    const last = this.#sent.at(-1);
    if (last?.format !== message.format || last.typed !== message.typed) this.#sent.push(message);
    if (this.#sent.length > SENT_KEPT) this.#sent.shift();
    this.#place = this.#sent.length;
    this.#unsent = null;
  }

  /** The message before the one shown now, or null at the oldest. @param current what the editor holds */
  older(current: SentMessage): SentMessage | null {
    if (this.#place === this.#sent.length) this.#unsent = current;
    const message = this.#sent[this.#place - 1];
    if (message === undefined) return null;
    this.#place -= 1;
    return message;
  }

  /** The message after the one shown now; behind the newest, what was being typed. */
  newer(): SentMessage | null {
    if (this.#place >= this.#sent.length) return null;
    this.#place += 1;
    return this.#sent[this.#place] ?? this.#unsent;
  }
}
