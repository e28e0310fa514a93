/** The action `frame`: one frame as a person puts it together, right or wrong (frame-values.ts makes the bytes of it). */
import type { ActionSpec, Field } from '../spec.ts';

const HEAD = 'Head';
const LENGTH = 'Length';
const PAYLOAD = 'Payload';

const fields = [
  {
    type: 'choice',
    id: 'opcode',
    label: 'opcode',
    help: '3 to 7 and 11 to 15 are reserved (RFC 6455 §5.2): a peer that gets one must fail the connection.',
    group: HEAD,
    default: '1',
    choices: [
      { value: '0', label: '0 continuation' },
      { value: '1', label: '1 text' },
      { value: '2', label: '2 binary' },
      { value: '3', label: '3 reserved' },
      { value: '4', label: '4 reserved' },
      { value: '5', label: '5 reserved' },
      { value: '6', label: '6 reserved' },
      { value: '7', label: '7 reserved' },
      { value: '8', label: '8 close' },
      { value: '9', label: '9 ping' },
      { value: '10', label: '10 pong' },
      { value: '11', label: '11 reserved' },
      { value: '12', label: '12 reserved' },
      { value: '13', label: '13 reserved' },
      { value: '14', label: '14 reserved' },
      { value: '15', label: '15 reserved' },
    ],
  },
  {
    type: 'boolean',
    id: 'fin',
    label: 'FIN',
    help: 'The last frame of its message. Off: fragments follow.',
    group: HEAD,
    default: true,
  },
  {
    type: 'boolean',
    id: 'rsv1',
    label: 'RSV1',
    help: 'Compressed, where permessage-deflate was agreed (RFC 7692 §6); else a violation.',
    group: HEAD,
    default: false,
  },
  { type: 'boolean', id: 'rsv2', label: 'RSV2', help: 'No extension uses it.', group: HEAD, default: false },
  { type: 'boolean', id: 'rsv3', label: 'RSV3', help: 'No extension uses it.', group: HEAD, default: false },
  {
    type: 'choice',
    id: 'lengthForm',
    label: 'length in',
    help: 'The shortest form is the only right one (RFC 6455 §5.2).',
    group: LENGTH,
    default: 'auto',
    choices: [
      { value: 'auto', label: 'shortest' },
      { value: '7', label: '7 bits' },
      { value: '16', label: '16 bits' },
      { value: '64', label: '64 bits' },
    ],
  },
  {
    type: 'number',
    id: 'declaredLength',
    label: 'declared length',
    help: 'What the head says that the payload has. Empty = what it has.',
    group: LENGTH,
    unit: 'bytes',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    default: null,
    placeholder: 'as it is',
  },
  {
    type: 'number',
    id: 'splitAt',
    label: 'split at',
    help: 'Writes the frame in two parts, the second from this byte on. Empty = in one.',
    group: LENGTH,
    unit: 'bytes',
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
    default: null,
    placeholder: 'whole',
  },
  {
    type: 'text',
    id: 'payload',
    label: 'payload',
    help: 'In hex, before it is masked: 68 65 6c 6c 6f. A close frame begins with its code, 03 e8.',
    group: PAYLOAD,
    default: '',
    placeholder: '68 65 6c 6c 6f',
    multiline: true,
  },
] as const satisfies readonly Field[];

/** @param mask that is right for this role: `random` for a client, `none` for a server (RFC 6455 §5.1) */
export function frameAction(mask: 'random' | 'none'): ActionSpec {
  const [opcode, fin, rsv1, rsv2, rsv3, ...others] = fields;
  const masks: Field = {
    type: 'choice',
    id: 'mask',
    label: 'mask',
    help: 'A client has to mask with a random key, a server must not mask (RFC 6455 §5.1).',
    group: HEAD,
    default: mask,
    choices: [
      { value: 'none', label: 'none' },
      { value: 'random', label: 'random key' },
      { value: 'zero', label: 'key of zeros' },
      { value: 'not-applied', label: 'wrong: key not applied' },
      { value: 'no-key', label: 'wrong: flag without a key' },
      { value: 'not-flagged', label: 'wrong: masked without the flag' },
    ],
  };
  return {
    id: 'frame',
    label: 'Send a frame',
    help: 'Sends one frame as it is put together, right or wrong, to see what the peer makes of it.',
    on: 'peer',
    menu: 'socket',
    fields: [opcode, fin, rsv1, rsv2, rsv3, masks, ...others],
  };
}
