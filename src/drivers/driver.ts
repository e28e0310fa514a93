/**
 * The seam between a protocol and the engine. A driver only translates:
 * socket callbacks become records, actions become socket calls. Numbering,
 * time stamps, counters, limits and states of the session live once, in the
 * session.
 */
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

/** What the engine gives to a driver. */
export interface DriverContext {
  /** As typed by the person, trimmed. */
  readonly address: string;
  /**
   * Adds one record. `kind` is one of the spec's kinds or a common kind.
   * `payload` is copied before the call returns, so it may be reused.
   */
  record(kind: string, direction: Direction, peer: PeerId, payload: Uint8Array | null, meta: Meta | null): void;
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
   */
  send(peer: PeerId, bytes: Uint8Array): Promise<Outcome>;
  /** One of the spec's actions. For an action on `peer`, null means every connection. */
  act(action: string, peer: PeerId | null): Promise<Outcome>;
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

/** One protocol, as the engine uses it. */
export interface DriverModule {
  readonly spec: Spec;
  /**
   * Checks the options, then makes the driver; it does nothing until `open`.
   * @returns error `bad-option` with `field` set
   */
  create(context: DriverContext, options: Options): Outcome<Driver>;
}

/** Ties a spec to its driver, so that the driver sees options of the right types. */
export function defineDriver<const S extends Spec>(
  spec: S,
  make: (context: DriverContext, options: OptionsOf<S>) => Driver,
): DriverModule {
  return {
    spec,
    create(context, raw) {
      const options = checkOptions(spec, raw);
      return options.ok ? success(make(context, options.value)) : options;
    },
  };
}
