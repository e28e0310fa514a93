/**
 * The connections of a server session, as far as they are in view: asked for
 * by place, when the session's status says that something changed.
 */
import type { Client } from '../../rpc/client.ts';
import type { PeerStatus, SessionStatus } from '../../shared/contract.ts';
import type { Outcome, WireError } from '../../shared/errors.ts';
import { PEERS_PER_CALL, PEERS_POLL_MS, PEER_RATE_MS, TARGETS_SHOWN } from '../../shared/limits.ts';
import { PeerRates, type PeerRate } from './peer-rates.ts';
import { browserScheduler, type Scheduler } from './scheduler.ts';
import { VirtualList } from './virtual-list.svelte.ts';

const CONNECTION_ROW_PX = 24;

interface ConnectionsOptions {
  readonly client: Client;
  readonly session: () => string | null;
  readonly scheduler?: Scheduler;
}

/** A connection with its rate: one row of the grid. */
export interface Connection extends PeerStatus {
  readonly rate: PeerRate;
}

/** Whether a connection has ended, so that nothing can be done to it any more. */
export function isOver(connection: PeerStatus): boolean {
  return connection.state === 'closed' || connection.state === 'reset' || connection.state === 'failed';
}

export class Connections {
  /** Which rows are in view. */
  readonly list: VirtualList;
  total = $state(0);
  open = $state(0);
  /** The connections that were last in view, by row. */
  rows = $state.raw<ReadonlyMap<number, Connection>>(new Map());
  /** The row that the keyboard is on. */
  cursor = $state(0);
  /** The connection whose messages are shown alone, as it was last seen. */
  selected = $state.raw<PeerStatus | null>(null);
  /** Where the composer sends: one connection, by number and address, or all of them (null). */
  aimed = $state.raw<Pick<PeerStatus, 'peer' | 'remote'> | null>(null);
  /** Open connections that the composer offers, after `loadTargets`; never more than `TARGETS_SHOWN`. */
  targets = $state.raw<readonly PeerStatus[]>([]);
  /** Why the last thing done to a connection failed. */
  problem = $state.raw<WireError | null>(null);

  readonly #client: Client;
  readonly #session: () => string | null;
  readonly #scheduler: Scheduler;
  readonly #rates = new PeerRates();
  /** Views on screen that show connections. */
  #watchers = 0;
  #known: string | null = null;
  #asking: Promise<void> | null = null;
  /** Counts the wishes to look again. */
  #wanted = 0;
  #cancelNext: (() => void) | null = null;

  constructor({ client, session, scheduler = browserScheduler }: ConnectionsOptions) {
    this.#client = client;
    this.#session = session;
    this.#scheduler = scheduler;
    this.list = new VirtualList({ rowHeight: CONNECTION_ROW_PX, scheduler });
  }

