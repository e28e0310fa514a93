/**
 * The connections of a server session, as far as they are in view: asked for
 * by place, when the session's status says that something changed.
 */
import type { ActionSpec } from '../../drivers/spec.ts';
import type { Client } from '../../rpc/client.ts';
import type { PeerStatus, SessionStatus } from '../../shared/contract.ts';
import type { Outcome, WireError } from '../../shared/errors.ts';
import { PEERS_PER_CALL, PEERS_POLL_MS, PEER_RATE_MS, TARGETS_SHOWN } from '../../shared/limits.ts';
import { PEER_QUERY_CHARACTERS } from '../../shared/peer-limits.ts';
import { PeerRates, type PeerRate } from './peer-rates.ts';
import { browserScheduler, type Scheduler } from './scheduler.ts';
import { VirtualList } from './virtual-list.svelte.ts';

const CONNECTION_ROW_PX = 24;

interface ConnectionsOptions {
  readonly client: Client;
  readonly session: () => string | null;
  /** Of the spec, for one connection. */
  readonly actions?: readonly ActionSpec[];
  /** Asks for what an action needs; false: it needs nothing. */
  readonly asks?: (action: string, peer: number | null, whom: string) => boolean;
  readonly scheduler?: Scheduler;
}

/** A connection with its rate: one row of the grid. */
export interface Connection extends PeerStatus {
  readonly rate: PeerRate;
}

/** An answer to `peers`. */
interface Page {
  readonly total: number;
  readonly peers: readonly PeerStatus[];
}

