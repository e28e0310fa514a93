/**
 * The one contract between the window and the engine: every method and every
 * event, once, with the schema of what goes in and what comes out. Types are
 * inferred from it; the server validates every call.
 */
import { z } from 'zod';
import { errorCodes } from './errors.ts';
import {
  ADDRESS_CHARACTERS,
  FILTER_CHARACTERS,
  MESSAGE_BYTES,
  OPTION_CHARACTERS,
  PATH_CHARACTERS,
  PAYLOAD_PER_CALL,
  PEERS_PER_CALL,
  ROWS_PER_CALL,
} from './limits.ts';
import { workspaceSchema } from './workspace.ts';

/** By tag and not by `instanceof`: bytes may come from another realm. */
const bytes = z.custom<Uint8Array>((data) => Object.prototype.toString.call(data) === '[object Uint8Array]');
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const sessionId = z.string().regex(/^[a-z0-9-]{1,40}$/);
const peerId = z.number().int().min(1).max(0xffffffff);
const value = z.union([z.string().max(OPTION_CHARACTERS), z.number(), z.boolean(), z.null()]);
const facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const nothing = z.strictObject({});

export const wireErrorSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  hint: z.string(),
  errno: z.string().optional(),
  field: z.string().optional(),
});

export const sessionStates = ['idle', 'opening', 'open', 'closing', 'closed', 'failed'] as const;
export type SessionState = (typeof sessionStates)[number];

export const peerStates = ['open', 'half-closed-local', 'half-closed-remote', 'closed', 'reset', 'failed'] as const;

/** What to open: kept exactly as typed. */
export const sessionConfigSchema = z.strictObject({
  protocol: z.string().min(1).max(40),
  address: z.string().max(ADDRESS_CHARACTERS),
  options: z.record(z.string().max(64), value),
});
export type SessionConfig = z.infer<typeof sessionConfigSchema>;

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
  recording: z.object({ bytes: count, lostRecords: count, lostBytes: count }),
  /** True while the person has stopped reading on the whole session. */
  readingPaused: z.boolean(),
  /** A file on its way out. */
  sending: z.object({ sent: count, total: count }).nullable(),
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
        capabilities: z.object({ fileDialogs: z.boolean() }),
      }),
    },
    /** Error `storage-failed`: there is a workspace that cannot be read now. Nothing is saved over it. */
    'workspace.load': {
      params: nothing,
      /** `notice` says when a broken file was set aside. */
      result: z.object({ workspace: workspaceSchema, notice: z.string().nullable() }),
    },
    'workspace.save': { params: z.strictObject({ workspace: workspaceSchema }), result: nothing },
    'file.choose': { params: nothing, result: z.object({ path: z.string().nullable() }) },
    'file.stat': {
      params: z.strictObject({ path: z.string().min(1).max(PATH_CHARACTERS) }),
      result: z.object({ size: count }),
    },

    'session.create': {
      params: z.strictObject({ config: sessionConfigSchema }),
      result: z.object({ session: sessionId }),
    },
    'session.list': { params: nothing, result: z.object({ sessions: z.array(sessionStatusSchema) }) },
    /** Ends the session, forgets it and its recording. */
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
      params: z.strictObject({ session: sessionId, action: z.string().max(40), peer: peerId.nullable() }),
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
        ]),
        /**
         * An action to run on the same connections once the system has taken the bytes. With `end` the
         * peer sees what `socket.end(data)` makes: FIN right after the last byte.
         */
        then: z.string().max(40).nullable(),
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
    /** Remote addresses of connections by their numbers; null for one that is no longer remembered. */
    'peers.names': {
      params: z.strictObject({ session: sessionId, peers: z.array(peerId).min(1).max(PEERS_PER_CALL) }),
      result: z.object({ names: z.array(z.string().nullable()) }),
    },
    /** A filtered view (see filter.ts) that keeps up with the session. Error `bad-filter`. */
    'view.open': {
      params: z.strictObject({
        session: sessionId,
        filter: z.string().max(FILTER_CHARACTERS),
        peer: peerId.nullable(),
      }),
      result: z.object({ view: count }),
    },
    'view.close': { params: z.strictObject({ session: sessionId, view: count }), result: nothing },
  },
  events: {
    /** Only the newest counts: events for which a window has no room are left out. */
    'session.status': sessionStatusSchema,
    /** The session was removed, by this window or another: to all that watch it. Nothing more comes for it. */
    'session.removed': z.object({ session: sessionId }),
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
