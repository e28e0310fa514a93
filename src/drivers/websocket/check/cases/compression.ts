/** RFC 7692: permessage-deflate. */
import { constants, deflateRawSync } from 'node:zlib';
import type { CheckCase, DeflateSetup } from '../check-case.ts';
import {
  binary,
  caseMaker,
  deflateSetup,
  echoBinary,
  echoText,
  hex,
  joined,
  last,
  letters,
  pattern,
  send,
  sendOctets,
  text,
  textStart,
  type Content,
} from '../pieces.ts';

import { farRepeat, flushed, noise, packed, WINDOW_BITS } from '../packing.ts';

const make = caseMaker('Compression', 'deflate');
const deflate = deflateSetup();
const withContext = deflateSetup({ needsContext: true });
const rsv = 4;

const HELLO = 'Hello, compressed world';
const LETTERS = letters(3000);

function simple(
  name: string,
  title: string,
  section: string,
  content: Content,
  payload: Uint8Array,
  setup: DeflateSetup = deflate,
): CheckCase {
  return make(name, title, `RFC 7692 §${section}`, [send(text(payload, { rsv })), echoText(content)], {
    deflate: setup,
  });
}

const agreed = { deflate } as const;

export const compressionCases: readonly CheckCase[] = [
  simple('text', 'A compressed text', '6.1', HELLO, packed(HELLO)),
  make(
    'binary',
    'A compressed binary message',
    'RFC 7692 §6.1',
    [send(binary(packed(pattern(500)), { rsv })), echoBinary(pattern(500))],
    agreed,
  ),
  simple('example-fixed', 'The RFC’s example of one block', '7.2.3.1', 'Hello', hex('f2 48 cd c9 c9 07 00')),
  make(
    'example-fragments',
    'The RFC’s example in two fragments',
    'RFC 7692 §7.2.3.1',
    [send(textStart(hex('f2 48 cd'), { rsv }), last(hex('c9 c9 07 00'))), echoText('Hello')],
    agreed,
  ),
  make(
    'example-window',
    'The RFC’s example of a message that refers to the one before',
    'RFC 7692 §7.2.3.2',
    [
      send(text(hex('f2 48 cd c9 c9 07 00'), { rsv })),
      echoText('Hello'),
      send(text(hex('f2 00 11 00 00'), { rsv })),
      echoText('Hello'),
    ],
    { deflate: withContext },
  ),
  simple(
    'example-stored',
    'The RFC’s example of a block that is not compressed',
    '7.2.3.3',
    'Hello',
    hex('00 05 00 fa ff 48 65 6c 6c 6f 00'),
  ),
  simple(
    'example-bfinal',
    'The RFC’s example of a block with BFINAL',
    '7.2.3.4',
    'Hello',
    hex('f3 48 cd c9 c9 07 00 00'),
  ),
  simple(
    'example-two-blocks',
    'The RFC’s example of two blocks',
    '7.2.3.5',
    'Hello',
    hex('f2 48 05 00 00 00 ff ff ca c9 c9 07 00'),
  ),
  simple('empty', 'An empty compressed text', '7.2.3.6', '', hex('00')),
  make(
    'empty-binary',
    'An empty compressed binary message',
    'RFC 7692 §7.2.3.6',
    [send(binary(hex('00'), { rsv })), echoBinary('')],
    agreed,
  ),
  make('empty-payload', 'RSV1 on a frame without payload', 'RFC 7692 §7.2.2', [send(text('', { rsv })), echoText('')], {
    ...agreed,
    level: 'should',
  }),
  simple('three-thousand', 'A text of 3000 bytes', '7.2.1', LETTERS, packed(LETTERS)),
  ...[0, 1, 9].map((level) =>
    simple(`level-${level}`, `Compressed at level ${level} of zlib`, '7.2.1', LETTERS, packed(LETTERS, { level })),
  ),
  simple(
    'huffman-only',
    'A block with Huffman codes only',
    '7.2.1',
    LETTERS,
    packed(LETTERS, { strategy: constants.Z_HUFFMAN_ONLY }),
  ),
  simple(
    'fixed-codes',
    'A block with fixed Huffman codes',
    '7.2.1',
    LETTERS,
    packed(LETTERS, { strategy: constants.Z_FIXED }),
  ),
  simple(
    'three-blocks',
    'A text in three blocks',
    '7.2.3.5',
    joined('one ', 'two ', 'three'),
    joined(flushed('one '), flushed('two '), packed('three')),
  ),
  simple(
    'blocks-mixed',
    'A stored block, then a compressed one',
    '7.2.3.5',
    joined('stored ', LETTERS),
    joined(flushed('stored ', { level: 0 }), packed(LETTERS)),
  ),
  simple(
    'bfinal-long',
    'A long text that ends with BFINAL',
    '7.2.3.4',
    LETTERS,
    joined(deflateRawSync(LETTERS, { windowBits: WINDOW_BITS }), hex('00')),
  ),
  make(
    'bfinal-then',
    'A message that ends with BFINAL, then another',
    'RFC 7692 §7.2.3.4',
    [
      send(text(hex('f3 48 cd c9 c9 07 00 00'), { rsv }), text(packed('next'), { rsv })),
      echoText('Hello'),
      echoText('next'),
    ],
    agreed,
  ),
  make(
    'noise',
    'What cannot be compressed, 20000 bytes of it',
    'RFC 7692 §7.2.1',
    [send(binary(packed(noise(20_000)), { rsv })), echoBinary(noise(20_000))],
    agreed,
  ),
  make(
    'large',
    'A binary message of 256 KiB',
    'RFC 7692 §7.2.1',
    [send(binary(packed(pattern(1 << 18)), { rsv })), echoBinary(pattern(1 << 18))],
    agreed,
  ),
  simple('utf8', 'A compressed text in many scripts', '6.2', 'Grüße 한국어 😀', packed('Grüße 한국어 😀')),
  make(
    'octets',
    'A compressed text, each octet in a write of its own',
    'RFC 7692 §6.2',
    [sendOctets(text(packed(HELLO), { rsv })), echoText(HELLO)],
    agreed,
  ),

  make(
    'context',
    'Messages that refer to those before',
    'RFC 7692 §7.1.1.2',
    [
      send(
        text(packed(HELLO), { rsv }),
        text(packed(HELLO, { after: HELLO }), { rsv }),
        text(packed(HELLO, { after: joined(HELLO, HELLO) }), { rsv }),
      ),
      echoText(HELLO),
      echoText(HELLO),
      echoText(HELLO),
    ],
    { deflate: withContext },
  ),
  make(
    'context-plain-between',
    'A message that is not compressed does not count for those that refer back',
    'RFC 7692 §6',
    [
      send(text(packed(HELLO), { rsv }), text('not compressed'), text(packed(HELLO, { after: HELLO }), { rsv })),
      echoText(HELLO),
      echoText('not compressed'),
      echoText(HELLO),
    ],
    { deflate: withContext },
  ),
  make(
    'context-far',
    'A message that refers 30000 bytes back',
    'RFC 7692 §7.1.2.2',
    [send(binary(packed(farRepeat(30_000), { windowBits: 15 }), { rsv })), echoBinary(farRepeat(30_000))],
    { deflate: deflateSetup({ offer: 'permessage-deflate' }) },
  ),
  make(
    'no-context',
    'Ten messages, each compressed by itself',
    'RFC 7692 §7.1.1.2',
    Array.from({ length: 10 }, () => [send(text(packed(HELLO), { rsv })), echoText(HELLO)]).flat(),
    agreed,
  ),
  make(
    'no-context-agreed',
    'client_no_context_takeover: ten messages, each by itself',
    'RFC 7692 §7.1.1.2',
    Array.from({ length: 10 }, () => [send(text(packed(HELLO), { rsv })), echoText(HELLO)]).flat(),
    {
      deflate: deflateSetup({
        offer: 'permessage-deflate; client_no_context_takeover',
        answer: 'permessage-deflate; client_no_context_takeover',
      }),
    },
  ),
  make(
    'no-context-peer',
    'server_no_context_takeover: the server’s messages do not refer to those before',
    'RFC 7692 §7.1.1.1',
    Array.from({ length: 5 }, () => [send(text(packed(LETTERS), { rsv })), echoText(LETTERS)]).flat(),
    { subject: 'server', deflate: deflateSetup({ offer: 'permessage-deflate; server_no_context_takeover' }) },
  ),
  make(
    'no-context-peer',
    'client_no_context_takeover: the client’s messages do not refer to those before',
    'RFC 7692 §7.1.1.2',
    Array.from({ length: 5 }, () => [send(text(packed(LETTERS), { rsv })), echoText(LETTERS)]).flat(),
    { subject: 'client', deflate: deflateSetup({ answer: 'permessage-deflate; client_no_context_takeover' }) },
  ),
  ...[9, 10, 12, 15].map((bits) =>
    make(
      `server-window-${bits}`,
      `server_max_window_bits=${bits}: what the server sends reaches back no farther`,
      'RFC 7692 §7.1.2.1',
      [
        send(binary(packed(farRepeat(6000)), { rsv })),
        echoBinary(farRepeat(6000)),
        send(binary(packed(farRepeat(700)), { rsv })),
        echoBinary(farRepeat(700)),
      ],
      { subject: 'server', deflate: deflateSetup({ offer: `permessage-deflate; server_max_window_bits=${bits}` }) },
    ),
  ),
  ...[9, 10, 12, 15].map((bits) =>
    make(
      `client-window-${bits}`,
      `client_max_window_bits=${bits}: what the client sends reaches back no farther`,
      'RFC 7692 §7.1.2.2',
      [
        send(binary(packed(farRepeat(6000)), { rsv })),
        echoBinary(farRepeat(6000)),
        send(binary(packed(farRepeat(700)), { rsv })),
        echoBinary(farRepeat(700)),
      ],
      { subject: 'client', deflate: deflateSetup({ answer: `permessage-deflate; client_max_window_bits=${bits}` }) },
    ),
  ),
  make(
    'all-params',
    'All four parameters at once',
    'RFC 7692 §7.1',
    [send(text(packed(LETTERS), { rsv })), echoText(LETTERS)],
    {
      subject: 'server',
      deflate: deflateSetup({
        offer:
          'permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits=10',
      }),
    },
  ),
];
