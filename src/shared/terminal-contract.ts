/**
 * The part of the contract about terminals. A terminal reads what came in as one stream of bytes, from the recording,
 * and the window pulls: it asks for more when xterm has taken what it got, so that at most one chunk is under way.
 */
import { z } from 'zod';
import { directions } from './record.ts';
import { bytes, count, nothing, peerId, sessionId } from './schemas.ts';
import { TERMINAL_CHUNK_BYTES, TERMINAL_SPAN_NS } from './terminal-limits.ts';

const terminalChunk = z.object({
  /** Payloads of messages of one connection and direction, one after another; empty when there is only a gap, or the end. */
  bytes,
  /** Connection and direction of the bytes; 0 and `none` when there are none. */
  peer: count,
  direction: z.enum(directions),
  /** Time of the first and the last message in it, ns since the session began. */
  from: z.number(),
  to: z.number(),
  /** Bytes before these that were left out, because the terminal was behind; the recording has them. */
  skipped: count,
  /** Something before these is not in the recording either: `lost` bytes, or, when that is 0, nobody knows how many. */
  hasGap: z.boolean(),
  lost: count,
  /** Nothing more comes: the recording is over, or the terminal was closed. */
  isEnd: z.boolean(),
});
export type TerminalChunk = z.infer<typeof terminalChunk>;

export const terminalMethods = {
  /** A terminal on one connection of a session, or on all of them when `peer` is null. Ends with the session or window. */
  'terminal.open': {
    params: z.strictObject({
      session: sessionId,
      peer: peerId.nullable(),
      /** `tail`: near the end, and then what comes. `begin`: with the oldest record that is kept. */
      from: z.enum(['tail', 'begin']),
      /** Also what had been sent before it was opened; what is sent later is never in it. */
      sent: z.boolean(),
    }),
    /** Times of the oldest and the newest record that is kept, ns since the session began. */
    result: z.object({ terminal: count, begins: z.number(), ends: z.number() }),
  },
  /**
   * Answers as soon as there is something. One call at a time. Errors: `not-found`; `bad-recording` when the recording
   * cannot be read on.
   */
  'terminal.read': {
    params: z.strictObject({
      terminal: count,
      bytes: z.number().int().min(1).max(TERMINAL_CHUNK_BYTES),
      /** Only messages that came at most this much later than the first, ns. Null: as many as fit. */
      span: z.number().min(0).max(TERMINAL_SPAN_NS).nullable(),
    }),
    result: terminalChunk,
  },
  /** A call that waits is answered. */
  'terminal.close': { params: z.strictObject({ terminal: count }), result: nothing },
};
