/**
 * One session: its states, connections, counters and recording. Drivers come
 * and go with each `open`; the recording and the numbering go on.
 */
import type { DriverModule, Facts, PeerId } from '../drivers/driver.ts';
import type { Options } from '../drivers/spec.ts';
import type { PeerStatus, SessionConfig, SessionState, SessionStatus, ViewStatus } from '../shared/contract.ts';
import { maskCredentials } from '../shared/credentials.ts';
import { failure, sentence, success, type ErrorCode, type Outcome, type WireError } from '../shared/errors.ts';
import { FRAME_KIND } from '../shared/filter.ts';
import { RECORDING_PEERS_KEPT } from '../shared/limits.ts';
import { reconnectPlan } from '../shared/reconnect.ts';
import type { Direction, Meta } from '../shared/record.ts';
import { hasTemplate } from '../shared/template.ts';
import type { AnySession } from './any-session.ts';
import { Connections } from './connections.ts';
import { SessionValues } from './environments/session-values.ts';
import type { RecordingAbout } from './library/new-recording.ts';
import { Reading } from './reading.ts';
import { Recorder } from './recorder.ts';
import { memoryNotice, recordingStatus, type Recording } from './recording.ts';
import { Run, type RunHost } from './run.ts';
import { Sending, type Sent, type SendSource } from './sending.ts';
import { SessionActions } from './session-actions.ts';
import { Reconnect } from './reconnect.ts';
import { canEnter, isLive, isOver } from './states.ts';
import { StatusListeners } from './status-listeners.ts';

/** What another attempt does not change. */
const LASTING_ERRORS: ReadonlySet<ErrorCode> = new Set([
  'bad-address',
  'bad-option',
  'bad-request',
  'unknown-variable',
  'internal',
]);

export class Session implements AnySession {
  readonly id: string;
  readonly isReadOnly = false;
  readonly recorder: Recorder;
  readonly #module: DriverModule;
  readonly #report: (bug: unknown) => void;
  readonly #peers: Connections;
  readonly #listeners = new StatusListeners();
  readonly #reading: Reading;
  readonly #sending: Sending;
  readonly #actions: SessionActions;
  readonly #reconnect: Reconnect;
  readonly #values: SessionValues;
  readonly #unfollow: () => void;
  #config: SessionConfig;
  #state: SessionState = 'idle';
  #error: WireError | null = null;
  #run: Run | null = null;
  #endpoints: { readonly local: string | null; readonly remote: string | null } = { local: null, remote: null };
  #lastFacts: Facts = {};
  #closeWasAsked = false;
  /** A person has ended the connection otherwise than by `close`. */
  #endWasAsked = false;

