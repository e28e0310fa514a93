/** What the contract says of recordings: how they are written, listed, kept and exported. */
import { z } from 'zod';
import { RECORDING_NAME_CHARACTERS, RECORDING_QUOTA_MIN_BYTES } from './limits.ts';
import { count, sessionId, wireErrorSchema } from './schemas.ts';

/** Where a session's records are, and how its writer does. */
export const recordingStatus = z.object({
  /** Bytes of the records that are kept. */
  bytes: count,
  /** Records and payload bytes that are not there any more, or never were: each has a gap row. */
  lostRecords: count,
  lostBytes: count,
  /** `memory`: there is no folder for recordings, or it cannot be written; only the newest part is kept. */
  storage: z.enum(['disk', 'memory']),
  /** Its name in History; null when it is not there, or nothing was recorded yet. */
  id: z.string().nullable(),
  /** Bytes that wait for the disk. */
  waiting: count,
  /** True while reading is paused, or records are dropped, because the disk is behind. */
  isBehind: z.boolean(),
  /** Why the disk does not take records at the moment. */
  error: wireErrorSchema.nullable(),
});
export type RecordingStatus = z.infer<typeof recordingStatus>;

export const recordingId = z.string().regex(/^[A-Za-z0-9-]{1,80}$/);

/**
 * `live`: it is being written, by this engine or another. `closed`: it ended
 * as it should. `interrupted`: its writer was killed; what was written is there.
 * `unreadable`: see its error; it may be from a newer version.
 */
const recordingStates = ['live', 'closed', 'interrupted', 'unreadable'] as const;

/** One line of History. */
export const recordingSummarySchema = z.object({
  recording: recordingId,
  /** Given by the person; empty: it goes by its preset or its address. */
  name: z.string().max(RECORDING_NAME_CHARACTERS),
  /** Name of the preset, or of the tab without one, that it was made from; empty: none. */
  preset: z.string(),
  protocol: z.string(),
  address: z.string(),
  /** Wall clock, ms since 1970. `endedAt` null: not known, or not ended. */
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  records: count,
  messages: count,
  /** Bytes on disk. */
  bytes: count,
  isPinned: z.boolean(),
  state: z.enum(recordingStates),
  /** The session that writes or shows it, if one of this engine does. */
  session: sessionId.nullable(),
  error: wireErrorSchema.nullable(),
});
export type RecordingSummary = z.infer<typeof recordingSummarySchema>;

/** How long recordings are kept, and what happens when the disk is too slow. */
export const recordingSettingsSchema = z.object({
  /** Bytes of one session, and of all together; beyond, the oldest segments go. Pinned recordings are never touched. */
  sessionQuota: z.number().int().min(RECORDING_QUOTA_MIN_BYTES).max(Number.MAX_SAFE_INTEGER),
  totalQuota: z.number().int().min(RECORDING_QUOTA_MIN_BYTES).max(Number.MAX_SAFE_INTEGER),
  /** Days after which a recording that is not pinned goes; 0: never. */
  keepDays: z.number().int().min(0).max(36_500),
  /** `pause`: stop reading, so that the peer feels it; `drop`: go on, and count what is not recorded. */
  whenBehind: z.enum(['pause', 'drop']),
});
export type RecordingSettings = z.infer<typeof recordingSettingsSchema>;

/**
 * `jsonl`: JSON Lines, one object for each record (docs/export.md). `text`: one line for each
 * record, for people. `raw`: the payload bytes of one direction, and nothing else.
 */
export const exportFormats = ['jsonl', 'text', 'raw'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const exportProgress = z.object({
  export: count,
  session: sessionId,
  path: z.string(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  /** Records looked at, of `total`. */
  looked: count,
  total: count,
  /** Records and bytes that went to the file. */
  records: count,
  bytes: count,
  /** Of one that is done and waits to be fetched: the key of its address (`/download/<key>`), which works once. */
  download: z.string().optional(),
  error: wireErrorSchema.nullable(),
});
export type ExportProgress = z.infer<typeof exportProgress>;
