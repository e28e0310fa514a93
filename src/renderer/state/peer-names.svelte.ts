/** Addresses of connections, for the rows that name them: asked for in one call for all that are in view. */
import { SvelteMap } from 'svelte/reactivity';
import type { Client } from '../../rpc/client.ts';
import { PEERS_PER_CALL } from '../../shared/limits.ts';

/** Names remembered; beyond it the oldest are asked for again. */
const NAMES_KEPT = 5000;

interface PeerNamesOptions {
  readonly client: Client;
  readonly session: () => string | null;
}

export class PeerNames {
  readonly #client: Client;
  readonly #session: () => string | null;
  readonly #names = new SvelteMap<number, string>();
  readonly #wanted = new Set<number>();
  #known = $state<string | null>(null);
  #asking = false;

  constructor({ client, session }: PeerNamesOptions) {
    this.#client = client;
    this.#session = session;
  }

  /** The address, or null until it is known; then whoever asked in an effect or in markup is told. */
  of(peer: number): string | null {
    const name = this.#session() === this.#known ? this.#names.get(peer) : undefined;
    if (name === undefined && peer > 0) {
      this.#wanted.add(peer);
      if (!this.#asking) {
        this.#asking = true;
        // After the rendering that asks: all names of one view go in one call.
        queueMicrotask(() => void this.#ask());
      }
    }
    return name ?? null;
  }

  async #ask(): Promise<void> {
    while (this.#wanted.size > 0) {
      const session = this.#session();
      const peers = [...this.#wanted].slice(0, PEERS_PER_CALL);
      this.#wanted.clear();
      if (session !== this.#known || this.#names.size > NAMES_KEPT) this.#names.clear();
      this.#known = session;
      const answer = session === null ? null : await this.#client.call('peers.names', { session, peers });
      // Numbers begin anew in each session: an answer of the one before would name the wrong peers.
      if (answer?.ok !== true || session !== this.#session()) continue;
      peers.forEach((peer, index) => this.#names.set(peer, answer.value.names[index] ?? `#${peer}`));
    }
    this.#asking = false;
  }
}
