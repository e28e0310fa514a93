/** Messages and bytes per second of one session, from its counters; a minute of samples for the sparkline. */
import type { Counters, SessionStatus } from '../../shared/contract.ts';

/** Samples kept, and the least time between two: about half a minute at the width of the sparkline. */
const SAMPLES = 48;
const SAMPLE_MS = 500;

export interface Sample {
  /** Bytes per second. */
  readonly in: number;
  readonly out: number;
}

const noCounters: Counters = { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 };

export class Rates {
  samples = $state.raw<readonly Sample[]>([]);
  messagesPerSecond = $state(0);
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
      this.#timer = setInterval(() => {
        this.#sample();
      }, SAMPLE_MS);
    } else if (!alive) {
      this.dispose();
    }
  }

  dispose(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#at = null;
    this.messagesPerSecond = 0;
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
    const sample = {
      in: (after.bytesIn - before.bytesIn) / seconds,
      out: (after.bytesOut - before.bytesOut) / seconds,
    };
    this.samples = [...this.samples.slice(1 - SAMPLES), sample];
  }
}
