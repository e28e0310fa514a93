/** A WebSocket server: whom it lets in and how it answers (RFC 6455 §4.2), what it does by itself, TLS. */
import { exposure, parseEndpoint } from '../../shared/address.ts';
import { TIMER_MAX_MS } from '../../shared/limits.ts';
import { WEBSOCKET_PAYLOAD_MOST_BYTES } from '../../shared/websocket-limits.ts';
import type { Field, Options, Spec } from '../spec.ts';
import { frameAction } from './frame-spec.ts';
import { connectionActions, connectionFields, connectionKinds, deflateFields, messageKinds } from './websocket-spec.ts';

const serverFields = [
  {
    type: 'choice',
    id: 'behaviour',
    label: 'behaviour',
    help: 'What the server does by itself. echo: sends each message back. broadcast: sends it to all others, a chat room. ticker: sends a message to all each tick.',
    group: 'Server',
    default: 'none',
    choices: [
      { value: 'none', label: 'none' },
      { value: 'echo', label: 'echo' },
      { value: 'broadcast', label: 'broadcast' },
      { value: 'ticker', label: 'ticker' },
    ],
  },
  {
    type: 'number',
    id: 'tickInterval',
    label: 'tick interval',
    help: 'Time between two messages of the ticker.',
    group: 'Server',
    unit: 'ms',
    min: 1,
    max: TIMER_MAX_MS,
    default: 1000,
  },
  {
    type: 'text',
    id: 'tickMessage',
    label: 'tick message',
    help: 'What the ticker sends, as text. {{n}} becomes the number of the tick from 1 on, {{time}} its time (ISO 8601).',
    group: 'Server',
    default: '{"tick":{{n}},"time":"{{time}}"}',
    multiline: true,
    ownNames: ['n', 'time'],
  },
  {
    type: 'number',
    id: 'backlog',
    label: 'backlog',
    help: 'Connections that may wait to be accepted. The system may cap it.',
    group: 'Server',
    min: 1,
    max: 65_535,
    default: 511,
  },
  {
    type: 'number',
    id: 'maxConnections',
    label: 'maxConnections',
    help: 'Connections above this number are answered with 503 and closed. Empty = no limit.',
    group: 'Server',
    min: 1,
    max: 1_000_000,
    default: null,
    placeholder: 'no limit',
  },
  {
    type: 'boolean',
    id: 'exclusive',
    label: 'exclusive',
    help: 'Does not share the port with other workers of a cluster.',
    group: 'Server',
    default: false,
  },
  {
    type: 'boolean',
    id: 'ipv6Only',
    label: 'ipv6Only',
    help: 'An IPv6 address that stands for all (::) does not take IPv4 connections.',
    group: 'Server',
    default: false,
  },
] as const satisfies readonly Field[];

const handshakeFields = [
  {
    type: 'text',
    id: 'paths',
    label: 'paths',
    help: 'Paths that are served, with commas between them; any other is answered with 404. Empty = every path.',
    group: 'Handshake',
    default: '',
    placeholder: 'every path',
  },
  {
    type: 'text',
    id: 'subprotocols',
    label: 'Sec-WebSocket-Protocol',
    help: 'Subprotocols that this side speaks, with commas between them, the liked one first.',
    group: 'Handshake',
    default: '',
    placeholder: 'none',
  },
  {
    type: 'choice',
    id: 'subprotocolOrder',
    label: 'subprotocol by',
    help: 'Whose order decides when both sides speak several subprotocols.',
    group: 'Handshake',
    default: 'server',
    choices: [
      { value: 'server', label: 'order of the server' },
      { value: 'client', label: 'order of the client' },
    ],
  },
  {
    type: 'boolean',
    id: 'subprotocolNeeded',
    label: 'subprotocol needed',
    help: 'Refuses a client with which no subprotocol can be agreed on, with 400. Off: it is let in without one.',
    group: 'Handshake',
    default: false,
  },
  {
    type: 'text',
    id: 'requiredHeaders',
    label: 'required headers',
    help: 'Headers that a client must send, one a line: Name, or Name: value for just that value.',
    group: 'Handshake',
    default: '',
    placeholder: 'Authorization: Bearer token',
    multiline: true,
  },
  {
    type: 'number',
    id: 'requiredStatus',
    label: 'status without them',
    help: 'HTTP status that answers a client without the required headers.',
    group: 'Handshake',
    min: 300,
    max: 599,
    default: 401,
  },
  {
    type: 'number',
    id: 'refuseStatus',
    label: 'refuse with status',
    help: 'Refuses every handshake with this HTTP status, to see what a client makes of it. Empty = clients are let in.',
    group: 'Handshake',
    min: 300,
    max: 599,
    default: null,
    placeholder: 'lets in',
  },
  {
    type: 'text',
    id: 'responseHeaders',
    label: 'response headers',
    help: 'One Name: value a line, sent with every answer. A name that the answer has itself takes the place of its own, right or wrong.',
    group: 'Handshake',
    default: '',
    placeholder: 'Set-Cookie: session=1',
    multiline: true,
  },
  {
    type: 'number',
    id: 'handshakeTimeout',
    label: 'handshake time-out',
    help: 'Longest time that a client may take for TLS and its request. 0 = no limit.',
    group: 'Handshake',
    unit: 'ms',
    min: 0,
    max: TIMER_MAX_MS,
    default: 10_000,
  },
] as const satisfies readonly Field[];

