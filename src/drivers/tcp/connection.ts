/** One `net.Socket` as records: used by the client for its one, by the server for each that comes. */
import type { Socket } from 'node:net';
import { failure, sentence, success, type Outcome, type WireError } from '../../shared/errors.ts';
import type { Direction, Meta } from '../../shared/record.ts';
import { endedWithPeer } from '../../shared/refusals.ts';
import type { TelnetRole } from '../../shared/telnet/telnet-answers.ts';
import { factsOf, systemError } from '../../shared/system-error.ts';
import type { DriverContext, Facts, PeerId, PeerState } from '../driver.ts';
import type { Options } from '../spec.ts';
import { Digests } from './digests.ts';
import { resizeTelnet, Telnet } from './telnet.ts';
import type { Reads } from '../net/reads.ts';
import { resetSocket } from '../net/reset-socket.ts';
import { addressFacts, liveFacts } from '../net/socket-address.ts';

/** The options that are about the socket itself, of client and server alike. */
export interface SocketOptions {
  readonly allowHalfOpen: boolean;
  readonly setNoDelay: boolean;
  readonly setKeepAlive: boolean;
  readonly keepAliveInitialDelay: number;
  readonly setTimeout: number;
  readonly sha256: boolean;
}

/** What this side does by itself: nothing, send back what comes, or only read. */
export type Behaviour = 'none' | 'echo' | 'discard';

export interface ConnectionSetup {
  readonly context: Pick<DriverContext, 'record' | 'peerChanged'>;
  readonly socket: Socket;
  /** Where what is read comes from; null: the `data` events of the socket. */
  readonly reads: Reads | null;
  readonly peer: PeerId;
  /** Formatted address of the other end, for messages. */
  readonly remote: string;
  readonly options: SocketOptions;
  readonly behaviour: Behaviour;
  /** As which end Telnet's negotiation is answered; null: not at all. */
  readonly telnet: TelnetRole | null;
  /** A local socket or pipe, which has neither addresses nor RST. */
  readonly isLocal: boolean;
  /** Starts with reading stopped. */
  readonly paused: boolean;
  /** The socket is closed and the last record is written. The error is what ended it, or null. */
  readonly onClosed: (connection: Connection, error: WireError | null) => void;
}

export class Connection {
  readonly peer: PeerId;
  readonly #context: ConnectionSetup['context'];
  readonly #socket: Socket;
  readonly #remote: string;
  readonly #options: SocketOptions;
  readonly #behaviour: Behaviour;
  readonly #isLocal: boolean;
  readonly #onClosed: ConnectionSetup['onClosed'];
  readonly #digests: Digests | null;
  readonly #telnet: Telnet | null;
  /** Sends whose bytes the system has not taken yet. */
  readonly #waiting = new Set<(outcome: Outcome) => void>();
  /** Taken at the start: Node forgets them when the socket closes. */
  readonly #addresses: Facts;
  #pausedByPerson = false;
  /** What stops reading until its answers have left; null while nothing does. */
  #pausedBy: 'echo' | 'telnet' | null = null;
  #queuedMost = 0;
  /** Bytes given to the socket that the system has not taken. `writableLength` forgets them when the socket dies. */
  #unsent = 0;
  /** What has ended this side when the peer ended; null while nothing has, or a person did. */
  #endedBy: string | null = null;
  /** Who ended the connection, or its side of it, first; null while nobody has. */
  #began: 'us' | 'peer' | null = null;
  /** Bytes written since the last read. */
  #unanswered = 0;
  #wasReset = false;
  #isClosed = false;
  #error: WireError | null = null;

  constructor(setup: ConnectionSetup) {
    const { socket, options } = setup;
    this.peer = setup.peer;
    this.#context = setup.context;
    this.#socket = socket;
    this.#remote = setup.remote;
    this.#options = options;
    this.#behaviour = setup.behaviour;
    this.#isLocal = setup.isLocal;
    this.#onClosed = setup.onClosed;
    this.#digests = options.sha256 ? new Digests() : null;
    this.#addresses = addressFacts(socket);
    this.#telnet =
      setup.telnet === null
        ? null
        : new Telnet(setup.telnet, setup.behaviour === 'echo', (direction, meta) => {
            this.#record('telnet', direction, meta);
          });

    if (options.setNoDelay) socket.setNoDelay(true);
    if (options.setKeepAlive) socket.setKeepAlive(true, options.keepAliveInitialDelay);
    if (options.setTimeout > 0) socket.setTimeout(options.setTimeout);
    // Before anybody listens to what is read, which would start the flow.
    if (setup.paused) this.pause();
    else socket.resume();
    const received = (bytes: Uint8Array): void => {
      this.#received(bytes);
    };
    if (setup.reads === null) socket.on('data', received);
    else setup.reads.listen(socket, received);
    socket.on('drain', () => {
      this.#drained();
    });
    socket.on('end', () => {
      this.#peerEnded();
    });
    socket.on('finish', () => {
      if (!socket.readableEnded && !socket.destroyed) this.#changed('half-closed-local');
    });
    socket.on('timeout', () => {
      this.#record('timeout', 'none', { ms: options.setTimeout });
    });
    socket.on('error', (error) => {
      this.#failed(error);
    });
    socket.on('close', (hadError) => {
      this.#closed(hadError);
    });
  }

