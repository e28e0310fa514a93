/** What a WebSocket client and a connection of a WebSocket server have in common. */
import { KEEP_ALIVE_DELAY_MAX_MS, TIMER_MAX_MS } from '../../shared/limits.ts';
import { WEBSOCKET_PAYLOAD_BYTES, WEBSOCKET_PAYLOAD_MOST_BYTES } from '../../shared/websocket-limits.ts';
import type { ActionSpec, Field } from '../spec.ts';

/**
 * Kinds of a connection's records, and the keys of their meta. Direction is
 * `none` unless said otherwise.
 *
 *   open        subprotocol, extensions: what was agreed on, '' for nothing; of a server also path, with its query
 *   text, binary  in, out; a whole message, the payload is its plain bytes. No meta when it was one plain frame, else
 *               frames: in how many it came; compressed: bytes of them on the wire, when they were compressed
 *   ping        in, out; the payload. auto: true for one of `pingInterval`; answered: false for one whose pong is withheld
 *   pong        in, out; the payload. auto: true for the answer to a ping; roundTrip: ms since the ping that it answers
 *   close       in, out; the payload of the frame. code (1005 when it has none), name, reason;
 *               began: `us` or `peer`, whose close frame came first
 *   frame       in, out; the payload as on the wire, unmasked: of a frame that is no whole plain message by itself.
 *               opcode, fin, rsv, masked, length; byHand: true when it was sent as such, then also
 *               head: the bytes before the payload in hex, with the masking key. When they apply:
 *               declared: the length in the head, where it is not that of the payload; splitAt: bytes of the first
 *               of two writes; code: of a close frame; mask: a `RawMask`, where it is neither `none` nor `random`
 *   violation   the peer broke the protocol. code, rfc (the section), message
 *   write       `socket.write` returned false. queued: bytes that wait
 *   drain       was: most bytes that waited since `write` returned false
 *   pause       reading stopped. by: `echo` when the behaviour did it, else absent
 *   resume      by: as above; heldBy: `person` or `echo` when that one still keeps reading stopped
 *   holdPongs   pings are not answered from here on
 *   answerPings  they are again
 *   end         in: FIN came. out: FIN goes; auto: true when this side ends because the peer has
 *   timeout     ms: the idle time that passed
 *   terminate   out: the call, `socket.destroy()`
 *   resetAndDestroy  out: the call
 *   socketClose  code, name, reason: of the close frame that came, or that was sent when none came; 1006 when there was
 *               none at all. clean: whether both close frames and both FINs were exchanged; began: `us` or `peer`;
 *               hadError, bytesRead, bytesWritten; unsent: bytes that the system had not taken, when there are any
 */
export const connectionKinds = [
  'open',
  'text',
  'binary',
  'ping',
  'pong',
  'close',
  'frame',
  'violation',
  'write',
  'drain',
  'pause',
  'resume',
  'holdPongs',
  'answerPings',
  'end',
  'timeout',
  'terminate',
  'resetAndDestroy',
  'socketClose',
] as const;

export const messageKinds = ['text', 'binary'] as const;

export const deflateFields = [
  {
    type: 'boolean',
    id: 'deflate',
    label: 'permessage-deflate',
    help: 'Compresses messages when both sides want it (RFC 7692).',
    group: 'Compression',
    default: true,
  },
  {
    type: 'boolean',
    id: 'serverNoContextTakeover',
    label: 'server_no_context_takeover',
    help: 'The server compresses each message by itself, without what came before.',
    group: 'Compression',
    default: false,
  },
  {
    type: 'boolean',
    id: 'clientNoContextTakeover',
    label: 'client_no_context_takeover',
    help: 'The client compresses each message by itself, without what came before.',
    group: 'Compression',
    default: false,
  },
  {
    type: 'number',
    id: 'serverMaxWindowBits',
    label: 'server_max_window_bits',
    help: 'Size of the window of the server’s compression, as a power of two. Empty = the server may choose.',
    group: 'Compression',
    min: 8,
    max: 15,
    default: null,
    placeholder: 'any',
  },
  {
    type: 'number',
    id: 'clientMaxWindowBits',
    label: 'client_max_window_bits',
    help: 'Size of the window of the client’s compression, as a power of two. Empty = the server may choose.',
    group: 'Compression',
    min: 8,
    max: 15,
    default: null,
    placeholder: 'any',
  },
  {
    type: 'number',
    id: 'deflateThreshold',
    label: 'compression threshold',
    help: 'Messages shorter than this are sent uncompressed.',
    group: 'Compression',
    unit: 'bytes',
    min: 0,
    max: WEBSOCKET_PAYLOAD_MOST_BYTES,
    default: 0,
  },
] as const satisfies readonly Field[];

