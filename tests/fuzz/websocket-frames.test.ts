import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FrameReader, type FrameReaderOptions } from '../../src/drivers/websocket/frame-reader.ts';
import { isControl, type FrameHead, type Violation } from '../../src/drivers/websocket/frame.ts';
import { MessageAssembler } from '../../src/drivers/websocket/message-assembler.ts';
import { asClient, asServer, eventsOf, FrameEvents } from '../support/frame-events.ts';
import { fuzzed, fuzzLimits } from '../support/fuzz-limits.ts';
import { hostileFrames } from '../support/hostile-frames.ts';
import { seededRandom, type Random } from '../support/random.ts';

/** A server has a limit and compression, a client neither. */
const roles: readonly FrameReaderOptions[] = [asClient, { ...asServer, maxPayload: 200, allowRsv1: true }];

/** Reads in parts, with pauses anywhere, and puts messages together. @returns what was told */
function readWithPauses(options: FrameReaderOptions, bytes: Uint8Array, random: Random): string[] {
  const events = new FrameEvents();
  const told = events.frame.bind(events);
  const broken = events.violation.bind(events);
  const assembler = new MessageAssembler((payload) => ({ ok: true, bytes: payload }));
  const pauses = random(3) === 0;
  let messageBytes = 0;
  const sink = Object.assign(events, {
    frame: (head: FrameHead, payload: Uint8Array) => {
      told(head, payload);
      if (pauses && random(2) === 0) reader.pause();
      if (isControl(head.opcode)) return;
      const assembled = assembler.add(head, payload);
      if (assembled?.ok === true) messageBytes = assembled.message.bytes.length;
    },
    violation: (problem: Violation, head: FrameHead, payload: Uint8Array) => {
      broken(problem, head, payload);
      if (reader.isPaused) throw new Error('it has told something while it was paused');
    },
  });
  const reader = new FrameReader(options, sink);
  let given = 0;
  while (given < bytes.length) {
    const part = bytes.slice(given, given + 1 + random(random(2) === 0 ? 4 : 200));
    given += part.length;
    if (pauses && random(4) === 0) reader.pause();
    reader.read(part);
    if (reader.heldBytes > given) throw new Error('it holds more than has come');
    if (messageBytes > bytes.length) throw new Error('a message is longer than what has come');
    if (random(2) === 0) reader.resume();
  }
  for (let round = 0; reader.isPaused; round += 1) {
    if (round > bytes.length) throw new Error('it does not come to an end');
    reader.resume();
  }
  return events.list;
}

/** @returns how it ended in each role: by a violation, or not */
function tryOne(seed: number): boolean[] {
  return roles.map((options, role) => {
    const random = seededRandom(seed * roles.length + role);
    const bytes = hostileFrames(random, { isServer: options.expectMasked, isMinimal: false });
    try {
      const atOnce = eventsOf(options, bytes);
      const inParts = readWithPauses(options, bytes, random);
      if (!isDeepStrictEqual(inParts, atOnce)) {
        throw new Error(`in parts it is ${inParts.join(', ')} and at once ${atOnce.join(', ')}`);
      }
      const violations = atOnce.filter((event) => event.startsWith('violation'));
      if (violations.length > 1 || (violations.length === 1 && atOnce.at(-1) !== violations[0])) {
        throw new Error('something is told behind a violation');
      }
      return violations.length === 1;
    } catch (problem) {
      throw new Error(`seed ${seed}, role ${role}: ${Buffer.from(bytes).toString('hex')}`, { cause: problem });
    }
  });
}

describe('hostile frames', () => {
  const limits = fuzzLimits(100_000);
  it(
    'never crash a reader, never keep it busy, never make it hold what has not come, and are read alike however they come',
    async () => {
      const broken = roles.map(() => 0);
      const runs = await fuzzed(limits, (seed) => {
        for (const [role, isBroken] of tryOne(seed).entries()) {
          if (isBroken) broken[role] = (broken[role] ?? 0) + 1;
        }
        return Promise.resolve();
      });
      process.stdout.write(
        `${runs * roles.length} hostile frame sequences from seed ${limits.seed} on: ${broken.join(' as client and ')} as server broke the protocol\n`,
      );
      for (const count of broken) {
        expect(count).toBeGreaterThan(runs / 4);
        expect(count).toBeLessThan(runs);
      }
    },
    limits.timeout,
  );
});
