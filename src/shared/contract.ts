/**
 * The one contract between the window and the engine: every method and every
 * event, once, with the schema of what goes in and what comes out. Types are
 * inferred from it; the server validates every call.
 */
import { z } from 'zod';
import { appEvents, appMethods } from './app-contract.ts';
import { checkProgress } from './checks.ts';
import { fileMethods } from './file-contract.ts';
import {
  FILTER_QUERY_CHARACTERS,
  MESSAGE_BYTES,
  PATH_CHARACTERS,
  PAYLOAD_PER_CALL,
  PEERS_PER_CALL,
  ROWS_PER_CALL,
  TARGETS_SHOWN,
} from './limits.ts';
import { PEER_QUERY_CHARACTERS } from './peer-limits.ts';
import { PRESET_NAME_CHARACTERS } from './preset-limits.ts';
import { presetEvents, presetMethods } from './presets-contract.ts';
import { recordingEvents, recordingMethods } from './recordings-contract.ts';
import { recordingStatus } from './recordings.ts';
import {
  bytes,
  count,
  nothing,
  optionsSchema,
  peerId,
  sessionConfigSchema,
  sessionId,
  wireErrorSchema,
} from './schemas.ts';
import { terminalMethods } from './terminal-contract.ts';
import { typedDraftSchema } from './typed-draft.ts';
import { workspaceSchema } from './workspace.ts';

export { sessionConfigSchema, wireErrorSchema, type SessionConfig } from './schemas.ts';
export {
  recordingSettingsSchema,
  type ExportFormat,
  type ExportProgress,
  type RecordingSettings,
  type RecordingStatus,
  type RecordingSummary,
} from './recordings.ts';

const facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

export const sessionStates = ['idle', 'opening', 'open', 'closing', 'closed', 'failed'] as const;
export type SessionState = (typeof sessionStates)[number];

export const peerStates = ['open', 'half-closed-local', 'half-closed-remote', 'closed', 'reset', 'failed'] as const;

const counters = z.object({ bytesIn: count, bytesOut: count, messagesIn: count, messagesOut: count });
export type Counters = z.infer<typeof counters>;

/**
 * Which rows there are. Row numbers run from `first` to `end - 1`. In the
 * whole-session view a row's number is its `seq`. When the oldest records are
 * no longer kept, the row at `first` is a gap row that stands for all of them.
 */
const rowRange = z.object({ first: count, end: count });
export type RowRange = z.infer<typeof rowRange>;

const viewStatus = rowRange.extend({
  view: count,
  /** Records looked at so far, of `total`: progress while a filter scans. */
  scanned: count,
  total: count,
  /** Why the scan was given up, or null. `bad-filter` when the filter is at fault, `internal` when it is not. */
  error: wireErrorSchema.nullable(),
});
export type ViewStatus = z.infer<typeof viewStatus>;

export const sessionStatusSchema = z.object({
  session: sessionId,
  protocol: z.string(),
  state: z.enum(sessionStates),
  error: wireErrorSchema.nullable(),
  /** Wall clock at time 0 of the records, ms since 1970. */
  startedAt: z.number(),
  /** Formatted addresses, once known. */
  local: z.string().nullable(),
  remote: z.string().nullable(),
  facts,
  counters,
  peers: z.object({ total: count, open: count }),
  rows: rowRange,
  /** Whether there can be rows of kind `frame`, which the window shows only when frames are asked for. */
  hasFrames: z.boolean(),
  recording: recordingStatus,
  /** A recording that was opened to be read: nothing can be opened, sent or closed. */
  readOnly: z.boolean(),
  /** True while the person has stopped reading on the whole session. */
  readingPaused: z.boolean(),
  /** A file on its way out. */
  sending: z.object({ sent: count, total: count }).nullable(),
  /** While it waits to connect again: the attempt that comes, of how many (0: no limit), and when, ms since 1970. */
  reconnect: z.object({ attempt: count, limit: count, at: z.number() }).nullable(),
  views: z.array(viewStatus),
});
export type SessionStatus = z.infer<typeof sessionStatusSchema>;

const peerStatus = z.object({
  peer: peerId,
  state: z.enum(peerStates),
  local: z.string(),
  remote: z.string(),
  /** Wall clock of the connection, ms since 1970. */
  since: z.number(),
  counters,
  readingPaused: z.boolean(),
  facts,
});
export type PeerStatus = z.infer<typeof peerStatus>;

