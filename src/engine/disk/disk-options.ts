/** What a recording on disk is told when it is made. */
import {
  DISK_BEHIND_BYTES,
  DISK_BEHIND_SLACK_BYTES,
  DISK_BLOCK_BYTES,
  DISK_CLOSE_MS,
  DISK_FLUSH_MS,
  DISK_LINKS_MS,
  DISK_RETRY_MS,
  DISK_SEGMENT_BYTES,
  DISK_UNSYNCED_SEGMENTS,
} from '../../shared/limits.ts';
import type { DiskFiles } from './disk-files.ts';

/** Sizes in bytes and times in ms; for tests, which cannot fill 256 MiB. */
export interface DiskSizes {
  readonly blockBytes: number;
  readonly segmentBytes: number;
  /** Full segments that need not be durable yet. */
  readonly unsyncedSegments: number;
  readonly flushMs: number;
  readonly behindBytes: number;
  readonly slackBytes: number;
  readonly retryMs: number;
  readonly closeMs: number;
  readonly linksMs: number;
}

export const usualSizes: DiskSizes = {
  blockBytes: DISK_BLOCK_BYTES,
  segmentBytes: DISK_SEGMENT_BYTES,
  unsyncedSegments: DISK_UNSYNCED_SEGMENTS,
  flushMs: DISK_FLUSH_MS,
  behindBytes: DISK_BEHIND_BYTES,
  slackBytes: DISK_BEHIND_SLACK_BYTES,
  retryMs: DISK_RETRY_MS,
  closeMs: DISK_CLOSE_MS,
  linksMs: DISK_LINKS_MS,
};

export interface DiskRecordingOptions {
  /** Folder of this recording; made when the first record is written. */
  readonly folder: string;
  readonly id: string;
  readonly protocol: string;
  readonly address: string;
  /** Names of the kinds, by the codes in the records. */
  readonly kinds: readonly string[];
  /** ms since 1970 at time 0 of the records; asked when a segment is begun. */
  readonly startedAt: () => number;
  /** What writes it, such as "Wirebench 0.1.0". */
  readonly writer: string;
  readonly files: DiskFiles;
  /** Most bytes that it may take; asked before each write. */
  readonly quota: () => number;
  /** What happens to records when DISK_BEHIND_BYTES wait: `pause` takes DISK_BEHIND_SLACK_BYTES more. */
  readonly whenBehind: () => 'pause' | 'drop';
  readonly sizes?: Partial<DiskSizes>;
  /** A segment was begun or dropped. */
  readonly onSegment?: () => void;
}
