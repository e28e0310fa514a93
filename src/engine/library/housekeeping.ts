/** Keeps the folder within its quota and throws away what is too old. What is pinned is never touched. */
import { join } from 'node:path';
import type { RecordingSettings } from '../../shared/contract.ts';
import type { DiskFiles } from '../disk/disk-files.ts';
import { segmentName } from '../disk/format.ts';
import type { Catalog } from './catalog.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import type { LiveRecordings } from './live-recordings.ts';
import { bytesOf, segmentsOf, startOf, type RecordingEntry } from './recording-entry.ts';
import type { Trash } from './trash.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface HousekeepingOptions {
  readonly files: DiskFiles;
  readonly catalog: Catalog;
  readonly turns: KeyedQueue;
  readonly trash: Trash;
  /** Null: nothing may be deleted. */
  readonly retention: () => RecordingSettings | null;
  /** Those that this engine writes. */
  readonly live: LiveRecordings;
  /** Whether somebody reads it in this engine. */
  readonly isOpen: (id: string) => boolean;
}

export class Housekeeping {
  readonly #options: HousekeepingOptions;
  #working: Promise<void> | null = null;
  #isAskedAgain = false;
  #isOver = false;

  constructor(options: HousekeepingOptions) {
    this.#options = options;
  }

  /** Bytes of all recordings. */
  get bytes(): number {
    const { catalog, live } = this.#options;
    const own = live.all.reduce((sum, { recording }) => sum + recording.diskBytes, 0);
    return catalog.entries.reduce((sum, entry) => sum + entry.bytes, own);
  }

  /** Does what has to be done; asked again meanwhile, it looks once more. Never rejects. */
  run(): Promise<void> {
    this.#isAskedAgain = true;
    this.#working ??= this.#run().finally(() => {
      this.#working = null;
    });
    return this.#working;
  }

  /** Nothing is deleted any more, once what is under way is done. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#working;
  }

  async #run(): Promise<void> {
    const { catalog, retention } = this.#options;
    while (this.#mustGoOn()) {
      if (retention() === null) continue;
      await catalog.refresh();
      await this.#removeOld();
      await this.#keepQuota();
    }
  }

  #mustGoOn(): boolean {
    const isAsked = this.#isAskedAgain && !this.#isOver;
    this.#isAskedAgain = false;
    return isAsked;
  }

  async #removeOld(): Promise<void> {
    const { catalog, retention } = this.#options;
    const keepDays = retention()?.keepDays ?? 0;
    if (keepDays === 0) return;
    const oldest = Date.now() - keepDays * DAY_MS;
    for (const { id } of catalog.entries.filter((entry) => endOf(entry) < oldest && mayGo(entry))) {
      await this.#withFree(id, async (entry) => {
        if (endOf(entry) < oldest) await this.#remove(entry);
      });
    }
  }

  /** The oldest recordings go first, segment by segment; then the oldest segments of those that are written. */
  async #keepQuota(): Promise<void> {
    const { catalog, live } = this.#options;
    if (this.#excess <= 0) return;
    // Another engine may have made room meanwhile. What goes is gone for good: it must not go for a sum of long ago.
    if (catalog.entries.some(mayGo)) await catalog.refresh(0);
    if (this.#excess <= 0) return;
    const oldestFirst = catalog.entries.filter(mayGo).sort((left, right) => startOf(left) - startOf(right));
    for (const { id } of oldestFirst) {
      if (this.#excess <= 0) return;
      await this.#withFree(id, (entry) => this.#cut(entry));
    }
    for (const one of live.all) {
      while (this.#excess > 0 && !one.isPinned) {
        if ((await one.recording.dropOldestSegment().catch(() => 0)) === 0) break;
      }
    }
  }

  get #excess(): number {
    const quota = this.#options.retention()?.totalQuota;
    return this.#isOver || quota === undefined ? 0 : this.bytes - quota;
  }

  /** Runs with a recording that nobody uses, as it is on disk now: another engine may have pinned or begun to use it. */
  async #withFree(id: string, run: (entry: RecordingEntry) => Promise<void>): Promise<void> {
    const { catalog, turns, isOpen } = this.#options;
    await turns.run(id, async () => {
      if (isOpen(id)) return;
      const entry = await catalog.reload(id);
      if (entry !== null && mayGo(entry)) await run(entry);
    });
  }

  async #cut(entry: RecordingEntry): Promise<void> {
    const { files, catalog } = this.#options;
    const { id, folder } = entry;
    try {
      const segments = segmentsOf(await files.list(folder));
      while (this.#excess > 0 && segments.length > 1) {
        const [oldest] = segments.splice(0, 1);
        if (oldest !== undefined) await files.remove(join(folder, segmentName(oldest)));
        catalog.set(id, { ...entry, bytes: await bytesOf(files, folder, segments) });
      }
    } catch {
      // What cannot be cut stays, and the next one has to go.
      return;
    }
    if (this.#excess > 0) await this.#remove(entry);
  }

  async #remove({ id, folder }: RecordingEntry): Promise<void> {
    const { trash, catalog } = this.#options;
    const gone = await trash.put(folder, id, false);
    // What cannot be deleted stays listed, and the next one has to go.
    if (gone.ok) catalog.set(id, null);
  }
}

/** What cannot be read, or of which nothing is known, is left to the person; it counts all the same. */
function mayGo({ state, file }: RecordingEntry): boolean {
  return (state === 'closed' || state === 'interrupted') && file !== null && !file.isPinned;
}

function endOf(entry: RecordingEntry): number {
  return entry.file?.endedAt ?? startOf(entry);
}
