import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runOfBlock } from '../../src/engine/disk/block-check.ts';
import { BlockIndex } from '../../src/engine/disk/block-index.ts';
import type { DiskFile, DiskFiles } from '../../src/engine/disk/disk-files.ts';
import { DiskReader } from '../../src/engine/disk/disk-reader.ts';
import { readBlockHead, segmentName } from '../../src/engine/disk/format.ts';
import { DISK_LARGE_HEAD_BYTES, DISK_OPEN_FILES, DISK_SCAN_BYTES, DISK_WHOLE_BYTES } from '../../src/shared/limits.ts';
import { decodeRecords, encodeRecord, FLAG_SYNTHETIC, type RecordView } from '../../src/shared/record.ts';
import { joinBytes, madeBlock, madeId, madeRecord, packRecord } from '../support/made-recording.ts';
import { MemoryFiles, systemProblem } from '../support/memory-files.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

const folder = '/recordings/one';

/** Files that count what is done with them. */
class CountingFiles extends MemoryFiles {
  reads = 0;
  opened = 0;
  /** Rejects opening and reading while it is set. */
  failure: Error | null = null;

  override async open(path: string, mode: 'create' | 'read'): Promise<DiskFile> {
    if (this.failure !== null) throw this.failure;
    const file = await super.open(path, mode);
    this.opened += 1;
    return {
      ...file,
      read: (into, position) => {
        this.reads += 1;
        if (this.failure !== null) return Promise.reject(this.failure);
        return file.read(into, position);
      },
    };
  }
}

interface Placed {
  readonly segment: number;
  readonly records: readonly RecordView[];
  /** Instead of the block: as many other bytes. */
  readonly isBroken?: boolean;
}

/** A reader of some blocks, one after another in their segments. */
function readerOf(
  blocks: readonly Placed[],
  runBytes = 1,
): { disk: CountingFiles; index: BlockIndex; reader: DiskReader } {
  const disk = new CountingFiles();
  const index = new BlockIndex(runBytes);
  const parts = new Map<number, Uint8Array[]>();
  for (const { segment, records, isBroken } of blocks) {
    const before = parts.get(segment) ?? [new Uint8Array(24)];
    const block = madeBlock(records);
    const head = readBlockHead(new DataView(block.buffer), 0);
    if (head === null) throw new Error('That is no block');
    index.add(
      runOfBlock(
        segment,
        before.reduce((sum, { length }) => sum + length, 0),
        head,
      ),
    );
    parts.set(segment, [...before, isBroken === true ? block.fill(0x57, 40) : block]);
  }
  for (const [segment, bytes] of parts) disk.put(join(folder, segmentName(segment)), joinBytes(bytes));
  const files: DiskFiles = disk;
  return { disk, index, reader: new DiskReader({ folder, files, index, recording: madeId }) };
}

function range(from: number, end: number, length = 0): RecordView[] {
  return Array.from({ length: end - from }, (_, index) => madeRecord(from + index, length));
}

function packedRows(seqs: readonly number[], preview: number, length = 0): Buffer {
  return Buffer.concat(
    seqs.map((seq) => {
      const record = madeRecord(seq, length);
      return encodeRecord(record, Object.keys(record.meta).length === 0 ? null : record.meta, record.payload, preview);
    }),
  );
}

