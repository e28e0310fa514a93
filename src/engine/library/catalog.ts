/** What is known of the recordings in the folder, apart from those that this engine writes. */
import { join } from 'node:path';
import type { WireError } from '../../shared/errors.ts';
import { RECORDINGS_READ_AT_ONCE, RECORDINGS_RESCAN_MS } from '../../shared/limits.ts';
import type { DiskFiles } from '../disk/disk-files.ts';
import { errnoOf, storageError } from '../file-errors.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import type { Locks } from './lock.ts';
import { loadEntry, type RecordingEntry } from './recording-entry.ts';
import { isRecordingId } from './recording-id.ts';

export interface CatalogOptions {
  readonly folder: string;
  readonly files: DiskFiles;
  readonly locks: Locks;
  /** Whoever changes a recording does it in the turn of its id. */
  readonly turns: KeyedQueue;
  /** Whether this engine writes it. */
  readonly isOwn: (id: string) => boolean;
  readonly changed: () => void;
}

export class Catalog {
  readonly #options: CatalogOptions;
  readonly #entries = new Map<string, RecordingEntry>();
  #refreshing: Promise<void> | null = null;
  /** When all was read; by `performance.now()`. */
  #readAt = -Infinity;
  #error: WireError | null = null;

  constructor(options: CatalogOptions) {
    this.#options = options;
  }

  /** Why the folder could not be read when that was last tried. */
  get error(): WireError | null {
    return this.#error;
  }

  get entries(): readonly RecordingEntry[] {
    return [...this.#entries.values()];
  }

  get(id: string): RecordingEntry | undefined {
    return this.#entries.get(id);
  }

  /**
   * Brings it up to date: what has come and gone, and what others may have changed. Never rejects.
   * @param mostAge of what is known of each recording, in ms
   */
  refresh(mostAge = RECORDINGS_RESCAN_MS): Promise<void> {
    this.#refreshing ??= this.#refresh(mostAge).finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  /** Reads one recording anew. Only in the turn of its id. Null: there is none. */
  async reload(id: string): Promise<RecordingEntry | null> {
    const { files, locks, isOwn } = this.#options;
    if (isOwn(id)) return null;
    const entry = await loadEntry(files, locks, this.folderOf(id), id);
    if (isOwn(id)) return null;
    this.set(id, entry);
    return entry;
  }

  /** Only in the turn of its id, or before anybody else knows it. Null: there is none any more. */
  set(id: string, entry: RecordingEntry | null): void {
    const before = this.#entries.get(id) ?? null;
    if (JSON.stringify(before) === JSON.stringify(entry)) return;
    if (entry === null) this.#entries.delete(id);
    else this.#entries.set(id, entry);
    this.#options.changed();
  }

  folderOf(id: string): string {
    return join(this.#options.folder, id);
  }

  async #refresh(mostAge: number): Promise<void> {
    const { folder, files, isOwn } = this.#options;
    let names: readonly string[] = [];
    try {
      names = await files.list(folder);
      this.#error = null;
    } catch (problem) {
      // Before the first recording there is none.
      this.#error = errnoOf(problem) === 'ENOENT' ? null : storageError(problem, folder, 'read');
      if (this.#error !== null) return;
    }
    const there = new Set(names.filter((name) => isRecordingId(name) && !isOwn(name)));
    const isOld = performance.now() - this.#readAt >= mostAge;
    const gone = [...this.#entries.keys()].filter((id) => !there.has(id));
    const known = (id: string): boolean => this.#entries.has(id) && this.#entries.get(id)?.state !== 'live';
    const unread = [...there].filter((id) => isOld || !known(id));
    if (isOld) this.#readAt = performance.now();
    const queue = [...gone, ...unread];
    const worker = async (): Promise<void> => {
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) await this.#reloadInTurn(id);
    };
    await Promise.all(Array.from({ length: RECORDINGS_READ_AT_ONCE }, worker));
  }

  #reloadInTurn(id: string): Promise<unknown> {
    return this.#options.turns.run(id, () => this.reload(id));
  }
}
