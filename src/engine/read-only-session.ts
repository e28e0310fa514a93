/** A recording that was opened to be read, as a session: it answers all that reads, and refuses the rest. */
import type { PeerId } from '../drivers/driver.ts';
import type { PeerStatus, SessionConfig, SessionStatus, ViewStatus } from '../shared/contract.ts';
import { failure, type Outcome, type WireError } from '../shared/errors.ts';
import { FRAME_KIND } from '../shared/filter.ts';
import type { AnySession } from './any-session.ts';
import type { OpenedRecording } from './disk/open-recording.ts';
import type { RecordingFile } from './library/recording-file.ts';
import { recordingStatus, type RecordingReader } from './recording.ts';
import { StatusListeners } from './status-listeners.ts';

export interface ReadOnlySessionOptions {
  readonly id: string;
  readonly opened: OpenedRecording;
  /** What is said beside it. */
  readonly file: RecordingFile;
  /** Kinds that carry bytes of the conversation. */
  readonly messageKinds: readonly string[];
  /** Its name in History; null when it is not there. */
  readonly recording: string | null;
}

export class ReadOnlySession implements AnySession {
  readonly id: string;
  readonly isOver = true;
  readonly isReadOnly = true;
  readonly #options: ReadOnlySessionOptions;
  readonly #names: ReadonlyMap<PeerId, string>;
  readonly #listeners = new StatusListeners();

  constructor(options: ReadOnlySessionOptions) {
    this.id = options.id;
    this.#options = options;
    this.#names = new Map(options.file.peers);
  }

  get protocol(): string {
    return this.#options.opened.info.protocol;
  }

  get address(): string {
    return this.#options.file.address;
  }

  get options(): SessionConfig['options'] {
    return this.#options.file.options;
  }

  get recording(): RecordingReader {
    return this.#options.opened.reader;
  }

  get messageKinds(): readonly string[] {
    return this.#options.messageKinds;
  }

  get kinds(): readonly string[] {
    return this.#options.opened.info.kinds;
  }

  onStatus(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  touch(): void {
    this.#listeners.touch();
  }

  status(views: readonly ViewStatus[]): SessionStatus {
    const { opened, file, recording } = this.#options;
    return {
      session: this.id,
      protocol: this.protocol,
      state: 'closed',
      error: null,
      startedAt: opened.info.startedAt,
      local: null,
      remote: null,
      facts: {},
      counters: file.counters,
      peers: { total: 0, open: 0 },
      rows: this.recording.rows,
      // Nobody has counted them: that there may be some is what its kinds say.
      hasFrames: opened.info.kinds.includes(FRAME_KIND),
      recording: { ...recordingStatus(this.recording), id: recording },
      readOnly: true,
      readingPaused: false,
      sending: null,
      reconnect: null,
      views: [...views],
    };
  }

  /** Of connections only the addresses are kept, for the rows. */
  findPeers(): { readonly total: number; readonly peers: PeerStatus[] } {
    return { total: 0, peers: [] };
  }

  peers(): { readonly total: number; readonly peers: PeerStatus[] } {
    return { total: 0, peers: [] };
  }

  bytesIn(peer: PeerId | null): number {
    return peer === null ? this.#options.file.counters.bytesIn : 0;
  }

  peerName(peer: PeerId): string | null {
    return this.#names.get(peer) ?? null;
  }

  open(): Promise<Outcome> {
    return refused();
  }

  close(): Promise<Outcome> {
    return refused();
  }

  act(): Promise<Outcome> {
    return refused();
  }

  send(): Promise<{ readonly ok: false; readonly error: WireError }> {
    return refused();
  }

  cancelSend(): void {
    // There is nothing on its way.
  }

  setReading(): Outcome {
    return refusal();
  }

  async dispose(): Promise<void> {
    this.#listeners.stop();
    await this.recording.close();
  }
}

function refusal(): { readonly ok: false; readonly error: WireError } {
  return failure('read-only', 'This tab shows a recording.', 'Open a new session to connect or listen.');
}

function refused(): Promise<{ readonly ok: false; readonly error: WireError }> {
  return Promise.resolve(refusal());
}
