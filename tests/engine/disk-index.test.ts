import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockIndex, type BlockRun } from '../../src/engine/disk/block-index.ts';
import { countEntries, encodeEntries, encodeEntry, INDEX_ENTRY_BYTES } from '../../src/engine/disk/index-file.ts';
import { readRun } from '../../src/engine/disk/run-lines.ts';
import { joinBytes } from '../support/made-recording.ts';

const RUN_BYTES = 1000;

function run(first: number, count: number, more: Partial<BlockRun> = {}): BlockRun {
  return {
    segment: 1,
    offset: 100 + first * 10,
    bytes: count * 10,
    first,
    count,
    firstTime: first * 5,
    lastTime: (first + count - 1) * 5,
    payloadBytes: count,
    kinds: 1 << (first % 32),
    directions: 1 << (first % 3),
    ...more,
  };
}

/** Blocks in order: some leave a hole before them, some begin another segment. */
const blocks = fc
  .array(
    fc.record({
      count: fc.integer({ min: 1, max: 60 }),
      hole: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 9 })),
      isNext: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    const made: BlockRun[] = [];
    let seq = 0;
    let segment = 1;
    for (const { count, hole, isNext } of steps) {
      seq += hole;
      segment += isNext ? 1 : 0;
      made.push(run(seq, count, { segment }));
      seq += count;
    }
    return made;
  });

function indexOf(made: readonly BlockRun[]): BlockIndex {
  const index = new BlockIndex(RUN_BYTES);
  for (const block of made) index.add(block);
  return index;
}

