/** RFC 6455 §5.2: bits and opcodes that have no meaning yet. */
import type { CheckCase } from '../check-case.ts';
import {
  binary,
  caseMaker,
  echoPerhaps,
  failed,
  frame,
  last,
  letters,
  more,
  ping,
  send,
  text,
  textStart,
} from '../pieces.ts';

const makeBits = caseMaker('Reserved bits', 'rsv');
const makeOpcode = caseMaker('Reserved opcodes', 'opcode');

const BITS = [1, 2, 3, 4, 5, 6, 7];
const SINGLE = [1, 2, 4];
const RESERVED = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15];

function bits(rsv: number): string {
  return [rsv & 4 ? 'RSV1' : null, rsv & 2 ? 'RSV2' : null, rsv & 1 ? 'RSV3' : null]
    .filter((name) => name !== null)
    .join(' and ');
}

export const reservedBitsCases: readonly CheckCase[] = [
  ...BITS.map((rsv) =>
    makeBits(`text-${rsv}`, `${bits(rsv)} on a text, without an extension`, '5.2', [
      send(text('hello', { rsv })),
      failed(1002),
    ]),
  ),
  ...BITS.map((rsv) =>
    makeBits(`binary-${rsv}`, `${bits(rsv)} on a binary message`, '5.2', [
      send(binary('hello', { rsv })),
      failed(1002),
    ]),
  ),
  ...SINGLE.map((rsv) =>
    makeBits(`empty-${rsv}`, `${bits(rsv)} on an empty text`, '5.2', [send(text('', { rsv })), failed(1002)]),
  ),
  ...[
    ['ping', 9, ''],
    ['pong', 10, ''],
    ['close', 8, Uint8Array.of(0x03, 0xe8)],
  ].flatMap(([name, opcode, payload]) =>
    SINGLE.map((rsv) =>
      makeBits(`${String(name)}-${rsv}`, `${bits(rsv)} on a ${String(name)} frame`, '5.2', [
        send(frame(Number(opcode), typeof payload === 'number' ? '' : (payload ?? ''), { rsv })),
        failed(1002),
      ]),
    ),
  ),
  ...SINGLE.map((rsv) =>
    makeBits(`continuation-${rsv}`, `${bits(rsv)} on the last fragment`, '5.2', [
      send(textStart('frag'), last('ment', { rsv })),
      failed(1002),
    ]),
  ),
  ...SINGLE.map((rsv) =>
    makeBits(`first-fragment-${rsv}`, `${bits(rsv)} on the first fragment`, '5.2', [
      send(textStart('frag', { rsv }), last('ment')),
      failed(1002),
    ]),
  ),
  ...SINGLE.map((rsv) =>
    makeBits(`after-message-${rsv}`, `A good message, then one with ${bits(rsv)}`, '5.2', [
      send(text('good'), text('bad', { rsv })),
      echoPerhaps('good'),
      failed(1002),
    ]),
  ),
];

export const reservedOpcodeCases: readonly CheckCase[] = [
  ...RESERVED.map((opcode) =>
    makeOpcode(`${opcode}-empty`, `Opcode ${opcode}, without payload`, '5.2', [send(frame(opcode)), failed(1002)]),
  ),
  ...RESERVED.map((opcode) =>
    makeOpcode(`${opcode}-payload`, `Opcode ${opcode}, with a payload and a ping behind`, '5.2', [
      send(frame(opcode, 'reserved'), ping('behind')),
      failed(1002),
    ]),
  ),
  ...RESERVED.map((opcode) =>
    makeOpcode(`${opcode}-within-message`, `Opcode ${opcode} between two fragments`, '5.2', [
      send(textStart('frag'), frame(opcode), last('ment')),
      failed(1002),
    ]),
  ),
  ...[3, 11].map((opcode) =>
    makeOpcode(`${opcode}-fragmented`, `Opcode ${opcode} without FIN`, '5.2', [
      send(frame(opcode, 'frag', { fin: false }), more('ment'), last('')),
      failed(1002),
    ]),
  ),
  ...[7, 15].map((opcode) =>
    makeOpcode(`${opcode}-long`, `Opcode ${opcode} with 1000 bytes`, '5.2', [
      send(frame(opcode, letters(1000))),
      failed(1002),
    ]),
  ),
];
