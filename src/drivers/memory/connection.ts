/** One memory socket as records, in the words of TCP. */
import { sentence, success, type Outcome, type WireError } from '../../shared/errors.ts';
import type { Direction, Meta } from '../../shared/record.ts';
import { endedWithPeer } from '../../shared/refusals.ts';
import { systemError } from '../../shared/system-error.ts';
import type { DriverContext, Facts, PeerId, PeerState } from '../driver.ts';
import type { MemorySocket } from './socket.ts';

export interface ConnectionSetup {
  readonly context: Pick<DriverContext, 'record' | 'peerChanged'>;
  readonly socket: MemorySocket;
  readonly peer: PeerId;
  readonly remote: string;
  readonly options: { readonly allowHalfOpen: boolean; readonly setTimeout: number };
  readonly echo: boolean;
  readonly paused: boolean;
  readonly onClosed: (error: WireError | null) => void;
}

export class MemoryConnection {
  readonly peer: PeerId;
  readonly #setup: ConnectionSetup;
  readonly #socket: MemorySocket;
  readonly #waiting = new Set<(outcome: Outcome) => void>();
  #isPaused = false;
  #queuedMost = 0;
  #unsent = 0;
  #endedBy: string | null = null;
  #wasReset = false;
  #isLeaving = false;
  #error: WireError | null = null;

  constructor(setup: ConnectionSetup) {
    this.peer = setup.peer;
    this.#setup = setup;
    this.#socket = setup.socket;
    if (setup.paused) this.pause();
    setup.socket.listen({
      data: (bytes) => {
        setup.context.record('data', 'in', this.peer, bytes, null);
        if (setup.echo && this.#socket.isWritable) this.#write(bytes, () => undefined);
      },
      end: () => {
        this.#peerEnded();
      },
      finish: () => {
        if (this.#isLeaving) this.#socket.destroy();
        else if (!this.#socket.hasReadAll) this.#changed('half-closed-local');
      },
      drain: () => {
        this.#record('drain', 'none', { was: this.#queuedMost });
        this.#queuedMost = 0;
      },
      timeout: () => {
        this.#record('timeout', 'none', { ms: setup.options.setTimeout });
      },
      error: (code) => {
        this.#error = systemError({ code, syscall: 'read', message: '' }, setup.remote);
        this.#record('error', 'none', { code, message: sentence(this.#error) });
      },
      close: (hadError) => {
        this.#closed(hadError);
      },
    });
  }

  send(bytes: Uint8Array): Promise<Outcome> {
    if (!this.#canWrite) return Promise.resolve(this.#notWritable());
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
    this.#record('end', 'out', null);
    this.#socket.end();
    return success();
  }

  destroy(): Outcome {
    if (this.#socket.isDestroyed) return this.#notWritable();
    this.#record('destroy', 'out', null);
    this.#socket.destroy();
    return success();
  }

  resetAndDestroy(): Outcome {
    if (this.#socket.isDestroyed) return this.#notWritable();
    this.#wasReset = true;
    this.#record('resetAndDestroy', 'out', null);
    this.#socket.reset();
    return success();
  }

  /** Ends now if everything has left, else when it has. */
  destroySoon(): void {
    this.#isLeaving = true;
    if (this.#canWrite) {
      this.#record('end', 'out', { closing: true });
      this.#socket.end();
    }
    if (this.#socket.writableLength === 0) this.#socket.destroy();
  }

  giveUp(): void {
    this.#socket.destroy();
  }

  pause(): void {
    if (this.#isPaused || this.#socket.isDestroyed) return;
    this.#isPaused = true;
    this.#record('pause', 'none', null);
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#isPaused || this.#socket.isDestroyed) return;
    this.#isPaused = false;
    this.#record('resume', 'none', null);
    this.#socket.resume();
  }

  facts(): Facts {
    const { bytesRead, bytesWritten, writableLength, isDestroyed } = this.#socket;
    return { remoteAddress: this.#setup.remote, bytesRead, bytesWritten, writableLength, destroyed: isDestroyed };
  }

  get #canWrite(): boolean {
    return this.#socket.isWritable && !(this.#socket.hasReadAll && !this.#setup.options.allowHalfOpen);
  }

  #notWritable(): Outcome<never> {
    if (this.#endedBy !== null && !this.#socket.isDestroyed) return endedWithPeer(this.#setup.remote, this.#endedBy);
    const code = this.#socket.isDestroyed ? 'ERR_SOCKET_CLOSED' : 'ERR_STREAM_WRITE_AFTER_END';
    return { ok: false, error: systemError({ code, syscall: 'write', message: '' }, this.#setup.remote) };
  }

  #record(kind: string, direction: Direction, meta: Meta | null): void {
    this.#setup.context.record(kind, direction, this.peer, null, meta);
  }

  #changed(state: PeerState): void {
    this.#setup.context.peerChanged(this.peer, state);
  }

  #write(bytes: Uint8Array, written: () => void): void {
    this.#setup.context.record('data', 'out', this.peer, bytes, null);
    this.#unsent += bytes.length;
    const taken = (): void => {
      this.#unsent -= bytes.length;
      written();
    };
    if (this.#socket.write(bytes, taken)) return;
    const queued = this.#socket.writableLength;
    this.#queuedMost = Math.max(this.#queuedMost, queued);
    this.#record('write', 'none', { queued });
  }

  #peerEnded(): void {
    const { allowHalfOpen } = this.#setup.options;
    const maySend = this.#socket.isWritable && allowHalfOpen && !this.#setup.echo;
    this.#record('end', 'in', { halfOpen: maySend });
    if (!this.#socket.hasFinished) this.#changed('half-closed-remote');
    if (!this.#socket.isWritable || maySend) return;
    this.#endedBy = allowHalfOpen ? 'echo' : 'allowHalfOpen';
    this.#record('end', 'out', { auto: this.#endedBy });
    this.#socket.end();
  }

  #closed(hadError: boolean): void {
    const { bytesRead, bytesWritten } = this.#socket;
    const unsent = this.#unsent === 0 ? {} : { unsent: this.#unsent };
    this.#record('close', 'none', { hadError, bytesRead, bytesWritten, ...unsent });
    this.#changed(this.#wasReset || this.#error !== null ? 'reset' : 'closed');
    const error =
      this.#error ?? systemError({ code: 'ERR_STREAM_DESTROYED', syscall: 'write', message: '' }, this.#setup.remote);
    for (const resolve of this.#waiting) resolve({ ok: false, error });
    this.#waiting.clear();
    this.#setup.onClosed(this.#error);
  }
}
