/**
 * TCP as Node offers it: the options of `net.connect` and `server.listen`, the
 * calls and events of `net.Socket` and `net.Server`, each by its own name.
 */
import { exposure, parseEndpoint } from '../../shared/address.ts';
import { TIMER_MAX_MS } from '../../shared/limits.ts';
import { TELNET_COLUMNS, TELNET_ROWS, TELNET_SIZE_MAX } from '../../shared/telnet-limits.ts';
import type { Spec } from '../spec.ts';
import { closeActions, connectionKinds, socketFields } from './socket-spec.ts';

/**
 * Kinds beyond those of a connection:
 *
 *   lookup      host, address, family (4 or 6); or host, code when it failed. One per address, none for a literal
 *   connectionAttempt         address, port, family
 *   connectionAttemptFailed   address, port, family, code
 *   connectionAttemptTimeout  address, port, family, ms
 *   connect     local, remote: formatted addresses (local is '' for a path)
 *   ready       nothing
 */
export const tcpClientSpec = {
  id: 'tcp-client',
  title: 'TCP client',
  tag: 'TCP',
  hue: 'tcp',
  role: 'client',
  address: { placeholder: 'host:port, [IPv6]:port or a socket path', default: '127.0.0.1:9000' },
  verbs: { open: 'Connect', close: 'Disconnect' },
  fields: [
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
      help: 'Longest time for lookup and all attempts together. 0 = as long as the system waits.',
      group: 'Connection',
      unit: 'ms',
      min: 0,
      max: TIMER_MAX_MS,
      default: 10_000,
    },
    {
      type: 'text',
      id: 'localAddress',
      label: 'localAddress',
      help: 'IP address of this machine to connect from. Empty = the system chooses.',
      group: 'Connection',
      default: '',
      placeholder: 'any',
    },
    {
      type: 'number',
      id: 'localPort',
      label: 'localPort',
      help: 'Port of this machine to connect from. Empty = the system chooses.',
      group: 'Connection',
      min: 0,
      max: 65_535,
      default: null,
      placeholder: 'any',
    },
    ...socketFields,
  ],
  kinds: [
    'lookup',
    'connectionAttempt',
    'connectionAttemptFailed',
    'connectionAttemptTimeout',
    'connect',
    'ready',
    ...connectionKinds,
  ],
  messageKinds: ['data'],
  actions: [
    ...closeActions,
    {
      id: 'naws',
      label: 'Window size (NAWS)',
      help: 'Tells the peer by Telnet how large the terminal is, now or as soon as it wants to know (RFC 1073).',
      on: 'peer',
      menu: 'none',
      fields: [
        {
          type: 'number',
          id: 'columns',
          label: 'columns',
          help: 'Width in characters.',
          group: 'Size',
          min: 1,
          max: TELNET_SIZE_MAX,
          default: TELNET_COLUMNS,
        },
        {
          type: 'number',
          id: 'rows',
          label: 'rows',
          help: 'Height in characters.',
          group: 'Size',
          min: 1,
          max: TELNET_SIZE_MAX,
          default: TELNET_ROWS,
        },
      ],
    },
  ],
} as const satisfies Spec;

/**
 * Kinds beyond those of a connection:
 *
 *   lookup      as for the client, when the host is a name
 *   listening   address, port; for a path only address
 *   connection  local, remote: formatted addresses
 *   drop        local, remote, maxConnections: a connection above maxConnections was refused
 *   getConnections  count
 *   address     as listening
 *   close       no meta: the server has stopped and its last connection has ended
 */
export const tcpServerSpec = {
  id: 'tcp-server',
  title: 'TCP server',
  tag: 'TCP⇠',
  hue: 'tcp',
  role: 'server',
  address: { placeholder: 'port, host:port or a socket path; a port alone is 127.0.0.1', default: '127.0.0.1:9000' },
  verbs: { open: 'Listen', close: 'Stop' },
  fields: [
    {
      type: 'choice',
      id: 'behaviour',
      label: 'behaviour',
      help: 'What the server does by itself. echo: sends back what comes. discard: only reads. Both end when the peer ends.',
      group: 'Server',
      default: 'none',
      choices: [
        { value: 'none', label: 'none' },
        { value: 'echo', label: 'echo' },
        { value: 'discard', label: 'discard' },
      ],
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
      help: 'Connections above this number are dropped. Empty = no limit.',
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
    ...socketFields,
  ],
  kinds: ['lookup', 'listening', 'connection', 'drop', 'getConnections', 'address', ...connectionKinds],
  messageKinds: ['data'],
  actions: [
    {
      id: 'close',
      label: 'Stop accepting (close)',
      help: 'server.close(): accepts no more. The close event comes when the last connection has ended.',
      on: 'session',
      menu: 'close',
    },
    ...closeActions,
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
  warning: (address: string) => {
    const endpoint = parseEndpoint(address, 'server');
    return endpoint.ok ? exposure(endpoint.value) : null;
  },
} as const satisfies Spec;
