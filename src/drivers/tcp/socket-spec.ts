/** What a TCP client and a connection of a TCP server have in common. */
import { KEEP_ALIVE_DELAY_MAX_MS, TIMER_MAX_MS } from '../../shared/limits.ts';
import type { ActionSpec, Field } from '../spec.ts';

/**
 * Kinds of a connection's records, and the keys of their meta. Direction is
 * `none` unless said otherwise.
 *
 *   data        in, out; the bytes are the payload
 *   write       `socket.write` returned false. queued: bytes that wait (`writableLength`)
 *   drain       was: most bytes that waited since `write` returned false
 *   pause       reading stopped. by: `echo` when the behaviour did it, `telnet` when its answers wait, else absent
 *   resume      by: as above; heldBy: `person`, `echo` or `telnet` when that one still keeps reading stopped
 *   end         in: FIN came; halfOpen: whether this side may still send.
 *               out: FIN goes; auto: `allowHalfOpen` or the behaviour's name when nobody asked for it;
 *               closing: true when the session closes and reads no more
 *   timeout     ms: the idle time that passed
 *   destroy     out: the call
 *   resetAndDestroy  out: the call
 *   close       hadError; bytesRead, bytesWritten (Node counts in what was still queued); unsent: bytes
 *               that the system had not taken, when there are any; sha256In, sha256Out (hex) when asked for
 *   telnet      in, out: one command. verb: WILL, WONT, DO, DONT, SB or another; option: its name or number, code: its
 *               number (neither for a command without an option). Of SB also columns and rows (NAWS), value
 *               (TERMINAL-TYPE), else bytes: its length; unfinished: true when it has no end.
 *               none: left: commands of one read beyond those that have rows
 *   error       (a common kind) code: Node's (`ECONNRESET`), message: the whole sentence
 *
 * Facts beside Node's own, once one side has ended: endedBy (`us` or `peer`: who was first), unanswered (bytes written
 * since the last read).
 */
export const connectionKinds = [
  'data',
  'write',
  'drain',
  'pause',
  'resume',
  'end',
  'timeout',
  'destroy',
  'resetAndDestroy',
  'close',
  'telnet',
] as const;

export const socketFields = [
  {
    type: 'boolean',
    id: 'allowHalfOpen',
    label: 'allowHalfOpen',
    help: 'Keeps this side open for sending after the peer has ended (FIN). Off: this side ends too, as in Node.',
    group: 'Socket',
    default: false,
  },
  {
    type: 'boolean',
    id: 'setNoDelay',
    label: 'setNoDelay',
    help: 'Sends small writes at once (turns Nagle’s algorithm off).',
    group: 'Socket',
    default: false,
  },
  {
    type: 'number',
    id: 'setTimeout',
    label: 'setTimeout',
    help: 'Idle time after which a timeout event comes. The socket stays open. 0 = never.',
    group: 'Socket',
    unit: 'ms',
    min: 0,
    max: TIMER_MAX_MS,
    default: 0,
  },
  {
    type: 'boolean',
    id: 'setKeepAlive',
    label: 'setKeepAlive',
    help: 'Lets the system probe an idle connection, so that a dead peer is noticed.',
    group: 'Socket',
    default: false,
  },
  {
    type: 'number',
    id: 'keepAliveInitialDelay',
    label: 'keepAliveInitialDelay',
    help: 'Idle time before the first probe of setKeepAlive. Node cuts it to whole seconds. Below 1000 = what the system has set.',
    group: 'Socket',
    unit: 'ms',
    min: 0,
    max: KEEP_ALIVE_DELAY_MAX_MS,
    default: 0,
  },
  {
    type: 'choice',
    id: 'telnet',
    label: 'telnet',
    help: 'answer: replies to Telnet’s negotiation (RFC 854), names each option in a row, and keeps it out of the terminal.',
    group: 'Telnet',
    default: 'off',
    choices: [
      { value: 'off', label: 'off' },
      { value: 'answer', label: 'answer politely' },
    ],
  },
  {
    type: 'boolean',
    id: 'sha256',
    label: 'sha256',
    help: 'Computes the SHA-256 of all bytes in and of all bytes out as they pass. Costs some speed.',
    group: 'Checks',
    default: false,
  },
] as const satisfies readonly Field[];

export const closeActions = [
  {
    id: 'end',
    label: 'End (FIN)',
    help: 'socket.end(): sends what is queued, then FIN. The peer may still send.',
    on: 'peer',
    menu: 'close',
  },
  {
    id: 'destroy',
    label: 'Destroy',
    help: 'socket.destroy(): closes at once; what is queued is lost.',
    on: 'peer',
    menu: 'close',
    danger: true,
  },
  {
    id: 'resetAndDestroy',
    label: 'Reset (RST)',
    help: 'socket.resetAndDestroy(): closes at once with RST; the peer sees ECONNRESET.',
    on: 'peer',
    menu: 'close',
    danger: true,
  },
] as const satisfies readonly ActionSpec[];
