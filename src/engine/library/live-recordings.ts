/** The recordings that this engine writes at the moment. */
import { join } from 'node:path';
import type { RecordingSettings } from '../../shared/contract.ts';
import type { DiskFiles } from '../disk/disk-files.ts';
import type { DiskSizes } from '../disk/disk-recording.ts';
import type { Recording } from '../recording.ts';
import { LiveRecording } from './live-recording.ts';
import type { Locks } from './lock.ts';
import type { NewRecording } from './new-recording.ts';
import type { RecordingEntry } from './recording-entry.ts';
import { makeRecordingId } from './recording-id.ts';

export interface LiveRecordingsOptions {
  /** Where their folders are made. */
  readonly folder: string;
  readonly files: DiskFiles;
  readonly locks: Locks;
  /** What writes them, such as "Wirebench 0.1.0". */
  readonly writer: string;
  readonly settings: () => RecordingSettings;
  readonly retention: () => RecordingSettings | null;
  readonly sizes: Partial<DiskSizes>;
  /** A segment was begun or dropped somewhere. */
  readonly onSegment: () => void;
}

export class LiveRecordings {
  readonly #options: LiveRecordingsOptions;
  readonly #live = new Map<string, LiveRecording>();

  constructor(options: LiveRecordingsOptions) {
    this.#options = options;
  }

  /** Oldest first. */
  get all(): readonly LiveRecording[] {
    return [...this.#live.values()];
  }

  get(id: string): LiveRecording | undefined {
    return this.#live.get(id);
  }

  create(about: NewRecording): Recording {
    const { settings, retention, onSegment, sizes, writer, files, locks } = this.#options;
    const id = makeRecordingId(Date.now());
    const live: LiveRecording = new LiveRecording({
      ...{ id, files, locks, about, writer, sizes },
      folder: join(this.#options.folder, id),
      quota: () => retention()?.sessionQuota ?? Number.MAX_SAFE_INTEGER,
      whenBehind: () => settings().whenBehind,
      onSegment: () => {
        void live.save(true);
        onSegment();
      },
    });
    this.#live.set(id, live);
    return live.recording;
  }

  /** It was closed. @returns what is to be known of it from now on; null when it was none of these, or left nothing */
  async end(recording: Recording): Promise<RecordingEntry | null> {
    const live = this.all.find((one) => one.recording === recording);
    if (live === undefined) return null;
    const entry = await live.end();
    this.#live.delete(live.id);
    return entry;
  }

  /** Writes the summaries of those that have new records. @returns whether there were any */
  async saveGrown(): Promise<boolean> {
    const grown = this.all.filter((live) => live.hasGrown);
    await Promise.all(grown.map((live) => live.save(false)));
    return grown.length > 0;
  }
}
