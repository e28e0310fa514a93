/**
 * One session: its states, connections, counters and recording. Drivers come
 * and go with each `open`; the recording and the numbering go on.
 */
import type { DriverModule, Facts, PeerId, PeerState } from '../drivers/driver.ts';
import type { PeerStatus, SessionConfig, SessionState, SessionStatus, ViewStatus } from '../shared/contract.ts';
import { failure, success, type Outcome, type WireError } from '../shared/errors.ts';
import { STATUS_INTERVAL_MS } from '../shared/limits.ts';
import type { Direction, Meta } from '../shared/record.ts';
import type { Target } from './broadcast.ts';
import { actionProblem, peerProblem } from './checks.ts';
import { PeerTable, type Peer } from './peers.ts';
import { Recorder } from './recorder.ts';
import type { Recording } from './recording.ts';
import { Run, type RunHost } from './run.ts';
import { Sending, type Sent, type SendSource } from './sending.ts';
import { canEnter, isLive, isOver } from './states.ts';
import { StatusPace } from './status-pace.ts';

export class Session {
  readonly id: string;
  readonly recorder: Recorder;
  readonly #module: DriverModule;
  readonly #report: (bug: unknown) => void;
  readonly #peers = new PeerTable();
  readonly #pace = new StatusPace(STATUS_INTERVAL_MS, () => {
    for (const listener of this.#statusListeners) listener();
    return true;
  });
  readonly #statusListeners = new Set<() => void>();
  readonly #sending = new Sending(() => {
    this.#pace.touch();
  });
  #config: SessionConfig;
  #state: SessionState = 'idle';
  #error: WireError | null = null;
  #run: Run | null = null;
  #endpoints: { readonly local: string | null; readonly remote: string | null } = { local: null, remote: null };
  #lastFacts: Facts = {};
  #readingPaused = false;
  #closeWasAsked = false;

  constructor(
    id: string,
    module: DriverModule,
    config: SessionConfig,
    recording: Recording,
    report: (bug: unknown) => void,
  ) {
    this.id = id;
    this.#module = module;
    this.#config = config;
    this.recorder = new Recorder(module.spec, recording);
    this.#report = report;
  }

  get protocol(): string {
    return this.#module.spec.id;
  }

  get isOver(): boolean {
    return isOver(this.#state);
  }

  /** Called when the status has changed, at most every STATUS_INTERVAL_MS. @returns a function that ends it */
  onStatus(listener: () => void): () => void {
    this.#statusListeners.add(listener);
    return () => {
      this.#statusListeners.delete(listener);
    };
  }

  /** Something that is shown with the session has changed. */
  touch(): void {
    this.#pace.touch();
  }

  status(views: readonly ViewStatus[]): SessionStatus {
    return {
      session: this.id,
      protocol: this.protocol,
      state: this.#state,
      error: this.#error,
      startedAt: this.recorder.startedAt,
      ...this.#endpoints,
      facts: this.#run?.facts(null) ?? this.#lastFacts,
      counters: this.recorder.counters.values,
      peers: { total: this.#peers.total, open: this.#peers.open },
      rows: this.recorder.recording.rows,
      recording: this.recorder.recording.totals,
      readingPaused: this.#readingPaused,
      sending: this.#sending.status,
      views: [...views],
    };
  }

  peers(from: number, count: number): { readonly total: number; readonly peers: PeerStatus[] } {
    const facts = (peer: PeerId): Facts => this.#run?.facts(peer) ?? {};
    return { total: this.#peers.total, peers: this.#peers.list(from, count, facts) };
  }

  /** Remote address of a connection; null for one that is no longer remembered. */
  peerName(peer: PeerId): string | null {
    return this.#peers.get(peer)?.remote ?? null;
  }

  /** Errors: `already-open`, `cancelled` when it was closed meanwhile, or what the driver says. */
  async open(config: SessionConfig): Promise<Outcome> {
    if (!this.isOver) return failure('already-open', 'The session is open already.', 'Close it first.');
    if (config.protocol !== this.protocol) {
      const message = `This session records ${this.#module.spec.title}.`;
      return failure('bad-request', message, 'Another protocol needs a new session.', { field: 'protocol' });
    }
    this.recorder.begin();
    this.#config = config;
    this.#error = null;
    this.#endpoints = { local: null, remote: null };
    this.#lastFacts = {};
    this.#readingPaused = false;
    this.#closeWasAsked = false;
    const run: Run = new Run(
      this.#module,
      config,
      this.#hostOf(() => run),
    );
    this.#run = run;
    this.#enter('opening');
    const outcome = await run.open();
    if (this.#run !== run || this.#state !== 'opening') {
      return failure('cancelled', `Opening ${config.address.trim()} was cancelled.`);
    }
    if (!outcome.ok) {
      this.#finish(run, outcome.error);
      return outcome;
    }
    this.#enter('open');
    run.opened();
    return success();
  }

  /** Lets queued bytes leave; called again, or while opening, ends at once. Resolves when the session is over. */
  async close(): Promise<void> {
    const run = this.#run;
    if (run === null) return;
    const atOnce = this.#closeWasAsked || this.#state === 'opening';
    this.#closeWasAsked = true;
    if (this.#state !== 'closing') this.#enter('closing');
    await run.close(atOnce);
    this.#finish(run, null);
  }

  /** Ends everything at once, for good. */
  async dispose(): Promise<void> {
    this.#closeWasAsked = true;
    await this.close();
    this.#sending.cancel();
    this.#pace.stop();
    this.#statusListeners.clear();
    await this.recorder.close();
  }

  /** Errors: `bad-request` for an action that the spec does not have, `not-open`, `not-found`, or what the driver says. */
  async act(action: string, peer: PeerId | null): Promise<Outcome> {
    const problem = actionProblem(this.#module.spec, action, peer !== null);
    if (problem !== null) return problem;
    const ready = this.#ready(peer);
    return ready.ok ? ready.value.act(action, peer) : ready;
  }

  /** Errors: `bad-request`, `not-open`, `not-found`, those of the file, or what the driver says. */
  async send(peer: PeerId | null, source: SendSource, then: string | null): Promise<Outcome<Sent>> {
    const problem = then === null ? null : actionProblem(this.#module.spec, then, true);
    if (problem !== null) return problem;
    const ready = this.#ready(peer);
    if (!ready.ok) return ready;
    const known = peer === null ? this.#peers.writable() : [this.#peers.get(peer)];
    const targets = known.flatMap((one): Target[] => (one === undefined ? [] : [{ peer: one.id, name: one.remote }]));
    if (targets.length === 0) {
      const hint = 'Wait for a connection, or connect again.';
      return failure('not-open', 'Nothing was sent: there is no connection that could take it.', hint);
    }
    return this.#sending.send(ready.value, targets, source, then);
  }

  cancelSend(): void {
    this.#sending.cancel();
  }

  setReading(peer: PeerId | null, reading: boolean): Outcome {
    const ready = this.#ready(peer);
    if (!ready.ok) return ready;
    const outcome = ready.value.setReading(peer, reading);
    if (!outcome.ok) return outcome;
    if (peer === null) this.#readingPaused = !reading;
    const known = peer === null ? this.#peers.remaining() : [this.#peers.get(peer)];
    for (const one of known) if (one !== undefined) one.readingPaused = !reading;
    this.touch();
    return success();
  }

  /** The run, if the session is live and the connection has not ended. */
  #ready(peer: PeerId | null): Outcome<Run> {
    if (this.#run === null || !isLive(this.#state)) {
      const { title, verbs } = this.#module.spec;
      return failure('not-open', `${title} ${this.#config.address.trim()} is not open.`, `Press ${verbs.open} first.`);
    }
    const problem = peer === null ? null : peerProblem(this.#peers, peer);
    return problem ?? success(this.#run);
  }

  #record(kind: string, direction: Direction, peer: PeerId, payload: Uint8Array | null, meta: Meta | null): boolean {
    if (!this.recorder.write(kind, direction, peer, payload, meta)) return false;
    if (this.recorder.isMessage(kind)) this.#peers.count(peer, direction, payload === null ? 0 : payload.length);
    this.#pace.touch();
    return true;
  }

  #hostOf(run: () => Run): RunHost {
    return {
      record: (kind, direction, peer, payload, meta) => this.#record(kind, direction, peer, payload, meta),
      peerOpened: (addresses) => {
        const peer = this.#peers.add(addresses);
        // The driver keeps to it by itself.
        peer.readingPaused = this.#readingPaused;
        this.touch();
        return peer.id;
      },
      peerChanged: (id, state) => {
        const peer = this.#peers.get(id);
        if (peer !== undefined) this.#changePeer(run(), peer, state);
      },
      endpoints: (addresses) => {
        this.#endpoints = addresses;
        this.touch();
      },
      closing: () => {
        if (this.#state === 'open') this.#enter('closing');
      },
      ended: (error) => {
        this.#finish(run(), error);
      },
      report: this.#report,
    };
  }

  #changePeer(run: Run, peer: Peer, state: PeerState): void {
    if (this.#peers.change(peer, state)) peer.lastFacts = run.facts(peer.id);
    this.touch();
  }

  /** The run is over: by the driver's word, or because it was given up. Does nothing when that is known. */
  #finish(run: Run, error: WireError | null): void {
    if (this.#run !== run) return;
    this.#run = null;
    for (const peer of this.#peers.remaining()) this.#changePeer(run, peer, error === null ? 'closed' : 'failed');
    this.#lastFacts = run.facts(null);
    run.release();
    this.#error = error ?? run.bug;
    this.#enter(this.#error === null ? 'closed' : 'failed');
  }

  #enter(to: SessionState): void {
    const from = this.#state;
    if (!canEnter(from, to)) throw new Error(`A session cannot go from ${from} to ${to}`);
    this.#state = to;
    const error = to === 'failed' ? this.#error : null;
    const why = error === null ? {} : { code: error.code, message: error.message };
    this.#record('state', 'none', 0, null, { from, to, ...why });
    this.touch();
  }
}
