/** RFC 7692: which frames may be compressed, and what cannot be inflated. */
import type { CheckCase } from '../check-case.ts';
import {
  binary,
  binaryStart,
  caseMaker,
  close,
  deflateSetup,
  echoBinary,
  echoOrClose,
  echoText,
  failed,
  frame,
  hex,
  last,
  more,
  ping,
  pong,
  ponged,
  send,
  text,
  textStart,
} from '../pieces.ts';
import { packed, parts } from '../packing.ts';
import { KNOWN_LIMIT } from './limits.ts';

const make = caseMaker('Compression', 'deflate');
const deflate = deflateSetup();
const rsv = 4;

const agreed = { deflate } as const;
const HELLO = 'Hello, compressed world';
/** 16 MiB of zeros. */
const BOMB = packed(new Uint8Array(16 << 20), { windowBits: 15 });
const [firstByte = new Uint8Array(0), ...otherBytes] = parts(packed(HELLO), 1);

export const compressionFrameCases: readonly CheckCase[] = [
  make('plain', 'A text that is not compressed', 'RFC 7692 §6', [send(text('plain')), echoText('plain')], agreed),
  make(
    'plain-fragments',
    'Fragments that are not compressed',
    'RFC 7692 §6',
    [send(textStart('pl'), last('ain')), echoText('plain')],
    agreed,
  ),
  make(
    'by-turns',
    'Compressed and not, by turns',
    'RFC 7692 §6',
    [
      send(text(packed('one'), { rsv }), text('two'), binary(packed('three'), { rsv }), binary('four')),
      echoText('one'),
      echoText('two'),
      echoBinary('three'),
      echoBinary('four'),
    ],
    agreed,
  ),
  make(
    'fragments',
    'A compressed text in three fragments',
    'RFC 7692 §6.1',
    [
      send(
        textStart(packed(HELLO).subarray(0, 4), { rsv }),
        more(packed(HELLO).subarray(4, 9)),
        last(packed(HELLO).subarray(9)),
      ),
      echoText(HELLO),
    ],
    agreed,
  ),
  make(
    'fragments-bytes',
    'A compressed text, each byte a fragment',
    'RFC 7692 §6.1',
    [send(textStart(firstByte, { rsv }), ...otherBytes.map((part) => more(part)), last('')), echoText(HELLO)],
    agreed,
  ),
  make(
    'fragments-empty-first',
    'A compressed text whose first fragment is empty',
    'RFC 7692 §6.1',
    [send(textStart('', { rsv }), last(packed(HELLO))), echoText(HELLO)],
    agreed,
  ),
  make(
    'fragments-control',
    'Ping and pong between the fragments of a compressed text',
    'RFC 7692 §6.1',
    [
      send(
        textStart(packed(HELLO).subarray(0, 4), { rsv }),
        ping('within'),
        pong('x'),
        last(packed(HELLO).subarray(4)),
      ),
      ponged('within'),
      echoText(HELLO),
    ],
    agreed,
  ),

  make(
    'rsv1-continuation',
    'RSV1 on the second fragment',
    'RFC 7692 §6.1',
    [send(textStart(packed(HELLO).subarray(0, 4), { rsv }), last(packed(HELLO).subarray(4), { rsv })), failed(1002)],
    agreed,
  ),
  make(
    'rsv1-continuation-only',
    'RSV1 on the second fragment only',
    'RFC 7692 §6.1',
    [send(textStart('pl'), last('ain', { rsv })), failed(1002)],
    agreed,
  ),
  make('rsv1-ping', 'RSV1 on a ping', 'RFC 7692 §6', [send(ping('x', { rsv })), failed(1002)], agreed),
  make('rsv1-pong', 'RSV1 on a pong', 'RFC 7692 §6', [send(pong('x', { rsv })), failed(1002)], agreed),
  make('rsv1-close', 'RSV1 on a close frame', 'RFC 7692 §6', [send(close(1000, '', { rsv })), failed(1002)], agreed),
  make(
    'rsv1-reserved-opcode',
    'RSV1 on a reserved opcode',
    '5.2',
    [send(frame(3, 'x', { rsv })), failed(1002)],
    agreed,
  ),
  ...[1, 2, 3, 5, 6, 7].map((bits) =>
    make(
      `rsv-${bits}`,
      `Reserved bits ${bits.toString(2).padStart(3, '0')}: only RSV1 has a meaning`,
      '5.2',
      [send(text(packed(HELLO), { rsv: bits })), failed(1002)],
      agreed,
    ),
  ),

  make(
    'garbage-reserved-block',
    'A block of the reserved type',
    'RFC 7692 §7.2.2',
    [send(text(hex('06 00 00'), { rsv })), failed(1007, 1002)],
    agreed,
  ),
  make(
    'garbage-ff',
    'Bytes that are no DEFLATE',
    'RFC 7692 §7.2.2',
    [send(text(hex('ff ff ff ff ff ff'), { rsv })), failed(1007, 1002)],
    agreed,
  ),
  make(
    'garbage-stored-length',
    'A stored block whose length is contradicted',
    'RFC 7692 §7.2.2',
    [send(text(hex('00 05 00 00 00 48 65 6c 6c 6f 00'), { rsv })), failed(1007, 1002)],
    agreed,
  ),
  make(
    'garbage-plain',
    'A plain text with RSV1',
    'RFC 7692 §7.2.2',
    [send(text('plain text that is not compressed', { rsv })), failed(1007, 1002)],
    agreed,
  ),
  make(
    'garbage-before-first',
    'A message that refers to what was never sent',
    'RFC 7692 §7.2.2',
    [send(text(packed(HELLO, { after: HELLO }), { rsv })), failed(1007, 1002)],
    agreed,
  ),
  make(
    'garbage-after-good',
    'A good message, then one that cannot be inflated',
    'RFC 7692 §7.2.2',
    [send(text(packed(HELLO), { rsv })), echoText(HELLO), send(text(hex('06 00 00'), { rsv })), failed(1007, 1002)],
    agreed,
  ),
  make(
    'not-utf8',
    'A text that is no UTF-8 once it is inflated',
    '8.1',
    [send(text(packed(hex('c0 af 61')), { rsv })), failed(1007)],
    agreed,
  ),
  make(
    'not-utf8-cut',
    'A text that ends within a character once it is inflated',
    '8.1',
    [send(text(packed(hex('61 e2 82')), { rsv })), failed(1007)],
    agreed,
  ),
  make(
    'not-utf8-fragments',
    'The same in two fragments',
    '8.1',
    [
      send(textStart(packed(hex('61 ff 61')).subarray(0, 2), { rsv }), last(packed(hex('61 ff 61')).subarray(2))),
      failed(1007),
    ],
    agreed,
  ),
  make('bomb', '16 MiB of zeros in 16 KiB, above the limit', '7.4.1', [send(binary(BOMB, { rsv })), failed(1009)], {
    deflate: deflateSetup({ offer: 'permessage-deflate' }),
    maxPayload: KNOWN_LIMIT,
  }),
  make(
    'bomb-fragments',
    'The same in fragments',
    '7.4.1',
    [send(binaryStart('', { rsv }), ...parts(BOMB, 1000).map((part) => more(part)), last('')), failed(1009)],
    { deflate: deflateSetup({ offer: 'permessage-deflate' }), maxPayload: KNOWN_LIMIT },
  ),
  make(
    'ratio',
    '4 MiB of zeros in 4 KiB: taken, or refused with 1009',
    '10.4',
    [
      send(binary(packed(new Uint8Array(4 << 20), { windowBits: 15 }), { rsv })),
      echoOrClose(2, new Uint8Array(4 << 20), 1009),
    ],
    { deflate: deflateSetup({ offer: 'permessage-deflate' }) },
  ),
];
