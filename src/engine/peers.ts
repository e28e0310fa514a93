/** The connections of one session, also of its earlier runs: numbers are never used twice. */
import type { Facts, PeerId, PeerState } from '../drivers/driver.ts';
import type { PeerStatus } from '../shared/contract.ts';
import { CLOSED_PEERS_KEPT } from '../shared/limits.ts';
import type { Direction } from '../shared/record.ts';
import { CounterSet } from './counters.ts';

function isEnd(state: PeerState): boolean {
  return state === 'closed' || state === 'reset' || state === 'failed';
}

export class Peer {
  readonly id: PeerId;
  readonly local: string;
  readonly remote: string;
  /** ms since 1970 */
  readonly since = Date.now();
  readonly counters = new CounterSet();
  state: PeerState = 'open';
  readingPaused = false;
  /** Kept from the moment it ended, when the driver forgets the socket. */
  lastFacts: Facts = {};

  constructor(id: PeerId, addresses: { readonly local: string; readonly remote: string }) {
    this.id = id;
    this.local = addresses.local;
    this.remote = addresses.remote;
  }

  get isOver(): boolean {
    return isEnd(this.state);
  }

  /** Whether it still takes bytes: it is open, or only the other side has ended. */
  get isWritable(): boolean {
    return this.state === 'open' || this.state === 'half-closed-remote';
  }
}

export class PeerTable {
  readonly #closedKept: number;
  readonly #peers = new Map<PeerId, Peer>();
  /** The ones that have ended, oldest end first. */
  #over: PeerId[] = [];
  #lastId = 0;
  /** Whose message was counted last: nearly always that of the next one as well. */
  #counted: Peer | undefined;

  constructor(closedKept = CLOSED_PEERS_KEPT) {
    this.#closedKept = closedKept;
  }

  get total(): number {
    return this.#peers.size;
  }

  get open(): number {
    return this.#peers.size - this.#over.length;
  }

  add(addresses: { readonly local: string; readonly remote: string }): Peer {
    this.#lastId += 1;
    const peer = new Peer(this.#lastId, addresses);
    this.#peers.set(peer.id, peer);
    return peer;
  }

  get(id: PeerId): Peer | undefined {
    return this.#peers.get(id);
  }

  /** Counts messages of a connection, `bytes` all together; one that is no longer remembered is only counted by the session. */
  count(id: PeerId, direction: Direction, bytes: number, messages = 1): void {
    if (this.#counted?.id !== id) this.#counted = this.#peers.get(id);
    this.#counted?.counters.add(direction, bytes, messages);
  }

  /**
   * Enters a state, unless the connection is over already.
   * @returns whether it ended now; then the caller gives it its last facts
   */
  change(peer: Peer, state: PeerState): boolean {
    if (peer.isOver) return false;
    peer.state = state;
    if (!isEnd(state)) return false;
    this.#over.push(peer.id);
    const excess = this.#over.length - this.#closedKept;
    if (excess > 0) for (const id of this.#over.splice(0, excess)) this.#peers.delete(id);
    return true;
  }

  /** All that have not ended. */
  remaining(): Peer[] {
    return [...this.#peers.values()].filter((peer) => !peer.isOver);
  }

  /** Numbers and remote addresses of the newest ones, at most `count`. */
  names(count: number): (readonly [PeerId, string])[] {
    const skipped = Math.max(0, this.#peers.size - count);
    return [...this.#peers.values()].slice(skipped).map((peer) => [peer.id, peer.remote] as const);
  }

  writable(): Peer[] {
    return [...this.#peers.values()].filter((peer) => peer.isWritable);
  }

  /**
   * Those that have not ended and have this number, which comes first, or this in their remote address, in the order of
   * their numbers.
   * @returns the first `most`, and how many there are
   */
  find(
    query: string,
    most: number,
    factsOf: (peer: PeerId) => Facts,
  ): { readonly total: number; readonly peers: PeerStatus[] } {
    const words = query.trim().toLowerCase();
    const peers: PeerStatus[] = [];
    let total = 0;
    for (const peer of this.#peers.values()) {
      if (peer.isOver || (String(peer.id) !== words && !peer.remote.toLowerCase().includes(words))) continue;
      total += 1;
      // Nearly every address has a 7 in it: the connection of that number is what is meant.
      if (String(peer.id) === words) peers.unshift(statusOf(peer, factsOf));
      else if (peers.length < most) peers.push(statusOf(peer, factsOf));
    }
    peers.length = Math.min(peers.length, most);
    return { total, peers };
  }

  /** In the order of their numbers. `factsOf` is asked only for connections that have not ended. */
  list(from: number, count: number, factsOf: (peer: PeerId) => Facts): PeerStatus[] {
    const rows: PeerStatus[] = [];
    let index = 0;
    for (const peer of this.#peers.values()) {
      if (index >= from + count) break;
      if (index >= from) rows.push(statusOf(peer, factsOf));
      index += 1;
    }
    return rows;
  }
}

function statusOf(peer: Peer, factsOf: (peer: PeerId) => Facts): PeerStatus {
  return {
    peer: peer.id,
    state: peer.state,
    local: peer.local,
    remote: peer.remote,
    since: peer.since,
    counters: peer.counters.values,
    readingPaused: peer.readingPaused,
    facts: peer.isOver ? peer.lastFacts : factsOf(peer.id),
  };
}
