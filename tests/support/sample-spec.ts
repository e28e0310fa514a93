/** A protocol with one field of each kind, for tests of the window. */
import type { Spec } from '../../src/drivers/spec.ts';

export const sampleSpec: Spec = {
  id: 'sample-server',
  title: 'Sample server',
  tag: 'SMP',
  hue: 'tcp',
  role: 'server',
  address: { placeholder: '127.0.0.1:9000', default: '127.0.0.1:0' },
  verbs: { open: 'Listen', close: 'Stop' },
  kinds: [],
  messageKinds: ['data'],
  fields: [
    {
      id: 'backlog',
      type: 'number',
      label: 'backlog',
      help: 'Connections that wait.',
      group: 'Listening',
      default: 511,
      min: 1,
      max: 65_535,
    },
    {
      id: 'maxConnections',
      type: 'number',
      label: 'maxConnections',
      help: 'No more than these.',
      group: 'Listening',
      default: null,
      min: 1,
      max: 1000,
      unit: 'sockets',
    },
    { id: 'exclusive', type: 'boolean', label: 'exclusive', help: 'Not shared.', group: 'Listening', default: false },
    { id: 'localAddress', type: 'text', label: 'localAddress', help: 'Where from.', group: 'Socket', default: '' },
    {
      id: 'behaviour',
      type: 'choice',
      label: 'behaviour',
      help: 'What it does.',
      group: 'Socket',
      default: 'none',
      choices: [
        { value: 'none', label: 'none' },
        { value: 'echo', label: 'echo' },
      ],
    },
  ],
  actions: [
    { id: 'end', label: 'End (FIN)', help: 'socket.end()', on: 'peer', menu: 'close' },
    {
      id: 'resetAndDestroy',
      label: 'Reset (RST)',
      help: 'socket.resetAndDestroy()',
      on: 'peer',
      menu: 'close',
      danger: true,
    },
    { id: 'destroy', label: 'Destroy', help: 'socket.destroy()', on: 'peer', menu: 'close', danger: true },
  ],
};
