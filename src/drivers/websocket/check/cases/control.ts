/** RFC 6455 §5.5: ping and pong, and what control frames must not be. */
import type { CheckCase } from '../check-case.ts';
import {
  binary,
  caseMaker,
  close,
  closed,
  echoBinary,
  echoText,
  failed,
  frame,
  hex,
  last,
  letters,
  more,
  pattern,
  ping,
  pong,
  ponged,
  send,
  sendOctets,
  text,
  textStart,
} from '../pieces.ts';

const make = caseMaker('Ping and pong', 'ping');

const controls = [
  ['ping', 9],
  ['pong', 10],
  ['close', 8],
] as const;

/** A close frame must begin with a code, whatever else is wrong with it. */
function payloadFor(opcode: number, length: number): Uint8Array {
  const payload = letters(length);
  if (opcode === 8) payload.set([0x03, 0xe8].slice(0, length));
  return payload;
}

const burst = Array.from({ length: 10 }, (_, index) => `ping ${index}`);

export const controlCases: readonly CheckCase[] = [
  ...[0, 1, 2, 10, 124, 125].map((length) =>
    make(`payload-${length}`, `A ping with ${length} bytes`, '5.5.2', [
      send(ping(letters(length))),
      ponged(letters(length)),
    ]),
  ),
  make('binary-payload', 'A ping whose payload is no text', '5.5.2', [
    send(ping(hex('00 ff fe fd fc fb 00 ff'))),
    ponged(hex('00 ff fe fd fc fb 00 ff')),
  ]),
  make('octets', 'A ping of 125 bytes, each octet in a write of its own', '5.5.2', [
    sendOctets(ping(pattern(125))),
    ponged(pattern(125)),
  ]),
  make('burst', 'Ten pings in one write', '5.5.3', [
    send(...burst.map((one) => ping(one))),
    ponged('ping 9', burst.slice(0, 9)),
  ]),
  make(
    'burst-one-by-one',
    'Ten pings, each after the pong before',
    '5.5.3',
    burst.flatMap((one) => [send(ping(one)), ponged(one)]),
  ),
  make('then-text', 'A ping and a message in one write', '5.5.2', [
    send(ping('p'), text('t')),
    ponged('p'),
    echoText('t'),
  ]),
  make('text-then', 'A message and a ping in one write', '5.5.2', [
    send(text('t'), ping('p')),
    echoText('t'),
    ponged('p'),
  ]),
  make('within-message', 'A ping between two fragments is answered before the message ends', '5.4', [
    send(textStart('frag'), ping('between')),
    ponged('between'),
    send(last('ment')),
    echoText('fragment'),
  ]),
  make('within-message-one-write', 'A ping between two fragments, all in one write', '5.4', [
    send(textStart('frag'), ping('between'), last('ment')),
    ponged('between'),
    echoText('fragment'),
  ]),
  make('within-message-many', 'A ping between any two of five fragments', '5.4', [
    send(textStart('a'), ping('1'), more('b'), ping('2'), more('c'), ping('3'), more('d'), ping('4'), last('e')),
    ponged('4', ['1', '2', '3']),
    echoText('abcde'),
  ]),
  make('pong-unsolicited', 'A pong that nobody asked for is passed over', '5.5.3', [
    send(pong('hello'), ping('alive')),
    ponged('alive'),
  ]),
  make('pong-unsolicited-empty', 'An empty pong that nobody asked for', '5.5.3', [
    send(pong(), ping('alive')),
    ponged('alive'),
  ]),
  make('pong-unsolicited-125', 'A pong of 125 bytes that nobody asked for', '5.5.3', [
    send(pong(pattern(125)), ping('alive')),
    ponged('alive'),
  ]),
  make('pong-unsolicited-many', 'Ten pongs that nobody asked for, and a message', '5.5.3', [
    send(...burst.map((one) => pong(one)), binary('b')),
    echoBinary('b'),
  ]),
  make('pong-within-message', 'A pong between two fragments', '5.4', [
    send(textStart('frag'), pong('x'), last('ment')),
    echoText('fragment'),
  ]),
  ...controls.flatMap(([name, opcode]) =>
    [126, 127, 65_535].map((length) =>
      make(`${name}-of-${length}`, `A ${name} frame of ${length} bytes`, '5.5', [
        send(frame(opcode, payloadFor(opcode, length))),
        failed(1002),
      ]),
    ),
  ),
  ...controls.map(([name, opcode]) =>
    make(
      `${name}-length-16`,
      `A ${name} frame whose length of 5 is written in 16 bits`,
      '5.5',
      [send(frame(opcode, payloadFor(opcode, 5), { lengthForm: 16 })), failed(1002)],
      { level: 'should' },
    ),
  ),
  ...controls.map(([name, opcode]) =>
    make(
      `${name}-length-64`,
      `A ${name} frame whose length of 5 is written in 64 bits`,
      '5.5',
      [send(frame(opcode, payloadFor(opcode, 5), { lengthForm: 64 })), failed(1002)],
      { level: 'should' },
    ),
  ),
  ...controls.map(([name, opcode]) =>
    make(`${name}-fragmented`, `A ${name} frame without FIN`, '5.5', [
      send(frame(opcode, payloadFor(opcode, 5), { fin: false })),
      failed(1002),
    ]),
  ),
  ...controls.map(([name, opcode]) =>
    make(`${name}-fragmented-continued`, `A ${name} in two fragments`, '5.5', [
      send(frame(opcode, payloadFor(opcode, 5), { fin: false }), last('rest')),
      failed(1002),
    ]),
  ),
  make('fragmented-within-message', 'A ping without FIN between two fragments of a message', '5.5', [
    send(textStart('frag'), ping('x', { fin: false }), last('ment')),
    failed(1002),
  ]),
  make('close-within-message', 'A close frame between two fragments ends the message for good', '5.5.1', [
    send(textStart('frag'), close(1000), last('ment')),
    closed(1000),
  ]),
];
