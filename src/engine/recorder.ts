/** Puts what a session does into its recording: with its number, its time and its share in the counters. */
import type { Batch, PeerId } from '../drivers/driver.ts';
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
  /** Codes of the message kinds, in their order. */
  readonly #messageCodes: Uint8Array;
  #clock: Clock = startClock();
  /** What was found for the kind of the last record: nearly always that of the next one as well. */
  #kind: string | null = null;
  #code = -1;
  #isMessage = false;
  readonly #written = new Set<string>();

  constructor(spec: Spec, recording: Recording) {
    this.recording = recording;
    this.kinds = kindTable(spec.kinds);
    this.#codes = new Map(this.kinds.map((kind, code) => [kind, code]));
    this.#messageKinds = new Set(spec.messageKinds);
    this.#messageCodes = Uint8Array.from(spec.messageKinds, (kind) => this.kinds.indexOf(kind));
  }

  /** ms since 1970 at time 0 of the records. */
  get startedAt(): number {
    return this.#clock.startedAt;
  }

  /** Time 0 is when the session is opened first, not when its tab was made. */
  begin(): void {
    if (this.recording.rows.end === 0) this.#clock = startClock();
  }

  /** Whether the record that was just written is a message, and not an event. */
  get wroteMessage(): boolean {
    return this.#isMessage;
  }

  /** Whether there was a record of that kind, by `write`. */
  hasWritten(kind: string): boolean {
    return this.#written.has(kind);
  }

  /** @returns false, and does nothing, when there is no such kind */
  write(kind: string, direction: Direction, peer: PeerId, payload: Uint8Array | null, meta: Meta | null): boolean {
    if (kind !== this.#kind && !this.#look(kind)) return false;
    this.recording.append(this.#code, directionCode(direction), this.#clock.now(), peer, payload, meta);
    if (this.#isMessage) this.counters.add(direction, payload === null ? 0 : payload.length);
    return true;
  }

  /** @returns payload bytes of all */
  writeBatch(batch: Batch, direction: Direction, peer: PeerId): number {
    let bytes = 0;
    for (let at = 0; at < batch.count; at += 1) bytes += batch.lengths[at] ?? 0;
    this.recording.appendBatch(batch, this.#messageCodes, directionCode(direction), this.#clock.now(), peer);
    this.counters.add(direction, bytes, batch.count);
    return bytes;
  }

  close(): Promise<void> {
    return this.recording.close();
  }

  #look(kind: string): boolean {
    const code = this.#codes.get(kind);
    if (code === undefined) return false;
    this.#kind = kind;
    this.#written.add(kind);
    this.#code = code;
    this.#isMessage = this.#messageKinds.has(kind);
    return true;
  }
}