describe('a reader of a recording', () => {
  it('gives any rows as they were written, cut to their previews', async () => {
    const { reader, index } = readerOf(
      [0, 7, 20, 21, 50, 90].map((from, at, all) => ({
        segment: 1 + (at >> 1),
        records: range(from, all[at + 1] ?? 120),
      })),
      700,
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(119), fc.nat(120), fc.constantFrom(0, 5, 320), async (from, count, preview) => {
        const end = Math.min(index.end, from + count);
        const seqs = Array.from({ length: end - from }, (_, at) => from + at);
        expect(Buffer.compare(await reader.rows(from, end, preview), packedRows(seqs, preview))).toBe(0);
        const some = seqs.filter((seq) => (seq * 7) % 5 < 2);
        expect(Buffer.compare(await reader.pick(some, preview), packedRows(some, preview))).toBe(0);
      }),
      { numRuns: 100 },
    );
    await reader.close();
  });

  it('gives any part of a payload', async () => {
    const { reader } = readerOf([{ segment: 1, records: range(0, 20, 100) }]);
    await fc.assert(
      fc.asyncProperty(fc.nat(19), fc.nat(150), fc.nat(150), async (seq, offset, length) => {
        const { payload } = madeRecord(seq, 100);
        const part = valueOf(await reader.payload(seq, offset, length));
        expect(part.total).toBe(100);
        expect([...part.bytes]).toEqual([...payload.subarray(offset, offset + length)]);
      }),
      { numRuns: 50 },
    );
    await reader.close();
  });

  it('finds the first record at or after a time', async () => {
    const { reader } = readerOf([
      { segment: 1, records: range(0, 10) },
      { segment: 1, records: range(10, 15) },
    ]);
    const times: [number, number][] = [
      [-1, 0],
      [0, 0],
      [1, 1],
      [9e6, 9],
      [9e6 + 1, 10],
      [12e6 - 1, 12],
      [14e6, 14],
      [14e6 + 1, 15],
    ];
    for (const [time, seq] of times) expect(await reader.seqAt(time)).toBe(seq);
    await reader.close();
  });

  it('reads each run once, however many ask at the same time or later', async () => {
    const { reader, disk } = readerOf([{ segment: 1, records: range(0, 50) }]);
    await Promise.all([
      reader.rows(0, 50, 10),
      reader.rows(10, 20, 10),
      reader.pick([3, 30], 0),
      reader.payload(7, 0, 5),
    ]);
    await reader.rows(40, 50, 10);
    expect([disk.reads, disk.opened]).toEqual([1, 1]);
    await reader.close();
    expect(disk.openFiles).toBe(0);
  });

  it('reads a run again when it has grown', async () => {
    const { reader, disk, index } = readerOf([{ segment: 1, records: range(0, 5) }], 10_000);
    await reader.rows(0, 5, 10);
    const path = join(folder, segmentName(1));
    const more = madeBlock(range(5, 8));
    const old = disk.contentOf(path);
    disk.put(path, joinBytes([old, more]));
    reader.forgetSegment(1);
    const head = readBlockHead(new DataView(more.buffer), 0);
    if (head === null) throw new Error('That is no block');
    index.add(runOfBlock(1, old.length, head));
    expect(index.length).toBe(1);
    expect(decodeRecords(await reader.rows(0, 8, 10)).map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await reader.close();
  });

  it('keeps few files open, and forgets what was deleted', async () => {
    const count = DISK_OPEN_FILES * 3;
    const { reader, disk, index } = readerOf(
      Array.from({ length: count }, (_, at) => ({ segment: at + 1, records: range(at * 2, at * 2 + 2) })),
    );
    await reader.rows(0, count * 2, 0);
    expect(disk.openFiles).toBe(DISK_OPEN_FILES);
    reader.forgetSegment(count);
    index.dropSegment(count);
    await disk.remove(join(folder, segmentName(count)));
    await reader.rows(count * 2 - 4, count * 2 - 2, 0);
    expect(disk.openFiles).toBe(DISK_OPEN_FILES - 1);
    await reader.close();
    expect(disk.openFiles).toBe(0);
  });

  it('gives neighbouring blocks of a segment to be looked through together, up to a limit', async () => {
    const { reader, index } = readerOf([
      { segment: 1, records: range(0, 5) },
      { segment: 1, records: range(5, 9) },
      { segment: 1, records: range(11, 12) },
      { segment: 2, records: range(12, 20) },
    ]);
    const parts = [];
    for (let part = reader.scan(0); part !== null; part = reader.scan(part.first + part.count)) parts.push(part);
    expect(parts.map(({ first, count }) => [first, count])).toEqual([
      [0, 9],
      [11, 1],
      [12, 8],
    ]);
    expect(reader.scan(7)?.first).toBe(5);
    const large = new BlockIndex();
    const bytes = DISK_SCAN_BYTES / 4;
    for (let at = 0; at < 9; at += 1) large.add({ ...index.get(0), offset: at * bytes, bytes, first: at, count: 1 });
    const wide = new DiskReader({ folder, files: new MemoryFiles(), index: large, recording: madeId });
    expect([wide.scan(0)?.count, wide.scan(4)?.count, wide.scan(8)?.count, wide.scan(9)]).toEqual([4, 4, 1, null]);
    await reader.close();
  });
});

