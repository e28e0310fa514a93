import fc from 'fast-check';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blockSeed, sealBlock, BLOCK_HEADER_BYTES, BLOCK_RECORDS, kindBit } from '../../src/engine/disk/format.ts';
import { BlockSource } from '../../src/engine/disk/block-source.ts';
import { RecordCursor } from '../../src/engine/record-cursor.ts';
import { RecordFilter } from '../../src/engine/record-filter.ts';
import type { ScanInput } from '../../src/engine/recording.ts';
import { ScanJob } from '../../src/engine/scan/scan-job.ts';
import { SearchWindows } from '../../src/engine/scan/search-window.ts';
import { parseFilter } from '../../src/shared/filter.ts';
import { directionCode, encodeRecord, kindTable, type Direction, type Meta } from '../../src/shared/record.ts';
import { valueOf } from '../support/outcome.ts';

const kinds = kindTable(['data', 'connect', 'text']);
const seed = blockSeed('20260101-000000-00000000');
const windows = new SearchWindows();
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirebench-scan-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Sample {
  readonly kind: number;
  readonly direction: Direction;
  readonly peer: number;
  readonly meta: Meta | null;
  readonly payload: Uint8Array;
}

function packed(samples: readonly Sample[], first: number): Uint8Array<ArrayBuffer> {
  const records = samples.map(({ kind, direction, peer, meta, payload }, index) =>
    encodeRecord({ kind, direction, peer, flags: 0, time: 0, seq: first + index }, meta, payload),
  );
  return new Uint8Array(Buffer.concat(records));
}

function sealed(samples: readonly Sample[], first: number): Uint8Array<ArrayBuffer> {
  const records = packed(samples, first);
  // Every other block has padding.
  const padding = first % 2 === 0 ? 0 : 100;
  const bytes = new Uint8Array(BLOCK_HEADER_BYTES + records.length + padding);
  bytes.set(records, BLOCK_HEADER_BYTES);
  const head = {
    type: BLOCK_RECORDS,
    length: records.length + padding,
    count: samples.length,
    first,
    firstTime: 0,
    lastTime: 0,
    payloadBytes: samples.reduce((sum, { payload }) => sum + payload.length, 0),
    kinds: samples.reduce((bits, { kind }) => bits | kindBit(kind), 0),
    directions: samples.reduce((bits, { direction }) => bits | (1 << directionCode(direction)), 0),
    padding,
  };
  sealBlock(bytes, new DataView(bytes.buffer), 0, head, seed);
  return bytes;
}

interface Written {
  readonly input: ScanInput;
  readonly path: string;
  /** Where each block begins in the file. */
  readonly starts: readonly number[];
}

let files = 0;

/** A file with these blocks, and something before them. */
async function write(blocks: readonly (readonly Sample[])[]): Promise<Written> {
  files += 1;
  const path = join(folder, `${files}.wbr`);
  const parts: Uint8Array[] = [Buffer.from('a header')];
  const starts: number[] = [];
  let [count, offset] = [0, 8];
  for (const block of blocks) {
    const bytes = sealed(block, count);
    parts.push(bytes);
    starts.push(offset);
    count += block.length;
    offset += bytes.length;
  }
  await writeFile(path, Buffer.concat(parts));
  return { input: { type: 'blocks', path, offset: 8, length: offset - 8, first: 0, count, seed }, path, starts };
}

function requestOf(filter: string, peer: number | null) {
  return { terms: valueOf(parseFilter(filter)), kinds, peer };
}

/** What a scan finds, a slice at a time. */
function scan(
  filter: string,
  inputs: readonly ScanInput[],
  { peer = null, from = 0 }: { peer?: number | null; from?: number } = {},
): number[] {
  const job = new ScanJob(requestOf(filter, peer), windows);
  for (const [part, input] of inputs.entries()) job.add(part, input, from);
  const found: number[] = [];
  let parts = 0;
  while (job.hasWork) {
    const failed = job.work(0);
    if (failed !== null) throw new Error(failed.bug ?? failed.error.message);
    const report = job.report();
    found.push(...(report?.found ?? []));
    if (report?.isDone === true) parts += 1;
  }
  job.close();
  expect(parts).toBe(inputs.length);
  return found;
}

