/** What went through a session or a connection. */
import type { Counters } from '../shared/contract.ts';
import type { Direction } from '../shared/record.ts';

export class CounterSet {
  #bytesIn = 0;
  #bytesOut = 0;
  #messagesIn = 0;
  #messagesOut = 0;

  /** @param bytes of all `messages` together */
  add(direction: Direction, bytes: number, messages = 1): void {
    if (direction === 'in') {
      this.#bytesIn += bytes;
      this.#messagesIn += messages;
    } else if (direction === 'out') {
      this.#bytesOut += bytes;
      this.#messagesOut += messages;
    }
  }

  get values(): Counters {
    return {
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      messagesIn: this.#messagesIn,
      messagesOut: this.#messagesOut,
    };
  }
}
