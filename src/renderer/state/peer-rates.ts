/** Bytes and messages per second of connections, from what their counters said before. */
import type { Counters, PeerStatus } from '../../shared/contract.ts';
import { PEER_RATE_MS } from '../../shared/limits.ts';

/** Both directions together. */
export interface PeerRate {
  readonly bytesPerSecond: number;
  readonly messagesPerSecond: number;
}

interface Sample {
  readonly at: number;
  readonly counters: Counters;
  readonly rate: PeerRate;
}

const silence: PeerRate = { bytesPerSecond: 0, messagesPerSecond: 0 };

function rateOf(before: Sample, after: Counters, now: number): PeerRate {
  const seconds = (now - before.at) / 1000;
  const { bytesIn, bytesOut, messagesIn, messagesOut } = before.counters;
  return {
    bytesPerSecond: (after.bytesIn + after.bytesOut - bytesIn - bytesOut) / seconds,
    messagesPerSecond: (after.messagesIn + after.messagesOut - messagesIn - messagesOut) / seconds,
  };
}

export class PeerRates {
  #samples = new Map<number, Sample>();

  /**
   * Takes the counters of the connections in view and forgets all others.
   * @param now monotonic, ms
   * @returns a rate for each of `peers`, in the same order; silence until a span has been measured
   */
  sample(peers: readonly PeerStatus[], now: number): PeerRate[] {
    const samples = new Map<number, Sample>();
    const rates = peers.map(({ peer, counters }) => {
      const before = this.#samples.get(peer);
      let sample: Sample;
      if (before === undefined) sample = { at: now, counters, rate: silence };
      else if (now - before.at < PEER_RATE_MS) sample = before;
      else sample = { at: now, counters, rate: rateOf(before, counters, now) };
      samples.set(peer, sample);
      return sample.rate;
    });
    this.#samples = samples;
    return rates;
  }

  clear(): void {
    this.#samples.clear();
  }
}