/** How many of a protocol's facts stand in the list of connections at any width; the others where there is room. */
export const FACTS_ALWAYS = 2;

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
  readonly #asks: NonNullable<ConnectionsOptions['asks']>;
  /** The actions that end a connection: gracefully, and at once. */
  readonly #ends: { readonly gently: string; readonly atOnce: string };
  readonly #scheduler: Scheduler;
  readonly #rates = new PeerRates();
  /** Views on screen that show connections. */
  #watchers = 0;
  #known: string | null = null;
  #asking: Promise<void> | null = null;
  /** Counts the wishes to look again. */
  #wanted = 0;
  /** The row where the selected connection was seen last. */
  #selectedRow = 0;
  /** The next look: how long from when it was asked for, ms. */
  #next: { readonly ms: number; readonly cancel: () => void } | null = null;

  constructor({ client, session, actions = [], asks, scheduler = browserScheduler }: ConnectionsOptions) {
    this.#client = client;
    this.#session = session;
    this.#asks = asks ?? (() => false);
    const has = (id: string): boolean => actions.some((action) => action.id === id && action.on === 'peer');
    this.#ends = { gently: has('close') ? 'close' : 'end', atOnce: has('terminate') ? 'terminate' : 'destroy' };
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

  /** Forgets the session and all that was seen of it: there is none until the next `update`. */
  reset(): void {
    this.#cancel();
    this.#forget(null);
    this.total = 0;
    this.open = 0;
    this.list.setRange(0, 0);
  }

  /** Selects the connection of a row, or none. */
  select(row: number | null): PeerStatus | null {
    const connection = row === null ? undefined : this.rows.get(row);
    if (row !== null) {
      this.cursor = row;
      this.#selectedRow = row;
    }
    this.selected = connection ?? null;
    return this.selected;
  }

  /** Moves the keyboard's row and scrolls as far as needed. */
  moveCursor(row: number): void {
    this.cursor = Math.max(0, Math.min(row, this.total - 1));
    this.list.reveal(this.cursor);
  }

  /** One action of the driver, on one connection or on all (null), at once or after asking for what it needs. */
  async act(action: string, peer: number | null): Promise<void> {
    const connection = [...this.rows.values()].find((one) => one.peer === peer);
    if (this.#asks(action, peer, peer === null ? 'all connections' : (connection?.remote ?? `#${peer}`))) return;
    await this.#actNow(action, peer);
  }

  async #actNow(action: string, peer: number | null): Promise<void> {
    await this.#do((session) => this.#client.call('session.act', { session, action, peer }));
  }

  async setReading(reading: boolean, peer: number): Promise<void> {
    await this.#do((session) => this.#client.call('session.setReading', { session, peer, reading }));
  }

  /** Ends a connection gracefully; one that this side has ended already, at once. */
  async close(connection: PeerStatus): Promise<void> {
    const { gently, atOnce } = this.#ends;
    await this.#actNow(connection.state === 'half-closed-local' ? atOnce : gently, connection.peer);
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

  /** Open connections by their number or a part of their address. Null: there is no answer. */
  async find(query: string): Promise<{ readonly total: number; readonly peers: readonly PeerStatus[] } | null> {
    const session = this.#session();
    if (session === null) return null;
    const found = await this.#client.call('peers.find', { session, query: query.slice(0, PEER_QUERY_CHARACTERS) });
    return found.ok && session === this.#session() ? found.value : null;
  }

  /** Asks for the rows in view and for the selected one. One question at a time; what changes meanwhile is asked for right after. */
  async refresh(): Promise<void> {
    if (this.#session() === null || this.#watchers === 0) return;
    this.#wanted += 1;
    this.#asking ??= this.#ask();
    await this.#asking;
  }

  async #ask(): Promise<void> {
    for (let answered = -1; answered !== this.#wanted;) {
      const session = this.#session();
      if (session === null) break;
      answered = this.#wanted;
      const { from, to } = this.list.visible;
      const peers = await this.#look(session, from, Math.max(1, to - from));
      if (peers !== null) this.#show(from, peers);
      await this.#lookAtSelected(session);
    }
    this.#asking = null;
  }

  /** @returns null when there is no answer, or none that matters any more */
  async #look(session: string, from: number, count: number): Promise<Page | null> {
    const answer = await this.#client.call('peers', { session, from, count: Math.min(PEERS_PER_CALL, count) });
    return answer.ok && session === this.#session() ? answer.value : null;
  }

  /**
   * Brings the selected connection up to date when it is out of view. Rows are in the order of the
   * connections' numbers and only older ones go, so it is at the row where it was last, or above.
   */
  async #lookAtSelected(session: string): Promise<void> {
    const selected = this.selected;
    if (selected === null || isOver(selected)) return;
    if ([...this.rows.values()].some(({ peer }) => peer === selected.peer)) return;
    let end = this.#selectedRow + 1;
    for (let count = 1; end > 0; count = PEERS_PER_CALL) {
      const from = Math.max(0, end - count);
      const page = await this.#look(session, from, end - from);
      if (page === null || this.selected !== selected) return;
      const index = page.peers.findIndex(({ peer }) => peer === selected.peer);
      const found = page.peers[index];
      if (found !== undefined) {
        this.selected = found;
        this.#selectedRow = from + index;
        return;
      }
      end = from;
    }
    // The engine remembers all that are open: one that it does not is over.
    this.selected = { ...selected, state: 'closed' };
  }

  async #do(call: (session: string) => Promise<Outcome<unknown>>): Promise<void> {
    const session = this.#session();
    if (session === null) return;
    const outcome = await call(session);
    if (session !== this.#session()) return;
    this.problem = outcome.ok ? null : outcome.error;
    await this.refresh();
  }

  #forget(session: string | null): void {
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
    this.#next?.cancel();
    this.#next = null;
  }

  /** A sooner look takes the place of a later one. */
  #refreshLater(ms: number): void {
    if (this.#watchers === 0 || (this.#next !== null && this.#next.ms <= ms)) return;
    this.#cancel();
    const cancel = this.#scheduler.later(ms, () => {
      this.#next = null;
      void this.refresh();
    });
    this.#next = { ms, cancel };
  }

  #show(from: number, { total, peers }: Page): void {
    const rates = this.#rates.sample(peers, performance.now());
    const silence: PeerRate = { bytesPerSecond: 0, messagesPerSecond: 0 };
    const rows = peers.map((peer, index): [number, Connection] => [
      from + index,
      { ...peer, rate: rates[index] ?? silence },
    ]);
    this.rows = new Map(rows);
    this.total = total;
    this.list.setRange(0, total);
    const index = peers.findIndex((peer) => peer.peer === this.selected?.peer);
    const selected = peers[index];
    if (selected !== undefined) {
      this.selected = selected;
      this.#selectedRow = from + index;
    }
    // Silence brings no status, and must yet be seen: a rate is looked at again until it is nothing.
    const moving = peers.some((peer, index) => !isOver(peer) && (rates[index]?.bytesPerSecond ?? 0) > 0);
    if (moving) this.#refreshLater(PEER_RATE_MS);
  }
}
