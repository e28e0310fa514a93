/** What the engine would be to a driver: collects everything, and lets a test wait for it. */
import type { Batch, DriverContext, PeerId, PeerState } from '../../src/drivers/driver.ts';
import type { Spec } from '../../src/drivers/spec.ts';
import type { WireError } from '../../src/shared/errors.ts';
import { kindTable, type Direction, type Meta } from '../../src/shared/record.ts';
import { Watch } from './watch.ts';

export interface SeenRecord {
  readonly kind: string;
  readonly direction: Direction;
  readonly peer: PeerId;
  readonly payload: Buffer | null;
  readonly meta: Meta;
}

export interface SeenPeer {
  readonly id: PeerId;
  readonly local: string;
  readonly remote: string;
  /** In the order in which they came; the first is `open`. */
  readonly states: PeerState[];
}

export class FakeContext implements DriverContext {
  readonly address: string;
  readonly records: SeenRecord[] = [];
  readonly peers: SeenPeer[] = [];
  ends: { readonly local: string | null; readonly remote: string | null } = { local: null, remote: null };
  isClosing = false;
  /** One entry for each call of `closed`. */
  readonly closes: (WireError | null)[] = [];
  readonly #kinds: readonly string[];
  readonly #messageKinds: readonly string[];
  readonly #watch = new Watch();

  constructor(spec: Spec, address: string) {
    this.address = address;
    this.#kinds = kindTable(spec.kinds);
    this.#messageKinds = spec.messageKinds;
  }

  record(kind: string, direction: Direction, peer: PeerId, payload: Uint8Array | null, meta: Meta | null): void {
    if (!this.#kinds.includes(kind)) throw new Error(`The spec does not declare the kind ${kind}`);
    if (peer !== 0 && !this.peers.some(({ id }) => id === peer)) throw new Error(`There is no peer ${peer}`);
    this.records.push({ kind, direction, peer, payload: payload && Buffer.from(payload), meta: meta ?? {} });
    this.#watch.touch();
  }

  recordBatch({ bytes, count, kinds, starts, lengths }: Batch, direction: Direction, peer: PeerId): void {
    for (let at = 0; at < count; at += 1) {
      const start = starts[at] ?? 0;
      const payload = bytes.subarray(start, start + (lengths[at] ?? 0));
      this.record(this.#messageKinds[kinds[at] ?? 0] ?? '', direction, peer, payload, null);
    }
  }

  peerOpened(addresses: { readonly local: string; readonly remote: string }): PeerId {
    const id = this.peers.length + 1;
    this.peers.push({ id, ...addresses, states: ['open'] });
    this.#watch.touch();
    return id;
  }

  peerChanged(peer: PeerId, state: PeerState): void {
    this.peer(peer).states.push(state);
    this.#watch.touch();
  }

  endpoints(addresses: { readonly local: string | null; readonly remote: string | null }): void {
    this.ends = addresses;
    this.#watch.touch();
  }

  closing(): void {
    this.isClosing = true;
    this.#watch.touch();
  }

  closed(error: WireError | null): void {
    this.closes.push(error);
    this.#watch.touch();
  }

  peer(id: PeerId): SeenPeer {
    const found = this.peers.find((peer) => peer.id === id);
    if (found === undefined) throw new Error(`There is no peer ${id}`);
    return found;
  }

  state(id: PeerId): PeerState | undefined {
    return this.peer(id).states.at(-1);
  }

  of(kind: string, direction?: Direction, peer?: PeerId): readonly SeenRecord[] {
    return this.records.filter(
      (record) =>
        record.kind === kind &&
        (direction === undefined || record.direction === direction) &&
        (peer === undefined || record.peer === peer),
    );
  }

  /** What counts as messages of the conversation. */
  messages(direction?: Direction, peer?: PeerId): readonly SeenRecord[] {
    return this.#messageKinds.flatMap((kind) => this.of(kind, direction, peer));
  }

  /** All bytes of one direction of one connection. */
  bytes(direction: Direction, peer: PeerId): Buffer {
    return Buffer.concat(this.messages(direction, peer).map((record) => record.payload ?? Buffer.alloc(0)));
  }

  byteCount(direction: Direction, peer: PeerId): number {
    return this.messages(direction, peer).reduce((sum, record) => sum + (record.payload?.length ?? 0), 0);
  }

  until(condition: (context: this) => boolean, what: string): Promise<void> {
    return this.#watch.until(() => condition(this), what);
  }

  untilRow(kind: string, direction?: Direction, peer?: PeerId): Promise<void> {
    return this.until(() => this.of(kind, direction, peer).length > 0, `a row ${kind} ${direction ?? ''}`);
  }

  untilMessage(direction: Direction, peer: PeerId): Promise<void> {
    return this.until(() => this.messages(direction, peer).length > 0, `a message ${direction}`);
  }

  untilState(peer: PeerId, state: PeerState): Promise<void> {
    return this.until(() => this.state(peer) === state, `the state ${state}, it is ${String(this.state(peer))}`);
  }
}
