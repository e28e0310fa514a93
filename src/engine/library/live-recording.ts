/** The recording of a session of this engine, from its first record to its end, with its summary and its lock. */
import type { RecordingSummary } from '../../shared/contract.ts';
import { maskCredentials } from '../../shared/credentials.ts';
import { success, type Outcome } from '../../shared/errors.ts';
import type { DiskFiles } from '../disk/disk-files.ts';
import { DiskRecording, type DiskSizes } from '../disk/disk-recording.ts';
import { storageError } from '../file-errors.ts';
import type { Locks } from './lock.ts';
import type { NewRecording } from './new-recording.ts';
import type { RecordingEntry } from './recording-entry.ts';
import { writeRecordingFile, type RecordingFile } from './recording-file.ts';

export interface LiveRecordingOptions {
  readonly id: string;
  readonly folder: string;
  readonly files: DiskFiles;
  readonly locks: Locks;
  readonly about: NewRecording;
  readonly writer: string;
  /** Bytes that it may take while it is not pinned. */
  readonly quota: () => number;
  readonly whenBehind: () => 'pause' | 'drop';
  readonly sizes: Partial<DiskSizes>;
  /** A segment was begun or dropped. */
  readonly onSegment: () => void;
}

export class LiveRecording {
  readonly id: string;
  readonly folder: string;
  readonly recording: DiskRecording;
  readonly #options: LiveRecordingOptions;
  #name = '';
  #isPinned = false;
  #hasFolder = false;
  /** Records that the newest summary tells of. */
  /** What was said at its end. */
  #last: RecordingFile | null = null;
  #savedRecords = -1;
  #saving: Promise<unknown> = Promise.resolve();

  constructor(options: LiveRecordingOptions) {
    const { id, folder, files, locks, about, writer } = options;
    this.id = id;
    this.folder = folder;
    this.#options = options;
    this.recording = new DiskRecording({
      id,
      folder,
      protocol: about.protocol,
      address: maskCredentials(about.address),
      kinds: about.kinds,
      startedAt: about.startedAt,
      writer,
      whenBehind: options.whenBehind,
      quota: () => (this.#isPinned ? Number.MAX_SAFE_INTEGER : options.quota()),
      sizes: options.sizes,
      files: this.#lockingFiles(files, locks),
      onSegment: options.onSegment,
    });
  }

  get session(): string {
    return this.#options.about.session;
  }

  get isPinned(): boolean {
    return this.#isPinned;
  }

  /** Null while nothing is on disk. */
  get entry(): RecordingEntry | null {
    return this.#hasFolder ? this.#entry('live', this.#file(null)) : null;
  }

  /** Whether records have come since the last summary. */
  get hasGrown(): boolean {
    return this.#hasFolder && this.recording.rows.end !== this.#savedRecords;
  }

  /** Writes the summary. Error `storage-failed`. @param isDurable it would survive a loss of power */
  save(isDurable: boolean): Promise<Outcome> {
    // What the person said must not go with a loss of power, not even when only counters were written after it.
    const isPrecious = isDurable || this.#isPinned || this.#name !== '';
    return this.#inTurn(() => this.#write(this.#newest(), isPrecious));
  }

  /** Error `storage-failed` when it could not be kept; then all is as before. */
  async update(name: string | undefined, isPinned: boolean | undefined): Promise<Outcome> {
    const before = { name: this.#name, isPinned: this.#isPinned };
    this.#name = name ?? before.name;
    this.#isPinned = isPinned ?? before.isPinned;
    const saved = await this.save(true);
    if (!saved.ok) {
      this.#name = before.name;
      this.#isPinned = before.isPinned;
    }
    return saved;
  }

  /** The recording has been closed: says so beside it. @returns what it is from now on; null when it left nothing */
  end(): Promise<RecordingEntry | null> {
    return this.#inTurn(async () => {
      if (!this.#hasFolder) return null;
      const { state, rows, writtenEnd } = this.recording;
      // Closing does not wait for ever: what the disk has not taken by now may be missing. Then somebody has to look.
      const wasClosed = state.error === null && writtenEnd === rows.end;
      // Clocks are set, also backwards.
      const endedAt = Math.max(this.#options.about.startedAt(), Date.now());
      const file = { ...this.#file(wasClosed ? endedAt : null), wasClosed };
      this.#last = file;
      // With the old summary it counts as interrupted, and is looked at again; on a full disk it must be possible to delete it.
      await this.#write(file, true);
      await this.#options.locks.remove(this.folder).catch(() => undefined);
      return this.#entry(file.wasClosed ? 'closed' : 'interrupted', file);
    });
  }

  /** The folder is locked from the moment on at which it is there: else another engine could take it for interrupted. */
  #lockingFiles(files: DiskFiles, locks: Locks): DiskFiles {
    return {
      mkdir: async (path) => {
        await files.mkdir(path);
        await locks.write(path);
        this.#hasFolder = true;
      },
      open: (path, mode) => files.open(path, mode),
      list: (path) => files.list(path),
      size: (path) => files.size(path),
      rename: (from, to) => files.rename(from, to),
      remove: (path) => files.remove(path),
    };
  }

  #entry(state: RecordingSummary['state'], file: RecordingFile): RecordingEntry {
    return { id: this.id, folder: this.folder, state, file, bytes: this.recording.diskBytes, error: null };
  }

  /** What is said of it now: once it has ended, that is what stays. */
  #newest(): RecordingFile {
    return this.#last === null ? this.#file(null) : { ...this.#last, name: this.#name, isPinned: this.#isPinned };
  }

  #file(endedAt: number | null): RecordingFile {
    const { protocol, preset, startedAt, about } = this.#options.about;
    const { address, options, counters, peers } = about();
    return {
      version: 1,
      name: this.#name,
      preset,
      protocol,
      // A recording is kept and passed on: whoever opens the same again has to write the password anew.
      address: maskCredentials(address),
      options,
      startedAt: startedAt(),
      endedAt,
      wasClosed: false,
      records: this.recording.rows.end,
      counters,
      isPinned: this.#isPinned,
      peers: peers.map(([peer, remote]) => [peer, remote]),
    };
  }

  async #write(file: RecordingFile, isDurable: boolean): Promise<Outcome> {
    if (!this.#hasFolder) return success();
    try {
      await writeRecordingFile(this.#options.files, this.folder, file, isDurable);
      this.#savedRecords = file.records;
      return success();
    } catch (problem) {
      return { ok: false, error: storageError(problem, this.folder, 'described') };
    }
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#saving.then(run);
    this.#saving = result.catch(() => undefined);
    return result;
  }
}
