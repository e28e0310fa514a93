/** TCP without a network: a pair of drivers inside one process, for tests. The address is a name. */
import { TIMER_MAX_MS } from '../../shared/limits.ts';
import type { ActionSpec, Field, Spec } from '../spec.ts';

/** Kinds and meta as those of TCP (tcp/socket-spec.ts), as far as they exist here. */
const connectionKinds = [
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
] as const;

const socketFields = [
  {
    type: 'boolean',
    id: 'allowHalfOpen',
    label: 'allowHalfOpen',
    help: 'Keeps this side open for sending after the peer has ended.',
    group: 'Socket',
    default: false,
  },
  {
    type: 'number',
    id: 'setTimeout',
    label: 'setTimeout',
    help: 'Idle time after which a timeout event comes. 0 = never.',
    group: 'Socket',
    unit: 'ms',
    min: 0,
    max: TIMER_MAX_MS,
    default: 0,
  },
] as const satisfies readonly Field[];

const closeActions = [
  { id: 'end', label: 'End (FIN)', help: 'Sends what is queued, then ends.', on: 'peer', menu: 'close' },
  { id: 'destroy', label: 'Destroy', help: 'Closes at once.', on: 'peer', menu: 'close', danger: true },
  { id: 'resetAndDestroy', label: 'Reset (RST)', help: 'Breaks off.', on: 'peer', menu: 'close', danger: true },
] as const satisfies readonly ActionSpec[];

export const memoryClientSpec = {
  id: 'memory-client',
  title: 'Memory client',
  tag: 'MEM',
  hue: 'tcp',
  role: 'client',
  address: { placeholder: 'name', default: 'memory' },
  verbs: { open: 'Connect', close: 'Disconnect' },
  fields: [
    {
      type: 'number',
      id: 'connectTimeout',
      label: 'connect time-out',
      help: 'Longest time to wait for the server. 0 = for ever.',
      group: 'Connection',
      unit: 'ms',
      min: 0,
      max: TIMER_MAX_MS,
      default: 0,
    },
    ...socketFields,
  ],
  kinds: ['connect', 'ready', ...connectionKinds],
  messageKinds: ['data'],
  actions: closeActions,
} as const satisfies Spec;

export const memoryServerSpec = {
  id: 'memory-server',
  title: 'Memory server',
  tag: 'MEM⇠',
  hue: 'tcp',
  role: 'server',
  address: { placeholder: 'name', default: 'memory' },
  verbs: { open: 'Listen', close: 'Stop' },
  fields: [
    {
      type: 'boolean',
      id: 'echo',
      label: 'echo',
      help: 'Sends back what comes.',
      group: 'Server',
      default: false,
    },
    {
      type: 'boolean',
      id: 'unresponsive',
      label: 'unresponsive',
      help: 'Never answers a client that connects, like a host that is down.',
      group: 'Server',
      default: false,
    },
    ...socketFields,
  ],
  kinds: ['listening', 'connection', ...connectionKinds],
  messageKinds: ['data'],
  actions: [
    {
      id: 'close',
      label: 'Stop accepting (close)',
      help: 'Accepts no more; ends when the last connection has ended.',
      on: 'session',
      menu: 'close',
    },
    ...closeActions,
  ],
} as const satisfies Spec;
