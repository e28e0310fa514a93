import { describe, expect, it } from 'vitest';
import type { FrameReaderOptions } from '../../../src/drivers/websocket/frame-reader.ts';
import { asClient, asServer, bytesOf, eventsOf } from '../../support/frame-events.ts';

const deflates: FrameReaderOptions = { ...asClient, allowRsv1: true };
const small: FrameReaderOptions = { ...asClient, maxPayload: 10 };
const kilobyte = '41'.repeat(1024);

/** Name, role, bytes, what is told. Each is read at once, byte by byte, and in two parts cut anywhere. */
const cases: readonly (readonly [string, FrameReaderOptions, string, readonly string[]])[] = [
  // RFC 6455 §5.7
  ['a single unmasked text frame', asClient, '81 05 48656c6c6f', ['text 48656c6c6f']],
  ['a single masked text frame', asServer, '81 85 37fa213d 7f9f4d5158', ['text 48656c6c6f']],
  [
    'a fragmented unmasked text message',
    asClient,
    '01 03 48656c 80 02 6c6f',
    ['frame text 48656c', 'frame continuation fin 6c6f'],
  ],
  ['an unmasked ping', asClient, '89 05 48656c6c6f', ['frame ping fin 48656c6c6f']],
  ['a masked pong', asServer, '8a 85 37fa213d 7f9f4d5158', ['frame pong fin 48656c6c6f']],
  ['256 bytes in one frame', asClient, `82 7e 0100 ${'ab'.repeat(256)}`, [`binary ${'ab'.repeat(256)}`]],
  ['64 KiB in one frame', asClient, `82 7f 0000000000010000 ${kilobyte.repeat(64)}`, [`binary ${kilobyte.repeat(64)}`]],
  // lengths
  ['an empty text', asClient, '81 00', ['text ']],
  ['an empty masked message', asServer, '82 80 01020304 81 80 00000000', ['binary ', 'text ']],
  ['125 bytes', asClient, `81 7d ${'41'.repeat(125)}`, [`text ${'41'.repeat(125)}`]],
  ['126 bytes', asClient, `81 7e 007e ${'41'.repeat(126)}`, [`text ${'41'.repeat(126)}`]],
  ['a length in two bytes that would fit in one', asClient, `81 7e 007d ${'41'.repeat(125)}`, ['violation 1002 5.2']],
  ['a length in eight bytes that would fit in two', asClient, '81 7f 000000000000ffff', ['violation 1002 5.2']],
  ['a length with its highest bit set', asClient, '82 7f 8000000000000000', ['violation 1002 5.2']],
  ['a length that no memory holds', asClient, '82 7f 7fffffffffffffff', ['violation 1009 7.4.1']],
  // the limit
  ['a message as long as the limit', small, '81 0a 41414141414141414141', ['text 41414141414141414141']],
  ['a message longer than the limit, at its head', small, '81 0b', ['violation 1009 7.4.1']],
  [
    'fragments that are together longer',
    small,
    '02 06 000000000000 80 05',
    ['frame binary 000000000000', 'violation 1009 7.4.1'],
  ],
  [
    'a ping longer than the limit for messages',
    small,
    `89 0b ${'00'.repeat(11)}`,
    [`frame ping fin ${'00'.repeat(11)}`],
  ],
  // §5.1
  ['a masked frame from a server', asClient, '81 85 37fa213d 7f9f4d5158', ['violation 1002 5.1']],
  ['an unmasked frame from a client', asServer, '81 05 48656c6c6f', ['violation 1002 5.1']],
  [
    'an unmasked pong from a client, behind a message',
    asServer,
    '82 80 00000000 8a 00',
    ['binary ', 'violation 1002 5.1'],
  ],
  // §5.2
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(
    (opcode) => [`the opcode ${opcode}`, asClient, `8${opcode.toString(16)} 00`, ['violation 1002 5.2']] as const,
  ),
  ['RSV1 without an extension', asClient, 'c1 00', ['violation 1002 5.2']],
  ['RSV2', deflates, 'a1 00', ['violation 1002 5.2']],
  ['RSV3 on a ping', deflates, '99 00', ['violation 1002 5.2']],
  // RFC 7692 §6
  ['a compressed message', deflates, 'c1 07 f248cdc9c90700', ['frame text fin rsv4 f248cdc9c90700']],
  [
    'a compressed message in fragments, of any bytes',
    deflates,
    '41 03 ff48cd 80 04 c9c90700',
    ['frame text rsv4 ff48cd', 'frame continuation fin c9c90700'],
  ],
  ['RSV1 on a continuation', deflates, '01 00 c0 00', ['frame text ', 'violation 1002 RFC 7692 §6.1']],
  ['RSV1 on a ping', deflates, 'c9 00', ['violation 1002 RFC 7692 §6.1']],
  ['a message that is not compressed although it may be', deflates, '81 02 6869', ['text 6869']],
  // §5.4
  ['a continuation of nothing', asClient, '80 00', ['violation 1002 5.4']],
  ['a continuation behind a whole message', asClient, '81 00 00 00', ['text ', 'violation 1002 5.4']],
  ['a message within a message', asClient, '01 00 81 00', ['frame text ', 'violation 1002 5.4']],
  [
    'control frames between fragments',
    asClient,
    '01 01 48 89 01 70 80 01 69 82 00',
    ['frame text 48', 'frame ping fin 70', 'frame continuation fin 69', 'binary '],
  ],
  // §5.5
  ['a fragmented ping', asClient, '09 00', ['violation 1002 5.5']],
  ['a ping of 125 bytes', asClient, `89 7d ${'00'.repeat(125)}`, [`frame ping fin ${'00'.repeat(125)}`]],
  ['a ping of 126 bytes', asClient, '89 7e 007e', ['violation 1002 5.5']],
  ['a close frame in a longer form of length', asClient, '88 7e 0002', ['violation 1002 5.5']],
  // §5.5.1, §7.4
  ['a close without a code', asClient, '88 00', ['frame close fin ']],
  ['a close with a code', asClient, '88 02 03e8', ['frame close fin 03e8']],
  ['a close with a reason', asClient, '88 05 0bb8 627965', ['frame close fin 0bb8627965']],
  ['a close of one byte', asClient, '88 01', ['violation 1002 5.5.1']],
  ['a close with 1005', asClient, '88 02 03ed', ['violation 1002 7.4']],
  ['a close with 999', asServer, '88 82 00000000 03e7', ['violation 1002 7.4']],
  ['a close with 65535', asClient, '88 02 ffff', ['violation 1002 7.4']],
  ['a close whose reason is no UTF-8', asClient, '88 03 03e8 80', ['violation 1007 5.5.1']],
  // §8.1
  ['text that is UTF-8', asClient, '81 0b cebae1bdb9cf83cebcceb5', ['text cebae1bdb9cf83cebcceb5']],
  [
    'fragments that end inside a character',
    asClient,
    '01 01 ce 00 03 bae1bd 80 01 b9',
    ['frame text ce', 'frame continuation bae1bd', 'frame continuation fin b9'],
  ],
  ['text that is no UTF-8, behind text that is', asClient, '81 01 61 81 03 61ff61', ['text 61', 'violation 1007 8.1']],
  ['masked text that is no UTF-8', asServer, '81 83 01020304 60fd62', ['violation 1007 8.1']],
  ['text that ends inside a character', asClient, '81 02 61ce', ['violation 1007 8.1']],
  [
    'fragments that end inside a character at last',
    asClient,
    '01 01 61 80 01 ce',
    ['frame text 61', 'violation 1007 8.1'],
  ],
  ['text that is broken before it has come as a whole', asClient, '81 7e 0400 61626380', ['violation 1007 8.1']],
  [
    'a fragment that is broken before it has come as a whole',
    asClient,
    '01 01 e2 80 7e 0400 28',
    ['frame text e2', 'violation 1007 8.1'],
  ],
  ['bytes that are no UTF-8 in a binary message', asClient, '82 02 ff80', ['binary ff80']],
  // the end
  ['nothing behind a wrong head', asClient, '83 00 81 00', ['violation 1002 5.2']],
  ['nothing behind a wrong payload', asClient, '88 02 0000 81 00', ['violation 1002 7.4']],
];

describe('the frame reader, for', () => {
  it.each(cases)('%s', (_name, options, text, told) => {
    const bytes = bytesOf(text);
    expect(eventsOf(options, bytes)).toEqual(told);
    const everywhere = Array.from({ length: Math.min(bytes.length, 2000) }, (_, at) => at);
    expect(eventsOf(options, bytes, everywhere)).toEqual(told);
    for (const cut of everywhere.slice(0, 40)) expect(eventsOf(options, bytes, [cut])).toEqual(told);
  });
});
