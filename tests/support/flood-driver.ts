/**
 * A driver that makes messages by itself, as fast as they are taken: it
 * exercises everything behind the seam, and no socket. It stops where a socket
 * would: when reading is paused.
 */
import { defineDriver, type Driver, type DriverContext, type DriverModule } from '../../src/drivers/driver.ts';
import type { Spec } from '../../src/drivers/spec.ts';
import { failure, success, type Outcome } from '../../src/shared/errors.ts';

export interface Flood {
  readonly messages: number;
  /** Bytes of each; at least 8, for the number that it begins with. */
  readonly size: number;
  /** Called after the last message. */
  readonly done: () => void;
  /** Asked at each turn of the event loop: false makes it wait. */
  readonly mayGoOn?: () => boolean;
}

/** Messages of one turn of the event loop: as many as a read of 64 KiB holds of 100 B. */
const TURN = 640;

const spec = {
  id: 'flood',
  title: 'Flood',
  tag: 'FLD',
  hue: 'tcp',
  role: 'client',
  address: { placeholder: '', default: '' },
  verbs: { open: 'Start', close: 'Stop' },
  fields: [],
  kinds: ['data'],
  messageKinds: ['data'],
  actions: [],
} as const satisfies Spec;

/** The text that every message has behind its number. */
export function floodPayload(size: number): Buffer {
  return Buffer.alloc(size, 'The quick brown fox jumps over the lazy dog. ');
}

class FloodDriver implements Driver {
  readonly #context: DriverContext;
  readonly #flood: Flood;
  #peer = 0;
  #sent = 0;
  #isPaused = false;
  #isClosed = false;

  constructor(context: DriverContext, flood: Flood) {
    this.#context = context;
    this.#flood = flood;
  }

  open(): Promise<Outcome> {
    this.#peer = this.#context.peerOpened({ local: '', remote: 'flood' });
    setImmediate(() => {
      this.#turn(floodPayload(this.#flood.size));
    });
    return Promise.resolve(success());
  }

  #turn(message: Buffer): void {
    if (this.#isClosed) return;
    const { messages, done, mayGoOn } = this.#flood;
    const waits = this.#isPaused || mayGoOn?.() === false;
    const end = waits ? this.#sent : Math.min(messages, this.#sent + TURN);
    for (let index = this.#sent; index < end; index += 1) {
      message.writeUInt32LE(index % 2 ** 32, 0);
      message.writeUInt32LE(Math.floor(index / 2 ** 32), 4);
      this.#context.record('data', 'in', this.#peer, message, null);
    }
    this.#sent = end;
    if (end === messages) done();
    else {
      setImmediate(() => {
        this.#turn(message);
      });
    }
  }

  send(): Promise<Outcome> {
    return Promise.resolve(failure('not-supported', 'The flood takes nothing.'));
  }

  act(): Promise<Outcome> {
    return this.send();
  }

  pauseReading(): void {
    this.#isPaused = true;
  }

  resumeReading(): void {
    this.#isPaused = false;
  }

  facts(): Record<string, never> {
    return {};
  }

  close(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#isClosed = true;
    this.#context.closed(null);
    return Promise.resolve();
  }
}

export function floodModule(flood: Flood): DriverModule {
  return defineDriver(spec, (context) => new FloodDriver(context, flood));
}
