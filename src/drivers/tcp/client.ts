/** `net.connect` as a driver: one session, one connection. */
import { connect, isIP, type Socket } from 'node:net';
import { formatEndpoint, parseEndpoint, type Endpoint } from '../../shared/address.ts';
import { Ending } from '../../shared/ending.ts';
import { failure, sentence, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { CLOSE_GRACE_MS } from '../../shared/limits.ts';
import { hasAction, noAction, noConnection } from '../../shared/refusals.ts';
import { factsOf, systemError } from '../../shared/system-error.ts';
import { defineDriver, type Driver, type DriverContext, type Facts, type PeerId } from '../driver.ts';
import type { Options, OptionsOf } from '../spec.ts';
import { Connection } from './connection.ts';
import { attempt, connectInTurn, inTurns, type Target } from '../net/happy-eyeballs.ts';
import { resolveHost, stopped, systemLookup, type Family, type Lookup } from '../net/lookup.ts';
import { Reads } from '../net/reads.ts';
import { localOf } from '../net/socket-address.ts';
import { tcpClientSpec } from './spec.ts';

type ClientOptions = OptionsOf<typeof tcpClientSpec>;

export const tcpClient = defineDriver(
  tcpClientSpec,
  (context, options) => new TcpClient(context, options, systemLookup),
);

export class TcpClient implements Driver {
  readonly #context: DriverContext;
  readonly #options: ClientOptions;
  readonly #lookup: Lookup;
  readonly #stop = new AbortController();
  readonly #ending = new Ending();
  readonly #attempted: string[] = [];
  /** Of each socket that was tried. */
  readonly #reads = new WeakMap<Socket, Reads>();
  #opening: Promise<Outcome> | null = null;
  #closing: Promise<void> | null = null;
  #connection: Connection | null = null;
  #isOpen = false;
  #isLate = false;
  #pausedEarly = false;

  constructor(context: DriverContext, options: ClientOptions, lookup: Lookup) {
    this.#context = context;
    this.#options = options;
    this.#lookup = lookup;
  }

  open(signal: AbortSignal): Promise<Outcome> {
    this.#opening = this.#open(signal);
    return this.#opening;
  }

  send(peer: PeerId, bytes: Uint8Array): Promise<Outcome> {
    const found = this.#find(peer);
    return found.ok ? found.value.send(bytes) : Promise.resolve(found);
  }

  act(action: string, peer: PeerId | null, values?: Options): Promise<Outcome> {
    return Promise.resolve(this.#act(action, peer, values));
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
    const attempted =
      this.#attempted.length === 0 ? {} : { autoSelectFamilyAttemptedAddresses: this.#attempted.join(', ') };
    return { ...this.#connection?.facts(), ...attempted };
  }

  /** A second call does not wait for queued bytes any longer. */
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
    const endpoint = parseEndpoint(this.#context.address, 'client');
    if (!endpoint.ok) return endpoint;
    const family = this.#family();
    if (!family.ok) return family;

    const { connectTimeout } = this.#options;
    const giveUp = (): void => {
      this.#stop.abort();
    };
    const timer =
      connectTimeout === 0
        ? null
        : setTimeout(() => {
            this.#isLate = true;
            giveUp();
          }, connectTimeout);
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    const result = await this.#connect(endpoint.value, family.value);
    signal.removeEventListener('abort', giveUp);
    if (timer !== null) clearTimeout(timer);

    const where = formatEndpoint(endpoint.value);
    if (!result.ok) {
      if (!this.#stop.signal.aborted) return this.#failed(result.error);
      return this.#isLate ? this.#failed(this.#late(where)) : cancelled(where);
    }
    this.#begin(result.value, endpoint.value, where);
    return success();
  }

  /** The family to look up: as chosen, or that of the local address, which the remote one must share. */
  #family(): Outcome<Family> {
    const { family, localAddress } = this.#options;
    const chosen: Family = family === 'auto' ? 0 : family === '4' ? 4 : 6;
    if (localAddress === '') return success(chosen);
    const local = isIP(localAddress);
    if (local !== 4 && local !== 6) {
      const hint = 'Write an address such as 127.0.0.1 or ::1, without brackets and port.';
      return failure('bad-option', `localAddress “${localAddress}” is not an IP address.`, hint, {
        field: 'localAddress',
      });
    }
    if (chosen === 0 || chosen === local) return success(local);
    const message = `localAddress ${localAddress} is IPv${local}, but family asks for IPv${chosen}.`;
    return failure('bad-option', message, 'Set family to auto.', { field: 'localAddress' });
  }

  async #connect(endpoint: Endpoint, family: Family): Promise<Outcome<Socket>> {
    const stop = this.#stop.signal;
    const { allowHalfOpen, localAddress, localPort } = this.#options;
    if (endpoint.type === 'path') {
      if (stop.aborted) return stopped;
      const reads = new Reads();
      const socket = connect({ path: endpoint.path, allowHalfOpen, onread: reads.onread });
      this.#reads.set(socket, reads);
      const result = await attempt(socket, null, stop);
      if (result.type === 'ready') return this.#keep(socket);
      if (result.type !== 'failed') return stopped;
      return { ok: false, error: systemError(factsOf(result.error), formatEndpoint(endpoint)) };
    }
    const found = await resolveHost(endpoint.host, family, this.#lookup, this.#context, stop);
    if (!found.ok) return found;
    const dial = (target: Target): Socket => {
      this.#attempted.push(formatEndpoint({ type: 'ip', host: target.address, port: target.port }));
      const reads = new Reads();
      const socket = connect({
        onread: reads.onread,
        host: target.address,
        port: target.port,
        family: target.family,
        allowHalfOpen,
        autoSelectFamily: false,
        ...(localAddress === '' ? {} : { localAddress }),
        ...(localPort === null ? {} : { localPort }),
      });
      this.#reads.set(socket, reads);
      return socket;
    };
    const targets = inTurns(found.value, endpoint.port);
    const result = await connectInTurn(endpoint.host, targets, dial, this.#context, stop);
    return result.ok ? this.#keep(result.value) : result;
  }

  /** Somebody may have given up in the very turn in which the socket became ready. */
  async #keep(socket: Socket): Promise<Outcome<Socket>> {
    if (!this.#stop.signal.aborted) return success(socket);
    await new Promise((resolve) => socket.once('close', resolve).destroy());
    return stopped;
  }

  #begin(socket: Socket, endpoint: Endpoint, where: string): void {
    const remote =
      endpoint.type === 'path' ? where : formatEndpoint({ ...endpoint, host: socket.remoteAddress ?? endpoint.host });
    const local = localOf(socket);
    const peer = this.#context.peerOpened({ local, remote });
    this.#context.endpoints({ local: local === '' ? null : local, remote });
    this.#context.record('connect', 'none', peer, null, { local, remote });
    this.#context.record('ready', 'none', peer, null, null);
    this.#isOpen = true;
    this.#connection = new Connection({
      context: this.#context,
      socket,
      reads: this.#reads.get(socket) ?? null,
      peer,
      remote,
      options: this.#options,
      behaviour: 'none',
      telnet: this.#options.telnet === 'answer' ? 'client' : null,
      isLocal: endpoint.type === 'path',
      paused: this.#pausedEarly,
      onClosed: (_connection, error) => {
        this.#isOpen = false;
        this.#context.closed(error);
        this.#ending.reached();
      },
    });
  }

  #failed(error: WireError): Outcome {
    this.#context.record('error', 'none', 0, null, { code: error.errno ?? error.code, message: sentence(error) });
    return { ok: false, error };
  }

  #late(where: string): WireError {
    const ms = this.#options.connectTimeout;
    const hint = 'The host may be down, or a firewall drops the packets. The connect time-out is among the options.';
    return failure('connection-timed-out', `No answer from ${where} within ${ms} ms (ETIMEDOUT).`, hint, {
      errno: 'ETIMEDOUT',
    }).error;
  }

  #find(peer: PeerId | null): Outcome<Connection> {
    if (this.#connection === null) {
      return failure('not-open', `${this.#context.address} is not open.`, 'Connect first.');
    }
    return peer === null || peer === this.#connection.peer ? success(this.#connection) : noConnection(peer);
  }

  #act(action: string, peer: PeerId | null, values: Options | undefined): Outcome {
    if (!hasAction(tcpClientSpec, action)) return noAction(tcpClientSpec, action);
    const found = this.#find(peer);
    if (!found.ok) return found;
    switch (action) {
      case 'end':
        return found.value.end();
      case 'destroy':
        return found.value.destroy();
      case 'naws':
        return found.value.naws(values);
      default:
        return found.value.resetAndDestroy();
    }
  }
}

function cancelled(where: string): Outcome {
  return failure('cancelled', `Connecting to ${where} was cancelled.`);
}