describe('an index of blocks', () => {
  it('finds for each number and each time what a list of all blocks finds', () => {
    fc.assert(
      fc.property(blocks, (made) => {
        const index = indexOf(made);
        const end = made.length === 0 ? 0 : (made.at(-1)?.first ?? 0) + (made.at(-1)?.count ?? 0);
        expect(index.end).toBe(end);
        for (let seq = -1; seq <= end + 1; seq += 1) {
          const block = made.find(({ first, count }) => first <= seq && seq < first + count);
          const found = index.runOf(seq);
          if (block === undefined) expect(found).toBe(-1);
          else {
            const line = index.get(found);
            expect(line.segment).toBe(block.segment);
            expect(line.first <= block.first && line.first + line.count >= block.first + block.count).toBe(true);
            expect(line.offset).toBe(100 + line.first * 10);
          }
          const later = made.find(({ first, count }) => seq < first + count);
          const from = index.runFrom(seq);
          expect(from < index.length).toBe(later !== undefined);
          if (later !== undefined)
            expect(index.firstOf(from) <= later.first && later.first < index.endOf(from)).toBe(true);
          const time = seq * 5 - 2;
          const at = index.runAt(time);
          const timed = made.find(({ lastTime }) => lastTime >= time);
          expect(at < index.length).toBe(timed !== undefined);
          if (timed !== undefined) expect(index.get(at).lastTime).toBeGreaterThanOrEqual(time);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('takes neighbours together, as long as they are not too large, and counts everything', () => {
    fc.assert(
      fc.property(blocks, (made) => {
        const index = indexOf(made);
        const lines = Array.from({ length: index.length }, (_, line) => index.get(line));
        const sum = (values: readonly BlockRun[], name: 'bytes' | 'count' | 'payloadBytes'): number =>
          values.reduce((total, value) => total + value[name], 0);
        expect(sum(lines, 'count')).toBe(sum(made, 'count'));
        expect(index.bytes).toBe(sum(made, 'bytes'));
        expect(index.payloadBytes).toBe(sum(made, 'payloadBytes'));
        for (const [at, line] of lines.entries()) {
          const inside = made.filter(({ first }) => first >= line.first && first < line.first + line.count);
          expect(line.kinds >>> 0).toBe(inside.reduce((bits, { kinds }) => bits | kinds, 0) >>> 0);
          expect(line.directions).toBe(inside.reduce((bits, { directions }) => bits | directions, 0));
          expect(line.bytes <= RUN_BYTES || inside.length === 1).toBe(true);
          const next = lines[at + 1];
          const isNeighbour = next?.segment === line.segment && next.first === line.first + line.count;
          const block = made.find(({ first }) => first === next?.first);
          if (isNeighbour) expect(line.bytes + (block?.bytes ?? 0)).toBeGreaterThan(RUN_BYTES);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('says when the run before is complete', () => {
    const index = new BlockIndex(100);
    expect(index.add(run(0, 6))).toBe(true);
    expect(index.add(run(6, 4))).toBe(false);
    expect(index.add(run(10, 1))).toBe(true);
    expect(index.add(run(11, 1, { segment: 2 }))).toBe(true);
    expect([index.length, index.endOf(0), index.firstOf(1)]).toEqual([3, 10, 10]);
  });

  it('refuses a block that is not behind all others', () => {
    const index = indexOf([run(0, 10)]);
    expect(() => index.add(run(9, 1))).toThrow(RangeError);
    expect(() => index.get(1)).toThrow(RangeError);
    expect(() => index.get(-1)).toThrow(RangeError);
  });

  it('drops segments as a list of all blocks does', () => {
    fc.assert(
      fc.property(blocks, fc.nat(8), (made, nth) => {
        const segments = [...new Set(made.map(({ segment }) => segment))];
        const segment = segments[nth % Math.max(1, segments.length)] ?? 1;
        const index = indexOf(made);
        const end = index.end;
        const before = index.firstKept;
        const gone = made.filter((block) => block.segment === segment);
        const kept = made.filter((block) => block.segment !== segment);
        const dropped = index.dropSegment(segment);
        expect(index.end).toBe(end);
        expect(dropped.bytes).toBe(gone.reduce((sum, { bytes }) => sum + bytes, 0));
        expect(dropped.payloadBytes).toBe(gone.reduce((sum, { payloadBytes }) => sum + payloadBytes, 0));
        expect(dropped.lastTime).toBe(gone.at(-1)?.lastTime ?? 0);
        const isOldest = gone.length > 0 && made[0] === gone[0];
        if (isOldest) expect(index.firstKept).toBe(kept[0]?.first ?? end);
        expect(dropped.records).toBe(
          isOldest ? index.firstKept - before : gone.reduce((sum, { count }) => sum + count, 0),
        );
        for (const { first } of kept) expect(index.runOf(first)).toBeGreaterThanOrEqual(0);
        for (const { first } of gone) expect(index.runOf(first)).toBe(-1);
        index.add(run(end, 1, { segment: 99 }));
        expect(index.runOf(end)).toBe(index.length - 1);
      }),
      { numRuns: 200 },
    );
  });

  it('may begin at any record, and end behind a hole', () => {
    const index = new BlockIndex();
    index.reset(50);
    expect([index.firstKept, index.end, index.runOf(50)]).toEqual([50, 50, -1]);
    index.skipTo(60);
    expect([index.firstKept, index.end, index.firstOf(0)]).toEqual([50, 60, 60]);
    index.add(run(60, 2));
    expect([index.runOf(59), index.runOf(61)]).toEqual([-1, 0]);
  });
});

describe('the entries of an index file', () => {
  it('come out as they went in, one by one or all at once', () => {
    fc.assert(
      fc.property(blocks, (made) => {
        const index = indexOf(made);
        const runs = Array.from({ length: index.length }, (_, line) => index.get(line));
        const bytes = joinBytes(runs.map(encodeEntry));
        expect(Buffer.compare(bytes, encodeEntries(index))).toBe(0);
        expect(countEntries(bytes)).toBe(runs.length);
        const view = new DataView(bytes.buffer);
        expect(runs.map((_, line) => readRun(view, line * INDEX_ENTRY_BYTES))).toEqual(runs);
        const adopted = new BlockIndex(RUN_BYTES);
        adopted.adopt(bytes);
        expect([adopted.length, adopted.end, adopted.bytes]).toEqual([index.length, index.end, index.bytes]);
      }),
      { numRuns: 100 },
    );
  });

  it('count up to the first that is not as it was written', () => {
    const bytes = joinBytes([encodeEntry(run(0, 5)), encodeEntry(run(5, 5)), encodeEntry(run(10, 5))]);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = bytes.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(countEntries(changed)).toBe(Math.floor(bit / 8 / INDEX_ENTRY_BYTES));
    }
    for (let length = 0; length <= bytes.length; length += 1) {
      expect(countEntries(bytes.subarray(0, length))).toBe(Math.floor(length / INDEX_ENTRY_BYTES));
    }
  });
});
