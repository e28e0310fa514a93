import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeqSet } from '../../src/engine/seq-set.ts';

/** How far one number is from the one before: mostly near, so that chunks fill, sometimes chunks away. */
const step = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 1, max: 3 }) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 5000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 60_000, max: 3_000_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(2 ** 32, 2 ** 40) },
);

function summed(steps: readonly number[]): number[] {
  let seq = -1;
  return steps.map((by) => (seq += by));
}

function filled(seqs: readonly number[]): SeqSet {
  const set = new SeqSet();
  for (const seq of seqs) set.add(seq);
  return set;
}

describe('a set of record numbers', () => {
  it('answers as a plain array does, also when its start has gone', () => {
    const runs = fc.record({
      steps: fc.array(step, { maxLength: 400 }),
      run: fc.nat(20_000),
      drop: fc.double({ min: 0, max: 1, noNaN: true }),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      count: fc.nat(300),
    });
    fc.assert(
      fc.property(runs, ({ steps, run, drop, from, count }) => {
        const start = summed(steps);
        const base = (start.at(-1) ?? -1) + 1;
        const all = [...start, ...Array.from({ length: run }, (_, index) => base + index)];
        const set = filled(all);
        const limit = all[Math.floor(drop * all.length)] ?? base;
        const kept = all.filter((seq) => seq >= limit);
        expect(set.dropBelow(limit)).toBe(all.length - kept.length);
        expect(set.length).toBe(kept.length);
        const first = Math.floor(from * kept.length);
        expect(set.slice(first, first + count)).toEqual(kept.slice(first, first + count));
        for (const seq of [0, limit, (kept[first] ?? 0) + 1, kept[first] ?? 0, base + 70_000]) {
          expect(set.rank(seq)).toBe(
            kept.findIndex((one) => one >= seq) === -1 ? kept.length : kept.findIndex((one) => one >= seq),
          );
        }
        const next = (all.at(-1) ?? -1) + 5;
        set.add(next);
        expect(set.slice(kept.length, kept.length + 2)).toEqual([next]);
      }),
      { numRuns: 300 },
    );
  });

  it('takes a number once, however often it is added', () => {
    const set = filled([3, 3, 2, 5, 5]);
    expect(set.slice(0, 10)).toEqual([3, 5]);
    expect(set.dropBelow(4)).toBe(1);
    expect(set.dropBelow(4)).toBe(0);
    set.add(4);
    expect(set.slice(0, 10)).toEqual([5]);
  });

  it('is empty when everything has gone, and can be filled again', () => {
    const set = filled([1, 2, 70_000]);
    expect(set.dropBelow(1_000_000)).toBe(3);
    expect(set.length).toBe(0);
    expect(set.rank(5)).toBe(0);
    expect(set.slice(0, 5)).toEqual([]);
    set.add(1_000_001);
    expect(set.slice(0, 5)).toEqual([1_000_001]);
    expect(set.rank(1_000_002)).toBe(1);
  });

  it('takes little more than a bit for each record when most of them are in it', () => {
    const set = new SeqSet();
    const before = process.memoryUsage().arrayBuffers;
    for (let seq = 0; seq < 4_000_000; seq += 1) if (seq % 10 !== 0) set.add(seq);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8_000_000);
    expect(set.length).toBe(3_600_000);
    expect(set.slice(1_799_999, 1_800_001)).toEqual([1_999_999, 2_000_001]);
  });
});
