/** A WebSocket client as a driver: one session, one connection. */
import { Ending } from '../../shared/ending.ts';
import { failure, sentence, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { CLOSE_GRACE_MS } from '../../shared/limits.ts';
import { hasAction, noAction, noConnection } from '../../shared/refusals.ts';
import { maskCredentials } from '../../shared/credentials.ts';
import { defineDriver, type Driver, type DriverContext, type Facts, type PeerId } from '../driver.ts';
import { systemLookup, type Lookup } from '../net/lookup.ts';
import type { Options } from '../spec.ts';
import { actOn } from './actions.ts';
import { webSocketClientSpec } from './client-spec.ts';
import type { ConnectionSetup } from './connection-setup.ts';
import { Connection } from './connection.ts';
import type { DeflateWishes } from './extension.ts';
import { planHandshake } from './handshake-client.ts';
import { openUrl, whereOf, type ClientOptions, type Opened, type OpeningSetup } from './opening.ts';
import { readCertificates } from './tls.ts';
import { parseWebSocketUrl } from './url.ts';

export const webSocketClient = defineDriver(
  webSocketClientSpec,
  (context, options) => new WebSocketClient(context, options, systemLookup, process.env),
  {
    check: async (...asked) => {
      const { checkServer } = await import('./check/check-server.ts');
      return checkServer(...asked);
    },
  },
);

export class WebSocketClient implements Driver {
  readonly #context: DriverContext;
  readonly #options: ClientOptions;
  readonly #lookup: Lookup;
  readonly #environment: OpeningSetup['environment'];
  readonly #stop = new AbortController();
  readonly #ending = new Ending();
  #opening: Promise<Outcome> | null = null;
  #closing: Promise<void> | null = null;
  #connection: Connection | null = null;
  /** There also when the certificate was refused, so that it can be looked at. */
  #tlsFacts: Facts = {};
  #isOpen = false;
  #pausedEarly = false;

  constructor(
    context: DriverContext,
    options: ClientOptions,
    lookup: Lookup,
    environment: OpeningSetup['environment'],
  ) {
    this.#context = context;
    this.#options = options;
    this.#lookup = lookup;
    this.#environment = environment;
  }

  open(signal: AbortSignal): Promise<Outcome> {
    this.#opening = this.#open(signal);
    return this.#opening;
  }

  send(peer: PeerId, bytes: Uint8Array, kind = 'text'): Promise<Outcome> {
    const found = this.#find(peer);
    return found.ok ? found.value.send(bytes, kind) : Promise.resolve(found);
  }

  act(action: string, peer: PeerId | null, values: Options = {}): Promise<Outcome> {
    if (!hasAction(webSocketClientSpec, action)) return Promise.resolve(noAction(webSocketClientSpec, action));
    const found = this.#find(peer);
    return Promise.resolve(found.ok ? actOn(found.value, action, values) : found);
  }

  pauseReading(peer: PeerId | null): void {
    if (this.#connection === null) this.#pausedEarly = true;
    else if (peer === null || peer === this.#connection.peer) this.#connection.pause();
  }

  resumeReading(peer: PeerId | null): void {
    this.#pausedEarly = false;
    if (peer === null || peer === this.#connection?.peer) this.#connection?.resume();
  }

  facts(peer: PeerId | null): Facts {
    if (peer !== null && peer !== this.#connection?.peer) return {};
    return this.#connection?.facts() ?? this.#tlsFacts;
  }

  /** A second call does not wait for queued bytes and for the answer of the peer any longer. */
  close(): Promise<void> {
    this.#stop.abort();
    if (this.#closing !== null) this.#connection?.giveUp();
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#opening;
    if (!this.#isOpen) return;
    this.#connection?.closeSoon();
    await this.#ending.within(CLOSE_GRACE_MS, () => this.#connection?.giveUp());
  }

  async #open(signal: AbortSignal): Promise<Outcome> {
    const url = parseWebSocketUrl(this.#context.address);
    if (!url.ok) return url;
    const options = this.#options;
    const plan = planHandshake(options, wishesOf(options));
    if (!plan.ok) return plan;
    const certificates = readCertificates(options.ca);
    if (!certificates.ok) return certificates;

    const giveUp = (): void => {
      this.#stop.abort();
    };
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    const setup: OpeningSetup = {
      context: this.#context,
      options,
      plan: plan.value,
      certificates: certificates.value,
      lookup: this.#lookup,
      environment: this.#environment,
      secured: (facts) => {
        this.#tlsFacts = facts;
      },
    };
    const result = await openUrl(setup, url.value, this.#stop.signal);
    signal.removeEventListener('abort', giveUp);
    if (result.ok) {
      this.#begin(result.value);
      return success();
    }
    if (this.#stop.signal.aborted) return failure('cancelled', `Connecting to ${whereOf(url.value)} was cancelled.`);
    return this.#failed(result.error);
  }

  #begin(opened: Opened): void {
    const { local, remote, agreed } = opened;
    const peer = this.#context.peerOpened({ local, remote });
    this.#context.endpoints({ local, remote });
    this.#isOpen = true;
    this.#connection = new Connection({
      context: this.#context,
      role: 'client',
      wire: opened.wire,
      tcp: opened.tcp,
      peer,
      remote,
      options: this.#options,
      deflate: sides(agreed.deflate),
      agreed: { subprotocol: agreed.subprotocol, extensions: agreed.extensions },
      facts: () => this.#tlsFacts,
      paused: this.#pausedEarly,
      onClosed: (error) => {
        this.#isOpen = false;
        this.#context.closed(error);
        this.#ending.reached();
      },
    });
    this.#connection.begin();
  }

  #failed(error: WireError): Outcome {
    this.#context.record('error', 'none', 0, null, { code: error.errno ?? error.code, message: sentence(error) });
    return { ok: false, error };
  }

  #find(peer: PeerId | null): Outcome<Connection> {
    if (this.#connection === null) {
      return failure('not-open', `${maskCredentials(this.#context.address)} is not open.`, 'Connect first.');
    }
    return peer === null || peer === this.#connection.peer ? success(this.#connection) : noConnection(peer);
  }
}

function wishesOf(options: ClientOptions): DeflateWishes | null {
  if (!options.deflate) return null;
  const { serverNoContextTakeover, clientNoContextTakeover, serverMaxWindowBits, clientMaxWindowBits } = options;
  return {
    serverNoContextTakeover,
    clientNoContextTakeover,
    serverMaxWindowBits,
    clientMaxWindowBits: clientMaxWindowBits ?? 'any',
  };
}

function sides(agreement: Opened['agreed']['deflate']): ConnectionSetup['deflate'] {
  if (agreement === null) return null;
  return {
    send: { windowBits: agreement.clientMaxWindowBits, contextTakeover: !agreement.clientNoContextTakeover },
    receive: { windowBits: agreement.serverMaxWindowBits, contextTakeover: !agreement.serverNoContextTakeover },
  };
}
