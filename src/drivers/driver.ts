/**
 * The seam between a protocol and the engine. A driver only translates:
 * socket callbacks become records, actions become socket calls. Numbering,
 * time stamps, counters, limits and states of the session live once, in the
 * session.
 */
import type { CheckedCase } from '../shared/checks.ts';
import { success, type Outcome, type WireError } from '../shared/errors.ts';
import type { Direction, Meta, MetaValue } from '../shared/record.ts';
import { checkOptions, type Options, type OptionsOf, type Spec } from './spec.ts';

/** Number of a connection within its session, from 1. 0 is the session itself. */
export type PeerId = number;

/**
 * State of one connection. `half-closed-local`: our FIN has left and we may
 * still read; `half-closed-remote`: the peer's FIN has come and ours has not
 * left (we may still write, or it waits behind queued bytes).
 * `reset`: it ended by RST from either side. `failed`: it ended by another error.
 */
export type PeerState = 'open' | 'half-closed-local' | 'half-closed-remote' | 'closed' | 'reset' | 'failed';

/** Facts of a socket or server by Node's own names (`remoteAddress`, `bytesRead` …), read when the window looks. */
export type Facts = Readonly<Record<string, MetaValue>>;

/**
 * Messages that stand one behind another in one read, as an engine takes them all at once: no object and no call for
 * each. Driver and engine use the same arrays again for the next read.
 */
export interface Batch {
  /** What was read; the payloads are in it. */
  bytes: Uint8Array;
  /** How many there are; the arrays may be longer. */
  count: number;
  /** Of each: its kind, as an index into the spec's `messageKinds`. */
  readonly kinds: Uint8Array;
  /** Of each: where in `bytes` its payload starts. */
  readonly starts: Uint32Array;
  /** Of each: length of its payload in bytes. */
  readonly lengths: Uint32Array;
}

/** What the engine gives to a driver. */
export interface DriverContext {
  /** As typed by the person, trimmed. */
  readonly address: string;
  /**
   * Adds one record. `kind` is one of the spec's kinds or a common kind.
   * `payload` is copied before the call returns, so it may be reused.
   */
  record(kind: string, direction: Direction, peer: PeerId, payload: Uint8Array | null, meta: Meta | null): void;
  /** Adds a record for each message of the batch, without meta, in its order. The bytes are copied before the call returns. */
  recordBatch(batch: Batch, direction: Direction, peer: PeerId): void;
  /** A connection exists. Addresses are formatted (`127.0.0.1:9000`, `[::1]:9000`, a path). */
  peerOpened(addresses: { readonly local: string; readonly remote: string }): PeerId;
  peerChanged(peer: PeerId, state: PeerState): void;
  /** The addresses of the session itself, once known: bound address of a server, both ends of a client. */
  endpoints(addresses: { readonly local: string | null; readonly remote: string | null }): void;
  /** A server has stopped accepting but connections remain: the session is `closing` until `closed`. */
  closing(): void;
  /**
   * The driver has ended by itself, or by an action, and holds no handle any
   * more. Called at most once after a successful `open`; never after a
   * failed one. An error makes the session `failed`.
   */
  closed(error: WireError | null): void;
}

export interface Driver {
  /**
   * Connects or listens. Called once. Resolves when the session may send, or
   * with the error; after an error no handle is left. When `signal` aborts
   * before that, gives up at once with `cancelled`.
   */
  open(signal: AbortSignal): Promise<Outcome>;
  /**
   * Writes `bytes` to one connection and records it. `bytes` must not change
   * until the promise resolves, which it does when the system has taken them
   * (the write callback of Node's `socket.write`) or with the error. Never
   * waits longer than the connection lives.
   * @param kind one of the spec's `messageKinds`; without it the first
   */
  send(peer: PeerId, bytes: Uint8Array, kind?: string): Promise<Outcome>;
  /**
   * One of the spec's actions. For an action on `peer`, null means every connection.
   * @param values of the action's fields, checked and complete; not given when it has none
   */
  act(action: string, peer: PeerId | null, values?: Options): Promise<Outcome>;
  /**
   * Stops reading (back-pressure reaches the peer). null means every
   * connection, on a server also each that comes later, until `resumeReading(null)`.
   */
  pauseReading(peer: PeerId | null): void;
  resumeReading(peer: PeerId | null): void;
  /** Null: facts of the session; else of that connection, or an empty object when it is unknown. */
  facts(peer: PeerId | null): Facts;
  /**
   * Lets queued bytes leave, for CLOSE_GRACE_MS at most; a second call gives
   * them up at once. Idempotent, also while opening. When it resolves no
   * handle, timer or listener is left and `closed` was called if `open` had
   * succeeded.
   */
  close(): Promise<void>;
}

/** Hears of a check while it runs. */
export interface CheckListener {
  /** How many cases there are. */
  began(total: number): void;
  /** What was found out about the server before any case: a sentence. */
  about(text: string): void;
  result(result: CheckedCase): void;
}

/**
 * Tries what the protocol's standards demand on the server of a client's address.
 * @returns when all has been tried, or soon after `stop`; then no handle is left. Errors as of opening a session there
 */
export type CheckServer = (
  address: string,
  options: Options,
  listener: CheckListener,
  stop: AbortSignal,
) => Promise<Outcome>;

/** One protocol, as the engine uses it. */
export interface DriverModule {
  readonly spec: Spec;
  /**
   * Checks the options, then makes the driver; it does nothing until `open`.
   * @returns error `bad-option` with `field` set
   */
  create(context: DriverContext, options: Options): Outcome<Driver>;
  /** There when the spec names `standards`. What it needs is loaded when it is first called. */
  readonly check?: CheckServer;
}

/** Ties a spec to its driver, so that the driver sees options of the right types. */
export function defineDriver<const S extends Spec>(
  spec: S,
  make: (context: DriverContext, options: OptionsOf<S>) => Driver,
  more: Pick<DriverModule, 'check'> = {},
): DriverModule {
  return {
    ...more,
    spec,
    create(context, raw) {
      const options = checkOptions(spec, raw);
      return options.ok ? success(make(context, options.value)) : options;
    },
  };
}
