import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { FakeContext } from '../support/fake-context.ts';
import { fuzzed, fuzzLimits } from '../support/fuzz-limits.ts';
import { playSequence } from './websocket-play.ts';
import { setupOf } from './websocket-steps.ts';

const roles = ['client', 'server'] as const;
const MOST_STEPS = 24;

/** Steps as numbers: with fewer of them a failing sequence is shorter, while the others stay what they were. */
const number = fc.noShrink(fc.nat(0xffff_ffff));
const sequence = fc.record({ setup: number, steps: fc.array(number, { maxLength: MOST_STEPS, size: 'max' }) });

/** Faults that such sequences have found, as they were reported. */
const found: readonly { readonly setup: number; readonly steps: readonly number[] }[] = [
  // Behind a message that could not be inflated, frames were read on.
  { setup: 3649038586, steps: [2239298979] },
];

class Counts {
  readonly #counts = new Map<string, number>();

  add(context: FakeContext): void {
    this.#add('sequences', 1);
    for (const { kind, direction, meta } of context.records) {
      if (direction === 'in' && (kind === 'text' || kind === 'binary')) this.#add('messages', 1);
      if (direction === 'in' && meta.compressed !== undefined) this.#add('inflated', 1);
      if (kind === 'ping' && direction === 'in') this.#add('pings', 1);
      if (kind === 'violation') this.#add(`violations ${String(meta.code)}`, 1);
      if (kind === 'socketClose' && meta.clean === true) this.#add('clean ends', 1);
    }
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  toString(): string {
    const names = [...this.#counts.keys()].sort();
    return names.map((name) => `${name} ${this.of(name)}`).join(', ');
  }

  #add(what: string, count: number): void {
    this.#counts.set(what, this.of(what) + count);
  }
}

describe('a whole connection, whatever its peer and its owner do', () => {
  const limits = fuzzLimits(10_000);
  it(
    'throws nothing, ends once, stays within its memory and answers by the book',
    async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
      onTestFinished(() => {
        vi.useRealTimers();
      });
      const counts = { client: new Counts(), server: new Counts() };
      const property = fc.asyncProperty(sequence, async ({ setup, steps }) => {
        for (const role of roles) counts[role].add(await playSequence(setupOf(setup, role), steps));
      });
      for (const one of found)
        await fc.assert(property, { numRuns: 1, examples: [[{ ...one, steps: [...one.steps] }]] });
      const runs = await fuzzed(limits, (seed) => fc.assert(property, { seed, numRuns: 1 }));
      for (const role of roles) process.stdout.write(`our ${role}: ${String(counts[role])}\n`);
      process.stdout.write(`${runs * roles.length} hostile connections from seed ${limits.seed} on\n`);
      for (const role of roles) {
        for (const what of ['messages', 'inflated', 'pings', 'violations 1002', 'violations 1009', 'clean ends']) {
          expect(counts[role].of(what), what).toBeGreaterThan(runs / 1000);
        }
      }
    },
    limits.timeout,
  );
});
