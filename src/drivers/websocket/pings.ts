/** Pings and pongs of one connection (RFC 6455 §5.5.2, §5.5.3): answering, withholding, asking, and how long an answer took. */
import { PINGS_REMEMBERED, PONG_BACKLOG_BYTES } from '../../shared/limits.ts';
import type { Direction, Meta } from '../../shared/record.ts';
import { OPCODE } from './frame.ts';

export interface PingsSetup {
  /** Between two pings that are sent without being asked for, in ms; 0 = none. */
  readonly interval: number;
  readonly holdPongs: boolean;
  readonly record: (kind: string, direction: Direction, payload: Uint8Array | null, meta: Meta | null) => void;
  readonly send: (opcode: typeof OPCODE.ping | typeof OPCODE.pong, payload: Uint8Array) => void;
  /** Bytes that wait to be taken by the system. */
  readonly backlog: () => number;
  /** Whether frames may still be sent. */
  readonly isOpen: () => boolean;
}

/** Numbers from 0 on in eight bytes: so that each pong is of one ping. */
function numbered(count: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(count));
  return bytes;
}

export class Pings {
  readonly #setup: PingsSetup;
  readonly #timer: NodeJS.Timeout | null;
  #isHolding: boolean;
  /** Payload of each ping without pong, in hex, and when it was sent, in ms. */
  readonly #asked = new Map<string, number>();
  #count = 0;
  #roundTrip: number | null = null;
  /** A ping that waits until there is room for its pong. */
  #unanswered: Uint8Array | null = null;

  constructor(setup: PingsSetup) {
    this.#setup = setup;
    this.#isHolding = setup.holdPongs;
    this.#timer = setup.interval === 0 ? null : setInterval(() => this.#askBySelf(), setup.interval);
  }

  /** Of the last pong that answered a ping, in ms; null when there was none. */
  get roundTrip(): number | null {
    return this.#roundTrip;
  }

  get isHolding(): boolean {
    return this.#isHolding;
  }

  hold(isHolding: boolean): void {
    this.#isHolding = isHolding;
    this.#setup.record(isHolding ? 'holdPongs' : 'answerPings', 'none', null, null);
  }

  /** A ping that somebody asked for. */
  ask(payload: Uint8Array): void {
    this.#ask(payload, null);
  }

  gotPing(payload: Uint8Array): void {
    const answers = !this.#isHolding && this.#setup.isOpen();
    this.#setup.record('ping', 'in', payload, answers ? null : { answered: false });
    if (!answers) return;
    if (this.#setup.backlog() > PONG_BACKLOG_BYTES) this.#unanswered = payload.slice();
    else this.#answer(payload);
  }

  gotPong(payload: Uint8Array): void {
    const key = Buffer.from(payload).toString('hex');
    const asked = this.#asked.get(key);
    if (asked === undefined) {
      this.#setup.record('pong', 'in', payload, null);
      return;
    }
    // A pong answers this ping and every one before it (RFC 6455 §5.5.3).
    for (const [earlier] of this.#asked) {
      this.#asked.delete(earlier);
      if (earlier === key) break;
    }
    this.#roundTrip = Math.round((performance.now() - asked) * 1000) / 1000;
    this.#setup.record('pong', 'in', payload, { roundTrip: this.#roundTrip });
  }

  /** There is room to send again. */
  drained(): void {
    const payload = this.#unanswered;
    this.#unanswered = null;
    if (payload !== null && !this.#isHolding && this.#setup.isOpen()) this.#answer(payload);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  #answer(payload: Uint8Array): void {
    this.#setup.record('pong', 'out', payload, { auto: true });
    this.#setup.send(OPCODE.pong, payload);
  }

  #askBySelf(): void {
    // One that cannot leave tells nothing, and they must not pile up.
    if (!this.#setup.isOpen() || this.#setup.backlog() > PONG_BACKLOG_BYTES) return;
    this.#ask(numbered(this.#count), { auto: true });
    this.#count += 1;
  }

  #ask(payload: Uint8Array, meta: Meta | null): void {
    const key = Buffer.from(payload).toString('hex');
    // Set anew, so that it stands last.
    this.#asked.delete(key);
    this.#asked.set(key, performance.now());
    const [oldest] = this.#asked.keys();
    if (this.#asked.size > PINGS_REMEMBERED && oldest !== undefined) this.#asked.delete(oldest);
    this.#setup.record('ping', 'out', payload, meta);
    this.#setup.send(OPCODE.ping, payload);
  }
}
