/** The part of the contract about recordings: History, how they are kept, and export. */
import { z } from 'zod';
import { FILE_NAME_CHARACTERS } from './file-limits.ts';
import { FILTER_QUERY_CHARACTERS, PATH_CHARACTERS, RECORDING_NAME_CHARACTERS } from './limits.ts';
import {
  exportFormats,
  exportProgress,
  recordingId,
  recordingSettingsSchema,
  recordingSummarySchema,
} from './recordings.ts';
import { count, nothing, peerId, sessionConfigSchema, sessionId, wireErrorSchema } from './schemas.ts';

export const recordingMethods = {
  /** Newest first, at most RECORDINGS_LISTED. `bytes`: what all take on disk. `error`: why the folder cannot be read. */
  'recordings.list': {
    params: nothing,
    result: z.object({
      recordings: z.array(recordingSummarySchema),
      total: count,
      bytes: count,
      folder: z.string().nullable(),
      error: wireErrorSchema.nullable(),
    }),
  },
  /**
   * Opens a recording of History, or the one that a `.wbr` file or its folder belongs to, as a read-only session.
   * A recording that is open already, or still being written by a session, answers with that session.
   */
  'recordings.open': {
    params: z.union([
      z.strictObject({ recording: recordingId }),
      z.strictObject({ path: z.string().min(1).max(PATH_CHARACTERS) }),
    ]),
    result: z.object({
      session: sessionId,
      title: z.string(),
      config: sessionConfigSchema,
      /** Names of the kinds, by the codes in its records. */
      kinds: z.array(z.string()),
    }),
  },
  /** What is left out stays as it is. */
  'recordings.update': {
    params: z.strictObject({
      recording: recordingId,
      name: z.string().max(RECORDING_NAME_CHARACTERS).optional(),
      isPinned: z.boolean().optional(),
    }),
    result: nothing,
  },
  /** Can be undone by `recordings.restore` for RECORDING_UNDO_MS. Error `busy` while it is being written. */
  'recordings.delete': { params: z.strictObject({ recording: recordingId }), result: nothing },
  'recordings.restore': { params: z.strictObject({ recording: recordingId }), result: nothing },
  /** Shows it in the system's file manager. */
  'recordings.reveal': { params: z.strictObject({ recording: recordingId }), result: nothing },
  /** `notice` says when a broken file was set aside. */
  'settings.load': {
    params: nothing,
    result: z.object({ recordings: recordingSettingsSchema, notice: z.string().nullable() }),
  },
  'settings.save': { params: z.strictObject({ recordings: recordingSettingsSchema }), result: nothing },

  /** Begins to write rows to a file; `export.progress` events follow to this window until it has ended. */
  'export.start': {
    params: z.strictObject({
      session: sessionId,
      /** As in `view.open`; empty: everything. */
      filter: z.string().max(FILTER_QUERY_CHARACTERS),
      peer: peerId.nullable(),
      format: z.enum(exportFormats),
      /** For `raw`, and for that only. */
      direction: z.enum(['in', 'out']).nullable(),
      /** Null: the browser of the window fetches it, as a file of this name. */
      path: z.string().min(1).max(PATH_CHARACTERS).nullable(),
      name: z.string().min(1).max(FILE_NAME_CHARACTERS).optional(),
    }),
    result: z.object({ export: count }),
  },
  /** The unfinished file is removed. */
  'export.cancel': { params: z.strictObject({ export: count }), result: nothing },
  /** Shows the file of an export that is done in the system's file manager. */
  'export.reveal': { params: z.strictObject({ export: count }), result: nothing },
};

export const recordingEvents = {
  /** Something in `recordings.list` is different now. At most once in STATUS_BACKGROUND_MS. */
  'recordings.changed': z.object({}),
  'export.progress': exportProgress,
};
