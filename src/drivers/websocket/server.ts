/** A WebSocket server as a driver: one session, any number of connections. */
import { createServer, type Server, type Socket } from 'node:net';
import { parseEndpoint, type Endpoint } from '../../shared/address.ts';
import { Ending } from '../../shared/ending.ts';
import { failure, sentence, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { CLOSE_GRACE_MS } from '../../shared/limits.ts';
import { hasAction, noAction } from '../../shared/refusals.ts';
import { wireErrorOf } from '../../shared/system-error.ts';
import { defineDriver, type Driver, type DriverContext, type Facts, type PeerId } from '../driver.ts';
import { listen, listenError, listenTarget } from '../net/bind.ts';
import { Connections } from '../net/connections.ts';
import { systemLookup, type Lookup } from '../net/lookup.ts';
import { boundFacts, boundOf, localOf, remoteOf } from '../net/socket-address.ts';
import type { Options, OptionsOf } from '../spec.ts';
import { readRules, type HandshakeRules } from './handshake-server.ts';
import { Behaviour } from './server-behaviour.ts';
import { ServerPeer } from './server-peer.ts';
import { splitScheme, webSocketServerSpec } from './server-spec.ts';
import { serverTls, type ServerTls } from './tls-server.ts';

type ServerOptions = OptionsOf<typeof webSocketServerSpec>;

/** Stands for the address of a client that was reset while it waited in the backlog: the system has forgotten it. */
const UNKNOWN_REMOTE = 'an unknown address (gone before it was accepted)';

/** What the options and the address come to. */
interface Plan {
  readonly endpoint: Endpoint;
  readonly rules: HandshakeRules;
  readonly tls: ServerTls | null;
}

export const webSocketServer = defineDriver(
  webSocketServerSpec,
  (context, options) => new WebSocketServer(context, options, systemLookup),
);

/** @returns errors `bad-address`, `bad-option` with `field` */
function planOf(address: string, options: ServerOptions): Outcome<Plan> {
  const { scheme, rest } = splitScheme(address);
  if (scheme === null && /^\s*wss?:\/\//i.test(address)) {
    const hint = 'Write the paths that are served into the options, and only host:port here.';
    return failure('bad-address', 'The address of a server has no path.', hint, { field: 'address' });
  }
  const isLocalPath = /^\s*(?:unix:|\.{0,2}\/(?!\/)|\\\\)/i.test(rest);
  if (!isLocalPath && (rest.includes('@') || /^\s*(?!tcp:)[a-z][a-z0-9+.-]*:\/\//i.test(rest))) {
    const hint = 'Write a port, host:port or the path of a socket, with ws:// or wss:// before it or not.';
    const message = rest.includes('@')
      ? 'The address of a WebSocket server has no name and no password.'
      : 'The address of a WebSocket server begins with ws://, wss:// or no scheme.';
    return failure('bad-address', message, hint, { field: 'address' });
  }
  const endpoint = parseEndpoint(rest, 'server');
  if (!endpoint.ok) return endpoint;
  const rules = readRules(options, options.deflate ? options : null);
  if (!rules.ok) return rules;
  if (options.tls === 'off' && scheme !== 'wss')
    return success({ endpoint: endpoint.value, rules: rules.value, tls: null });
  if (scheme === 'ws') {
    const hint = 'Write wss:// or no scheme in the address, or turn TLS off.';
    return failure('bad-option', 'ws:// is without TLS, which is turned on.', hint, { field: 'tls' });
  }
  const host = endpoint.value.type === 'ip' ? endpoint.value.host.replace('*', '') : '';
  const tls = serverTls(options.tls === 'given' ? options : null, host);
  return tls.ok ? success({ endpoint: endpoint.value, rules: rules.value, tls: tls.value }) : tls;
}

class WebSocketServer implements Driver {
  readonly #context: DriverContext;
  readonly #options: ServerOptions;
  readonly #lookup: Lookup;
  readonly #server: Server;
  readonly #behaviour: Behaviour;
  readonly #stop = new AbortController();
  readonly #ending = new Ending();
  readonly #peers = new Connections<ServerPeer>();
  #opening: Promise<Outcome> | null = null;
  #closing: Promise<void> | null = null;
  /** Bound address, once listening: formatted, and as Node gives it. */
  #bound = '';
  #address: Facts = {};
  #plan: Plan | null = null;
  #isOpen = false;
  #isServerClosed = false;
  #isReadingPaused = false;
  #accepted = 0;

  constructor(context: DriverContext, options: ServerOptions, lookup: Lookup) {
    this.#context = context;
    this.#options = options;
    this.#lookup = lookup;
    this.#server = createServer({ pauseOnConnect: true });
    this.#behaviour = new Behaviour(options.behaviour, context);
  }

  open(signal: AbortSignal): Promise<Outcome> {
    this.#opening = this.#open(signal);
    return this.#opening;
  }

  send(peer: PeerId, bytes: Uint8Array, kind = 'text'): Promise<Outcome> {
    const found = this.#isOpen ? this.#peers.find(peer) : this.#notOpen();
    return found.ok ? found.value.send(bytes, kind) : Promise.resolve(found);
  }

  async act(action: string, peer: PeerId | null, values: Options = {}): Promise<Outcome> {
    if (!hasAction(webSocketServerSpec, action)) return noAction(webSocketServerSpec, action);
    if (!this.#isOpen) return this.#notOpen();
    switch (action) {
      case 'stop':
        return this.#stopAccepting();
      case 'getConnections':
        return this.#countConnections();
      case 'address':
        return this.#showAddress();
      default:
        return this.#peers.each(peer, (one) => one.act(action, values));
    }
  }

  pauseReading(peer: PeerId | null): void {
    if (peer === null) this.#isReadingPaused = true;
    for (const one of this.#peers.chosen(peer)) one.pause();
  }

  resumeReading(peer: PeerId | null): void {
    if (peer === null) this.#isReadingPaused = false;
    for (const one of this.#peers.chosen(peer)) one.resume();
  }

  facts(peer: PeerId | null): Facts {
    if (peer !== null) return this.#peers.chosen(peer)[0]?.facts() ?? {};
    const tls = this.#plan?.tls ?? null;
    return {
      ...this.#address,
      listening: this.#server.listening,
      connections: this.#peers.size,
      maxConnections: this.#options.maxConnections,
      tls: tls !== null,
      ...(tls === null ? {} : { ...tls.facts, certificate: tls.certificates }),
    };
  }

  /** A second call does not wait for queued bytes and for the answers of the clients any longer. */
  close(): Promise<void> {
    this.#stop.abort();
    if (this.#closing !== null) this.#giveUp();
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#opening;
    if (!this.#isOpen) return;
    if (this.#server.listening) this.#server.close();
    for (const peer of this.#peers.chosen(null)) peer.closeSoon();
    await this.#ending.within(CLOSE_GRACE_MS, () => {
      this.#giveUp();
    });
  }

  #giveUp(): void {
    for (const peer of this.#peers.chosen(null)) peer.giveUp();
  }

  async #open(signal: AbortSignal): Promise<Outcome> {
    const plan = planOf(this.#context.address, this.#options);
    if (!plan.ok) return plan;
    this.#plan = plan.value;
    const { endpoint } = plan.value;
    const giveUp = (): void => {
      this.#stop.abort();
    };
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    const target = await listenTarget(endpoint, this.#lookup, this.#context, this.#stop.signal);
    signal.removeEventListener('abort', giveUp);
    if (this.#isStopped(signal)) return this.#cancelled();
    if (!target.ok) return this.#failed(target.error);

    const { backlog, exclusive, ipv6Only } = this.#options;
    const error = await listen(this.#server, { ...target.value, backlog, exclusive, ipv6Only });
    if (error !== null) return this.#failed(await listenError(error, endpoint));
    // Somebody may have given up while the system was asked.
    if (this.#isStopped(signal)) {
      await new Promise((resolve) => this.#server.close(resolve));
      return this.#cancelled();
    }
    this.#begin(plan.value);
    return success();
  }

  #isStopped(signal: AbortSignal): boolean {
    return this.#stop.signal.aborted || signal.aborted;
  }

  #begin(plan: Plan): void {
    this.#isOpen = true;
    this.#bound = boundOf(this.#server);
    this.#address = boundFacts(this.#server);
    this.#context.endpoints({ local: this.#bound, remote: null });
    this.#context.record('listening', 'none', 0, null, this.#address);
    if (plan.tls !== null) {
      const { certificates, facts } = plan.tls;
      this.#context.record('certificate', 'none', 0, Buffer.from(certificates), facts);
    }
    this.#server.on('connection', (socket) => {
      this.#accept(socket, plan);
    });
    this.#server.on('error', (error) => {
      this.#recordError(wireErrorOf(error, this.#bound));
    });
    this.#server.on('close', () => {
      this.#isServerClosed = true;
      this.#endIfAllClosed();
    });
    const { tickInterval, tickMessage } = this.#options;
    this.#behaviour.start({ interval: tickInterval, message: tickMessage });
  }

  #accept(accepted: Socket, { rules, tls, endpoint }: Plan): void {
    this.#accepted += 1;
    const local = localOf(accepted) || this.#bound;
    // Clients of a local socket have no address; a number tells them apart.
    const isLocal = endpoint.type === 'path';
    const remote = remoteOf(accepted) || (isLocal ? `${this.#bound}#${this.#accepted}` : UNKNOWN_REMOTE);
    const { maxConnections } = this.#options;
    const peer = new ServerPeer({
      context: this.#context,
      accepted,
      peer: this.#context.peerOpened({ local, remote }),
      local,
      remote,
      rules,
      tls,
      options: this.#options,
      isLocal,
      maxConnections,
      isFull: () => maxConnections !== null && this.#behaviour.size >= maxConnections,
      paused: this.#isReadingPaused,
      contextOf: (one) => this.#behaviour.contextOf(one),
      onOpen: (one) => {
        this.#behaviour.opened(one);
      },
      onClosed: (one) => {
        this.#behaviour.closed(one.peer);
        this.#peers.remove(one.peer);
        this.#endIfAllClosed();
      },
    });
    this.#peers.add(peer);
    void peer.begin();
  }

  /** Node emits the server's `close` just before that of its last socket; the story is told in the other order. */
  #endIfAllClosed(): void {
    if (!this.#isServerClosed || this.#peers.size > 0) return;
    this.#isOpen = false;
    this.#behaviour.stop();
    this.#context.record('stopped', 'none', 0, null, null);
    this.#context.closed(null);
    this.#ending.reached();
  }

  #stopAccepting(): Outcome {
    if (!this.#server.listening)
      return failure('not-open', `${this.#bound} has stopped accepting already.`, 'Listen again to accept more.');
    this.#server.close();
    if (this.#peers.size > 0) this.#context.closing();
    return success();
  }

  #countConnections(): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#server.getConnections((error, count) => {
        if (error !== null) {
          resolve({ ok: false, error: wireErrorOf(error, this.#bound) });
          return;
        }
        this.#context.record('getConnections', 'none', 0, null, { count });
        resolve(success());
      });
    });
  }

  #showAddress(): Outcome {
    if (!this.#server.listening) {
      return failure(
        'not-open',
        `${this.#bound} has stopped accepting: it has no address.`,
        'Listen again to have one.',
      );
    }
    this.#context.record('address', 'none', 0, null, boundFacts(this.#server));
    return success();
  }

  #failed(error: WireError): Outcome {
    this.#recordError(error);
    return { ok: false, error };
  }

  #recordError(error: WireError): void {
    this.#context.record('error', 'none', 0, null, { code: error.errno ?? error.code, message: sentence(error) });
  }

  #notOpen(): Outcome<never> {
    return failure('not-open', `${this.#context.address} is not open.`, 'Listen first.');
  }

  #cancelled(): Outcome {
    return failure('cancelled', `Listening on ${this.#context.address} was cancelled.`);
  }
}
