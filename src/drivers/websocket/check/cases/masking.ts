/** RFC 6455 §5.1 and §5.3: clients mask, servers do not. */
import type { CheckCase } from '../check-case.ts';
import {
  binary,
  caseMaker,
  close,
  echoBinary,
  echoText,
  failed,
  last,
  letters,
  newKeys,
  pattern,
  ping,
  pong,
  ponged,
  send,
  text,
  textStart,
} from '../pieces.ts';

const make = caseMaker('Masking', 'masking');

const unmasked = [
  ['text', 'text', text('hello', { mask: 'wrong' })],
  ['text-empty', 'empty text', text('', { mask: 'wrong' })],
  ['text-126', 'text of 126 bytes', text(letters(126), { mask: 'wrong' })],
  ['binary', 'binary message', binary(pattern(20), { mask: 'wrong' })],
  ['binary-65536', 'binary message of 65536 bytes', binary(pattern(65_536), { mask: 'wrong' })],
  ['ping', 'ping', ping('hello', { mask: 'wrong' })],
  ['pong', 'pong', pong('hello', { mask: 'wrong' })],
  ['close', 'close frame', close(1000, '', { mask: 'wrong' })],
] as const;

export const maskingCases: readonly CheckCase[] = [
  ...unmasked.map(([name, words, piece]) =>
    make(`unmasked-${name}`, `A client does not mask: ${words}`, '5.1', [send(piece), failed(1002)], {
      subject: 'server',
    }),
  ),
  ...unmasked.map(([name, words, piece]) =>
    make(`masked-${name}`, `A server masks: ${words}`, '5.1', [send(piece), failed(1002)], { subject: 'client' }),
  ),
  make('second-frame-wrong', 'The second frame of a message is masked otherwise than the first', '5.1', [
    send(textStart('he'), last('llo', { mask: 'wrong' })),
    failed(1002),
  ]),
  make('second-message-wrong', 'The second message is masked otherwise than the first', '5.1', [
    send(text('first')),
    echoText('first'),
    send(text('second', { mask: 'wrong' })),
    failed(1002),
  ]),
  ...(['zero', 'ones'] as const).flatMap((mask) => {
    const key = mask === 'zero' ? '00 00 00 00' : 'ff ff ff ff';
    return [
      make(`key-${mask}-text`, `Text masked with ${key}`, '5.3', [send(text('Grüße', { mask })), echoText('Grüße')], {
        subject: 'server',
      }),
      make(
        `key-${mask}-binary`,
        `Binary masked with ${key}`,
        '5.3',
        [send(binary(pattern(300), { mask })), echoBinary(pattern(300))],
        {
          subject: 'server',
        },
      ),
      make(`key-${mask}-ping`, `Ping masked with ${key}`, '5.3', [send(ping('key', { mask })), ponged('key')], {
        subject: 'server',
      }),
    ];
  }),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((length) =>
    make(`length-${length}`, `A payload of ${length} bytes: the key begins anew with each frame`, '5.3', [
      send(binary(pattern(length)), binary(pattern(length))),
      echoBinary(pattern(length)),
      echoBinary(pattern(length)),
    ]),
  ),
  make(
    'new-keys',
    'A client takes a new key for each frame',
    '5.3',
    [...Array.from({ length: 20 }, (_, index) => [send(text(`${index}`)), echoText(`${index}`)]).flat(), newKeys],
    { subject: 'client' },
  ),
];
