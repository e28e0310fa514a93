/** RFC 6455 §10.4 and §7.4.1: what is longer than the peer will take. */
import type { CheckCase } from '../check-case.ts';
import {
  binary,
  binaryStart,
  caseMaker,
  echoBinary,
  echoOrClose,
  failed,
  failedEarly,
  frame,
  last,
  more,
  pattern,
  send,
} from '../pieces.ts';

const make = caseMaker('Limits', 'limit');

/** The limit that tests set where a case needs to know it. */
export const KNOWN_LIMIT = 1 << 20;
const known = { maxPayload: KNOWN_LIMIT } as const;
const piece = pattern(1 << 18);

export const limitCases: readonly CheckCase[] = [
  make(
    'exact',
    'A message of exactly the limit',
    '10.4',
    [send(binary(pattern(KNOWN_LIMIT))), echoBinary(pattern(KNOWN_LIMIT))],
    known,
  ),
  make(
    'above',
    'A message of one byte more than the limit',
    '7.4.1',
    [send(binary(pattern(KNOWN_LIMIT + 1))), failed(1009)],
    known,
  ),
  make(
    'above-in-fragments',
    'Fragments that are more than the limit together',
    '7.4.1',
    [send(binaryStart(piece), more(piece), more(piece), more(piece), last('!')), failed(1009)],
    known,
  ),
  make(
    'announced',
    'A frame of 4 GiB is announced, and does not come',
    '7.4.1',
    [send(frame(2, 'head', { lengthForm: 64, declared: 1n << 32n })), failedEarly(1009)],
    known,
  ),
  make(
    'announced-text',
    'A text of 2^53 bytes is announced',
    '7.4.1',
    [send(frame(1, 'head', { lengthForm: 64, declared: 1n << 53n })), failedEarly(1009)],
    known,
  ),
  make(
    'announced-most',
    'A frame of 2^63 - 1 bytes is announced',
    '7.4.1',
    [send(frame(2, 'head', { lengthForm: 64, declared: (1n << 63n) - 1n })), failedEarly(1009)],
    {
      level: 'should',
    },
  ),
  make('four-mebibytes', 'A message of 4 MiB: taken, or refused with 1009', '10.4', [
    send(binary(pattern(4 << 20))),
    echoOrClose(2, pattern(4 << 20), 1009),
  ]),
  make('fragments-20000', 'A message in 20000 fragments of one byte: taken, or refused', '10.4', [
    send(binaryStart('x'), ...Array.from({ length: 20_000 }, () => more('x')), last('x')),
    echoOrClose(2, 'x'.repeat(20_002), 1008, 1009),
  ]),
];
