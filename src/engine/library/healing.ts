/** Finds out how far recordings reach whose writer was killed, and says so beside them. */
import type { RecordingReader } from '../recording.ts';
import { decodeRecords } from '../../shared/record.ts';
import type { DiskFiles } from '../disk/disk-files.ts';
import { openRecording } from '../disk/open-recording.ts';
import type { Catalog } from './catalog.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import type { Locks } from './lock.ts';
import { fileOfSegment, writeRecordingFile } from './recording-file.ts';

export interface HealingOptions {
  readonly files: DiskFiles;
  readonly locks: Locks;
  readonly catalog: Catalog;
  readonly turns: KeyedQueue;
  readonly isOpen: (id: string) => boolean;
}

export class Healing {
  readonly #options: HealingOptions;
  /** The ones that have been tried, with or without success. */
  readonly #tried = new Set<string>();
  #working: Promise<void> = Promise.resolve();
  readonly #ending = new AbortController();

  constructor(options: HealingOptions) {
    this.#options = options;
  }

  /** Looks after those that need it, one after another, in the background. */
  begin(): void {
    for (const { id, state, file } of this.#options.catalog.entries) {
      if (state !== 'interrupted' || (file !== null && file.endedAt !== null) || this.#tried.has(id)) continue;
      this.#tried.add(id);
      this.#working = this.#working.then(() => this.#heal(id));
    }
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#working;
  }

  /** Never rejects: what cannot be mended stays as it is. */
  async #heal(id: string): Promise<void> {
    const { catalog, files, locks, turns, isOpen } = this.#options;
    const { signal } = this.#ending;
    await turns.run(id, async () => {
      const entry = signal.aborted || isOpen(id) ? null : await catalog.reload(id);
      if (entry?.state !== 'interrupted') return;
      const { folder } = entry;
      const opened = await openRecording(folder, files, { isLive: false, signal });
      if (!opened.ok) {
        if (signal.aborted) return;
        catalog.set(id, { ...entry, state: 'unreadable', error: opened.error });
        return;
      }
      const { reader, info, wasClosed, diskBytes } = opened.value;
      try {
        const before = entry.file ?? fileOfSegment(info);
        const endedAt = before.startedAt + (await lastTimeOf(reader)) / 1e6;
        const file = { ...before, wasClosed, endedAt, records: reader.rows.end };
        await writeRecordingFile(files, folder, file, true);
        await locks.remove(folder);
        catalog.set(id, { ...entry, state: wasClosed ? 'closed' : 'interrupted', file, bytes: diskBytes });
      } catch {
        // A folder that may not be written. It is listed with what is known.
      } finally {
        await reader.close();
      }
    });
  }
}

/** Time of the last row, in ns since the session began. */
async function lastTimeOf(reader: RecordingReader): Promise<number> {
  const { end } = reader.rows;
  const { rows } = await reader.read(Math.max(0, end - 1), 1, 0);
  return decodeRecords(rows).at(-1)?.time ?? 0;
}
