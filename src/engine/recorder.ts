/** Puts what a session does into its recording: with its number, its time and its share in the counters. */
import type { PeerId } from '../drivers/driver.ts';
import type { Spec } from '../drivers/spec.ts';
import { directionCode, kindTable, type Direction, type Meta } from '../shared/record.ts';
import { startClock, type Clock } from './clock.ts';
import { CounterSet } from './counters.ts';
import type { Recording } from './recording.ts';

export class Recorder {
  readonly recording: Recording;
  /** Names of the kinds, by the numbers in the records. */
  readonly kinds: readonly string[];
  readonly counters = new CounterSet();
  readonly #codes: ReadonlyMap<string, number>;
  readonly #messageKinds: ReadonlySet<string>;
  readonly #listeners = new Set<() => void>();
  #clock: Clock = startClock();

  constructor(spec: Spec, recording: Recording) {
    this.recording = recording;
    this.kinds = kindTable(spec.kinds);
    this.#codes = new Map(this.kinds.map((kind, code) => [kind, code]));
    this.#messageKinds = new Set(spec.messageKinds);
  }

  /** ms since 1970 at time 0 of the records. */
  get startedAt(): number {
    return this.#clock.startedAt;
  }

  /** Time 0 is when the session is opened first, not when its tab was made. */
  begin(): void {
    if (this.recording.rows.end === 0) this.#clock = startClock();
  }

  /** Called at each new record, so it must be cheap. @returns a function that ends it */
  onRecord(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  isMessage(kind: string): boolean {
    return this.#messageKinds.has(kind);
  }

  /** @returns false, and does nothing, when there is no such kind */
  write(kind: string, direction: Direction, peer: PeerId, payload: Uint8Array | null, meta: Meta | null): boolean {
    const code = this.#codes.get(kind);
    if (code === undefined) return false;
    this.recording.append(code, directionCode(direction), this.#clock.now(), peer, payload, meta);
    if (this.#messageKinds.has(kind)) this.counters.add(direction, payload === null ? 0 : payload.length);
    if (this.#listeners.size > 0) for (const listener of this.#listeners) listener();
    return true;
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.recording.close();
  }
}
