/** The recordings of one folder: what this engine writes, what is there, and what goes. Nothing in it is on the hot path. */
import { randomUUID } from 'node:crypto';
import { failure, success, type Outcome, type WireError } from '../../shared/errors.ts';
import {
  RECORDING_SUMMARY_MS,
  RECORDINGS_KEEP_CHECK_MS,
  RECORDINGS_LISTED,
  RECORDINGS_START_MS,
} from '../../shared/limits.ts';
import { nodeDiskFiles, type DiskFiles } from '../disk/disk-files.ts';
import { openRecording } from '../disk/open-recording.ts';
import { storageError } from '../file-errors.ts';
import { MemoryRecording } from '../memory-recording.ts';
import type { Recording } from '../recording.ts';
import { Catalog } from './catalog.ts';
import { Healing } from './healing.ts';
import { Housekeeping } from './housekeeping.ts';
import { KeyedQueue } from './keyed-queue.ts';
import type { LibraryOptions, LibraryReading, Listed } from './library-types.ts';
import { LiveRecordings } from './live-recordings.ts';
import { Locks } from './lock.ts';
import type { NewRecording } from './new-recording.ts';
import { probeFolder } from './probe-folder.ts';
import { startOf, summaryOf } from './recording-entry.ts';
import { writeRecordingFile } from './recording-file.ts';
import { Trash } from './trash.ts';

export class RecordingLibrary {
  readonly folder: string;
  /** Something in the list has changed. */
  readonly onChanged = new Set<() => void>();
  readonly #files: DiskFiles;
  readonly #locks: Locks;
  readonly #turns = new KeyedQueue();
  readonly #catalog: Catalog;
  readonly #trash: Trash;
  readonly #housekeeping: Housekeeping;
  readonly #healing: Healing;
  readonly #live: LiveRecordings;
  /** The sessions that read recordings, by these. */
  readonly #readers = new Map<string, string>();
  readonly #timers: ReturnType<typeof setTimeout>[] = [];
  /** Ends what is being opened: it may have to be looked through from its beginning. */
  readonly #ending = new AbortController();
  #beginning: Promise<void> | null = null;
  /** Why recordings cannot be written, as far as that was tried. */
  #refusal: WireError | null = null;

  constructor(options: LibraryOptions) {
    const { folder, files = nodeDiskFiles, settings, retention, writer, sizes = {} } = options;
    this.folder = folder;
    this.#files = files;
    const locks = new Locks(files);
    this.#locks = locks;
    const turns = this.#turns;
    const changed = (): void => {
      this.#changed();
    };
    const isOpen = (id: string): boolean => this.#readers.has(id);
    const isOwn = (id: string): boolean => this.#live.get(id) !== undefined;
    const onSegment = (): void => {
      this.#changed();
      void this.#housekeeping.run();
    };
    const live = new LiveRecordings({ folder, files, locks, writer, settings, retention, sizes, onSegment });
    this.#live = live;
    const catalog = new Catalog({ folder, files, locks, turns, changed, isOwn });
    this.#catalog = catalog;
    this.#trash = new Trash(folder, randomUUID(), files, locks, options.undoMs);
    this.#housekeeping = new Housekeeping({ files, catalog, turns, trash: this.#trash, retention, live, isOpen });
    this.#healing = new Healing({ files, locks, catalog, turns, isOpen });
  }

  /** Looks through the folder for what has to go or was interrupted, soon or when it is first listed, and from then on. */
  start(): void {
    this.#every(RECORDING_SUMMARY_MS, () => void this.#saveGrown());
    this.#every(RECORDINGS_KEEP_CHECK_MS, () => void this.#housekeeping.run());
    const timer = setTimeout(() => void this.#begin(), RECORDINGS_START_MS);
    timer.unref();
    this.#timers.push(timer);
  }

  /** Never rejects. */
  #begin(): Promise<void> {
    this.#beginning ??= this.#lookThrough();
    return this.#beginning;
  }

