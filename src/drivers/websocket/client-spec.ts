/** A WebSocket client: the handshake as a person writes it (RFC 6455 §4.1), then what every connection has. */
import { TIMER_MAX_MS } from '../../shared/limits.ts';
import { REDIRECTS_MOST, WEBSOCKET_PAYLOAD_MOST_BYTES } from '../../shared/websocket-limits.ts';
import { reconnectFields } from '../../shared/reconnect.ts';
import type { Field, Options, Spec } from '../spec.ts';
import { frameAction } from './frame-spec.ts';
import { connectionActions, connectionFields, connectionKinds, deflateFields, messageKinds } from './websocket-spec.ts';

const requestFields = [
  {
    type: 'text',
    id: 'headers',
    label: 'headers',
    help: 'One Name: value a line, sent in this order. A name that the handshake has itself takes the place of its own.',
    group: 'Request',
    default: '',
    placeholder: 'Name: value',
    multiline: true,
  },
  {
    type: 'text',
    id: 'subprotocols',
    label: 'Sec-WebSocket-Protocol',
    help: 'Subprotocols that this side speaks, with commas between them, the liked one first. The server chooses one.',
    group: 'Request',
    default: '',
    placeholder: 'none',
  },
  {
    type: 'text',
    id: 'origin',
    label: 'Origin',
    help: 'What a browser would say of the page that connects. Empty = no such header.',
    group: 'Request',
    default: '',
    placeholder: 'none',
  },
  {
    type: 'text',
    id: 'cookies',
    label: 'Cookie',
    help: 'Cookies for the handshake: name=value; other=value.',
    group: 'Request',
    default: '',
    placeholder: 'none',
  },
  {
    type: 'number',
    id: 'redirects',
    label: 'redirects',
    help: 'How many are followed. Credentials and cookies go to the same origin only. 0 = the answer is shown.',
    group: 'Request',
    min: 0,
    max: REDIRECTS_MOST,
    default: 0,
  },
] as const satisfies readonly Field[];

const authFields = [
  {
    type: 'choice',
    id: 'auth',
    label: 'Authorization',
    help: 'Who connects. A name and password in the address are sent as Basic, too.',
    group: 'Authorization',
    default: 'none',
    choices: [
      { value: 'none', label: 'none' },
      { value: 'basic', label: 'Basic' },
      { value: 'bearer', label: 'Bearer' },
    ],
  },
  {
    type: 'text',
    id: 'authName',
    label: 'name',
    help: 'For Basic (RFC 7617).',
    group: 'Authorization',
    default: '',
  },
  {
    type: 'text',
    id: 'authPassword',
    label: 'password',
    help: 'For Basic. It is kept with the tab, unencrypted.',
    group: 'Authorization',
    default: '',
    secret: true,
  },
  {
    type: 'text',
    id: 'authToken',
    label: 'token',
    help: 'For Bearer (RFC 6750). It is kept with the tab, unencrypted.',
    group: 'Authorization',
    default: '',
    secret: true,
  },
] as const satisfies readonly Field[];

const dialFields = [
  {
    type: 'choice',
    id: 'family',
    label: 'family',
    help: 'Which addresses of a name are tried. auto: all, by turns (Happy Eyeballs, Node’s autoSelectFamily).',
    group: 'Connection',
    default: 'auto',
    choices: [
      { value: 'auto', label: 'auto' },
      { value: '4', label: 'IPv4' },
      { value: '6', label: 'IPv6' },
    ],
  },
  {
    type: 'number',
    id: 'connectTimeout',
    label: 'connect time-out',
    help: 'Longest time for lookup, all attempts and the proxy together. 0 = as long as the system waits.',
    group: 'Connection',
    unit: 'ms',
    min: 0,
    max: TIMER_MAX_MS,
    default: 10_000,
  },
  {
    type: 'number',
    id: 'handshakeTimeout',
    label: 'handshake time-out',
    help: 'Longest time from there until the server has answered, with TLS. 0 = no limit.',
    group: 'Connection',
    unit: 'ms',
    min: 0,
    max: TIMER_MAX_MS,
    default: 10_000,
  },
  {
    type: 'choice',
    id: 'proxy',
    label: 'proxy',
    help: 'system: what HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY say in the environment.',
    group: 'Proxy',
    default: 'none',
    choices: [
      { value: 'none', label: 'none' },
      { value: 'system', label: 'system' },
      { value: 'http', label: 'HTTP CONNECT' },
      { value: 'socks5', label: 'SOCKS5' },
    ],
  },
  {
    type: 'text',
    id: 'proxyAddress',
    label: 'proxy address',
    help: 'host:port of the proxy.',
    group: 'Proxy',
    default: '',
    placeholder: '127.0.0.1:3128',
  },
  {
    type: 'text',
    id: 'proxyName',
    label: 'proxy name',
    help: 'Name for the proxy: Basic for CONNECT, RFC 1929 for SOCKS5. Empty = none.',
    group: 'Proxy',
    default: '',
  },
  {
    type: 'text',
    id: 'proxyPassword',
    label: 'proxy password',
    help: 'Password for the proxy. It is kept with the tab, unencrypted.',
    group: 'Proxy',
    default: '',
    secret: true,
  },
] as const satisfies readonly Field[];