  /** Resolves at the callback of `socket.write`, or with what ended the connection before it. */
  send(bytes: Uint8Array): Promise<Outcome> {
    if (!this.#canWrite) return Promise.resolve(this.#notWritable());
    this.#telnet?.sent(bytes);
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
      this.#write(bytes, () => {
        this.#waiting.delete(resolve);
        resolve(success());
      });
    });
  }

  end(): Outcome {
    if (!this.#canWrite) return this.#notWritable();
    this.#end(null);
    return success();
  }

  destroy(): Outcome {
    if (this.#socket.destroyed) return this.#notWritable();
    this.#began ??= 'us';
    this.#record('destroy', 'out', null);
    this.#socket.destroy();
    return success();
  }

  resetAndDestroy(): Outcome {
    if (this.#socket.destroyed || this.#wasReset) return this.#notWritable();
    if (this.#isLocal) {
      return failure(
        'not-supported',
        `The connection to ${this.#remote} cannot be reset: only TCP has RST.`,
        'It is a local socket or pipe. Destroy it instead.',
      );
    }
    this.#wasReset = true;
    this.#began ??= 'us';
    this.#record('resetAndDestroy', 'out', null);
    resetSocket(this.#socket);
    return success();
  }

  /** Lets queued bytes leave, then closes. */
  destroySoon(): void {
    if (this.#socket.destroyed) return;
    this.#began ??= 'us';
    if (!this.#socket.writableEnded) this.#record('end', 'out', { closing: true });
    this.#socket.destroySoon();
  }

  /** Closes now, without a record of its own: the last resort of `close()`. */
  giveUp(): void {
    this.#began ??= 'us';
    this.#socket.destroy();
  }

  pause(): void {
    if (this.#pausedByPerson || this.#isClosed) return;
    this.#pausedByPerson = true;
    this.#record('pause', 'none', null);
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#pausedByPerson || this.#isClosed) return;
    this.#pausedByPerson = false;
    this.#record('resume', 'none', this.#pausedBy === null ? null : { heldBy: this.#pausedBy });
    if (this.#pausedBy === null) this.#socket.resume();
  }

  /** Tells the peer by Telnet how large the window is. Errors: `not-supported` when Telnet is off. */
  naws(values: Options | undefined): Outcome {
    if (!this.#canWrite) return this.#notWritable();
    return resizeTelnet(this.#telnet, values, (bytes) => this.#write(bytes));
  }

  facts(): Facts {
    return {
      ...this.#addresses,
      ...liveFacts(this.#socket),
      allowHalfOpen: this.#options.allowHalfOpen,
      ...(this.#began === null ? {} : { endedBy: this.#began, unanswered: this.#unanswered }),
      ...this.#digests?.facts(),
    };
  }

  /** False after FIN was asked for, after the peer's FIN where Node answers it by itself, and after the end. */
  get #canWrite(): boolean {
    return this.#socket.writable && !(this.#socket.readableEnded && !this.#options.allowHalfOpen);
  }

  #notWritable(): Outcome<never> {
    if (this.#endedBy !== null && !this.#socket.destroyed) return endedWithPeer(this.#remote, this.#endedBy);
    const code = this.#socket.destroyed ? 'ERR_SOCKET_CLOSED' : 'ERR_STREAM_WRITE_AFTER_END';
    return { ok: false, error: systemError({ code, syscall: 'write', message: '' }, this.#remote) };
  }

  #record(kind: string, direction: Direction, meta: Meta | null): void {
    this.#context.record(kind, direction, this.peer, null, meta);
  }

  #changed(state: PeerState): void {
    this.#context.peerChanged(this.peer, state);
  }

  /**
   * Records before it writes, so that an answer can never stand above its question.
   * @param taken called when the system has taken the bytes; never when the connection ends before
   */
  #write(bytes: Uint8Array, taken?: () => void): boolean {
    this.#context.record('data', 'out', this.peer, bytes, null);
    this.#digests?.sent(bytes);
    this.#unsent += bytes.length;
    this.#unanswered += bytes.length;
    const more = this.#socket.write(bytes, (error) => {
      // Node up to 20 reports success for a write that was under way when the socket was destroyed.
      // `close` follows in both cases, and tells what ended the connection.
      if (error || this.#socket.destroyed) return;
      this.#unsent -= bytes.length;
      taken?.();
    });
    if (!more) {
      const queued = this.#socket.writableLength;
      if (queued > this.#queuedMost) this.#queuedMost = queued;
      this.#record('write', 'none', { queued });
    }
    return more;
  }

  #received(bytes: Uint8Array): void {
    this.#unanswered = 0;
    this.#context.record('data', 'in', this.peer, bytes, null);
    this.#digests?.received(bytes);
    const telnet = this.#telnet?.received(bytes, this.#canWrite);
    if (!this.#canWrite) return;
    if (telnet !== undefined) this.#reply(telnet.answers, 'telnet');
    // A copy: what is read stands in a buffer that is used again.
    if (this.#behaviour === 'echo') this.#reply(telnet?.echo ?? bytes.slice(), 'echo');
  }

  /** Sends by itself, and reads no more until that has left. */
  #reply(bytes: Uint8Array, by: 'echo' | 'telnet'): void {
    // `false` with nothing queued only means that the chunk was large: the system has it all.
    if (bytes.length === 0 || this.#write(bytes) || this.#socket.writableLength === 0 || this.#pausedBy !== null)
      return;
    this.#pausedBy = by;
    this.#record('pause', 'none', { by });
    this.#socket.pause();
  }

  #drained(): void {
    this.#record('drain', 'none', { was: this.#queuedMost });
    this.#queuedMost = 0;
    this.#releaseReading();
  }

  /** Echo and Telnet have no reason any more to stop reading. */
  #releaseReading(): void {
    const by = this.#pausedBy;
    if (by === null) return;
    this.#pausedBy = null;
    this.#record('resume', 'none', this.#pausedByPerson ? { by, heldBy: 'person' } : { by });
    if (!this.#pausedByPerson) this.#socket.resume();
  }

  #peerEnded(): void {
    this.#began ??= 'peer';
    const { allowHalfOpen } = this.#options;
    const maySend = this.#socket.writable && allowHalfOpen && this.#behaviour === 'none';
    this.#record('end', 'in', { halfOpen: maySend });
    // Our own FIN may have been asked for and wait behind queued bytes. Once it has left, only `close` follows.
    if (!this.#socket.writableFinished) this.#changed('half-closed-remote');
    if (this.#socket.writableEnded) return;
    if (!allowHalfOpen) this.#end('allowHalfOpen');
    else if (this.#behaviour !== 'none') this.#end(this.#behaviour);
  }

  #end(auto: string | null): void {
    this.#endedBy = auto;
    this.#began ??= 'us';
    this.#record('end', 'out', auto === null ? null : { auto });
    this.#socket.end();
    // Node emits no `drain` after the end, and there is nothing to echo any more.
    this.#releaseReading();
  }

  #failed(error: Error): void {
    const facts = factsOf(error);
    // Any other error is of the network between, or of this machine.
    if (facts.code === 'ECONNRESET' || facts.code === 'EPIPE') this.#began ??= 'peer';
    this.#error = systemError(facts, this.#remote);
    this.#record('error', 'none', { code: facts.code, message: sentence(this.#error) });
  }

  #closed(hadError: boolean): void {
    this.#isClosed = true;
    const { bytesRead, bytesWritten } = this.#socket;
    const unsent = this.#unsent === 0 ? {} : { unsent: this.#unsent };
    this.#record('close', 'none', { hadError, bytesRead, bytesWritten, ...unsent, ...this.#digests?.facts() });
    this.#changed(this.#endState());
    const error =
      this.#error ?? systemError({ code: 'ERR_STREAM_DESTROYED', syscall: 'write', message: '' }, this.#remote);
    for (const resolve of this.#waiting) resolve({ ok: false, error });
    this.#waiting.clear();
    this.#onClosed(this, this.#error);
  }

  #endState(): PeerState {
    if (this.#wasReset || this.#error?.code === 'connection-reset') return 'reset';
    return this.#error === null ? 'closed' : 'failed';
  }
}
