/** What the library of recordings is made with, and what it answers. */
import type { RecordingSettings, RecordingSummary } from '../../shared/contract.ts';
import type { WireError } from '../../shared/errors.ts';
import type { DiskFiles } from '../disk/disk-files.ts';
import type { DiskSizes } from '../disk/disk-recording.ts';
import type { OpenedRecording } from '../disk/open-recording.ts';
import type { RecordingEntry } from './recording-entry.ts';

export interface LibraryOptions {
  readonly folder: string;
  /** What writes the recordings, such as "Wirebench 0.1.0". */
  readonly writer: string;
  readonly settings: () => RecordingSettings;
  /** The same, or null as long as nothing must be deleted because of them. */
  readonly retention: () => RecordingSettings | null;
  readonly files?: DiskFiles | undefined;
  /** For tests. */
  readonly sizes?: Partial<DiskSizes> | undefined;
  readonly undoMs?: number | undefined;
}

export interface Listed {
  readonly recordings: RecordingSummary[];
  readonly total: number;
  readonly bytes: number;
  readonly folder: string;
  readonly error: WireError | null;
}

/** A recording that is open to be read. */
export interface LibraryReading extends OpenedRecording {
  readonly entry: RecordingEntry;
}
