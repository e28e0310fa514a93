/** Past recordings, as the engine lists them, and what can be done with one. Renews itself when they change. */
import type { Client } from '../../rpc/client.ts';
import type { Params, RecordingSummary, Result } from '../../shared/contract.ts';
import { sentence, type Outcome, type WireError } from '../../shared/errors.ts';
import { RECORDING_UNDO_MS } from '../../shared/limits.ts';
import { now } from './clock.svelte.ts';
import { historyLines, matchingRecordings, recordingName } from './history-lines.ts';
import type { Notices } from './notices.svelte.ts';

/** From how many recordings on a search box helps more than it takes room. */
const SEARCH_FROM = 8;

/** How long opening may take before it is said, ms. */
const OPENING_SAID_MS = 300;

export class History {
  /** Newest first. */
  recordings = $state.raw<readonly RecordingSummary[]>([]);
  /** How many there are, also those that are not listed. */
  total = $state(0);
  /** What all take on disk. */
  bytes = $state(0);
  /** Where they are; null: recordings are not kept on disk. */
  folder = $state<string | null>(null);
  /** Why they cannot be listed. */
  error = $state.raw<WireError | null>(null);
  /** True once the engine has answered. */
  isKnown = $state(false);
  query = $state('');
  /** The recording whose name is being typed. */
  renaming = $state<string | null>(null);
  /** The recording that is being opened, once that takes long enough to be said. */
  opening = $state<string | null>(null);

  readonly #client: Client;
  readonly #notices: Notices;
  readonly #onrename: (recording: RecordingSummary) => void;
  /** While the list is being read: whoever asks meanwhile waits for the reading after it. */
  #reading: Promise<void> | null = null;
  #isStale = false;

  /** @param onrename called with the name that a recording goes by from now on */
  constructor(client: Client, notices: Notices, onrename: (recording: RecordingSummary) => void = () => undefined) {
    this.#client = client;
    this.#notices = notices;
    this.#onrename = onrename;
    client.on('recordings.changed', () => void this.load());
  }

  readonly found = $derived.by(() => matchingRecordings(this.recordings, this.query, now()));
  readonly lines = $derived.by(() => historyLines(this.found, now()));

  get hasSearch(): boolean {
    return this.query !== '' || this.recordings.length >= SEARCH_FROM;
  }

  find(id: string): RecordingSummary | undefined {
    return this.recordings.find(({ recording }) => recording === id);
  }

  /** Reads the list anew; while that is under way, once more after it. */
  load(): Promise<void> {
    this.#isStale = true;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  /** Runs what opens a recording; says so in its line when that takes a while. */
  async whileOpening<T>(recording: string | null, run: () => Promise<T>): Promise<T> {
    const timer = setTimeout(() => (this.opening = recording), OPENING_SAID_MS);
    try {
      return await run();
    } finally {
      clearTimeout(timer);
      this.opening = null;
    }
  }

  async rename(recording: RecordingSummary, name: string): Promise<void> {
    this.renaming = null;
    if (name.trim() === recording.name) return;
    await this.#update({ recording: recording.recording, name: name.trim() });
    const renamed = this.find(recording.recording);
    if (renamed !== undefined) this.#onrename(renamed);
  }

  async setPinned(recording: RecordingSummary, isPinned: boolean): Promise<void> {
    await this.#update({ recording: recording.recording, isPinned });
  }

  /** Deletes a recording; for a while that can be undone. */
  async delete(recording: RecordingSummary): Promise<void> {
    const { recording: id } = recording;
    const deleted = await this.#client.call('recordings.delete', { recording: id });
    await this.load();
    if (!deleted.ok) {
      this.#tell(deleted);
      return;
    }
    this.#notices.show(`Deleted the recording ${recordingName(recording)}.`, {
      stay: RECORDING_UNDO_MS,
      action: { label: 'Undo', run: () => void this.#restore(id) },
    });
  }

  async reveal(recording: RecordingSummary): Promise<void> {
    this.#tell(await this.#client.call('recordings.reveal', { recording: recording.recording }));
  }

  async #read(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      this.#take(await this.#client.call('recordings.list', {}));
    }
  }

  async #restore(recording: string): Promise<void> {
    this.#tell(await this.#client.call('recordings.restore', { recording }));
    await this.load();
  }

  async #update(change: Params<'recordings.update'>): Promise<void> {
    // Shown at once; the list that follows says how it really is.
    this.recordings = this.recordings.map((item) =>
      item.recording === change.recording
        ? { ...item, name: change.name ?? item.name, isPinned: change.isPinned ?? item.isPinned }
        : item,
    );
    this.#tell(await this.#client.call('recordings.update', change));
    await this.load();
  }

  #take(listed: Outcome<Result<'recordings.list'>>): void {
    this.isKnown = true;
    this.error = listed.ok ? listed.value.error : listed.error;
    if (!listed.ok) return;
    const { recordings, total, bytes, folder } = listed.value;
    this.recordings = recordings;
    this.total = total;
    this.bytes = bytes;
    this.folder = folder;
  }

  #tell(outcome: Outcome<unknown>): void {
    if (!outcome.ok) this.#notices.show(sentence(outcome.error), { tone: 'bad' });
  }
}
