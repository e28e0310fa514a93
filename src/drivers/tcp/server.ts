/** `net.Server` as a driver: one session, any number of connections. */
import { createServer, type DropArgument, type Server, type Socket } from 'node:net';
import { parseEndpoint } from '../../shared/address.ts';
import { Ending } from '../../shared/ending.ts';
import { failure, sentence, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { CLOSE_GRACE_MS } from '../../shared/limits.ts';
import { hasAction, noAction } from '../../shared/refusals.ts';
import { wireErrorOf } from '../../shared/system-error.ts';
import { defineDriver, type Driver, type DriverContext, type Facts, type PeerId } from '../driver.ts';
import type { OptionsOf } from '../spec.ts';
import { listen, listenError, listenTarget } from '../net/bind.ts';
import { Connection } from './connection.ts';
import { Connections } from '../net/connections.ts';
import { systemLookup, type Lookup } from '../net/lookup.ts';
import { takeOver } from '../net/reads.ts';
import { addressText, boundFacts, boundOf, localOf, remoteOf } from '../net/socket-address.ts';
import { tcpServerSpec } from './spec.ts';

type ServerOptions = OptionsOf<typeof tcpServerSpec>;

/** Stands for the address of a TCP client that was reset while it waited in the backlog: the system has forgotten it. */
const UNKNOWN_REMOTE = 'an unknown address (gone before it was accepted)';

export const tcpServer = defineDriver(
  tcpServerSpec,
  (context, options) => new TcpServer(context, options, systemLookup),
);

class TcpServer implements Driver {
  readonly #context: DriverContext;
  readonly #options: ServerOptions;
  readonly #lookup: Lookup;
  readonly #server: Server;
  readonly #stop = new AbortController();
  readonly #ending = new Ending();
  readonly #connections = new Connections<Connection>();
  #opening: Promise<Outcome> | null = null;
  #closing: Promise<void> | null = null;
  /** Bound address, once listening: formatted, and as Node gives it. */
  #bound = '';
  #address: Facts = {};
  /** It listens on a path or pipe. */
  #isLocal = false;
  #isOpen = false;
  #isServerClosed = false;
  #isReadingPaused = false;
  #accepted = 0;

  constructor(context: DriverContext, options: ServerOptions, lookup: Lookup) {
    this.#context = context;
    this.#options = options;
    this.#lookup = lookup;
    this.#server = createServer({ allowHalfOpen: options.allowHalfOpen, pauseOnConnect: true });
  }

  open(signal: AbortSignal): Promise<Outcome> {
    this.#opening = this.#open(signal);
    return this.#opening;
  }

  send(peer: PeerId, bytes: Uint8Array): Promise<Outcome> {
    const found = this.#isOpen ? this.#connections.find(peer) : this.#notOpen();
    return found.ok ? found.value.send(bytes) : Promise.resolve(found);
  }

  async act(action: string, peer: PeerId | null): Promise<Outcome> {
    if (!hasAction(tcpServerSpec, action)) return noAction(tcpServerSpec, action);
    if (!this.#isOpen) return this.#notOpen();
    switch (action) {
      case 'close':
        return this.#stopAccepting();
      case 'getConnections':
        return this.#countConnections();
      case 'address':
        return this.#showAddress();
      case 'end':
        return this.#connections.each(peer, (connection) => connection.end());
      case 'destroy':
        return this.#connections.each(peer, (connection) => connection.destroy());
      default:
        return this.#connections.each(peer, (connection) => connection.resetAndDestroy());
    }
  }

  pauseReading(peer: PeerId | null): void {
    if (peer === null) this.#isReadingPaused = true;
    for (const connection of this.#connections.chosen(peer)) connection.pause();
  }

  resumeReading(peer: PeerId | null): void {
    if (peer === null) this.#isReadingPaused = false;
    for (const connection of this.#connections.chosen(peer)) connection.resume();
  }

  facts(peer: PeerId | null): Facts {
    if (peer !== null) return this.#connections.chosen(peer)[0]?.facts() ?? {};
    return {
      ...this.#address,
      listening: this.#server.listening,
      connections: this.#connections.size,
      maxConnections: this.#options.maxConnections,
    };
  }

  /** A second call does not wait for queued bytes any longer. */
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
    for (const connection of this.#connections.chosen(null)) connection.destroySoon();
    await this.#ending.within(CLOSE_GRACE_MS, () => {
      this.#giveUp();
    });
  }

  #giveUp(): void {
    for (const connection of this.#connections.chosen(null)) connection.giveUp();
  }

  async #open(signal: AbortSignal): Promise<Outcome> {
    const endpoint = parseEndpoint(this.#context.address, 'server');
    if (!endpoint.ok) return endpoint;
    const giveUp = (): void => {
      this.#stop.abort();
    };
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    const target = await listenTarget(endpoint.value, this.#lookup, this.#context, this.#stop.signal);
    signal.removeEventListener('abort', giveUp);
    const { backlog, exclusive, ipv6Only, maxConnections } = this.#options;
    if (this.#isStopped(signal)) return this.#cancelled();
    if (!target.ok) return this.#failed(target.error);

    if (maxConnections !== null) this.#server.maxConnections = maxConnections;
    const error = await listen(this.#server, { ...target.value, backlog, exclusive, ipv6Only });
    if (error !== null) return this.#failed(await listenError(error, endpoint.value));
    // Somebody may have given up while the system was asked.
    if (this.#isStopped(signal)) {
      await new Promise((resolve) => this.#server.close(resolve));
      return this.#cancelled();
    }
    this.#begin();
    return success();
  }

  #isStopped(signal: AbortSignal): boolean {
    return this.#stop.signal.aborted || signal.aborted;
  }

  #begin(): void {
    this.#isOpen = true;
    this.#bound = boundOf(this.#server);
    this.#address = boundFacts(this.#server);
    this.#isLocal = typeof this.#server.address() === 'string';
    this.#context.endpoints({ local: this.#bound, remote: null });
    this.#context.record('listening', 'none', 0, null, this.#address);
    this.#server.on('connection', (socket) => {
      this.#accept(socket);
    });
    this.#server.on('drop', (drop) => {
      this.#dropped(drop);
    });
    this.#server.on('error', (error) => {
      this.#recordError(wireErrorOf(error, this.#bound));
    });
    this.#server.on('close', () => {
      this.#isServerClosed = true;
      this.#endIfAllClosed();
    });
  }

  #accept(accepted: Socket): void {
    const { socket, reads } = takeOver(accepted, this.#options.allowHalfOpen);
    this.#accepted += 1;
    const local = localOf(socket) || this.#bound;
    // Clients of a local socket have no address; a number tells them apart.
    const remote = remoteOf(socket) || (this.#isLocal ? `${this.#bound}#${this.#accepted}` : UNKNOWN_REMOTE);
    const peer = this.#context.peerOpened({ local, remote });
    this.#context.record('connection', 'none', peer, null, { local, remote });
    const connection = new Connection({
      context: this.#context,
      socket,
      reads,
      peer,
      remote,
      options: this.#options,
      behaviour: this.#options.behaviour,
      telnet: this.#options.telnet === 'answer' ? 'server' : null,
      paused: this.#isReadingPaused,
      isLocal: this.#isLocal,
      onClosed: () => {
        this.#connections.remove(peer);
        this.#endIfAllClosed();
      },
    });
    this.#connections.add(connection);
  }

  /** Node emits the server's `close` just before that of its last socket; the story is told in the other order. */
  #endIfAllClosed(): void {
    if (!this.#isServerClosed || this.#connections.size > 0) return;
    this.#isOpen = false;
    this.#context.record('close', 'none', 0, null, null);
    this.#context.closed(null);
    this.#ending.reached();
  }

  #dropped(drop: DropArgument | undefined): void {
    const local = addressText(drop?.localAddress, drop?.localPort) || this.#bound;
    const remote = addressText(drop?.remoteAddress, drop?.remotePort);
    this.#context.record('drop', 'none', 0, null, { local, remote, maxConnections: this.#server.maxConnections });
  }

  #stopAccepting(): Outcome {
    if (!this.#server.listening)
      return failure('not-open', `${this.#bound} has stopped accepting already.`, 'Listen again to accept more.');
    this.#server.close();
    if (this.#connections.size > 0) this.#context.closing();
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