  /** Call while connections are on screen; the function returned ends it. Nothing is asked for while nobody looks. */
  watch(): () => void {
    this.#watchers += 1;
    void this.refresh();
    return () => {
      this.#watchers -= 1;
      if (this.#watchers === 0) this.#cancel();
    };
  }

  /** The number of the connection that the composer sends to; null is all of them. */
  get target(): number | null {
    return this.aimed?.peer ?? null;
  }

  update(status: SessionStatus): void {
    if (status.session !== this.#known) this.#forget(status.session);
    this.total = status.peers.total;
    this.open = status.peers.open;
    this.list.setRange(0, this.total);
    this.cursor = Math.max(0, Math.min(this.cursor, this.total - 1));
    this.#refreshLater(PEERS_POLL_MS);
  }

  /** Selects the connection of a row, or none. */
  select(row: number | null): PeerStatus | null {
    const connection = row === null ? undefined : this.rows.get(row);
    if (row !== null) this.cursor = row;
    this.selected = connection ?? null;
    return this.selected;
  }

  /** Moves the keyboard's row and scrolls as far as needed. */
  moveCursor(row: number): void {
    this.cursor = Math.max(0, Math.min(row, this.total - 1));
    this.list.reveal(this.cursor);
  }

  /** One action of the driver, on one connection or on all (null). */
  async act(action: string, peer: number | null): Promise<void> {
    await this.#do((session) => this.#client.call('session.act', { session, action, peer }));
  }

  async setReading(reading: boolean, peer: number): Promise<void> {
    await this.#do((session) => this.#client.call('session.setReading', { session, peer, reading }));
  }

  /** Ends a connection gracefully; one that this side has ended already, at once. */
  async close(connection: PeerStatus): Promise<void> {
    await this.act(connection.state === 'half-closed-local' ? 'destroy' : 'end', connection.peer);
  }

  /** Fills `targets` with the first open connections. */
  async loadTargets(): Promise<void> {
    const session = this.#session();
    if (session === null) return;
    const found: PeerStatus[] = [];
    for (let from = 0, total = 1; from < total && found.length < TARGETS_SHOWN; from += PEERS_PER_CALL) {
      const answer = await this.#client.call('peers', { session, from, count: PEERS_PER_CALL });
      if (!answer.ok) return;
      total = answer.value.total;
      found.push(...answer.value.peers.filter((peer) => !isOver(peer)));
    }
    if (session === this.#session()) this.targets = found.slice(0, TARGETS_SHOWN);
  }

  /** Asks for the rows in view. One question at a time; what changes meanwhile is asked for right after. */
  async refresh(): Promise<void> {
    const session = this.#session();
    if (session === null || this.#watchers === 0) return;
    this.#wanted += 1;
    this.#asking ??= this.#ask(session);
    await this.#asking;
  }

  async #ask(session: string): Promise<void> {
    let answered: number;
    do {
      answered = this.#wanted;
      const { from, to } = this.list.visible;
      const count = Math.max(1, Math.min(PEERS_PER_CALL, to - from));
      const answer = await this.#client.call('peers', { session, from, count });
      if (answer.ok && session === this.#session()) this.#show(from, answer.value);
    } while (answered !== this.#wanted && session === this.#session());
    this.#asking = null;
  }

  async #do(call: (session: string) => Promise<Outcome<unknown>>): Promise<void> {
    const session = this.#session();
    if (session === null) return;
    const outcome = await call(session);
    this.problem = outcome.ok ? null : outcome.error;
    await this.refresh();
  }

  #forget(session: string): void {
    this.#known = session;
    this.rows = new Map();
    this.selected = null;
    this.aimed = null;
    this.targets = [];
    this.problem = null;
    this.cursor = 0;
    this.#rates.clear();
  }

  #cancel(): void {
    this.#cancelNext?.();
    this.#cancelNext = null;
  }

  #refreshLater(ms: number): void {
    if (this.#watchers === 0 || this.#cancelNext !== null) return;
    this.#cancelNext = this.#scheduler.later(ms, () => {
      this.#cancelNext = null;
      void this.refresh();
    });
  }

  #show(from: number, { total, peers }: { readonly total: number; readonly peers: readonly PeerStatus[] }): void {
    const rates = this.#rates.sample(peers, performance.now());
    const silence: PeerRate = { bytesPerSecond: 0, messagesPerSecond: 0 };
    const rows = peers.map((peer, index): [number, Connection] => [
      from + index,
      { ...peer, rate: rates[index] ?? silence },
    ]);
    this.rows = new Map(rows);
    this.total = total;
    this.list.setRange(0, total);
    const selected = peers.find((peer) => peer.peer === this.selected?.peer);
    if (selected !== undefined) this.selected = selected;
    // Silence brings no status, and must yet be seen: a rate is looked at again until it is nothing.
    const moving = peers.some((peer, index) => !isOver(peer) && (rates[index]?.bytesPerSecond ?? 0) > 0);
    if (moving) this.#refreshLater(PEER_RATE_MS);
  }
}
