/** What the library of recordings is told of a session. */
import type { Counters, SessionConfig } from '../../shared/contract.ts';

/** What History keeps beside the rows; it changes while the session goes on. */
export interface RecordingAbout {
  readonly address: string;
  /** What it was opened with, so that the same can be opened again. */
  readonly options: SessionConfig['options'];
  readonly counters: Counters;
  /** Numbers and remote addresses of connections. */
  readonly peers: readonly (readonly [peer: number, remote: string])[];
}

export interface NewRecording {
  readonly session: string;
  readonly protocol: string;
  readonly address: string;
  /** Names of the kinds, by their codes. */
  readonly kinds: readonly string[];
  /** Name of the preset that the session was made from, or empty. */
  readonly preset: string;
  /** Wall clock at time 0 of the records, ms since 1970; right from the first record on. */
  readonly startedAt: () => number;
  readonly about: () => RecordingAbout;
}
