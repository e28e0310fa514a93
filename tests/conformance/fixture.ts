/** What a driver gives to the conformance suite, and how a case begins. */
import assert from 'node:assert/strict';
import type { Driver, DriverModule, PeerId } from '../../src/drivers/driver.ts';
import type { Options } from '../../src/drivers/spec.ts';
import type { ErrorCode } from '../../src/shared/errors.ts';
import { FakeContext } from '../support/fake-context.ts';
import { valueOf } from '../support/outcome.ts';

/** The other end of one connection: never the driver under test. */
export interface Remote {
  /** Its address as the driver must show it. */
  readonly name: string;
  readonly received: Buffer;
  readonly receivedLength: number;
  /** The driver's FIN has come. */
  readonly hasEnded: boolean;
  /** `ECONNRESET` and its like, once it came. */
  readonly errno: string | null;
  readonly isClosed: boolean;
  /** Resolves when the system has taken the bytes. */
  write(bytes: Uint8Array): Promise<void>;
  /** Sends FIN, and may still receive. */
  end(): void;
  reset(): void;
  destroy(): void;
  pause(): void;
  resume(): void;
  until(condition: () => boolean, what: string): Promise<void>;
}

export interface Fixture {
  /** Where the driver opens. */
  readonly address: string;
  /** The same place as a client must show it; not given: `address` itself. */
  readonly remoteName?: string;
  /** Opening there fails, with this error about this peer. */
  readonly refused: {
    readonly address: string;
    readonly code: ErrorCode;
    readonly errno: string;
    readonly peer: string;
  };
  /** A client: makes a place where nobody ever answers, and tells its address. A server has no such place. */
  silent?(): Promise<string>;
  /**
   * The other end of a connection: the one that the client under test has made,
   * or a new one to the server under test, which listens at `address`.
   */
  remote(address: string): Promise<Remote>;
  /** Of a driver that only asks: a place where the first question is answered, and no other. */
  halfSilent?(): Promise<string>;
  dispose(): Promise<void>;
}

/** How a driver names what every connection has. */
export interface Words {
  /** Kind of the row that says that the connection may be used. */
  readonly ready: string;
  /** Kind of a connection's last row. */
  readonly closed: string;
  /** Action that ends a connection at once, and kind of its row. */
  readonly destroy: string;
  /** Action that ends a connection in good order. */
  readonly end: string;
  /** Action of a server that accepts no more. */
  readonly stop: string;
  /** Kind of the last row of a server. */
  readonly stopped: string;
}

/** A driver in one of its environments. */
export interface Subject {
  readonly module: DriverModule;
  /** Not given: those of a socket. */
  readonly words?: Words;
  /** Messages instead of a stream: more than their bytes goes over the wire, and neither side ends alone. */
  readonly hasMessages?: true;
  /** Local sockets have no RST. */
  readonly hasReset: boolean;
  /** It asks by itself, and has closed when all is answered: nothing can be sent, and no connection stays. */
  readonly asksOnly?: true;
  /** The option of its time-out and its error. Not given: `connectTimeout`, `connection-timed-out`. */
  readonly timeout?: { readonly option: string; readonly code: ErrorCode };
  setup(): Promise<Fixture>;
}

export interface Case {
  /** Reads as a sentence after the name of the driver. */
  readonly name: string;
  /** Cases without it are for every driver. */
  readonly only?: (subject: Subject) => boolean;
  run(subject: Subject, fixture: Fixture): Promise<void>;
}

export const askingOnly = (subject: Subject): boolean => subject.asksOnly === true;
/** Those of which a connection can be had, to send and to end. */
export const conversing = (subject: Subject): boolean => subject.asksOnly !== true;
export const clientsOnly = (subject: Subject): boolean => subject.module.spec.role === 'client';
export const serversOnly = (subject: Subject): boolean => subject.module.spec.role === 'server';
export const streamsOnly = (subject: Subject): boolean => conversing(subject) && subject.hasMessages !== true;
export const withReset = (subject: Subject): boolean => subject.hasReset;

const socketWords: Words = {
  ready: 'ready',
  closed: 'close',
  destroy: 'destroy',
  end: 'end',
  stop: 'close',
  stopped: 'close',
};

export function wordsOf(subject: Subject): Words {
  return subject.words ?? socketWords;
}

export function create(
  subject: Subject,
  address: string,
  options: Options = {},
): { readonly context: FakeContext; readonly driver: Driver } {
  const context = new FakeContext(subject.module.spec, address);
  return { context, driver: valueOf(subject.module.create(context, options)) };
}

export interface Stage {
  readonly context: FakeContext;
  readonly driver: Driver;
  readonly remote: Remote;
  readonly peer: PeerId;
  /** Ends both sides, and checks that the driver has said so once. */
  readonly strike: () => Promise<void>;
}

/** An open driver with one connection. */
export async function stage(subject: Subject, fixture: Fixture, options: Options = {}): Promise<Stage> {
  const { context, driver } = create(subject, fixture.address, options);
  valueOf(await driver.open(new AbortController().signal));
  const remote = await fixture.remote(context.ends.local ?? '');
  await context.until(() => context.peers.length === 1, 'a connection');
  return {
    context,
    driver,
    remote,
    peer: 1,
    async strike() {
      remote.destroy();
      await driver.close();
      assert.equal(context.closes.length, 1, 'closed() is called once');
      await remote.until(() => remote.isClosed, 'the other end to close');
    },
  };
}

/** Length of what `noise` repeats. A prime, so that no two chunks of a stream are alike. */
const NOISE_PERIOD = 100_003;

/** Bytes in which a lost, doubled or swapped chunk shows. Deterministic (xorshift32). */
export function noise(length: number, seed: number): Buffer {
  const period = Buffer.alloc(Math.min(length, NOISE_PERIOD));
  let state = seed;
  for (let index = 0; index < period.length; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    period[index] = state & 0xff;
  }
  return Buffer.alloc(length, period);
}
