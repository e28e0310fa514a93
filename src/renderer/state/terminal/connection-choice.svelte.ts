/** The connections of a server that a terminal can show: the open ones, or those that a recording remembers. */
import type { Client } from '../../../rpc/client.ts';
import { PEERS_PER_CALL, TARGETS_SHOWN } from '../../../shared/limits.ts';
import type { Connections } from '../connections.svelte.ts';

export interface ConnectionOption {
  readonly peer: number;
  readonly name: string;
}

/** Calls for names of a recording: it remembers the newest connections, which have the largest numbers. */
const CALLS = 20;

export class ConnectionChoice {
  options = $state.raw<readonly ConnectionOption[]>([]);

  /** The open connections of a live server. */
  async loadLive(connections: Connections): Promise<void> {
    await connections.loadTargets();
    this.options = connections.targets.map(({ peer, remote }) => ({ peer, name: remote }));
  }

  /** Those of a recording. */
  async loadRecorded(client: Client, session: string): Promise<void> {
    const found: ConnectionOption[] = [];
    for (let call = 0; call < CALLS && found.length < TARGETS_SHOWN; call += 1) {
      const first = call * PEERS_PER_CALL + 1;
      const peers = Array.from({ length: PEERS_PER_CALL }, (_, index) => first + index);
      const answer = await client.call('peers.names', { session, peers });
      if (!answer.ok) break;
      const before = found.length;
      answer.value.names.forEach((name, index) => {
        if (name !== null) found.push({ peer: first + index, name });
      });
      if (before > 0 && found.length === before) break;
    }
    this.options = found.slice(0, TARGETS_SHOWN);
  }
}
