/**
 * What a server does by itself with messages. Memory stays bounded, however slowly a client reads: whoever it echoes to
 * is not read from while too much waits; whoever else is too slow is left out until what waits has left.
 */
import { QUEUED_MESSAGE_BYTES } from '../../shared/limits.ts';
import { BEHAVIOUR_BACKLOG_BYTES } from '../../shared/websocket-limits.ts';
import type { Batch, DriverContext, PeerId } from '../driver.ts';
import { messageKinds } from './websocket-spec.ts';

export type BehaviourName = 'none' | 'echo' | 'broadcast' | 'ticker';

/** A connection whose handshake is done. */
export interface Talker {
  readonly peer: PeerId;
  /** `bytes` stay as they are. `done` is called once: when the system has taken them, or when they cannot leave any more. */
  post(bytes: Uint8Array, kind: string, done: () => void): void;
  /** The same for all messages of a batch, which is not kept. */
  postBatch(batch: Batch, done: () => void): void;
  /** Reads no more from it until `release`. */
  hold(): void;
  release(): void;
}

export interface Ticks {
  /** Between two, in ms. */
  readonly interval: number;
  /** `{{n}}` and `{{time}}` are replaced. */
  readonly message: string;
}

/** One connection, as its behaviour sees it. */
interface Listener {
  readonly talker: Talker;
  /** Of what was sent and has not left, in bytes. */
  waiting: number;
  isHeld: boolean;
  /** What it did not get since it is too slow; null: it gets everything. */
  skipped: { messages: number; bytes: number } | null;
}

type Context = Pick<DriverContext, 'record' | 'recordBatch' | 'peerChanged'>;

export class Behaviour {
  readonly #name: BehaviourName;
  readonly #context: Context;
  readonly #listeners = new Map<PeerId, Listener>();
  #timer: NodeJS.Timeout | null = null;
  #ticks = 0;

  constructor(name: BehaviourName, context: Context) {
    this.#name = name;
    this.#context = context;
  }

  /** Begins when the server listens. */
  start({ interval, message }: Ticks): void {
    if (this.#name === 'ticker') this.#timer = setInterval(() => this.#tick(message), interval);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** How many connections there are whose handshake is done. */
  get size(): number {
    return this.#listeners.size;
  }

  opened(talker: Talker): void {
    this.#listeners.set(talker.peer, { talker, waiting: 0, isHeld: false, skipped: null });
  }

  closed(peer: PeerId): void {
    const listener = this.#listeners.get(peer);
    this.#listeners.delete(peer);
    if (listener !== undefined) this.#recordSkipped(listener);
  }

  /** What a connection records, and beside it what comes on it. */
  contextOf(talker: Talker): Context {
    if (this.#name !== 'echo' && this.#name !== 'broadcast') return this.#context;
    const context = this.#context;
    return {
      record: (kind, direction, peer, payload, meta) => {
        context.record(kind, direction, peer, payload, meta);
        const isMessage = direction === 'in' && (kind === 'text' || kind === 'binary');
        if (isMessage && payload !== null) this.#received(talker.peer, payload, kind);
      },
      recordBatch: (batch, direction, peer) => {
        context.recordBatch(batch, direction, peer);
        if (direction === 'in') this.#receivedBatch(talker.peer, batch);
      },
      peerChanged: (peer, state) => {
        context.peerChanged(peer, state);
      },
    };
  }

  #receivedBatch(from: PeerId, batch: Batch): void {
    const { bytes, count, kinds, starts, lengths } = batch;
    const listener = this.#listeners.get(from);
    if (this.#name === 'echo') {
      if (listener !== undefined) this.#echoBatch(listener, batch);
      return;
    }
    for (let at = 0; at < count; at += 1) {
      const start = starts[at] ?? 0;
      this.#received(from, bytes.subarray(start, start + (lengths[at] ?? 0)), messageKinds[kinds[at] ?? 0] ?? 'text');
    }
  }

  #echoBatch(listener: Listener, batch: Batch): void {
    let cost = batch.count * QUEUED_MESSAGE_BYTES;
    for (let at = 0; at < batch.count; at += 1) cost += batch.lengths[at] ?? 0;
    listener.talker.postBatch(batch, this.#waitingFor(listener, cost));
    this.#holdIfSlow(listener);
  }

  /** @param bytes stand in a buffer that is used again */
  #received(from: PeerId, bytes: Uint8Array, kind: string): void {
    const copy = bytes.slice();
    if (this.#name === 'broadcast') {
      for (const listener of this.#listeners.values())
        if (listener.talker.peer !== from) this.#offer(listener, copy, kind);
      return;
    }
    const listener = this.#listeners.get(from);
    if (listener === undefined) return;
    this.#send(listener, copy, kind);
    this.#holdIfSlow(listener);
  }

  #holdIfSlow(listener: Listener): void {
    if (listener.isHeld || listener.waiting <= BEHAVIOUR_BACKLOG_BYTES) return;
    listener.isHeld = true;
    listener.talker.hold();
  }

  #tick(message: string): void {
    this.#ticks += 1;
    if (this.#listeners.size === 0) return;
    const text = message.replaceAll('{{n}}', String(this.#ticks)).replaceAll('{{time}}', new Date().toISOString());
    const bytes = Buffer.from(text);
    for (const listener of this.#listeners.values()) this.#offer(listener, bytes, 'text');
  }

  /** Sends it, unless too much waits for this one already. */
  #offer(listener: Listener, bytes: Uint8Array, kind: string): void {
    const { waiting, talker } = listener;
    if (listener.skipped === null && waiting > BEHAVIOUR_BACKLOG_BYTES) {
      listener.skipped = { messages: 0, bytes: 0 };
      this.#context.record('skip', 'none', talker.peer, null, { by: this.#name, queued: waiting });
    }
    if (listener.skipped === null) {
      this.#send(listener, bytes, kind);
      return;
    }
    listener.skipped.messages += 1;
    listener.skipped.bytes += bytes.length;
  }

  #send(listener: Listener, bytes: Uint8Array, kind: string): void {
    listener.talker.post(bytes, kind, this.#waitingFor(listener, bytes.length + QUEUED_MESSAGE_BYTES));
  }

  /** @returns what is called when it has left */
  #waitingFor(listener: Listener, cost: number): () => void {
    listener.waiting += cost;
    return () => {
      listener.waiting -= cost;
      // One that keeps up with little is let go late, so that it is not stopped again at once.
      if (listener.waiting <= BEHAVIOUR_BACKLOG_BYTES / 2) this.#caughtUp(listener);
    };
  }

  #caughtUp(listener: Listener): void {
    if (listener.isHeld) {
      listener.isHeld = false;
      listener.talker.release();
    }
    this.#recordSkipped(listener);
  }

  #recordSkipped(listener: Listener): void {
    if (listener.skipped === null) return;
    const { messages, bytes } = listener.skipped;
    listener.skipped = null;
    // Its number is no connection's any more once that has ended, but the row still belongs to it.
    this.#context.record('skipped', 'none', listener.talker.peer, null, { by: this.#name, messages, bytes });
  }
}
