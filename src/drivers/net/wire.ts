/**
 * A socket whose bytes go to whoever wants them at the moment: a proxy's answer, then a handshake, then a connection.
 * What comes while nobody reads is kept, which is one read at most, because the socket is paused meanwhile.
 */
import type { Socket } from 'node:net';
import type { Reads } from './reads.ts';

/** @param bytes only good until this returns: the buffer is used again */
export type ByteSink = (bytes: Uint8Array) => void;

/** Why nothing more can be read. */
export type WireEnd = { readonly type: 'ended' | 'closed' } | { readonly type: 'failed'; readonly error: Error };

export class Wire {
  readonly socket: Socket;
  #sink: ByteSink | null = null;
  #kept: Uint8Array[] = [];
  #end: WireEnd | null = null;
  #isClosed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    // These stay: an error that nobody listens to would end the process.
    socket.on('error', this.#failed).on('end', this.#ended).on('close', this.#closed);
  }

  /** What the socket has read. */
  take(bytes: Uint8Array): void {
    if (this.#sink !== null) this.#sink(bytes);
    else this.#kept.push(bytes.slice());
  }

  /** From now on `sink` gets what is read, before this returns also what was kept. */
  read(sink: ByteSink): void {
    this.#sink = sink;
    while (this.#sink === sink) {
      const next = this.#kept.shift();
      if (next === undefined) break;
      sink(next);
    }
    this.socket.resume();
  }

  /** Keeps what comes for the next reader. @param rest bytes that this one did not need */
  release(rest: Uint8Array): void {
    this.#sink = null;
    this.socket.pause();
    if (rest.length > 0) this.#kept.unshift(rest.slice());
  }

  /** How the socket ended, if it has, also when nobody listened then. */
  get end(): WireEnd | null {
    return this.#end;
  }

  /** `close` has come. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Resolves when the socket has closed; at once when it has. */
  async destroy(): Promise<void> {
    const { socket } = this;
    // `socket.closed` is true before the handle has closed.
    if (this.#isClosed) return;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.destroy();
    await closed;
  }

  readonly #failed = (error: Error): void => {
    this.#end ??= { type: 'failed', error };
  };

  readonly #ended = (): void => {
    this.#end ??= { type: 'ended' };
  };

  readonly #closed = (): void => {
    this.#isClosed = true;
    this.#end ??= { type: 'closed' };
  };
}

/**
 * Lets a socket close when the one under it has closed: up to Node 18 a TLSSocket does not, nor does its `destroy` ever
 * come to an end then (https://github.com/nodejs/node/blob/v18.15.0/lib/_tls_wrap.js, `proxiedMethods.close`).
 */
export function closeTogether(socket: Socket, under: Socket): void {
  let isClosed = false;
  socket.once('close', () => {
    isClosed = true;
  });
  under.once('close', () => {
    socket.destroy();
    setImmediate(() => {
      if (!isClosed) socket.emit('close', false);
    });
  });
}

/**
 * @param socket one that has not been read yet
 * @param reads what it was made with, or null for one that reads by itself, such as TLS
 */
export function wireOf(socket: Socket, reads: Reads | null): Wire {
  const wire = new Wire(socket);
  if (reads !== null) {
    reads.listen(socket, (bytes) => {
      wire.take(bytes);
    });
    return wire;
  }
  // Without this, the listener would start the flow.
  socket.pause();
  socket.on('data', (bytes) => {
    wire.take(bytes);
  });
  return wire;
}

/** How `converse` ended: with an answer, or for the reason that there is none. */
export type Conversation<T> = { readonly type: 'answer'; readonly value: T } | { readonly type: 'stopped' } | WireEnd;

/**
 * Reads until `take` has what it wants. The socket lives on, whatever comes out, unless it has ended by itself.
 * @param take gets all that came, in parts of any size; gives the answer and the bytes that were too many, or null for more
 */
export function converse<T>(
  wire: Wire,
  take: (bytes: Uint8Array) => { readonly value: T; readonly rest: Uint8Array } | null,
  stop: AbortSignal,
): Promise<Conversation<T>> {
  return new Promise((resolve) => {
    const { socket } = wire;
    const settle = (result: Conversation<T>): void => {
      stop.removeEventListener('abort', stopped);
      socket.off('end', over).off('close', over);
      resolve(result);
    };
    const stopped = (): void => {
      settle({ type: 'stopped' });
    };
    const over = (): void => {
      settle(wire.end ?? { type: 'closed' });
    };
    if (stop.aborted) {
      stopped();
      return;
    }
    stop.addEventListener('abort', stopped, { once: true });
    const state = { isDone: false };
    socket.on('end', over).on('close', over);
    wire.read((bytes) => {
      if (state.isDone) return;
      const found = take(bytes);
      if (found === null) return;
      state.isDone = true;
      wire.release(found.rest);
      settle({ type: 'answer', value: found.value });
    });
    if (!state.isDone && wire.end !== null) over();
  });
}
