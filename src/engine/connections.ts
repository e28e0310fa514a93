/** The connections of a session, as its driver tells of them and as windows see them. */
import type { Facts, PeerId, PeerState } from '../drivers/driver.ts';
import type { PeerStatus } from '../shared/contract.ts';
import { TARGETS_SHOWN } from '../shared/limits.ts';
import { PeerTable, type Peer } from './peers.ts';
import type { Run } from './run.ts';

interface Addresses {
  readonly local: string;
  readonly remote: string;
}

export class Connections {
  readonly table = new PeerTable();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** How many are remembered, and how many of them are open. */
  get counts(): { readonly total: number; readonly open: number } {
    return { total: this.table.total, open: this.table.open };
  }

  list(from: number, count: number, run: Run | null): { readonly total: number; readonly peers: PeerStatus[] } {
    const facts = (peer: PeerId): Facts => run?.facts(peer) ?? {};
    return { total: this.table.total, peers: this.table.list(from, count, facts) };
  }

  /** @see PeerTable.find */
  find(query: string, run: Run | null): { readonly total: number; readonly peers: PeerStatus[] } {
    return this.table.find(query, TARGETS_SHOWN, (peer) => run?.facts(peer) ?? {});
  }

  /** Remote address; null for one that is no longer remembered. */
  nameOf(peer: PeerId): string | null {
    return this.table.get(peer)?.remote ?? null;
  }

  /** Payload bytes that came in; 0 for one that is no longer remembered. */
  bytesIn(peer: PeerId): number {
    return this.table.get(peer)?.counters.values.bytesIn ?? 0;
  }

  opened(addresses: Addresses): Peer {
    const peer = this.table.add(addresses);
    this.#changed();
    return peer;
  }

  change(run: Run, id: PeerId, state: PeerState): void {
    const peer = this.table.get(id);
    if (peer === undefined) return;
    if (this.table.change(peer, state)) peer.lastFacts = run.facts(id);
    this.#changed();
  }

  /** The run is over, and with it all that have not ended. */
  endAll(run: Run, state: PeerState): void {
    for (const { id } of this.table.remaining()) this.change(run, id, state);
  }
}