const tlsFields = [
  {
    type: 'choice',
    id: 'tls',
    label: 'TLS',
    help: 'made: a new self-signed certificate for localhost and the address; the row certificate has it. An address with wss:// has TLS, too.',
    group: 'TLS',
    default: 'off',
    choices: [
      { value: 'off', label: 'off' },
      { value: 'made', label: 'certificate made on the spot' },
      { value: 'given', label: 'certificate given below' },
    ],
  },
  {
    type: 'text',
    id: 'cert',
    label: 'cert',
    help: 'The certificate as PEM, and behind it those between it and its root.',
    group: 'TLS',
    default: '',
    placeholder: '-----BEGIN CERTIFICATE-----',
    multiline: true,
  },
  {
    type: 'text',
    id: 'key',
    label: 'key',
    help: 'Its private key as PEM, without a passphrase. It is kept with the tab, unencrypted.',
    group: 'TLS',
    default: '',
    placeholder: '-----BEGIN PRIVATE KEY-----',
    multiline: true,
    secret: true,
  },
] as const satisfies readonly Field[];

/** What stands before the address: nothing, ws:// or wss://. */
const SCHEME = /^\s*(wss?):\/\/([^/]*)\/?\s*$/i;

/** The address as the parser of TCP reads it, and what its scheme says; null when it has none. */
export function splitScheme(address: string): { readonly scheme: 'ws' | 'wss' | null; readonly rest: string } {
  const match = SCHEME.exec(address);
  if (match === null) return { scheme: null, rest: address };
  return { scheme: match[1]?.toLowerCase() === 'wss' ? 'wss' : 'ws', rest: match[2] ?? '' };
}

/**
 * Kinds beyond those of a connection. Of the session (peer 0), direction `none`:
 *
 *   lookup      host, address, family (4 or 6); or host, code when it failed. One per address, none for a literal
 *   listening   address, port; for a path only address
 *   certificate its own, see shared/certificate-text.ts. made: here; subject, issuer, subjectaltname, validFrom, validTo,
 *               serialNumber, fingerprint256, key
 *   getConnections  count
 *   address     as listening
 *   stopped     the server accepts no more and its last connection has ended
 *
 * Of a connection, before `open`:
 *
 *   connection  local, remote: formatted addresses
 *   secureConnect  protocol, cipher, servername (null when the client has named none)
 *   request     in; the handshake as it came. method, path; cut: true when it is not whole or no HTTP
 *   response    out; the answer as it goes over the wire. status, reason
 *   drop        local, remote, maxConnections: a connection above maxConnections, which is answered with 503
 *
 * And when a behaviour has more to say to it than it takes:
 *
 *   skip        by (the behaviour), queued: bytes that wait; from here on it gets nothing more
 *   skipped     by, messages, bytes: what it did not get; it gets everything again, or has ended
 */
export const webSocketServerSpec = {
  id: 'websocket-server',
  title: 'WebSocket server',
  tag: 'WS⇠',
  hue: 'ws',
  role: 'server',
  address: {
    placeholder: 'port, host:port or a socket path, with ws:// or wss:// before it or not; a port alone is 127.0.0.1',
    default: '127.0.0.1:8080',
  },
  verbs: { open: 'Listen', close: 'Stop' },
  fields: [...serverFields, ...handshakeFields, ...tlsFields, ...deflateFields, ...connectionFields],
  kinds: [
    'lookup',
    'listening',
    'certificate',
    'getConnections',
    'address',
    'stopped',
    'connection',
    'secureConnect',
    'request',
    'response',
    'skip',
    'skipped',
    ...connectionKinds,
    'drop',
  ],
  messageKinds,
  peerFacts: ['path', 'subprotocol', 'headers'],
  longestMessage: WEBSOCKET_PAYLOAD_MOST_BYTES,
  actions: [
    {
      id: 'stop',
      label: 'Stop accepting (close)',
      help: 'server.close(): accepts no more. The connections stay; the server has stopped when the last one has ended.',
      on: 'session',
      menu: 'close',
    },
    ...connectionActions,
    frameAction('none'),
    {
      id: 'getConnections',
      label: 'getConnections',
      help: 'server.getConnections(): counts the connections, as a row.',
      on: 'session',
      menu: 'socket',
    },
    {
      id: 'address',
      label: 'address',
      help: 'server.address(): the bound address, as a row.',
      on: 'session',
      menu: 'socket',
    },
  ],
  warning: (address: string, _options: Options) => {
    const endpoint = parseEndpoint(splitScheme(address).rest, 'server');
    return endpoint.ok ? exposure(endpoint.value) : null;
  },
} as const satisfies Spec;