/** What the filter lets pass, one record after another. */
function naive(filter: string, samples: readonly Sample[], peer: number | null = null): number[] {
  const cursor = new RecordCursor({ type: 'bytes', first: 0, count: samples.length, bytes: packed(samples, 0) }, kinds);
  const found: number[] = [];
  const one = new RecordFilter(valueOf(parseFilter(filter)));
  while (cursor.isAtRecord) {
    let passes: boolean | null = null;
    while (passes === null) passes = one.look(cursor, { left: Number.MAX_SAFE_INTEGER });
    if (passes && (peer === null || cursor.peer === peer)) found.push(cursor.seq);
    cursor.next();
  }
  return found;
}

const letters = ['a', 'b', 'A', 'B', 'k', 's', 'é', 'É', 'ß', 'ſ', 'K', '日', '😀', '1', '.', '\n', ' ', '\0'];
const text = (most: number): fc.Arbitrary<string> => fc.string({ unit: fc.constantFrom(...letters), maxLength: most });
const payload = fc.oneof(
  { weight: 4, arbitrary: text(12).map((one) => new Uint8Array(Buffer.from(one))) },
  { weight: 2, arbitrary: text(12).map((one) => new Uint8Array(Buffer.from(one, 'latin1'))) },
  { weight: 1, arbitrary: fc.constant(new Uint8Array(0)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }) },
);
const sample: fc.Arbitrary<Sample> = fc.record({
  kind: fc.integer({ min: 0, max: kinds.length }),
  direction: fc.constantFrom<Direction>('in', 'out', 'none'),
  peer: fc.integer({ min: 0, max: 2 }),
  meta: fc.option(fc.record({ message: text(6), local: text(4) }), { freq: 3 }),
  payload,
});
const blocks = fc.array(fc.array(sample, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 });

const quoted = text(4)
  .filter((one) => one !== '')
  .map((one) => `"${one.replaceAll('\0', '\\0').replaceAll('\n', '\\n')}"`);
const atom = fc.constantFrom(
  'a',
  'b',
  'A',
  'k',
  's',
  'é',
  '1',
  '.',
  '\\.',
  '\\d',
  '\\w',
  '\\s',
  '[ab]',
  '[^a]',
  '[a-c1]',
  '[\\d.]',
  '\\W',
  '\\S',
  '\\x61',
  '\\n',
  'ab',
  '日',
);
const quantifier = fc.constantFrom('', '', '', '', '+', '*', '?', '{2}', '{0,2}', '{1,}', '+?');
const piece: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(atom, quantifier)
      .map(([one, many]) => (one.length > 1 && !/^[\\[]/.test(one) && many !== '' ? `(?:${one})${many}` : one + many)),
  },
  { weight: 1, arbitrary: fc.tuple(atom, atom, quantifier).map(([one, two, many]) => `(${one}|${two}b)${many}`) },
  { weight: 1, arbitrary: fc.tuple(atom, atom).map(([one, two]) => `(?:${one}${two})`) },
  { weight: 1, arbitrary: fc.constantFrom('^', '$', '\\b', '\\B', '(?=a)', '(?!b)', '(?<=a)', '(?<!b)', '(?<x>a)') },
);
const regex = fc
  .tuple(
    fc.array(piece, { minLength: 1, maxLength: 5 }),
    fc.option(fc.array(piece, { minLength: 1, maxLength: 3 }), { freq: 5 }),
    fc.constantFrom('', 'i', 'u', 'iu', 'm', 's', 'is'),
  )
  .map(([one, two, flags]) => `/${one.join('')}${two === null ? '' : `|${two.join('')}`}/${flags}`)
  .filter((one) => parseFilter(one).ok);
const term = fc.oneof(
  { weight: 4, arbitrary: quoted },
  { weight: 4, arbitrary: regex },
  { weight: 1, arbitrary: fc.constantFrom('hex:61', 'hex:c3a9', 'hex:00', 'hex:6162', 'data', 'text', 'connect') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'dir:in',
      'dir:none',
      'kind:data',
      'kind:text',
      'len:0',
      'len:>5',
      'peer:1',
      'is:framed',
    ),
  },
);
const filter = fc
  .array(
    fc.tuple(term, fc.boolean()).map(([one, negated]) => (negated ? `-${one}` : one)),
    { maxLength: 3 },
  )
  .map((terms) => terms.join(' '));