describe('a reader of a damaged recording', () => {
  /** Number, and what a gap row says: [first, count]. */
  function told(rows: Uint8Array): unknown[] {
    return decodeRecords(rows).map(({ seq, flags, meta }) => {
      if ((flags & FLAG_SYNTHETIC) === 0) return seq;
      expect(meta.reason).toBe('damaged');
      return [seq, meta.first, meta.count];
    });
  }

  it('shows a gap row for each record that is broken, and all others', async () => {
    const blocks = [0, 4, 8, 12].map((from) => ({ segment: 1, records: range(from, from + 4), isBroken: from === 4 }));
    for (const runBytes of [1, 10_000]) {
      const { reader, index } = readerOf(blocks, runBytes);
      expect(index.length).toBe(runBytes === 1 ? 4 : 1);
      const gap = (seq: number) => [seq, 4, 4];
      expect(told(await reader.rows(2, 10, 0))).toEqual([2, 3, gap(4), gap(5), gap(6), gap(7), 8, 9]);
      expect(told(await reader.pick([3, 5, 7, 11], 0))).toEqual([3, gap(5), gap(7), 11]);
      expect(errorOf(await reader.payload(6, 0, 5))).toMatchObject({ code: 'bad-recording' });
      expect(valueOf(await reader.payload(8, 0, 5)).bytes).toHaveLength(5);
      await reader.close();
    }
  });

  it('shows a gap row for each record of a hole', async () => {
    const { reader, index } = readerOf([
      { segment: 1, records: range(3, 5) },
      { segment: 2, records: range(9, 10) },
    ]);
    index.skipTo(12);
    expect(told(await reader.rows(0, 12, 0))).toEqual([
      [0, 0, 3],
      [1, 0, 3],
      [2, 0, 3],
      3,
      4,
      [5, 5, 4],
      [6, 5, 4],
      [7, 5, 4],
      [8, 5, 4],
      9,
      [10, 10, 2],
      [11, 10, 2],
    ]);
    expect(errorOf(await reader.payload(6, 0, 5))).toMatchObject({ code: 'bad-recording' });
    expect(reader.scan(5)?.first).toBe(9);
    await reader.close();
  });

  it('says why a file cannot be read, and tries again next time', async () => {
    const { reader, disk } = readerOf([{ segment: 1, records: range(0, 3) }]);
    disk.failure = systemProblem('EIO', 'read');
    expect(told(await reader.rows(0, 3, 0))).toEqual([
      [0, 0, 3],
      [1, 0, 3],
      [2, 0, 3],
    ]);
    const error = errorOf(await reader.payload(1, 0, 5));
    expect(error).toMatchObject({ code: 'bad-recording', errno: 'EIO' });
    expect(error.message).toContain('EIO');
    disk.failure = null;
    expect(told(await reader.rows(0, 3, 0))).toEqual([0, 1, 2]);
    await reader.close();
    expect(disk.openFiles).toBe(0);
  });

  it('does not believe an index that claims more records than there is room for', async () => {
    const disk = new MemoryFiles();
    disk.put(join(folder, segmentName(1)), madeBlock(range(0, 2)));
    const index = new BlockIndex();
    index.add({
      segment: 1,
      offset: 0,
      bytes: 300,
      first: 0,
      count: 0xffffffff,
      firstTime: 0,
      lastTime: 1,
      payloadBytes: 0,
      kinds: 0,
      directions: 0,
    });
    const reader = new DiskReader({ folder, files: disk, index, recording: madeId });
    expect(told(await reader.rows(1, 4, 0))).toEqual([1, [2, 2, 0xfffffffd], [3, 2, 0xfffffffd]]);
    expect(told(await reader.rows(4e9, 4e9 + 1, 0))).toEqual([[4e9, 2, 0xfffffffd]]);
    await reader.close();
  });
});

describe('a record that is larger than what is kept in memory', () => {
  const size = DISK_WHOLE_BYTES * 2 + 4321;
  const large = {
    ...madeRecord(5),
    payload: new Uint8Array(size).map((_, index) => (index * 31) >> 3),
    payloadLength: size,
  };
  const blocks = [
    { segment: 1, records: range(0, 5) },
    { segment: 1, records: [large] },
    { segment: 1, records: range(6, 8) },
  ];

  it('shows its beginning as a row, any part of its payload, and all of it when asked', async () => {
    const { reader, disk } = readerOf(blocks);
    const [, , row] = decodeRecords(await reader.rows(3, 8, 320));
    expect([row?.payloadLength, row?.payload.length, row?.meta]).toEqual([size, 320, { number: 5 }]);
    const reads = disk.reads;
    await reader.rows(3, 8, 320);
    expect(disk.reads).toBe(reads);
    for (const [offset, length] of [
      [0, 10],
      [DISK_WHOLE_BYTES - 5, 10],
      [size - 7, 100],
      [size + 1, 5],
    ] as const) {
      const part = valueOf(await reader.payload(5, offset, length));
      expect(part.total).toBe(size);
      expect(Buffer.compare(part.bytes, large.payload.subarray(offset, offset + length))).toBe(0);
    }
    for (const preview of [DISK_LARGE_HEAD_BYTES, size]) {
      const [whole] = decodeRecords(await reader.pick([5], preview));
      expect(Buffer.compare(whole?.payload ?? Buffer.alloc(0), large.payload.subarray(0, preview))).toBe(0);
    }
    expect(await reader.seqAt(large.time)).toBe(5);
    await reader.close();
    expect(disk.openFiles).toBe(0);
  });

  it('is a gap row when any of its bytes is another one', async () => {
    const at = packRecord(madeRecord(0)).length;
    for (const place of [0, 60, at, DISK_WHOLE_BYTES + 1, size]) {
      const { reader, disk, index } = readerOf(blocks);
      const { offset } = index.get(1);
      const content = disk.contentOf(join(folder, segmentName(1)));
      content[offset + place] = (content[offset + place] ?? 0) ^ 1;
      const rows = decodeRecords(await reader.rows(4, 7, 10));
      expect(rows.map(({ meta }) => meta.reason ?? null)).toEqual([null, 'damaged', null]);
      expect(errorOf(await reader.payload(5, 0, 5)).code).toBe('bad-recording');
      await reader.close();
    }
  });
});
