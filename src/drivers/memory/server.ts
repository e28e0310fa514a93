/** Listens on a name for memory clients. */
import { Ending } from '../../shared/ending.ts';
import { failure, sentence, success, type Outcome } from '../../shared/errors.ts';
import { CLOSE_GRACE_MS } from '../../shared/limits.ts';
import { connectionEnded, hasAction, noAction, noConnection } from '../../shared/refusals.ts';
import { systemError } from '../../shared/system-error.ts';
import { defineDriver, type Driver, type DriverContext, type Facts, type PeerId } from '../driver.ts';
import type { OptionsOf } from '../spec.ts';
import { MemoryConnection } from './connection.ts';
import { checkName } from './name.ts';
import { listenOn, stopListening } from './registry.ts';
import { MemorySocket, type MemorySocketOptions } from './socket.ts';
import { memoryServerSpec } from './spec.ts';

type ServerOptions = OptionsOf<typeof memoryServerSpec>;

export const memoryServer = defineDriver(memoryServerSpec, (context, options) => new MemoryServer(context, options));

class MemoryServer implements Driver {
  readonly #context: DriverContext;
  readonly #options: ServerOptions;
  readonly #name: string;
  readonly #ending = new Ending();
  readonly #connections = new Map<PeerId, MemoryConnection>();
  #isOpen = false;
  #isListening = false;
  #isStopped = false;
  #closing: Promise<void> | null = null;
  #isReadingPaused = false;
  #lastPeer: PeerId = 0;

  constructor(context: DriverContext, options: ServerOptions) {
    this.#context = context;
    this.#options = options;
    this.#name = context.address.trim();
  }

  async open(signal: AbortSignal): Promise<Outcome> {
    const named = checkName(this.#name);
    if (!named.ok) return named;
    await Promise.resolve();
    if (signal.aborted || this.#isStopped) return failure('cancelled', `Listening on ${this.#name} was cancelled.`);
    const { unresponsive } = this.#options;
    if (!listenOn(this.#name, { unresponsive, accept: (client, name) => this.#accept(client, name) })) {
      const error = systemError({ code: 'EADDRINUSE', syscall: 'listen', message: '' }, this.#name);
      this.#context.record('error', 'none', 0, null, { code: 'EADDRINUSE', message: sentence(error) });
      return { ok: false, error };
    }
    this.#isOpen = true;
    this.#isListening = true;
    this.#context.endpoints({ local: this.#name, remote: null });
    this.#context.record('listening', 'none', 0, null, { address: this.#name });
    return success();
  }

  send(peer: PeerId, bytes: Uint8Array): Promise<Outcome> {
    const found = this.#find(peer);
    return found.ok ? found.value.send(bytes) : Promise.resolve(found);
  }

  act(action: string, peer: PeerId | null): Promise<Outcome> {
    return Promise.resolve(this.#act(action, peer));
  }

  pauseReading(peer: PeerId | null): void {
    if (peer === null) this.#isReadingPaused = true;
    for (const connection of this.#chosen(peer)) connection.pause();
  }

  resumeReading(peer: PeerId | null): void {
    if (peer === null) this.#isReadingPaused = false;
    for (const connection of this.#chosen(peer)) connection.resume();
  }

  facts(peer: PeerId | null): Facts {
    if (peer !== null) return this.#connections.get(peer)?.facts() ?? {};
    return { address: this.#name, listening: this.#isListening, connections: this.#connections.size };
  }

  close(): Promise<void> {
    this.#isStopped = true;
    if (this.#closing !== null) this.#giveUp();
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#stopListening();
    for (const connection of this.#chosen(null)) connection.destroySoon();
    this.#endIfAllClosed();
    await this.#ending.within(CLOSE_GRACE_MS, () => {
      this.#giveUp();
    });
  }

  #giveUp(): void {
    for (const connection of this.#connections.values()) connection.giveUp();
  }

  #stopListening(): void {
    if (this.#isListening) stopListening(this.#name);
    this.#isListening = false;
  }

  #accept(client: MemorySocketOptions, remote: string): MemorySocket {
    const [here, there] = MemorySocket.pair(this.#options, client);
    const addresses = { local: this.#name, remote };
    const peer = this.#context.peerOpened(addresses);
    this.#lastPeer = peer;
    this.#context.record('connection', 'none', peer, null, addresses);
    const connection = new MemoryConnection({
      context: this.#context,
      socket: here,
      peer,
      remote,
      options: this.#options,
      echo: this.#options.echo,
      paused: this.#isReadingPaused,
      onClosed: () => {
        this.#connections.delete(peer);
        this.#endIfAllClosed();
      },
    });
    this.#connections.set(peer, connection);
    return there;
  }

  #endIfAllClosed(): void {
    if (!this.#isOpen || this.#isListening || this.#connections.size > 0) return;
    this.#isOpen = false;
    this.#context.record('close', 'none', 0, null, null);
    this.#context.closed(null);
    this.#ending.reached();
  }

  #act(action: string, peer: PeerId | null): Outcome {
    if (!hasAction(memoryServerSpec, action)) return noAction(memoryServerSpec, action);
    if (!this.#isOpen) return this.#notOpen();
    if (action === 'close') {
      if (!this.#isListening) {
        return failure('not-open', `${this.#name} has stopped accepting already.`, 'Listen again to accept more.');
      }
      this.#stopListening();
      if (this.#connections.size > 0) this.#context.closing();
      this.#endIfAllClosed();
      return success();
    }
    const found = peer === null ? null : this.#find(peer);
    if (found?.ok === false) return found;
    const outcomes = this.#chosen(peer).map((connection) => {
      if (action === 'end') return connection.end();
      return action === 'destroy' ? connection.destroy() : connection.resetAndDestroy();
    });
    return (
      outcomes.find((outcome) => outcome.ok) ??
      outcomes[0] ??
      failure('not-open', 'There are no connections.', 'Wait for one, or connect a client.')
    );
  }

  #chosen(peer: PeerId | null): readonly MemoryConnection[] {
    if (peer === null) return [...this.#connections.values()];
    const connection = this.#connections.get(peer);
    return connection === undefined ? [] : [connection];
  }

  #find(peer: PeerId): Outcome<MemoryConnection> {
    const connection = this.#connections.get(peer);
    if (connection !== undefined) return success(connection);
    if (!this.#isOpen) return this.#notOpen();
    return peer > 0 && peer <= this.#lastPeer ? connectionEnded(peer) : noConnection(peer);
  }

  #notOpen(): Outcome<never> {
    return failure('not-open', `${this.#name} is not open.`, 'Listen first.');
  }
}
