/** A protocol with two kinds of messages and a frame composer, for tests of the window. */
import type { Spec } from '../../src/drivers/spec.ts';
import { sampleSpec } from './sample-spec.ts';

export const messageSpec: Spec = {
  ...sampleSpec,
  id: 'message-client',
  role: 'client',
  verbs: { open: 'Connect', close: 'Disconnect' },
  messageKinds: ['text', 'binary'],
  peerFacts: ['path', 'subprotocol'],
  fields: [
    { id: 'headers', type: 'text', label: 'headers', help: 'A line each.', group: 'A', default: '', multiline: true },
    { id: 'token', type: 'text', label: 'token', help: 'Who asks.', group: 'A', default: '', secret: true },
  ],
  actions: [
    {
      id: 'ping',
      label: 'Ping',
      help: 'Sends a ping.',
      on: 'peer',
      menu: 'socket',
      fields: [{ id: 'payload', type: 'text', label: 'payload', help: 'Text.', group: 'Frame', default: '' }],
    },
    {
      id: 'frame',
      label: 'Frame',
      help: 'Sends a frame.',
      on: 'peer',
      menu: 'socket',
      fields: [
        { id: 'opcode', type: 'number', label: 'opcode', help: 'Bits.', group: 'Frame', default: 1, min: 0, max: 15 },
        { id: 'fin', type: 'boolean', label: 'FIN', help: 'The last.', group: 'Frame', default: true },
        { id: 'rsv1', type: 'boolean', label: 'RSV1', help: 'Compressed.', group: 'Frame', default: false },
        {
          id: 'mask',
          type: 'choice',
          label: 'mask',
          help: 'Whether it is masked.',
          group: 'Frame',
          default: 'zero',
          choices: [
            { value: 'none', label: 'none' },
            { value: 'zero', label: 'zero' },
            { value: 'random', label: 'random' },
          ],
        },
        { id: 'payload', type: 'text', label: 'payload', help: 'Hex.', group: 'Frame', default: '', multiline: true },
        {
          id: 'splitAt',
          type: 'number',
          label: 'split at',
          help: 'Two writes.',
          group: 'Frame',
          default: null,
          min: 1,
          max: 99,
        },
      ],
    },
    { id: 'close', label: 'Close', help: 'Sends a close frame.', on: 'peer', menu: 'close' },
    { id: 'terminate', label: 'Terminate', help: 'At once.', on: 'peer', menu: 'close', danger: true },
  ],
};
