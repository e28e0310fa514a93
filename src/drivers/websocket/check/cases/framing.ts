/** RFC 6455 §5.2: lengths, and how frames lie in what TCP delivers. */
import type { CheckCase } from '../check-case.ts';
import {
  binary,
  caseMaker,
  echoBinary,
  echoText,
  failed,
  failedEarly,
  frame,
  letters,
  pattern,
  ping,
  ponged,
  send,
  sendEach,
  sendOctets,
  text,
} from '../pieces.ts';

const make = caseMaker('Framing', 'framing');

/** Around each place where the length gets another form. */
const LENGTHS = [0, 1, 7, 124, 125, 126, 127, 128, 255, 256, 65_534, 65_535, 65_536, 65_537, 131_072];

function lengthForm(length: number): string {
  return length < 126 ? '7 bits' : length < 65_536 ? '16 bits' : '64 bits';
}

export const framingCases: readonly CheckCase[] = [
  ...LENGTHS.map((length) =>
    make(`text-${length}`, `Text of ${length} bytes (length in ${lengthForm(length)})`, '5.2', [
      send(text(letters(length))),
      echoText(letters(length)),
    ]),
  ),
  ...LENGTHS.map((length) =>
    make(`binary-${length}`, `Binary of ${length} bytes (length in ${lengthForm(length)})`, '5.2', [
      send(binary(pattern(length))),
      echoBinary(pattern(length)),
    ]),
  ),
  // The RFC binds who sends; a receiver that takes it is careless, not wrong.
  ...([0, 1, 5, 125] as const).map((length) =>
    make(
      `length-16-for-${length}`,
      `A length of ${length} written in 16 bits`,
      '5.2',
      [send(text(letters(length), { lengthForm: 16 })), failed(1002)],
      { level: 'should' },
    ),
  ),
  ...([0, 1, 125, 126, 127, 65_535] as const).map((length) =>
    make(
      `length-64-for-${length}`,
      `A length of ${length} written in 64 bits`,
      '5.2',
      [send(binary(pattern(length), { lengthForm: 64 })), failed(1002)],
      { level: 'should' },
    ),
  ),
  ...([1n << 63n, (1n << 63n) + 5n, (1n << 64n) - 1n] as const).map((declared, index) =>
    make(`length-msb-${index + 1}`, 'The highest bit of a length in 64 bits is set', '5.2', [
      send(frame(2, 'hello', { lengthForm: 64, declared })),
      failedEarly(1002, 1009),
    ]),
  ),
  make('many-in-one-write', 'Ten messages in one write', '5.2', [
    send(...Array.from({ length: 10 }, (_, index) => text(`message ${index}`))),
    ...Array.from({ length: 10 }, (_, index) => echoText(`message ${index}`)),
  ]),
  make('hundred-in-one-write', 'A hundred messages in one write, text and binary by turns', '5.2', [
    send(...Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? text(`t${index}`) : binary(pattern(index))))),
    ...Array.from({ length: 100 }, (_, index) =>
      index % 2 === 0 ? echoText(`t${index}`) : echoBinary(pattern(index)),
    ),
  ]),
  make('octets-short', 'A short text, each octet in a write of its own', '5.2', [
    sendOctets(text('octets')),
    echoText('octets'),
  ]),
  make('octets-empty', 'An empty text, each octet in a write of its own', '5.2', [sendOctets(text('')), echoText('')]),
  make('octets-16', 'A text with a length in 16 bits, each octet in a write of its own', '5.2', [
    sendOctets(text(letters(200))),
    echoText(letters(200)),
  ]),
  make('octets-64', 'A binary message with a length in 64 bits, its first 512 octets in a write each', '5.2', [
    sendOctets(binary(pattern(65_536))),
    echoBinary(pattern(65_536)),
  ]),
  make('octets-control', 'A ping, each octet in a write of its own', '5.2', [
    sendOctets(ping('split')),
    ponged('split'),
  ]),
  make('each-write', 'Five messages, each in a write of its own', '5.2', [
    sendEach(...Array.from({ length: 5 }, (_, index) => text(`write ${index}`))),
    ...Array.from({ length: 5 }, (_, index) => echoText(`write ${index}`)),
  ]),
  make('empty-many', 'A hundred empty messages', '5.6', [
    send(...Array.from({ length: 100 }, () => binary(''))),
    ...Array.from({ length: 100 }, () => echoBinary('')),
  ]),
  make('megabyte', 'Binary of 1 MiB in one frame', '5.2', [
    send(binary(pattern(1 << 20))),
    echoBinary(pattern(1 << 20)),
  ]),
];
