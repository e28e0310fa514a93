/** Connects to a name on which a memory server listens. */
import { Ending } from '../../shared/ending.ts';
import { failure, sentence, success, type Outcome } from '../../shared/errors.ts';
import { CLOSE_GRACE_MS } from '../../shared/limits.ts';
import { hasAction, noAction, noConnection } from '../../shared/refusals.ts';
import { systemError } from '../../shared/system-error.ts';
import { defineDriver, type Driver, type DriverContext, type Facts, type PeerId } from '../driver.ts';
import type { OptionsOf } from '../spec.ts';
import { MemoryConnection } from './connection.ts';
import { checkName } from './name.ts';
import { listenerAt, nextClientName } from './registry.ts';
import type { MemorySocket } from './socket.ts';
import { memoryClientSpec } from './spec.ts';

type Answer = 'refused' | 'late' | 'stopped' | MemorySocket;

type ClientOptions = OptionsOf<typeof memoryClientSpec>;

export const memoryClient = defineDriver(memoryClientSpec, (context, options) => new MemoryClient(context, options));

class MemoryClient implements Driver {
  readonly #context: DriverContext;
  readonly #options: ClientOptions;
  readonly #name: string;
  readonly #local: string;
  readonly #stop = new AbortController();
  readonly #ending = new Ending();
  #opening: Promise<Outcome> | null = null;
  #closing: Promise<void> | null = null;
  #connection: MemoryConnection | null = null;
  #isOpen = false;
  #pausedEarly = false;

  constructor(context: DriverContext, options: ClientOptions) {
    this.#context = context;
    this.#options = options;
    this.#name = context.address.trim();
    this.#local = nextClientName(this.#name);
  }

  open(signal: AbortSignal): Promise<Outcome> {
    this.#opening = this.#open(signal);
    return this.#opening;
  }

  send(peer: PeerId, bytes: Uint8Array): Promise<Outcome> {
    const found = this.#find(peer);
    return found.ok ? found.value.send(bytes) : Promise.resolve(found);
  }

  act(action: string, peer: PeerId | null): Promise<Outcome> {
    return Promise.resolve(this.#act(action, peer));
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
    return peer === null || peer === this.#connection?.peer ? (this.#connection?.facts() ?? {}) : {};
  }

  close(): Promise<void> {
    this.#stop.abort();
    if (this.#closing !== null) this.#connection?.giveUp();
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#opening;
    if (!this.#isOpen) return;
    this.#connection?.destroySoon();
    await this.#ending.within(CLOSE_GRACE_MS, () => this.#connection?.giveUp());
  }

  async #open(signal: AbortSignal): Promise<Outcome> {
    const named = checkName(this.#name);
    if (!named.ok) return named;
    const giveUp = (): void => {
      this.#stop.abort();
    };
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    const answer = await this.#dial();
    signal.removeEventListener('abort', giveUp);
    switch (answer) {
      case 'stopped':
        return failure('cancelled', `Connecting to ${this.#name} was cancelled.`);
      case 'refused':
        return this.#failed('ECONNREFUSED');
      case 'late':
        return this.#failed('ETIMEDOUT');
      default:
        this.#begin(answer);
        return success();
    }
  }

  /** Answers in a later turn, as a network would. */
  #dial(): Promise<Answer> {
    const { connectTimeout } = this.#options;
    const stop = this.#stop.signal;
    return new Promise((resolve) => {
      const settle = (answer: Answer): void => {
        clearImmediate(turn);
        if (timer !== null) clearTimeout(timer);
        stop.removeEventListener('abort', stopped);
        resolve(answer);
      };
      const stopped = (): void => {
        settle('stopped');
      };
      const timer =
        connectTimeout === 0
          ? null
          : setTimeout(() => {
              settle('late');
            }, connectTimeout);
      const turn = setImmediate(() => {
        const listener = listenerAt(this.#name);
        if (listener === undefined) settle('refused');
        else if (!listener.unresponsive) settle(listener.accept(this.#options, this.#local));
      });
      stop.addEventListener('abort', stopped);
      if (stop.aborted) stopped();
    });
  }

  #begin(socket: MemorySocket): void {
    const addresses = { local: this.#local, remote: this.#name };
    const peer = this.#context.peerOpened(addresses);
    this.#context.endpoints(addresses);
    this.#context.record('connect', 'none', peer, null, addresses);
    this.#context.record('ready', 'none', peer, null, null);
    this.#isOpen = true;
    this.#connection = new MemoryConnection({
      context: this.#context,
      socket,
      peer,
      remote: this.#name,
      options: this.#options,
      echo: false,
      paused: this.#pausedEarly,
      onClosed: (error) => {
        this.#isOpen = false;
        this.#context.closed(error);
        this.#ending.reached();
      },
    });
  }

  #failed(code: string): Outcome {
    const error = systemError({ code, syscall: 'connect', message: '' }, this.#name);
    this.#context.record('error', 'none', 0, null, { code, message: sentence(error) });
    return { ok: false, error };
  }

  #find(peer: PeerId | null): Outcome<MemoryConnection> {
    if (this.#connection === null) return failure('not-open', `${this.#name} is not open.`, 'Connect first.');
    return peer === null || peer === this.#connection.peer ? success(this.#connection) : noConnection(peer);
  }

  #act(action: string, peer: PeerId | null): Outcome {
    if (!hasAction(memoryClientSpec, action)) return noAction(memoryClientSpec, action);
    const found = this.#find(peer);
    if (!found.ok) return found;
    if (action === 'end') return found.value.end();
    return action === 'destroy' ? found.value.destroy() : found.value.resetAndDestroy();
  }
}
