/** What `{{$name}}` stands for: a list that is fixed, so that nothing is ever evaluated. */
import { failure, success, type Outcome } from './errors.ts';
import { RANDOM_HEX_BYTES } from './preset-limits.ts';

export const generatorNames = ['uuid', 'timestamp', 'isoTimestamp', 'counter', 'randomInt', 'randomHex'] as const;
export type GeneratorName = (typeof generatorNames)[number];

/** Where the values come from; a host has these. */
export interface Sources {
  /** RFC 9562, version 4. */
  uuid(): string;
  /** ms since 1970. The same for all of a message. */
  now(): number;
  /** Number of the message within its session, from 1. The same for all of a message. */
  counter(): number;
  /** Both ends are included; they differ by less than 2^48. */
  randomInt(min: number, max: number): number;
  /** Lower case, two digits a byte. */
  randomHex(bytes: number): string;
}

interface Generator {
  /** As a person writes it. */
  readonly usage: string;
  readonly help: string;
  readonly count: readonly number[];
}

/** For completion and hover. `$timestamp` and `$randomInt` without arguments are those of Postman. */
export const generators: Readonly<Record<GeneratorName, Generator>> = {
  uuid: { usage: '{{$uuid}}', help: 'A random UUID, another one at each place.', count: [0] },
  timestamp: { usage: '{{$timestamp}}', help: 'Seconds since 1970, UTC.', count: [0] },
  isoTimestamp: { usage: '{{$isoTimestamp}}', help: 'The time as 2026-11-23T12:00:00.000Z.', count: [0] },
  counter: { usage: '{{$counter}}', help: 'How many messages with it this session has sent: 1, 2, 3 …', count: [0] },
  randomInt: {
    usage: '{{$randomInt 1 6}}',
    help: 'A random whole number, both ends included. Without them from 0 to 1000.',
    count: [0, 2],
  },
  randomHex: { usage: '{{$randomHex 16}}', help: 'Random bytes as hex, two digits each.', count: [1] },
};

/** The span that a source of random numbers can choose from (Node docs, crypto.randomInt). */
const RANDOM_SPAN = 2 ** 48 - 1;

export function isGenerator(name: string): name is GeneratorName {
  return generatorNames.some((known) => known === name);
}

/** The arguments of a generator as numbers. The message of an error is a sentence about them; its code does not matter. */
export function generatorArguments(name: GeneratorName, words: readonly string[]): Outcome<readonly number[]> {
  const { usage, count } = generators[name];
  const bad = (why: string): Outcome<never> => failure('unknown-variable', `{{$${name}}} ${why}: ${usage}.`);
  if (!count.includes(words.length)) {
    return bad(count.includes(0) && count.length === 1 ? 'takes no arguments' : 'takes other arguments');
  }
  if (!words.every((word) => /^-?\d{1,15}$/.test(word))) return bad('takes whole numbers');
  const values = words.map(Number);
  const [first = 0, second = 0] = values;
  if (name === 'randomHex' && (first < 1 || first > RANDOM_HEX_BYTES)) {
    return bad(`makes 1 to ${RANDOM_HEX_BYTES} bytes`);
  }
  if (name === 'randomInt' && first > second) return bad('takes the smaller number first');
  if (name === 'randomInt' && second - first >= RANDOM_SPAN) return bad('takes numbers that are closer together');
  return success(values);
}

export function generate(name: GeneratorName, values: readonly number[], sources: Sources): string {
  const [first, second] = values;
  switch (name) {
    case 'uuid':
      return sources.uuid();
    case 'timestamp':
      return String(Math.floor(sources.now() / 1000));
    case 'isoTimestamp':
      return new Date(sources.now()).toISOString();
    case 'counter':
      return String(sources.counter());
    case 'randomInt':
      return String(sources.randomInt(first ?? 0, second ?? 1000));
    case 'randomHex':
      return sources.randomHex(first ?? 1);
  }
}
