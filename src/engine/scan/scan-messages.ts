/** What the engine and its scan, which is in another thread, say to each other. */
import type { WireError } from '../../shared/errors.ts';
import type { FilterTerm } from '../../shared/filter.ts';
import type { ScanInput } from '../recording.ts';

/** What to look for. */
export interface ScanRequest {
  readonly terms: readonly FilterTerm[];
  /** Names of the kinds, by the codes in the records. */
  readonly kinds: readonly string[];
  /** Only the records of this connection; null: all. */
  readonly peer: number | null;
}

export type ToScan =
  | { readonly type: 'open'; readonly job: number; readonly request: ScanRequest }
  /** The next records to look through; those before `from` have been looked at. */
  | {
      readonly type: 'part';
      readonly job: number;
      /** Its number, by which it is answered. */
      readonly part: number;
      readonly input: ScanInput;
      readonly from: number;
    }
  | { readonly type: 'close'; readonly job: number };

/** How far a part is looked through. */
export interface Look {
  /** Number of the part. */
  readonly part: number;
  /** All records of the part before this one have been looked at. */
  readonly next: number;
  readonly isDone: boolean;
  /** Numbers of those that pass, ascending, since the last look at this part. */
  readonly found: Float64Array<ArrayBuffer>;
}

export type FromScan =
  /** What has come about since the last message, in the order of the parts. */
  | { readonly type: 'looked'; readonly job: number; readonly looks: readonly Look[] }
  /** It is given up; nothing more comes. `bug` is for the log. */
  | { readonly type: 'failed'; readonly job: number; readonly error: WireError; readonly bug: string | null };