/**
 * How often `session.status` events come while things change: `live` at most
 * every STATUS_INTERVAL_MS, for what is looked at, and `background` at most
 * every STATUS_BACKGROUND_MS, for tabs of which only the state mark shows.
 */
export const watchPaces = ['live', 'background'] as const;
export type WatchPace = (typeof watchPaces)[number];

export const contract = {
  methods: {
    'app.info': {
      params: nothing,
      result: z.object({
        version: z.string(),
        runtime: z.string(),
        platform: z.string(),
        /**
         * `reveal`: the host can show a file in the system's file manager. `downloads`: exports can be fetched by the
         * browser that the window is in.
         */
        capabilities: z.object({ fileDialogs: z.boolean(), reveal: z.boolean(), downloads: z.boolean() }),
      }),
    },
    /** Error `storage-failed`: there is a workspace that cannot be read now. Nothing is saved over it. */
    'workspace.load': {
      params: nothing,
      /** `notice` says when a broken file was set aside. */
      result: z.object({ workspace: workspaceSchema, notice: z.string().nullable() }),
    },
    'workspace.save': { params: z.strictObject({ workspace: workspaceSchema }), result: nothing },
    ...fileMethods,

    'session.create': {
      /** `preset`: the name of the preset that it is opened from, by which History lists its recording. */
      params: z.strictObject({
        config: sessionConfigSchema,
        preset: z.string().max(PRESET_NAME_CHARACTERS).optional(),
      }),
      result: z.object({ session: sessionId }),
    },
    'session.list': { params: nothing, result: z.object({ sessions: z.array(sessionStatusSchema) }) },
    /** Ends the session and forgets it. Its recording stays in History. */
    'session.remove': { params: z.strictObject({ session: sessionId }), result: nothing },
    /** Opens with this configuration; resolves when open, or with the error that is also in the status. */
    'session.open': {
      params: z.strictObject({ session: sessionId, config: sessionConfigSchema }),
      result: z.object({ status: sessionStatusSchema }),
    },
    /** Closes gracefully; a second call, or one while opening, ends it at once. */
    'session.close': { params: z.strictObject({ session: sessionId }), result: nothing },
    /** One action of the driver's spec. `peer` null: the session, or every connection. */
    'session.act': {
      params: z.strictObject({
        session: sessionId,
        action: z.string().max(40),
        peer: peerId.nullable(),
        /** Of the action's fields; those that are not given have their defaults. */
        values: optionsSchema.optional(),
      }),
      result: nothing,
    },
    /** Sends to one connection, or to every open one when `peer` is null. Resolves when the system has taken all bytes. */
    'session.send': {
      params: z.strictObject({
        session: sessionId,
        peer: peerId.nullable(),
        source: z.discriminatedUnion('type', [
          z.strictObject({
            type: z.literal('bytes'),
            bytes: bytes.refine((data) => data.length <= MESSAGE_BYTES, 'too long'),
          }),
          z.strictObject({ type: z.literal('file'), path: z.string().min(1).max(PATH_CHARACTERS) }),
          /** Text with `{{name}}` in it, resolved and encoded now. Errors `unknown-variable`, `bad-message`. */
          typedDraftSchema,
        ]),
        /**
         * An action to run on the same connections once the system has taken the bytes. With `end` the
         * peer sees what `socket.end(data)` makes: FIN right after the last byte.
         */
        then: z.string().max(40).nullable(),
        /** One of the spec's `messageKinds`; not given: the driver's usual one. */
        kind: z.string().max(40).optional(),
      }),
      result: z.object({ bytes: count, peers: count, ms: z.number() }),
    },
    'session.cancelSend': { params: z.strictObject({ session: sessionId }), result: nothing },
    'session.setReading': {
      params: z.strictObject({ session: sessionId, peer: peerId.nullable(), reading: z.boolean() }),
      result: nothing,
    },
    /**
     * From now on `session.status` events come for this session, the first at
     * once; not any more when `on` is false. A further call changes the pace.
     */
    'session.watch': {
      params: z.strictObject({ session: sessionId, on: z.boolean(), pace: z.enum(watchPaces).optional() }),
      result: nothing,
    },

    /** Packed records (see record.ts) from row `from`, payloads cut to a preview. `view` null: all rows. */
    rows: {
      params: z.strictObject({
        session: sessionId,
        view: count.nullable(),
        from: count,
        count: z.number().int().min(1).max(ROWS_PER_CALL),
      }),
      /** `from` is the row number of the first record in `rows`: later than asked when those are no longer kept. */
      result: rowRange.extend({ from: count, rows: bytes }),
    },
    /** Part of a payload. Error `gone` when the record is no longer kept. */
    payload: {
      params: z.strictObject({
        session: sessionId,
        seq: count,
        offset: count,
        length: z.number().int().min(0).max(PAYLOAD_PER_CALL),
      }),
      result: z.object({ total: count, bytes }),
    },
    peers: {
      params: z.strictObject({
        session: sessionId,
        from: count,
        count: z.number().int().min(1).max(PEERS_PER_CALL),
      }),
      result: z.object({ total: count, peers: z.array(peerStatus) }),
    },
    /** Connections that have not ended, by their number or a part of their remote address; `total`: how many there are. */
    'peers.find': {
      params: z.strictObject({ session: sessionId, query: z.string().max(PEER_QUERY_CHARACTERS) }),
      result: z.object({ total: count, peers: z.array(peerStatus).max(TARGETS_SHOWN) }),
    },
    /** Remote addresses of connections by their numbers; null for one that is no longer remembered. */
    'peers.names': {
      params: z.strictObject({ session: sessionId, peers: z.array(peerId).min(1).max(PEERS_PER_CALL) }),
      result: z.object({ names: z.array(z.string().nullable()) }),
    },
    /** A filtered view (see filter.ts) that keeps up with the session. Error `bad-filter`. */
    'view.open': {
      params: z.strictObject({
        session: sessionId,
        filter: z.string().max(FILTER_QUERY_CHARACTERS),
        peer: peerId.nullable(),
      }),
      result: z.object({ view: count }),
    },
    'view.close': { params: z.strictObject({ session: sessionId, view: count }), result: nothing },
    /**
     * The row of a record, or of a time (ns since the session began), in all rows or in a view: the
     * first one that is not before it, else the last. Null when there are no rows.
     */
    'row.find': {
      params: z.strictObject({
        session: sessionId,
        view: count.nullable(),
        at: z.union([z.strictObject({ seq: count }), z.strictObject({ time: z.number() })]),
      }),
      result: z.object({ row: count.nullable() }),
    },
    /** Rows as text for the clipboard: whole payloads, at most COPY_BYTES in all; `isCut` says when there was more. */
    'rows.text': {
      params: z.strictObject({
        session: sessionId,
        view: count.nullable(),
        from: count,
        count: count.min(1),
        /** `text`: a line for each as in the plain text export; `payload`: payloads only; `hex`: payloads as hex. */
        as: z.enum(['text', 'payload', 'hex', 'jsonl']),
      }),
      result: z.object({ text: z.string(), rows: count, isCut: z.boolean() }),
    },

    ...appMethods,
    ...recordingMethods,
    ...terminalMethods,

    /** Begins to try the standards of the protocol on the server of a client; `check.progress` events follow. */
    'check.start': { params: z.strictObject({ config: sessionConfigSchema }), result: z.object({ check: count }) },
    'check.cancel': { params: z.strictObject({ check: count }), result: nothing },

    ...presetMethods,
  },
  events: {
    /** Only the newest counts: events for which a window has no room are left out. */
    'session.status': sessionStatusSchema,
    /** The session was removed, by this window or another: to all that watch it. Nothing more comes for it. */
    'session.removed': z.object({ session: sessionId }),
    ...appEvents,
    ...recordingEvents,
    'check.progress': checkProgress,
    ...presetEvents,
  },
} as const;

export type Method = keyof typeof contract.methods;
export type Params<M extends Method> = z.infer<(typeof contract.methods)[M]['params']>;
export type Result<M extends Method> = z.infer<(typeof contract.methods)[M]['result']>;
export type EventName = keyof typeof contract.events;
export type EventPayload<E extends EventName> = z.infer<(typeof contract.events)[E]>;

/** The contract's schemas in a form that the compiler can index by a generic name. */
export const methods: {
  readonly [M in Method]: { readonly params: z.ZodType<Params<M>>; readonly result: z.ZodType<Result<M>> };
} = contract.methods;
export const events: { readonly [E in EventName]: z.ZodType<EventPayload<E>> } = contract.events;

export function isMethod(name: string): name is Method {
  return Object.hasOwn(contract.methods, name);
}
