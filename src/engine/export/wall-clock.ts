/** Wall-clock times of records, to the nanosecond that was recorded: `2026-11-23T14:02:11.020113000Z` (ISO 8601). */
import type { ByteSink } from './byte-sink.ts';

const NS_PER_S = 1e9;
/** Last second that a Date holds (ECMA-262, "Time Values and Time Range"). */
const LAST_SECOND = 8.64e12;
/** Longest text: a year of six digits with its sign. */
export const ISO_BYTES = 34;
const FRACTION_DIGITS = 9;
const POINT = 0x2e;
const ZULU = 0x5a;

export class WallClock {
  readonly #startSecond: number;
  /** ns from the whole second before the start to the start. */
  readonly #startNs: number;
  #second = Number.NaN;
  /** Date and time of that second; made once for all records in it. */
  #text: Buffer = Buffer.alloc(0);

  /** @param startedAt ms since 1970, perhaps with a fraction */
  constructor(startedAt: number) {
    const start = Number.isFinite(startedAt) ? startedAt : 0;
    // Apart: ns since 1970 are more than a number holds exactly.
    this.#startSecond = Math.floor(start / 1000);
    this.#startNs = Math.round((start - this.#startSecond * 1000) * 1e6);
  }

  /** Needs ISO_BYTES of room. @param ns whole ns since the start */
  write(sink: ByteSink, ns: number): void {
    const sum = this.#startNs + ns;
    const passed = Math.floor(sum / NS_PER_S);
    const second = this.#startSecond + passed;
    if (second !== this.#second) this.#enter(second);
    sink.chunk(this.#text);
    sink.byte(POINT);
    sink.fixed(sum - passed * NS_PER_S, FRACTION_DIGITS);
    sink.byte(ZULU);
  }

  #enter(second: number): void {
    this.#second = second;
    const held = Math.max(-LAST_SECOND, Math.min(LAST_SECOND, second));
    this.#text = Buffer.from(new Date(held * 1000).toISOString().slice(0, -'.000Z'.length));
  }
}

/** `2026-11-23T14:02:11.020Z`; a time that no calendar has is the nearest that one has. */
export function isoTime(ms: number): string {
  const held = Number.isFinite(ms) ? Math.max(-LAST_SECOND * 1000, Math.min(LAST_SECOND * 1000, ms)) : 0;
  return new Date(held).toISOString();
}