  constructor(
    id: string,
    module: DriverModule,
    config: SessionConfig,
    recording: Recording,
    report: (bug: unknown) => void,
    pausesWhenBehind: () => boolean = () => true,
    values = new SessionValues(),
  ) {
    this.id = id;
    this.#module = module;
    this.#config = config;
    this.recorder = new Recorder(module.spec, recording);
    this.#report = report;
    this.#values = values;
    const touch = (): void => {
      this.touch();
    };
    const note = (message: string): void => {
      this.#note(message);
    };
    this.#peers = new Connections(touch);
    const peers = this.#peers.table;
    this.#reading = new Reading({ recording, peers, pausesWhenBehind, note });
    this.#sending = new Sending(this.#reading, touch);
    this.#unfollow = recording.onState(touch);
    this.#reconnect = new Reconnect({ open: () => void this.#open(this.#config), changed: touch });
    this.#actions = new SessionActions({
      ...{ spec: module.spec, peers, reading: this.#reading, sending: this.#sending, values },
      address: () => this.address,
      run: () => (isLive(this.#state) ? this.#run : null),
    });
  }

  get protocol(): string {
    return this.#module.spec.id;
  }

  get recording(): Recording {
    return this.recorder.recording;
  }

  get kinds(): readonly string[] {
    return this.recorder.kinds;
  }

  get messageKinds(): readonly string[] {
    return this.#module.spec.messageKinds;
  }

  get address(): string {
    return this.#config.address.trim();
  }

  get options(): SessionConfig['options'] {
    return this.#config.options;
  }

  get isOver(): boolean {
    return isOver(this.#state);
  }

  /** Called when the status has changed, at most every STATUS_INTERVAL_MS. @returns a function that ends it */
  onStatus(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Something that is shown with the session has changed. */
  touch(): void {
    this.#listeners.touch();
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
      peers: this.#peers.counts,
      rows: this.recording.rows,
      hasFrames: this.recorder.hasWritten(FRAME_KIND),
      recording: recordingStatus(this.recording),
      readOnly: false,
      readingPaused: this.#reading.isPausedByPerson,
      sending: this.#sending.status,
      reconnect: this.#reconnect.status,
      views: [...views],
    };
  }

  peers(from: number, count: number): { readonly total: number; readonly peers: PeerStatus[] } {
    return this.#peers.list(from, count, this.#run);
  }

  findPeers(query: string): { readonly total: number; readonly peers: PeerStatus[] } {
    return this.#peers.find(query, this.#run);
  }

  /** What History keeps of it beside its rows. */
  about(): RecordingAbout {
    const { counters } = this.recorder;
    const { address, options } = this;
    return { address, options, counters: counters.values, peers: this.#peers.table.names(RECORDING_PEERS_KEPT) };
  }

  /** Payload bytes that came in, of one connection or of all. */
  bytesIn(peer: PeerId | null): number {
    return peer === null ? this.recorder.counters.values.bytesIn : this.#peers.bytesIn(peer);
  }

  /** Remote address of a connection; null for one that is no longer remembered. */
  peerName(peer: PeerId): string | null {
    return this.#peers.nameOf(peer);
  }

  /** Errors: `already-open`, `cancelled` when it was closed meanwhile, or what the driver says. */
  open(config: SessionConfig): Promise<Outcome> {
    if (this.isOver) this.#reconnect.restart();
    return this.#open(config);
  }

  async #open(config: SessionConfig): Promise<Outcome> {
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
    this.#reading.reset();
    this.#closeWasAsked = false;
    this.#endWasAsked = false;
    const run: Run = new Run(
      this.#module,
      config,
      this.#hostOf(() => run),
      this.#values,
    );
    this.#run = run;
    // Before all rows of this attempt: between them and those of the life before, nothing was seen.
    const { gap } = this.#reconnect;
    if (gap !== null) this.#record('gap', 'none', 0, null, { reason: 'disconnected', ...gap });
    this.#enter('opening');
    const notice = this.recording.rows.end === 1 ? memoryNotice(this.recording) : null;
    if (notice !== null) this.#note(notice);
    const outcome = await run.open();
    if (!this.#isCurrent(run) || this.#state !== 'opening') {
      return failure('cancelled', `Opening ${maskCredentials(config.address.trim())} was cancelled.`);
    }
    if (!outcome.ok) {
      this.#finish(run, outcome.error);
      return outcome;
    }
    const isAgain = this.#reconnect.connected();
    this.#enter('open');
    run.opened();
    if (this.#isCurrent(run)) this.#reading.start(run);
    if (isAgain) void this.#greet();
    return success();
  }

  /**
   * Lets queued bytes leave; called again, or while opening, ends at once. Resolves when the session is over.
   * One that waits to connect again does not do so any more.
   */
  async close(): Promise<Outcome> {
    this.#reconnect.restart();
    const run = this.#run;
    if (run === null) return success();
    const atOnce = this.#closeWasAsked || this.#state === 'opening';
    this.#closeWasAsked = true;
    if (this.#state !== 'closing') this.#enter('closing');
    await run.close(atOnce);
    this.#finish(run, null);
    return success();
  }

  /** Ends everything at once, for good. */
  async dispose(): Promise<void> {
    this.#closeWasAsked = true;
    await this.close();
    this.#sending.cancel();
    this.#unfollow();
    this.#reading.dispose();
    this.#listeners.stop();
    await this.recorder.close();
  }

  async act(action: string, peer: PeerId | null, values: Options = {}): Promise<Outcome> {
    const isEnd = this.#module.spec.actions.some(({ id, menu }) => id === action && menu === 'close');
    // Before it: the connection may be over when it answers.
    if (isEnd) this.#endWasAsked = true;
    const outcome = await this.#actions.act(action, peer, values);
    if (isEnd && !outcome.ok) this.#endWasAsked = false;
    return outcome;
  }

  send(peer: PeerId | null, source: SendSource, then: string | null, kind?: string): Promise<Outcome<Sent>> {
    return this.#actions.send(peer, source, then, kind);
  }

  cancelSend(): void {
    this.#sending.cancel();
  }

  setReading(peer: PeerId | null, reading: boolean): Outcome {
    const outcome = this.#actions.setReading(peer, reading);
    this.touch();
    return outcome;
  }

  /** A function, because it changes while somebody waits. */
  #isCurrent(run: Run): boolean {
    return this.#run === run;
  }

  #note(message: string): void {
    this.#record('note', 'none', 0, null, { message });
  }

  #record(kind: string, direction: Direction, peer: PeerId, payload: Uint8Array | null, meta: Meta | null): boolean {
    if (!this.recorder.write(kind, direction, peer, payload, meta)) return false;
    if (this.recorder.wroteMessage) this.#peers.table.count(peer, direction, payload === null ? 0 : payload.length);
    this.#listeners.touch();
    return true;
  }

  /** What is to be sent after it has connected again. */
  async #greet(): Promise<void> {
    const kind = this.messageKinds[0];
    for (const message of reconnectPlan(this.options)?.messages ?? []) {
      const sent = await this.send(null, plainText(message), null, kind);
      if (!sent.ok) this.#note(`Not sent after connecting again: “${message}”. ${sentence(sent.error)}`);
    }
  }