export const connectionFields = [
  {
    type: 'number',
    id: 'maxPayload',
    label: 'max payload',
    help: 'Longest message that is taken in, after decompression. A longer one closes the connection with 1009.',
    group: 'Messages',
    unit: 'bytes',
    min: 1,
    max: WEBSOCKET_PAYLOAD_MOST_BYTES,
    default: WEBSOCKET_PAYLOAD_BYTES,
  },
  {
    type: 'number',
    id: 'fragmentSize',
    label: 'fragment size',
    help: 'Sends messages in frames of this many bytes of payload. Empty = each in one frame.',
    group: 'Messages',
    unit: 'bytes',
    min: 1,
    max: WEBSOCKET_PAYLOAD_MOST_BYTES,
    default: null,
    placeholder: 'one frame',
  },
  {
    type: 'number',
    id: 'pingInterval',
    label: 'ping interval',
    help: 'Sends a ping each time that this has passed; its pong tells the round-trip time. 0 = never.',
    group: 'Pings',
    unit: 'ms',
    min: 0,
    max: TIMER_MAX_MS,
    default: 0,
  },
  {
    type: 'boolean',
    id: 'holdPongs',
    label: 'withhold pongs',
    help: 'Does not answer pings, so that the peer’s time-out can be seen. While it is open, Socket calls can change it.',
    group: 'Pings',
    default: false,
  },
  {
    type: 'number',
    id: 'closeTimeout',
    label: 'close time-out',
    help: 'How long the peer may take to answer a close frame before the socket is destroyed. 0 = as long as it likes.',
    group: 'Socket',
    unit: 'ms',
    min: 0,
    max: TIMER_MAX_MS,
    default: 5_000,
  },
  {
    type: 'boolean',
    id: 'setNoDelay',
    label: 'setNoDelay',
    help: 'Sends small writes at once (turns Nagle’s algorithm off).',
    group: 'Socket',
    default: true,
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
] as const satisfies readonly Field[];

const payloadField = {
  type: 'text',
  id: 'payload',
  label: 'payload',
  help: 'Text of up to 125 bytes (RFC 6455 §5.5).',
  group: 'Frame',
  default: '',
} as const satisfies Field;

export const connectionActions = [
  {
    id: 'ping',
    label: 'Ping',
    help: 'Sends a ping frame. The peer answers with a pong of the same payload, which tells the round-trip time.',
    on: 'peer',
    menu: 'socket',
    fields: [payloadField],
  },
  {
    id: 'pong',
    label: 'Pong',
    help: 'Sends a pong frame that nobody asked for; the peer takes it as a sign of life.',
    on: 'peer',
    menu: 'socket',
    fields: [payloadField],
  },
  {
    id: 'holdPongs',
    label: 'Withhold pongs',
    help: 'Answers no pings from here on.',
    on: 'peer',
    menu: 'socket',
    when: { fact: 'holdPongs', is: false },
  },
  {
    id: 'answerPings',
    label: 'Answer pings',
    help: 'Answers pings again.',
    on: 'peer',
    menu: 'socket',
    when: { fact: 'holdPongs', is: true },
  },
  {
    id: 'close',
    label: 'Close with a code',
    help: 'Sends a close frame and waits for that of the peer (RFC 6455 §7.1.2).',
    on: 'peer',
    menu: 'close',
    fields: [
      {
        type: 'number',
        id: 'code',
        label: 'code',
        help: '1000 is a normal end, 1001 going away, 3000 to 4999 are for applications. 1005 = a close frame without a code.',
        group: 'Frame',
        min: 0,
        max: 65_535,
        default: 1000,
      },
      {
        type: 'text',
        id: 'reason',
        label: 'reason',
        help: 'Text of up to 123 bytes.',
        group: 'Frame',
        default: '',
      },
    ],
  },
  {
    id: 'terminate',
    label: 'Terminate',
    help: 'socket.destroy(): closes at once without a close frame; the peer sees 1006.',
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
