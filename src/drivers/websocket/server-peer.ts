/**
 * One connection of a server from the moment that it is accepted: TLS, the request and its answer, then a WebSocket
 * connection, or the end.
 */
import type { Socket } from 'node:net';
import { failure, sentence, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { CLOSE_GRACE_MS } from '../../shared/limits.ts';
import type { Meta } from '../../shared/record.ts';
import { factsOf, systemError } from '../../shared/system-error.ts';
import type { Batch, DriverContext, Facts, PeerId, PeerState } from '../driver.ts';
import { takeOver } from '../net/reads.ts';
import { resetSocket } from '../net/reset-socket.ts';
import { addressFacts, liveFacts } from '../net/socket-address.ts';
import { Wire, wireOf } from '../net/wire.ts';
import { actOn } from './actions.ts';
import type { ConnectionOptions, ConnectionSetup } from './connection-setup.ts';
import { Connection } from './connection.ts';
import type { DeflateAgreement } from './extension.ts';
import {
  answerRequest,
  parseRequestLine,
  refuseUnread,
  type Answer,
  type HandshakeRules,
  type LetIn,
} from './handshake-server.ts';
import type { Header, HttpHead } from './http-head.ts';
import { readRequest } from './request-reader.ts';
import type { Options } from '../spec.ts';
import { secureAccepted, type ServerTls } from './tls-server.ts';

export interface ServerPeerSetup {
  readonly context: Pick<DriverContext, 'record' | 'recordBatch' | 'peerChanged'>;
  /** Accepted by a server with `pauseOnConnect`. */
  readonly accepted: Socket;
  readonly peer: PeerId;
  readonly local: string;
  readonly remote: string;
  readonly rules: HandshakeRules;
  /** Null: without TLS. */
  readonly tls: ServerTls | null;
  readonly options: ConnectionOptions & { readonly handshakeTimeout: number };
  /** How many connections there may be, whether there are as many. */
  readonly maxConnections: number | null;
  readonly isFull: () => boolean;
  /** Starts with reading stopped, once its handshake is done. */
  readonly paused: boolean;
  /** A local socket or pipe, which has no RST. */
  readonly isLocal: boolean;
  /** Where the connection records to. */
  readonly contextOf: (peer: ServerPeer) => ConnectionSetup['context'];
  /** The handshake is done; what comes on the connection follows. */
  readonly onOpen: (peer: ServerPeer) => void;
  /** The socket is closed and the last record is written. */
  readonly onClosed: (peer: ServerPeer) => void;
}

/** What every handshake has (RFC 6455, 4.1), and nobody looks for. */
const usualHeaders = new Set(['host', 'upgrade', 'connection', 'sec-websocket-key', 'sec-websocket-version']);

/** The usual ones last: a column of the list has room for the beginning. */
function headersText({ headers }: HttpHead): string {
  const isUsual = ([name]: Header): boolean => usualHeaders.has(name.toLowerCase());
  const sorted = [...headers.filter((header) => !isUsual(header)), ...headers.filter(isUsual)];
  return sorted.map(([name, value]) => `${name}: ${value}`).join('\n');
}

function sides(agreement: DeflateAgreement | null): ConnectionSetup['deflate'] {
  if (agreement === null) return null;
  return {
    send: { windowBits: agreement.serverMaxWindowBits, contextTakeover: !agreement.serverNoContextTakeover },
    receive: { windowBits: agreement.clientMaxWindowBits, contextTakeover: !agreement.clientNoContextTakeover },
  };
}

export class ServerPeer {
  readonly peer: PeerId;
  readonly #setup: ServerPeerSetup;
  /** Of TCP: the wire's own socket, or the one under TLS. */
  #tcp: Socket;
  /** What is talked through: the same, or TLS. */
  #socket: Socket;
  /** This side has broken the handshake off. */
  #isEnding = false;
  #wasReset = false;
  #isPaused = false;
  #connection: Connection | null = null;
  #requestFacts: Facts = {};
  #tlsFacts: Facts = {};
  readonly #addresses: Facts;

  constructor(setup: ServerPeerSetup) {
    this.#setup = setup;
    this.peer = setup.peer;
    this.#tcp = setup.accepted;
    this.#socket = setup.accepted;
    this.#addresses = addressFacts(setup.accepted);
    this.#isPaused = setup.paused;
  }

  /** Once, when the server has it among its connections. */
  async begin(): Promise<void> {
    const { accepted, tls, local, remote, options } = this.#setup;
    this.#record('connection', 'none', null, { local, remote });
    const late = new AbortController();
    const giveUp = (): void => {
      late.abort();
    };
    const timer = options.handshakeTimeout === 0 ? null : setTimeout(giveUp, options.handshakeTimeout);
    const wire = tls === null ? this.#plain(accepted) : await this.#secured(accepted, tls, late.signal);
    const answer = wire === null ? null : await this.#request(wire, late.signal);
    if (timer !== null) clearTimeout(timer);
    if (wire === null || answer === null) return;
    const { maxConnections } = this.#setup;
    if (answer.isDropped) this.#record('drop', 'none', null, { local, remote, maxConnections });
    this.#record('response', 'out', answer.bytes, { status: answer.status, reason: answer.reason });
    if (answer.letIn === null) await this.#refuse(wire, answer.bytes);
    else this.#open(wire, answer.bytes, answer.letIn);
  }

  send(bytes: Uint8Array, kind: string): Promise<Outcome> {
    return this.#connection === null ? Promise.resolve(this.#notAgreed()) : this.#connection.send(bytes, kind);
  }

  /** As `send`, by the behaviour of the server. */
  post(bytes: Uint8Array, kind: string, done: () => void): void {
    this.#connection?.post(bytes, kind, done);
  }

  postBatch(batch: Batch, done: () => void): void {
    this.#connection?.postBatch(batch, done);
  }

  /** @param action one of `connectionActions` */
  act(action: string, values: Options): Outcome {
    if (this.#setup.isLocal && action === 'resetAndDestroy') {
      const message = `The connection to ${this.#setup.remote} cannot be reset: only TCP has RST.`;
      return failure('not-supported', message, 'It is a local socket or pipe. Terminate it instead.');
    }
    if (this.#connection !== null) return actOn(this.#connection, action, values);
    if (action !== 'terminate' && action !== 'resetAndDestroy') return this.#notAgreed();
    this.#isEnding = true;
    this.#record(action, 'out', null, null);
    if (action === 'terminate') {
      this.#tcp.destroy();
    } else {
      this.#wasReset = true;
      resetSocket(this.#tcp, this.#socket);
    }
    return success();
  }

  pause(): void {
    this.#isPaused = true;
    this.#connection?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#connection?.resume();
  }

  /** As `pause`, by the behaviour echo. */
  hold(): void {
    this.#connection?.pause('echo');
  }

  release(): void {
    this.#connection?.resume('echo');
  }

  closeSoon(): void {
    if (this.#connection === null) this.giveUp();
    else this.#connection.closeSoon();
  }

  giveUp(): void {
    this.#isEnding = true;
    if (this.#connection === null) this.#tcp.destroy();
    else this.#connection.giveUp();
  }

  facts(): Facts {
    if (this.#connection !== null) return this.#connection.facts();
    return { ...this.#addresses, ...liveFacts(this.#tcp), ...this.#requestFacts, ...this.#tlsFacts };
  }

  #record(kind: string, direction: 'in' | 'out' | 'none', payload: Uint8Array | null, meta: Meta | null): void {
    this.#setup.context.record(kind, direction, this.peer, payload, meta);
  }

  #notAgreed(): Outcome<never> {
    const hint = 'Wait for the row open, or terminate the connection.';
    return failure('not-open', `${this.#setup.remote} has not been let in: its handshake goes on.`, hint);
  }

  #plain(accepted: Socket): Wire {
    const { socket, reads } = takeOver(accepted, false);
    this.#tcp = socket;
    this.#socket = socket;
    return wireOf(socket, reads);
  }

  /** @returns null when there is none; then the connection has ended */
  async #secured(accepted: Socket, tls: ServerTls, late: AbortSignal): Promise<Wire | null> {
    const { remote } = this.#setup;
    const under = new Wire(accepted);
    const result = await secureAccepted(accepted, tls, remote, late);
    if (result.ok && result.value !== null) {
      this.#tlsFacts = result.value.facts;
      this.#record('secureConnect', 'none', null, this.#tlsFacts);
      this.#socket = result.value.wire.socket;
      return result.value.wire;
    }
    const hint = 'The handshake time-out is among the options.';
    const slow = failure('tls-failed', `${remote} did not finish the TLS handshake in time.`, hint);
    const outcome = late.aborted ? slow : result;
    await under.destroy();
    this.#ended(outcome.ok ? null : outcome.error);
    return null;
  }

  /** Reads the request, with its row. @returns the answer to it; null when the connection has ended instead */
  async #request(wire: Wire, late: AbortSignal): Promise<Answer | null> {
    const { rules, isFull } = this.#setup;
    const request = await readRequest(wire, late);
    const { bytes } = request;
    if (request.type === 'request') {
      const line = parseRequestLine(request.head.start);
      const { method = '', path = '' } = line ?? {};
      this.#requestFacts = { path, headers: headersText(request.head) };
      this.#record('request', 'in', bytes, { method, path });
      return answerRequest(request.head, rules, isFull());
    }
    if (bytes.length > 0) this.#record('request', 'in', bytes, { cut: true });
    if (request.type === 'unread') return refuseUnread(request.why, rules.headers);
    await wire.destroy();
    const { remote } = this.#setup;
    const hint = 'The program there may have ended, or something between.';
    const cut = failure('closed-abnormally', `${remote} ended the connection in the middle of its handshake.`, hint);
    if (request.error !== null) this.#ended(systemError(factsOf(request.error), remote));
    else this.#ended(bytes.length > 0 ? cut.error : null);
    return null;
  }

  /** Answers, and ends the connection once the client has had the time to read it. */
  async #refuse(wire: Wire, answer: Uint8Array): Promise<void> {
    const { socket } = wire;
    const timer = setTimeout(() => socket.destroy(), CLOSE_GRACE_MS);
    // What else it sends is of no interest, but must be read: else the system answers with RST, and the client may
    // never see the answer.
    wire.read(() => undefined);
    socket.end(answer);
    if (!wire.isClosed) await new Promise((resolve) => socket.once('close', resolve));
    clearTimeout(timer);
    const failed = wire.end?.type === 'failed' ? systemError(factsOf(wire.end.error), this.#setup.remote) : null;
    this.#ended(failed);
  }

  #open(wire: Wire, answer: Uint8Array, { deflate, ...agreed }: LetIn): void {
    const { remote, options, contextOf, onClosed, onOpen } = this.#setup;
    wire.socket.write(answer);
    this.#connection = new Connection({
      context: contextOf(this),
      role: 'server',
      wire,
      tcp: this.#tcp,
      peer: this.peer,
      remote,
      options,
      deflate: sides(deflate),
      agreed,
      facts: () => ({ ...this.#requestFacts, ...this.#tlsFacts }),
      paused: this.#isPaused,
      onClosed: () => {
        onClosed(this);
      },
    });
    onOpen(this);
    this.#connection.begin();
  }

  /** The socket has closed without a connection of WebSocket. */
  #ended(error: WireError | null): void {
    const { context, onClosed } = this.#setup;
    // What a person has ended has no other reason.
    const reason = this.#isEnding ? null : error;
    if (reason !== null) {
      this.#record('error', 'none', null, { code: reason.errno ?? reason.code, message: sentence(reason) });
    }
    const { bytesRead, bytesWritten } = this.#tcp;
    this.#record('socketClose', 'none', null, { hadError: reason !== null, bytesRead, bytesWritten });
    const wasReset = this.#wasReset || reason?.code === 'connection-reset';
    const state: PeerState = wasReset ? 'reset' : reason === null ? 'closed' : 'failed';
    context.peerChanged(this.peer, state);
    onClosed(this);
  }
}