  #hostOf(run: () => Run): RunHost {
    return {
      record: (kind, direction, peer, payload, meta) => this.#record(kind, direction, peer, payload, meta),
      recordBatch: (batch, direction, peer) => {
        this.#peers.table.count(peer, direction, this.recorder.writeBatch(batch, direction, peer), batch.count);
        this.#listeners.touch();
      },
      peerOpened: (addresses) => {
        const peer = this.#peers.opened(addresses);
        this.#reading.added(peer);
        return peer.id;
      },
      peerChanged: (id, state) => {
        this.#peers.change(run(), id, state);
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

  /** The run is over: by the driver's word, or because it was given up. Does nothing when that is known. */
  #finish(run: Run, error: WireError | null): void {
    if (this.#run !== run) return;
    const wasOpen = this.#state !== 'opening';
    this.#run = null;
    this.#reading.stop();
    this.#peers.endAll(run, error === null ? 'closed' : 'failed');
    this.#lastFacts = run.facts(null);
    run.release();
    this.#error = error ?? run.bug;
    this.#enter(this.#error === null ? 'closed' : 'failed');
    this.#tryAgain(wasOpen);
  }

  /** Unless it was a person who has ended it, or it cannot succeed. */
  #tryAgain(wasOpen: boolean): void {
    const plan = reconnectPlan(this.options);
    if (plan === null || this.#closeWasAsked || this.#endWasAsked) return;
    if (this.#error !== null && LASTING_ERRORS.has(this.#error.code)) return;
    if (!this.#reconnect.ended(plan, wasOpen)) this.#note(`Not connected again: ${plan.limit} attempts have failed.`);
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

/** A line of text as it is, but for its placeholders. */
function plainText(line: string): SendSource {
  if (!hasTemplate(line)) return { type: 'bytes', bytes: new TextEncoder().encode(line) };
  // In a text that is typed, a backslash begins an escape.
  const content = line.replaceAll('\\', '\\\\');
  return { type: 'draft', format: 'Text', content, lineEnding: 'none', encoding: 'utf8' };
}
