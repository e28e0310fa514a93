/**
 * One WebSocket connection from the end of its handshake on, of a client or of a server.
 *
 *   close frame out, or close frame in and answered
 *     client: waits for FIN, then the socket is destroyed     server: sends FIN at once (RFC 6455 §7.1.1)
 *   violation: close frame out, FIN out, the rest is not read (RFC 6455 §7.1.7)
 */
import type { Socket } from 'node:net';
import { failure, sentence, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { CLOSE_GRACE_MS } from '../../shared/limits.ts';
import type { Direction, Meta } from '../../shared/record.ts';
import { factsOf, systemError } from '../../shared/system-error.ts';
import type { Batch, Facts, PeerId, PeerState } from '../driver.ts';
import type { Options } from '../spec.ts';
import { isAsciiInReadBuffer } from '../net/read-buffer.ts';
import { resetSocket } from '../net/reset-socket.ts';
import { addressFacts, liveFacts } from '../net/socket-address.ts';
import { CloseState, reasonProblem } from './close-state.ts';
import type { ConnectionSetup, Holder } from './connection-setup.ts';
import { Deflater, Inflater } from './deflate.ts';
import { FrameReader } from './frame-reader.ts';
import { isRightClose } from './frame-values.ts';
import { CLOSE_REASON_BYTES, closePayload } from './frame-writer.ts';
import { CONTROL_BYTES, OPCODE, type Violation } from './frame.ts';
import { Incoming } from './incoming.ts';
import { Outgoing, type Done } from './outgoing.ts';
import { Pings } from './pings.ts';
import { socketError } from './tls-error.ts';

export class Connection {
  readonly peer: PeerId;
  readonly #setup: ConnectionSetup;
  readonly #socket: Socket;
  readonly #reader: FrameReader;
  readonly #outgoing: Outgoing;
  readonly #pings: Pings;
  readonly #close = new CloseState();
  /** Taken at the start: Node forgets them when the socket closes. */
  readonly #addresses: Facts;
  #timer: NodeJS.Timeout | null = null;
  readonly #heldBy = new Set<Holder>();
  #wasReset = false;
  #isClosed = false;
  #error: WireError | null = null;

  constructor(setup: ConnectionSetup) {
    const { options, deflate, context, peer, role } = setup;
    const { socket } = setup.wire;
    this.#setup = setup;
    this.peer = peer;
    this.#socket = socket;
    this.#addresses = addressFacts(socket);
    const record = this.#record.bind(this);
    const incoming = new Incoming({
      context,
      peer,
      inflater: deflate === null ? null : new Inflater(deflate.receive, options.maxPayload),
      onControl: (opcode, payload) => this.#control(opcode, payload),
      onViolation: (problem) => this.#broken(problem),
    });
    const { maxPayload } = options;
    this.#reader = new FrameReader(
      { expectMasked: role === 'server', maxPayload, allowRsv1: deflate !== null, lookFast: isAsciiInReadBuffer },
      incoming,
    );
    this.#outgoing = new Outgoing({
      socket,
      masks: role === 'client',
      deflater: deflate === null ? null : new Deflater(deflate.send),
      deflateThreshold: options.deflateThreshold,
      fragmentSize: options.fragmentSize,
      record,
      recordBatch: (batch) => context.recordBatch(batch, 'out', peer),
      refusal: () => this.#refusal(),
    });
    this.#pings = new Pings({
      interval: options.pingInterval,
      holdPongs: options.holdPongs,
      record,
      send: (opcode, payload) => this.#outgoing.control(opcode, payload),
      backlog: () => this.#outgoing.backlog,
      isOpen: () => this.#refusal() === null,
    });
  }

  /** Once: records `open` and reads, what stood behind the handshake before this returns. */
  begin(): void {
    const { wire, agreed, paused } = this.#setup;
    this.#listen();
    this.#record('open', 'none', null, agreed);
    if (paused) this.pause();
    wire.read((bytes) => this.#reader.read(bytes));
    if (this.#heldBy.size > 0) this.#socket.pause();
  }

  #listen(): void {
    const socket = this.#socket;
    const { options } = this.#setup;
    socket.setNoDelay(options.setNoDelay);
    if (options.setKeepAlive) socket.setKeepAlive(true, options.keepAliveInitialDelay);
    if (options.setTimeout > 0) socket.setTimeout(options.setTimeout);
    socket.on('drain', () => {
      this.#outgoing.drained();
      this.#pings.drained();
    });
    socket.on('end', () => this.#peerEnded());
    socket.on('timeout', () => this.#record('timeout', 'none', null, { ms: options.setTimeout }));
    socket.on('error', (error) => this.#failed(error));
    socket.on('close', (hadError) => this.#closed(hadError));
  }

  /**
   * Resolves at the callback of `socket.write`, or with what ended the connection before it.
   * @returns errors `not-open`, `bad-message` for a text that is no UTF-8, and those of the system
   */
  send(bytes: Uint8Array, kind: string): Promise<Outcome> {
    return new Promise((resolve) => {
      this.post(bytes, kind, resolve);
    });
  }

  /** As `send`, without a promise. */
  post(bytes: Uint8Array, kind: string, done: Done): void {
    this.#outgoing.message(bytes, kind !== 'binary', done);
  }

  /** Sends messages that have come, all at once where that can be. @param batch is not kept */
  postBatch(batch: Batch, done: Done): void {
    this.#outgoing.batch(batch, done);
  }

  /** @param opcode ping or pong. @returns errors `not-open`, `bad-option` with `field` */
  control(opcode: typeof OPCODE.ping | typeof OPCODE.pong, text: string): Outcome {
    const refusal = this.#refusal();
    if (refusal !== null) return { ok: false, error: refusal };
    const payload = Buffer.from(text);
    if (payload.length > CONTROL_BYTES) {
      const message = `The payload is ${payload.length} bytes long; a control frame has ${CONTROL_BYTES} at most (RFC 6455 §5.5).`;
      return failure('bad-option', message, 'Make it shorter, or send it as a message.', { field: 'payload' });
    }
    if (opcode === OPCODE.ping) {
      this.#pings.ask(payload);
    } else {
      this.#record('pong', 'out', payload, null);
      this.#outgoing.control(opcode, payload);
    }
    return success();
  }

  holdPongs(isHolding: boolean): Outcome {
    if (this.#isClosed) return { ok: false, error: this.#notOpen() };
    if (this.#pings.isHolding !== isHolding) this.#pings.hold(isHolding);
    return success();
  }

  /**
   * Begins the closing handshake behind every message that waits.
   * @param code 1005: a close frame without code and reason. Any other is sent as it is, also one that must not be
   * @returns errors `not-open`, `bad-option` with `field`
   */
  close(code: number, reason: string): Outcome {
    const refusal = this.#refusal();
    if (refusal !== null) return { ok: false, error: refusal };
    const problem = reasonProblem(code, reason);
    if (problem !== null) return problem;
    this.#outgoing.inTurn(() => {
      if (this.#refusal() !== null) return;
      this.#sendClose(closePayload(code === 1005 ? null : code, reason), () => this.#awaitAnswer());
    });
    return success();
  }

  /**
   * Sends a frame as a person has put it together, also behind a close frame. One with the opcode of a close frame
   * begins to close; a right one does so as `close` does.
   * @returns errors `not-open`, `bad-message` with `field`
   */
  frame(values: Options): Outcome {
    if (!this.#socket.writable) return { ok: false, error: this.#notOpen() };
    return this.#outgoing.byHand(values, (frame) => {
      if (frame.opcode !== OPCODE.close) return undefined;
      this.#close.begunBy('us');
      // A wrong one is a violation for the peer, whose close frame is then to be answered (RFC 6455 §5.5.1).
      if (this.#close.isSent || !isRightClose(frame, this.#setup.role)) return undefined;
      this.#close.sent(frame.payload);
      this.#changed('half-closed-local');
      return () => this.#awaitAnswer();
    });
  }

  terminate(): Outcome {
    if (this.#socket.destroyed) return { ok: false, error: this.#notOpen() };
    this.#close.begunBy('us');
    this.#record('terminate', 'out', null, null);
    this.#socket.destroy();
    return success();
  }

  resetAndDestroy(): Outcome {
    if (this.#socket.destroyed || this.#wasReset) return { ok: false, error: this.#notOpen() };
    this.#close.begunBy('us');
    this.#wasReset = true;
    this.#record('resetAndDestroy', 'out', null, null);
    resetSocket(this.#setup.tcp, this.#socket);
    return success();
  }

  /** Lets queued messages leave and closes with 1000 or, on a server, 1001; whoever calls gives up when that takes too long. */
  closeSoon(): void {
    if (this.#socket.destroyed) return;
    if (this.#refusal() === null) this.close(this.#setup.role === 'server' ? 1001 : 1000, '');
    // An answer that is not read cannot be waited for.
    if (this.#heldBy.size > 0) this.#outgoing.inTurn(() => this.#socket.destroySoon());
  }

  /** Closes now, without a record of its own: the last resort of `close()`. */
  giveUp(): void {
    this.#close.begunBy('us');
    this.#socket.destroy();
  }

  pause(by: Holder = 'person'): void {
    if (this.#heldBy.has(by) || this.#isClosed) return;
    this.#heldBy.add(by);
    this.#record('pause', 'none', null, by === 'person' ? null : { by });
    this.#reader.pause();
    this.#socket.pause();
  }

  resume(by: Holder = 'person'): void {
    if (this.#isClosed || !this.#heldBy.delete(by)) return;
    const [heldBy] = this.#heldBy;
    const meta = { ...(by === 'person' ? {} : { by }), ...(heldBy === undefined ? {} : { heldBy }) };
    this.#record('resume', 'none', null, Object.keys(meta).length === 0 ? null : meta);
    if (heldBy !== undefined) return;
    this.#reader.resume();
    // What was held may have stopped reading again.
    if (!this.#reader.isPaused) this.#socket.resume();
  }

  facts(): Facts {
    return {
      ...this.#addresses,
      ...liveFacts(this.#socket),
      ...this.#setup.agreed,
      roundTrip: this.#pings.roundTrip,
      holdPongs: this.#pings.isHolding,
      ...(this.#isClosed ? this.#close.facts() : {}),
      ...this.#setup.facts?.(),
    };
  }

  #record(kind: string, direction: Direction, payload: Uint8Array | null, meta: Meta | null): void {
    this.#setup.context.record(kind, direction, this.peer, payload, meta);
  }

  #changed(state: PeerState): void {
    this.#setup.context.peerChanged(this.peer, state);
  }

  /** Null while frames may be sent. */
  #refusal(): WireError | null {
    if (this.#close.isOpen && this.#socket.writable && !this.#socket.readableEnded) return null;
    return this.#notOpen();
  }

  #notOpen(): WireError {
    const { remote } = this.#setup;
    const hint = 'Sending needs a new connection.';
    if (!this.#socket.destroyed && !this.#close.isOpen) {
      const who = this.#close.began === 'us' ? 'this side' : 'the peer';
      return failure('not-open', `Nothing more can be sent to ${remote}: ${who} has begun to close.`, hint).error;
    }
    if (!this.#socket.destroyed && this.#socket.readableEnded) {
      return failure('not-open', `Nothing more can be sent to ${remote}: the peer has ended (FIN).`, hint).error;
    }
    return systemError({ code: 'ERR_SOCKET_CLOSED', syscall: 'write', message: '' }, remote);
  }

  #control(opcode: number, payload: Uint8Array): void {
    if (opcode === OPCODE.ping) this.#pings.gotPing(payload);
    else if (opcode === OPCODE.pong) this.#pings.gotPong(payload);
    else this.#gotClose(payload);
  }

  #gotClose(payload: Uint8Array): void {
    // What the peer sends behind its close frame means nothing (RFC 6455 §5.5.1).
    this.#reader.stop();
    this.#record('close', 'in', payload, this.#close.received(payload));
    if (!this.#close.isSent) {
      this.#changed('half-closed-remote');
      // The same code goes back, without the reason.
      this.#sendClose(payload.slice(0, 2));
    }
    this.#finish();
  }

  #sendClose(payload: Uint8Array, taken?: () => void): void {
    this.#record('close', 'out', payload, this.#close.sent(payload));
    this.#outgoing.control(OPCODE.close, payload, taken);
    if (!this.#close.isReceived) this.#changed('half-closed-local');
  }

  /** Only the answer has so much time, not a peer that has answered or broken the protocol meanwhile. */
  #awaitAnswer(): void {
    if (this.#timer === null) this.#limit(this.#setup.options.closeTimeout);
  }

  /** Both close frames are there: the server ends the connection, the client gives it a while to do so. */
  #finish(): void {
    if (this.#setup.role === 'server') this.#end();
    this.#limit(CLOSE_GRACE_MS);
  }

  #broken({ message, rfc, code }: Violation): void {
    // What cannot be inflated is seen here first, not by the reader.
    this.#reader.stop();
    const { remote } = this.#setup;
    const source = rfc.startsWith('RFC') ? rfc : `RFC 6455 §${rfc}`;
    const what = `${remote} broke the protocol: ${message.replace(/\.$/, '')} (${source}).`;
    this.#error ??= failure('protocol-violation', what, `The connection was closed with ${code}.`).error;
    this.#close.begunBy('us');
    this.#record('error', 'none', null, { code: this.#error.code, message: sentence(this.#error) });
    if (!this.#close.isSent) this.#sendClose(closePayload(code, message.slice(0, CLOSE_REASON_BYTES)));
    this.#end();
    this.#limit(CLOSE_GRACE_MS);
  }

  #end(): void {
    this.#outgoing.whenWhole(() => {
      if (this.#socket.writableEnded) return;
      this.#record('end', 'out', null, null);
      this.#socket.end();
    });
  }

  /** Destroys the socket when it has not closed by itself. @param ms 0 = never */
  #limit(ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = ms === 0 || this.#isClosed ? null : setTimeout(() => this.#socket.destroy(), ms);
  }

  #peerEnded(): void {
    this.#close.begunBy('peer');
    this.#record('end', 'in', null, null);
    const wasOpen = this.#close.isOpen;
    if (!this.#close.isReceived && this.#error === null) {
      const cut = this.#reader.isBetweenFrames ? '' : ' in the middle of a frame';
      const message = `${this.#setup.remote} ended the connection${cut} without a close frame (1006).`;
      const { error } = failure(
        'closed-abnormally',
        message,
        'Look at what was sent last, and how long it was quiet: the program there may have ended, or a proxy between.',
      );
      this.#error = error;
      this.#record('error', 'none', null, { code: error.code, message: sentence(error) });
    }
    if (wasOpen) this.#changed('half-closed-remote');
    // Node ends this side, too.
    if (!this.#socket.writableEnded) this.#record('end', 'out', null, { auto: true });
  }

  #failed(error: Error): void {
    const facts = factsOf(error);
    this.#close.begunBy('peer');
    // What the peer did before is the reason, and this its consequence.
    this.#error ??= socketError(facts, this.#setup.remote, this.#setup.role);
    this.#record('error', 'none', null, { code: facts.code, message: sentence(this.#error) });
  }

  #closed(hadError: boolean): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#pings.stop();
    this.#reader.stop();
    const { bytesRead, bytesWritten } = this.#socket;
    const unsent = this.#outgoing.unsent === 0 ? {} : { unsent: this.#outgoing.unsent };
    this.#record('socketClose', 'none', null, {
      ...this.#close.summary(),
      hadError,
      bytesRead,
      bytesWritten,
      ...unsent,
    });
    this.#changed(this.#endState());
    const { remote } = this.#setup;
    this.#outgoing.fail(
      this.#error ?? systemError({ code: 'ERR_STREAM_DESTROYED', syscall: 'write', message: '' }, remote),
    );
    this.#setup.onClosed(this.#error);
  }

  #endState(): PeerState {
    if (this.#wasReset || this.#error?.code === 'connection-reset') return 'reset';
    return this.#error === null ? 'closed' : 'failed';
  }
}
