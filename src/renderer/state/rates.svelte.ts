/** Messages and bytes per second of one session, from its counters; the newest samples are for the sparkline. */
import type { Counters, SessionStatus } from '../../shared/contract.ts';
import { RATE_SAMPLE_MS, RATE_SAMPLES } from '../../shared/limits.ts';

export interface Sample {
  /** Bytes per second. */
  readonly in: number;
  readonly out: number;
}

const noCounters: Counters = { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 };

export class Rates {
  /** At most RATE_SAMPLES, oldest first. */
  samples = $state.raw<readonly Sample[]>([]);
  messagesPerSecond = $state(0);
  /** Whole seconds in which no byte has moved: a peer that is silent shows as silent. */
  quietSeconds = $state(0);
  #movedAt = 0;
  #counters = noCounters;
  #at: number | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;
  #latest: Counters = noCounters;

  /** Takes the counters of a status; samples on while the session is alive, so that silence shows as silence. */
  update(status: SessionStatus): void {
    this.#latest = status.counters;
    const alive = status.state === 'open' || status.state === 'closing';
    if (alive && this.#timer === null) {
      this.#counters = status.counters;
      this.#at = performance.now();
      this.#movedAt = this.#at;
      this.#timer = setInterval(() => {
        this.#sample();
      }, RATE_SAMPLE_MS);
    } else if (!alive) {
      this.dispose();
    }
  }

  dispose(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#at = null;
    this.messagesPerSecond = 0;
    this.quietSeconds = 0;
  }

  #sample(): void {
    const now = performance.now();
    const seconds = (now - (this.#at ?? now)) / 1000;
    if (seconds <= 0) return;
    const before = this.#counters;
    const after = this.#latest;
    this.#at = now;
    this.#counters = after;
    const messages = after.messagesIn + after.messagesOut - before.messagesIn - before.messagesOut;
    this.messagesPerSecond = Math.round(messages / seconds);
    if (after.bytesIn !== before.bytesIn || after.bytesOut !== before.bytesOut) this.#movedAt = now;
    this.quietSeconds = Math.floor((now - this.#movedAt) / 1000);
    const sample = {
      in: (after.bytesIn - before.bytesIn) / seconds,
      out: (after.bytesOut - before.bytesOut) / seconds,
    };
    this.samples = [...this.samples.slice(1 - RATE_SAMPLES), sample];
  }
}