describe('a scan', () => {
  it('finds what the filter lets pass, on disk and in memory', async () => {
    await fc.assert(
      fc.asyncProperty(blocks, filter, fc.option(fc.constantFrom(1, 2), { freq: 4 }), async (samples, wanted, peer) => {
        const expected = naive(wanted, samples.flat(), peer);
        const { input } = await write(samples);
        expect(scan(wanted, [input], { peer })).toEqual(expected);
        const all = samples.flat();
        const bytes = { type: 'bytes', first: 0, count: all.length, bytes: packed(all, 0) } as const;
        expect(scan(wanted, [bytes], { peer })).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('finds in a damaged file what is whole, and nothing else', async () => {
    const damage = fc.record({
      place: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      bit: fc.nat(7),
      cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(blocks, filter, damage, async (samples, wanted, { place, bit, cut }) => {
        const { input, path } = await write(samples);
        const bytes = await readFile(path);
        const at = Math.floor(place * bytes.length);
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
        await writeFile(path, cut === null ? bytes : bytes.subarray(0, Math.floor(cut * bytes.length)));
        const source = new BlockSource();
        const expected: number[] = [];
        const all = new Set(naive(wanted, samples.flat()));
        for (const block of source.next(input)) {
          if ('damaged' in block) continue;
          for (let seq = block.first; seq < block.first + block.count; seq += 1) if (all.has(seq)) expected.push(seq);
        }
        source.close();
        expect(scan(wanted, [input])).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('finds nothing in a file that is not there, and goes on with the next part', async () => {
    const one: Sample = { kind: 4, direction: 'in', peer: 1, meta: null, payload: Buffer.from('needle') };
    const [gone, there] = [await write([[one, one]]), await write([[one]])];
    await rm(gone.path);
    const next: ScanInput = { ...there.input, first: 0 };
    expect(scan('needle', [gone.input, next])).toEqual([0]);
  });

  it('says why a file that is there cannot be opened', async () => {
    const job = new ScanJob(requestOf('needle', null), windows);
    const path = join(folder, 'loop');
    await symlink(path, path);
    job.add(0, { type: 'blocks', path, offset: 0, length: 100, first: 0, count: 1, seed }, 0);
    let failed = job.work(Infinity);
    for (let tries = 0; tries < 10 && failed === null; tries += 1) failed = job.work(Infinity);
    expect(failed).toMatchObject({ error: { errno: 'ELOOP' }, bug: null });
    job.close();
  });

  it('looks at no record before the one that it is to begin with', async () => {
    const one: Sample = { kind: 4, direction: 'in', peer: 1, meta: null, payload: Buffer.from('needle') };
    const { input } = await write([
      [one, one, one],
      [one, one],
    ]);
    for (const filter of ['needle', '', '/ne+dle/']) {
      expect(scan(filter, [input], { from: 1 })).toEqual([1, 2, 3, 4]);
      expect(scan(filter, [input], { from: 4 })).toEqual([4]);
    }
  });

  it('finds what is in the middle of large records, and across no border of two', async () => {
    const large = (text: string, at: number, length = 1_500_000): Sample => {
      const payload = new Uint8Array(length).fill(0x78);
      payload.set(Buffer.from(text), at);
      return { kind: 4, direction: 'in', peer: 1, meta: null, payload };
    };
    const samples = [
      [large('needle', 1_499_994)],
      [large('nee', 1_499_997), large('dle', 0)],
      [large('NEEDLE', 700_000), large('needl', 5)],
      [large('needle', 0, 100), large('nee', 97, 100), large('dle', 0, 100), large('needle', 94, 100)],
    ];
    const { input } = await write(samples);
    const all = samples.flat();
    const bytes = { type: 'bytes', first: 0, count: all.length, bytes: packed(all, 0) } as const;
    for (const part of [input, bytes]) {
      expect(scan('needle', [part])).toEqual([0, 3, 5, 8]);
      expect(scan('hex:6e6565646c65', [part])).toEqual([0, 5, 8]);
    }
  });

  it('can be ended soon in the middle of an unlucky search', () => {
    const needle = `${'x'.repeat(900)}y`;
    const payload = new Uint8Array(1_000_000).fill(0x78);
    const one: Sample = { kind: 4, direction: 'in', peer: 1, meta: null, payload };
    const job = new ScanJob(requestOf(needle, null), windows);
    job.add(0, { type: 'bytes', first: 0, count: 1, bytes: packed([one], 0) }, 0);
    let slices = 0;
    for (; job.hasWork; slices += 1) {
      expect(job.work(0)).toBeNull();
      expect(job.report()?.found).toHaveLength(0);
    }
    expect(slices).toBeGreaterThan(10);
    job.close();
  });
});
