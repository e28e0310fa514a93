/** What went through a session or a connection. */
import type { Counters } from '../shared/contract.ts';
import type { Direction } from '../shared/record.ts';

export class CounterSet {
  #bytesIn = 0;
  #bytesOut = 0;
  #messagesIn = 0;
  #messagesOut = 0;

  add(direction: Direction, bytes: number): void {
    if (direction === 'in') {
      this.#bytesIn += bytes;
      this.#messagesIn += 1;
    } else if (direction === 'out') {
      this.#bytesOut += bytes;
      this.#messagesOut += 1;
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