  async #lookThrough(): Promise<void> {
    await this.#trash.clearOld();
    await this.#catalog.refresh();
    this.#healing.begin();
    await this.#housekeeping.run();
  }

  /** Whether recordings can be written there, before a session begins one. Never rejects. */
  async prepare(): Promise<void> {
    this.#refusal = await probeFolder(this.#files, this.folder);
  }

  /** In memory, with an error that says why, when `prepare` has found that the folder cannot be written. */
  create(about: NewRecording): Recording {
    if (this.#refusal !== null) return new MemoryRecording(undefined, undefined, this.#refusal);
    return this.#live.create(about);
  }

  /** The session is over and has closed its recording. Never rejects. */
  async ended(recording: Recording): Promise<void> {
    const entry = await this.#live.end(recording);
    if (entry !== null) this.#catalog.set(entry.id, entry);
    this.#changed();
    void this.#housekeeping.run();
  }

  /** Newest first. Never rejects. */
  async list(): Promise<Listed> {
    void this.#begin();
    await this.#catalog.refresh();
    this.#healing.begin();
    const own = this.#live.all.flatMap((live) => {
      const { entry } = live;
      return entry === null ? [] : [{ entry, session: live.session }];
    });
    const others = this.#catalog.entries.map((entry) => ({ entry, session: this.#readers.get(entry.id) ?? null }));
    const all = [...own, ...others].sort((left, right) => startOf(right.entry) - startOf(left.entry));
    return {
      recordings: all.slice(0, RECORDINGS_LISTED).map(({ entry, session }) => summaryOf(entry, session)),
      total: all.length,
      bytes: this.#housekeeping.bytes,
      folder: this.folder,
      error: this.#catalog.error ?? this.#refusal,
    };
  }

  /** The session that writes or reads it, if one does. */
  sessionOf(id: string): string | null {
    return this.#live.get(id)?.session ?? this.#readers.get(id) ?? null;
  }

  /**
   * Opens a recording for a session that is only to read it; `release` is to be called when that ends.
   * Errors: `not-found`, and those of `openRecording`.
   */
  open(id: string, session: string): Promise<Outcome<LibraryReading>> {
    return this.#turns.run(id, async () => {
      const entry = await this.#catalog.reload(id);
      if (entry === null) return this.#notFound();
      if (entry.error !== null) return { ok: false, error: entry.error };
      const { signal } = this.#ending;
      const opened = await openRecording(entry.folder, this.#files, { isLive: entry.state === 'live', signal });
      if (!opened.ok) return opened;
      this.#readers.set(id, session);
      this.#changed();
      return success({ ...opened.value, entry });
    });
  }

  /** The session does not read it any more. */
  release(id: string, session: string): void {
    if (this.#readers.get(id) === session) this.#readers.delete(id);
    this.#changed();
    void this.#housekeeping.run();
  }

  /** Errors: `not-found`, `busy` when another engine writes it, `storage-failed`. */
  update(id: string, name: string | undefined, isPinned: boolean | undefined): Promise<Outcome> {
    return this.#turns.run(id, async () => {
      const updated = await (this.#live.get(id)?.update(name, isPinned) ?? this.#update(id, name, isPinned));
      this.#changed();
      return updated;
    });
  }

  /** Errors: `not-found`, `busy` while it is written or read, `storage-failed`. */
  delete(id: string): Promise<Outcome> {
    return this.#turns.run(id, async () => {
      if (this.#live.get(id) !== undefined) return busy('It is still being written.', 'Close its tab first.');
      if (this.#readers.has(id)) return busy('It is open.', 'Close its tab first.');
      const entry = await this.#catalog.reload(id);
      if (entry === null) return this.#notFound();
      if (entry.state === 'live') return busy('Another Wirebench is writing it.', 'Close its tab there first.');
      const gone = await this.#trash.put(entry.folder, id, true);
      if (gone.ok) this.#catalog.set(id, null);
      return gone;
    });
  }

  /** Errors: `not-found` when it is too late, `storage-failed`. */
  restore(id: string): Promise<Outcome> {
    return this.#turns.run(id, async () => {
      const restored = await this.#trash.restore(this.#catalog.folderOf(id), id);
      if (restored.ok) await this.#catalog.reload(id);
      return restored;
    });
  }

  /** Folder of a recording. Error `not-found`. */
  async find(id: string): Promise<Outcome<string>> {
    const live = this.#live.get(id);
    if (live !== undefined) return live.entry === null ? this.#notFound() : success(live.folder);
    const entry = await this.#turns.run(id, () => this.#catalog.reload(id));
    return entry === null ? this.#notFound() : success(entry.folder);
  }

  /** The settings are others. */
  settingsChanged(): void {
    void this.#housekeeping.run();
  }

  /** Ends what goes on by itself and removes what was deleted. All sessions have ended. Never rejects. */
  async dispose(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#ending.abort();
    await this.#beginning;
    await Promise.all([this.#housekeeping.stop(), this.#healing.stop()]);
    await this.#turns.idle();
    await this.#trash.dispose();
    this.#locks.dispose();
  }

  async #update(id: string, name: string | undefined, isPinned: boolean | undefined): Promise<Outcome> {
    const entry = await this.#catalog.reload(id);
    if (entry === null) return this.#notFound();
    if (entry.state === 'live') return busy('Another Wirebench is writing it.', 'Name or pin it there.');
    if (entry.file === null) return { ok: false, error: entry.error ?? busy('It cannot be read.', '').error };
    const file = { ...entry.file, name: name ?? entry.file.name, isPinned: isPinned ?? entry.file.isPinned };
    try {
      await writeRecordingFile(this.#files, entry.folder, file, true);
    } catch (problem) {
      return { ok: false, error: storageError(problem, entry.folder, 'changed') };
    }
    this.#catalog.set(id, { ...entry, file });
    return success();
  }

  #notFound(): { readonly ok: false; readonly error: WireError } {
    return failure('not-found', 'This recording is no longer there.');
  }

  async #saveGrown(): Promise<void> {
    if (!(await this.#live.saveGrown())) return;
    this.#changed();
    await this.#housekeeping.run();
  }

  #every(ms: number, run: () => void): void {
    const timer = setInterval(run, ms);
    timer.unref();
    this.#timers.push(timer);
  }

  #changed(): void {
    for (const listener of this.onChanged) listener();
  }
}

function busy(message: string, hint: string): { readonly ok: false; readonly error: WireError } {
  return failure('busy', `The recording cannot be changed now. ${message}`, hint);
}
