/**
 * Whether a session reads from its sockets: what the person wants, and what
 * the disk allows. While the disk is behind, all reading is paused, so that
 * the peers feel it instead of memory; what the person has paused stays
 * paused afterwards, and what they change meanwhile counts then.
 */
import type { PeerId } from '../drivers/driver.ts';
import { success, type Outcome } from '../shared/errors.ts';
import type { Peer, PeerTable } from './peers.ts';
import type { Recording } from './recording.ts';
import type { Run } from './run.ts';

const MIB = 1024 * 1024;

export interface ReadingHost {
  readonly recording: Recording;
  readonly peers: PeerTable;
  /** False: reading goes on while the disk is behind, and what has no room is counted. */
  readonly pausesWhenBehind: () => boolean;
  /** Adds a row that tells what has happened. */
  readonly note: (message: string) => void;
}

export class Reading {
  readonly #host: ReadingHost;
  readonly #unfollow: () => void;
  readonly #waiting = new Set<() => void>();
  /** The run while it is open. */
  #run: Run | null = null;
  #isPausedByPerson = false;
  /** When reading was paused because of the disk; null while it is not. */
  #heldSince: number | null = null;

  constructor(host: ReadingHost) {
    this.#host = host;
    this.#unfollow = host.recording.onState(() => {
      this.#follow();
    });
  }

  /** True while the person has stopped reading on the whole session. */
  get isPausedByPerson(): boolean {
    return this.#isPausedByPerson;
  }

  /** True while nothing more should be read, nor be sent without need: the disk has to catch up. */
  get isHeld(): boolean {
    return this.#run !== null && this.#host.recording.state.isBehind && this.#host.pausesWhenBehind();
  }

  /** Resolves when that is over, or nothing is open any more. */
  untilFree(): Promise<void> {
    if (!this.isHeld) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
    });
  }

  /** A run is open. */
  start(run: Run): void {
    this.#run = run;
    this.#follow();
  }

  /** It is over. */
  stop(): void {
    this.#run = null;
    this.#heldSince = null;
    this.#wake();
  }

  /** As for a new session: nothing is paused. */
  reset(): void {
    this.#isPausedByPerson = false;
  }

  /** What the person wants, of one connection or of all. */
  set(run: Run, peer: PeerId | null, reading: boolean): Outcome {
    const outcome = this.#heldSince === null ? run.setReading(peer, reading) : success();
    if (!outcome.ok) return outcome;
    if (peer === null) this.#isPausedByPerson = !reading;
    const { peers } = this.#host;
    const known = peer === null ? peers.remaining() : [peers.get(peer)];
    for (const one of known) if (one !== undefined) one.readingPaused = !reading;
    return outcome;
  }

  /** A connection has come; the driver keeps to what was said of all by itself. */
  added(peer: Peer): void {
    peer.readingPaused = this.#isPausedByPerson;
  }

  dispose(): void {
    this.#unfollow();
    this.stop();
  }

  #follow(): void {
    const run = this.#run;
    if (run === null) return;
    if (this.isHeld) {
      if (this.#heldSince === null) this.#hold(run);
      return;
    }
    if (this.#heldSince !== null) this.#release(run, performance.now() - this.#heldSince);
    this.#wake();
  }

  #hold(run: Run): void {
    this.#heldSince = performance.now();
    const { waiting, error } = this.#host.recording.state;
    const why = error === null ? `the disk is behind (${(waiting / MIB).toFixed(1)} MiB wait).` : error.message;
    this.#host.note(`Reading paused: ${why} It goes on when the disk has caught up; until then the peer has to wait.`);
    run.setReading(null, false);
  }

  #release(run: Run, ms: number): void {
    this.#heldSince = null;
    this.#host.note(`Reading resumed after ${(ms / 1000).toFixed(1)} s: the disk has caught up.`);
    const peers = this.#host.peers.remaining();
    if (this.#isPausedByPerson) {
      for (const peer of peers) if (!peer.readingPaused) run.setReading(peer.id, true);
    } else {
      run.setReading(null, true);
      for (const peer of peers) if (peer.readingPaused) run.setReading(peer.id, false);
    }
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