const tlsFields = [
  {
    type: 'boolean',
    id: 'rejectUnauthorized',
    label: 'rejectUnauthorized',
    help: 'Ends the handshake when the certificate cannot be trusted. Off: anybody may answer in the server’s place.',
    group: 'TLS',
    default: true,
  },
  {
    type: 'text',
    id: 'ca',
    label: 'ca',
    help: 'Certificates to trust beside those that Node brings, as PEM.',
    group: 'TLS',
    default: '',
    placeholder: '-----BEGIN CERTIFICATE-----',
    multiline: true,
  },
  {
    type: 'text',
    id: 'servername',
    label: 'servername',
    help: 'Name of the server for SNI and for the check of its certificate. Empty = the host of the address.',
    group: 'TLS',
    default: '',
    placeholder: 'host of the address',
  },
] as const satisfies readonly Field[];

/**
 * Kinds beyond those of a connection; they belong to the session (peer 0):
 *
 *   lookup      host, address, family (4 or 6); or host, code when it failed. One per address, none for a literal
 *   connectionAttempt         address, port, family
 *   connectionAttemptFailed   address, port, family, code
 *   connectionAttemptTimeout  address, port, family, ms
 *   connect     local, remote: formatted addresses; proxy: that of the proxy when there is one
 *   proxy       out, in; the bytes to and from the proxy, without passwords. type: `http` or `socks5`
 *   secureConnect  the certificates, see shared/certificate-text.ts. protocol, cipher, alpn, servername, authorized,
 *               authorizationError, and of the server's own: subject, issuer, subjectaltname, validFrom, validTo,
 *               serialNumber, fingerprint256, key
 *   request     out; the handshake as it goes over the wire
 *   response    in; the answer as it came, of a refusal with its body. status, reason; cut: true when the body goes on
 *   redirect    status, location, address: the address that is tried next, without password
 */
export const webSocketClientSpec = {
  id: 'websocket-client',
  title: 'WebSocket client',
  tag: 'WS',
  hue: 'ws',
  role: 'client',
  address: { placeholder: 'ws://host:port/path or wss://host/path', default: 'ws://127.0.0.1:8080/', hasQuery: true },
  verbs: { open: 'Connect', close: 'Disconnect' },
  fields: [
    ...requestFields,
    ...authFields,
    ...dialFields,
    ...reconnectFields,
    ...tlsFields,
    ...deflateFields,
    ...connectionFields,
  ],
  kinds: [
    'lookup',
    'connectionAttempt',
    'connectionAttemptFailed',
    'connectionAttemptTimeout',
    'connect',
    'proxy',
    'secureConnect',
    'request',
    'response',
    'redirect',
    ...connectionKinds,
  ],
  messageKinds,
  longestMessage: WEBSOCKET_PAYLOAD_MOST_BYTES,
  actions: [...connectionActions, frameAction('random')],
  standards: 'RFC 6455 and RFC 7692',
  warning: (address: string, options: Options) =>
    /^\s*wss:/i.test(address) && options.rejectUnauthorized === false
      ? 'The certificate of the server is not checked: anybody on the way may read and change everything.'
      : null,
} as const satisfies Spec;
