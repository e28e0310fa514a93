/** The connections of a server that have not ended. */
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { connectionEnded, noConnection } from '../../shared/refusals.ts';
import type { PeerId } from '../driver.ts';

export class Connections<Connection extends { readonly peer: PeerId }> {
  readonly #all = new Map<PeerId, Connection>();
  #last: PeerId = 0;

  get size(): number {
    return this.#all.size;
  }

  add(connection: Connection): void {
    this.#all.set(connection.peer, connection);
    this.#last = Math.max(this.#last, connection.peer);
  }

  remove(peer: PeerId): void {
    this.#all.delete(peer);
  }

  /** That one, or all when `peer` is null; none when it has ended. A copy, so that they may end meanwhile. */
  chosen(peer: PeerId | null): readonly Connection[] {
    if (peer === null) return [...this.#all.values()];
    const connection = this.#all.get(peer);
    return connection === undefined ? [] : [connection];
  }

  /** Errors: `not-open` when it has ended, `not-found` when there never was one. */
  find(peer: PeerId): Outcome<Connection> {
    const connection = this.#all.get(peer);
    if (connection !== undefined) return success(connection);
    return peer > 0 && peer <= this.#last ? connectionEnded(peer) : noConnection(peer);
  }

  /** For all connections, one that cannot is left out; for a named one, it is the answer. */
  each(peer: PeerId | null, act: (connection: Connection) => Outcome): Outcome {
    if (peer !== null) {
      const found = this.find(peer);
      return found.ok ? act(found.value) : found;
    }
    const outcomes = this.chosen(null).map(act);
    return (
      outcomes.find((outcome) => outcome.ok) ??
      outcomes[0] ??
      failure('not-open', 'There are no connections.', 'Wait for one, or connect a client.')
    );
  }
}
