import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BlockSource, type SyncFiles } from '../../src/engine/disk/block-source.ts';
import { BLOCK_HEADER_BYTES, blockSeed } from '../../src/engine/disk/format.ts';
import type { ScanInput } from '../../src/engine/recording.ts';
import { DISK_READ_BYTES } from '../../src/shared/limits.ts';
import { decodeRecords, type RecordView } from '../../src/shared/record.ts';
import { joinBytes, madeBlock, madeEnd, madeId, madeRecord, packRecord } from '../support/made-recording.ts';
import { MemoryFiles, systemProblem } from '../support/memory-files.ts';

const path = '/recordings/one/000001.wbr';

function range(from: number, end: number, length = 0): RecordView[] {
  return Array.from({ length: end - from }, (_, index) => madeRecord(from + index, length));
}

function blocksOf(bytes: Uint8Array, first: number, count: number, offset = 0) {
  return {
    type: 'blocks',
    path,
    offset,
    length: bytes.length - offset,
    first,
    count,
    seed: blockSeed(madeId),
  } as const;
}

/** What a source finds: the numbers of each block, or what is damaged as text. */
function found(bytes: Uint8Array<ArrayBuffer>, input: ScanInput, change?: (files: SyncFiles) => SyncFiles): unknown[] {
  const disk = new MemoryFiles();
  disk.put(path, bytes);
  const source = new BlockSource(change?.(disk.sync) ?? disk.sync);
  const blocks = [...source.next(input)].map((block) =>
    'damaged' in block ? `${block.first}+${block.count}` : [block.first, block.count],
  );
  source.close();
  return blocks;
}

describe('a source of blocks', () => {
  const blocks = [range(0, 4), range(4, 9), range(9, 10)].map((records) => madeBlock(records));
  const bytes = joinBytes(blocks);

  it('gives the records of each block, packed', () => {
    const disk = new MemoryFiles();
    disk.put(path, bytes);
    const source = new BlockSource(disk.sync);
    const records: number[] = [];
    for (const block of source.next(blocksOf(bytes, 0, 10))) {
      if ('damaged' in block) throw new Error('Nothing is damaged');
      expect(
        Buffer.compare(block.bytes, joinBytes(range(block.first, block.first + block.count).map(packRecord))),
      ).toBe(0);
      records.push(...decodeRecords(block.bytes).map(({ seq }) => seq));
    }
    expect(records).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    source.close();
    source.close();
  });

  it('gives records that are in memory as they are', () => {
    const packed = joinBytes(range(3, 8).map(packRecord));
    expect(found(bytes, { type: 'bytes', first: 3, count: 5, bytes: packed })).toEqual([[3, 5]]);
    expect(found(bytes, { type: 'bytes', first: 3, count: 6, bytes: packed })).toEqual([[3, 5], '8+1']);
  });

  it('begins where it is told, and passes over blocks without records', () => {
    const more = joinBytes([bytes, madeEnd(10, 0), madeBlock(range(10, 12))]);
    expect(found(more, blocksOf(more, 4, 8, blocks[0]?.length ?? 0))).toEqual([
      [4, 5],
      [9, 1],
      [10, 2],
    ]);
  });

  it('says which records are damaged, and goes on behind them', () => {
    for (const at of [0, 4, 8, 12, 16, 60, (blocks[1]?.length ?? 0) - 1]) {
      const changed = bytes.slice();
      const place = (blocks[0]?.length ?? 0) + at;
      changed[place] = (changed[place] ?? 0) ^ 0x10;
      expect(found(changed, blocksOf(changed, 0, 10)), `byte ${at}`).toEqual([[0, 4], '4+5', [9, 1]]);
    }
    const foreign = joinBytes([blocks[0] ?? bytes, madeBlock(range(4, 9), 'another'), blocks[2] ?? bytes]);
    expect(found(foreign, blocksOf(foreign, 0, 10))).toEqual([[0, 4], '4+5', [9, 1]]);
  });

  it('gives what is whole of a file that has become shorter, cannot be read or is gone', () => {
    const input = blocksOf(bytes, 0, 10);
    expect(found(bytes.slice(0, -1), input)).toEqual([[0, 4], [4, 5], '9+1']);
    expect(found(bytes.slice(0, 10), input)).toEqual(['0+10']);
    const failing =
      (call: 'open' | 'read') =>
      (files: SyncFiles): SyncFiles => ({
        open: (name) => files.open(name),
        read: (...args) => files.read(...args),
        close: (file) => files.close(file),
        [call]: () => {
          throw systemProblem('EIO', call);
        },
      });
    expect(found(bytes, input, failing('open'))).toEqual(['0+10']);
    expect(found(bytes, input, failing('read'))).toEqual(['0+10']);
  });

  it('never gives a record that is none, though its check sum be right', () => {
    const records = range(0, 4);
    const packed = joinBytes([new Uint8Array(BLOCK_HEADER_BYTES), ...records.map(packRecord)]);
    const second = BLOCK_HEADER_BYTES + packRecord(madeRecord(0)).length;
    for (const size of [0, 1, 39, 41, 0xffffffff]) {
      const [zero, one, ...rest] = records;
      if (zero === undefined || one === undefined) throw new Error('There are records');
      const block = madeBlock([zero, one, ...rest]);
      // Sealed again with another size of the second record.
      const payload = block.slice(BLOCK_HEADER_BYTES);
      new DataView(payload.buffer).setUint32(second - BLOCK_HEADER_BYTES, size, true);
      const input: ScanInput = { type: 'bytes', first: 0, count: 4, bytes: payload };
      expect(found(packed, input)).toEqual([[0, 1], '1+3']);
    }
  });

  it('reads blocks that are larger than its buffer', () => {
    const large = [
      range(0, 2, 10),
      range(2, 3, DISK_READ_BYTES * 2 + 77),
      range(3, 5, DISK_READ_BYTES - 500),
      range(5, 6),
    ];
    const all = joinBytes(large.map((records) => madeBlock(records)));
    expect(found(all, blocksOf(all, 0, 6))).toEqual([
      [0, 2],
      [2, 1],
      [3, 2],
      [5, 1],
    ]);
    const broken = all.slice();
    broken[DISK_READ_BYTES] = 0;
    expect(found(broken, blocksOf(broken, 0, 6))).toEqual([[0, 2], '2+1', [3, 2], [5, 1]]);
  });
});

describe('a source of blocks on a real disk', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wirebench-blocks-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('reads one file after another, and what was added to the same one', () => {
    const source = new BlockSource();
    const read = (name: string, count: number): number[] => {
      const bytes = joinBytes([madeBlock(range(0, 3)), madeBlock(range(3, count))]);
      writeFileSync(join(folder, name), bytes);
      const input: ScanInput = { ...blocksOf(bytes, 0, count), path: join(folder, name) };
      return [...source.next(input)].flatMap((block) => ('damaged' in block ? [] : [block.count]));
    };
    expect([read('a', 4), read('b', 5), read('b', 7)]).toEqual([
      [3, 1],
      [3, 2],
      [3, 4],
    ]);
    expect([...source.next({ ...blocksOf(new Uint8Array(100), 0, 1), path: join(folder, 'missing') })]).toEqual([
      { damaged: true, first: 0, count: 1 },
    ]);
    source.close();
  });
});
