/** What an export and its worker thread say to each other. */
import type { ExportFormat } from '../../shared/contract.ts';
import type { WireError } from '../../shared/errors.ts';
import type { ScanInput } from '../recording.ts';
import type { ExportInfo } from './packed.ts';

/** What a worker is told first. */
export interface ExportTask {
  readonly format: ExportFormat;
  /** For `raw`. */
  readonly direction: 'in' | 'out' | null;
  readonly info: ExportInfo;
  /** `seq` of the first record, and behind the last. */
  readonly from: number;
  readonly end: number;
  /** The file that is written: it is there, and empty. */
  readonly unfinished: string;
  /** What it will be called: errors name this. */
  readonly path: string;
}

/** A part of the recording, in order. */
export type ExportPart =
  | ScanInput
  /** A row that stands for records before the first one: packed, and written as it is. */
  | { readonly type: 'gap'; readonly row: Uint8Array }
  /** Records that cannot be had. */
  | {
      readonly type: 'lost';
      readonly first: number;
      readonly count: number;
      /** ns since the session began. */
      readonly time: number;
      readonly reason: string;
      /** Payload bytes of all records that were deleted since the export began; null when that is not known. */
      readonly deletedBytes: number | null;
    }
  /** The recording was not closed: a row at its end, packed. It takes a number. */
  | { readonly type: 'row'; readonly row: Uint8Array };

export type ToExport =
  | { readonly type: 'begin'; readonly task: ExportTask }
  | { readonly type: 'part'; readonly part: ExportPart }
  | { readonly type: 'end' };

/** Counts so far. */
export interface ExportCounts {
  /** Parts that are done. */
  readonly parts: number;
  readonly looked: number;
  readonly records: number;
  readonly bytes: number;
}

export type FromExport =
  | ({ readonly type: 'progress' } & ExportCounts)
  /** The file is complete and closed. `error`: what is missing in it that the file itself does not say. */
  | ({ readonly type: 'finished'; readonly error: WireError | null } & ExportCounts)
  | { readonly type: 'failed'; readonly error: WireError };
