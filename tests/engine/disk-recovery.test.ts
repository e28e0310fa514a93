/** Finding the blocks of recordings whose index is missing or wrong, also when somebody has made the files who means ill. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findHead } from '../../src/engine/disk/block-check.ts';
import { buildIndex } from '../../src/engine/disk/build-index.ts';
import type { DiskFile } from '../../src/engine/disk/disk-files.ts';
import { BLOCK_HEADER_BYTES, BLOCK_MAGIC, encodeSegmentHeader, INDEX_NAME } from '../../src/engine/disk/format.ts';
import { encodeEntry } from '../../src/engine/disk/index-file.ts';
import { openRecording } from '../../src/engine/disk/open-recording.ts';
import { surveyFolder } from '../../src/engine/disk/survey.ts';
import { Catalog } from '../../src/engine/library/catalog.ts';
import { Healing } from '../../src/engine/library/healing.ts';
import { KeyedQueue } from '../../src/engine/library/keyed-queue.ts';
import { Locks } from '../../src/engine/library/lock.ts';
import { DISK_FIND_TURN_BYTES, DISK_RECORDS_MOST, DISK_SEGMENT_RECORDS_MOST } from '../../src/shared/limits.ts';
import { decodeRecords } from '../../src/shared/record.ts';
import {
  joinBytes,
  madeBlock,
  madeEnd,
  madeId,
  madeInfo,
  madeRecord,
  makeRecording,
  putRecording,
  spread,
  type MadeFile,
} from '../support/made-recording.ts';
import { MemoryFiles } from '../support/memory-files.ts';
import { errorOf, until, valueOf } from '../support/outcome.ts';

const folder = '/recordings/one';
const nothingBefore = { records: 0, payloadBytes: 0, time: 0 };
const header = encodeSegmentHeader(madeInfo(1, nothingBefore));
const records = Array.from({ length: 24 }, (_, seq) => madeRecord(seq));

function magics(bytes: number): Uint8Array {
  return new Uint8Array(new Uint32Array(bytes / 4).fill(BLOCK_MAGIC).buffer);
}

/** A disk that counts what is read of it, and says when. */
class CountedFiles extends MemoryFiles {
  bytesRead = 0;
  onRead = (): void => undefined;

  override async open(path: string, mode: 'create' | 'read'): Promise<DiskFile> {
    const file = await super.open(path, mode);
    const read = async (into: Uint8Array, position: number): Promise<number> => {
      const count = await file.read(into, position);
      this.bytesRead += count;
      this.onRead();
      return count;
    };
    return { ...file, read };
  }
}

function diskOf(files: readonly MadeFile[]): CountedFiles {
  const disk = new CountedFiles();
  putRecording(disk, folder, files);
  return disk;
}

function segmentOf(...parts: readonly Uint8Array[]): MadeFile {
  return { name: '000001.wbr', bytes: joinBytes([header, ...parts]) };
}

/** Numbers of the records that are there as they were written, and where the rows end. */
async function shown(disk: MemoryFiles): Promise<{ readonly whole: readonly number[]; readonly end: number }> {
  const { reader, wasClosed } = valueOf(await openRecording(folder, disk));
  const { end } = reader.rows;
  const { rows } = await reader.read(0, 100, 100);
  const whole = decodeRecords(rows).filter(({ payloadLength }) => payloadLength > 0);
  expect(wasClosed).toBe(end === 24);
  await reader.close();
  expect(disk.openFiles).toBe(0);
  return { whole: whole.map(({ seq }) => seq), end };
}

describe('a segment in which block after block seems to begin', () => {
  const flood = magics(4 * DISK_FIND_TURN_BYTES);

  it('is passed over at once where none can be, and shows what stands behind', async () => {
    const bytes = Buffer.concat([flood, madeBlock(records)]);
    expect(findHead(bytes, 0, 0)).toBe(flood.length);
    expect(findHead(bytes, 1, 24)).toBe(-1);
    const cut = bytes.subarray(0, flood.length + BLOCK_HEADER_BYTES - 1);
    expect(findHead(cut, flood.length - 3, 0)).toBe(flood.length);
    const disk = diskOf([
      segmentOf(madeBlock(records.slice(0, 4)), flood, madeBlock(records.slice(4)), madeEnd(24, 0)),
    ]);
    expect(await shown(disk)).toEqual({ whole: records.map(({ seq }) => seq), end: 24 });
  });

  it('lets others go on meanwhile', async () => {
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const disk = diskOf([segmentOf(flood, madeBlock(records))]);
    const { reader } = valueOf(await openRecording(folder, disk));
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(flood.length / DISK_FIND_TURN_BYTES);
    await reader.close();
  });

  it('is given up when it is told to, with nothing left open', async () => {
    const disk = diskOf([segmentOf(flood, madeBlock(records))]);
    const ending = new AbortController();
    disk.onRead = () => {
      if (disk.bytesRead > DISK_FIND_TURN_BYTES) ending.abort();
    };
    const opening = openRecording(folder, disk, { signal: ending.signal });
    expect(errorOf(await opening).code).toBe('cancelled');
    expect(disk.bytesRead).toBeLessThan(flood.length);
    expect(disk.openFiles).toBe(0);
    expect(errorOf(await openRecording(folder, disk, { signal: ending.signal })).code).toBe('cancelled');
  });

  it('does not keep an engine from ending that looks how far it reaches', async () => {
    const disk = diskOf([segmentOf(flood, madeBlock(records))]);
    const locks = new Locks(disk);
    const turns = new KeyedQueue();
    const changed = (): void => undefined;
    const catalog = new Catalog({ folder: '/recordings', files: disk, locks, turns, isOwn: () => false, changed });
    await turns.run('one', () => catalog.reload('one'));
    expect(catalog.get('one')?.state).toBe('interrupted');
    const before = catalog.get('one');
    const healing = new Healing({ files: disk, locks, catalog, turns, isOpen: () => false });
    const stops: Promise<void>[] = [];
    disk.bytesRead = 0;
    disk.onRead = () => {
      if (disk.bytesRead > DISK_FIND_TURN_BYTES && stops.length === 0) stops.push(healing.stop());
    };
    healing.begin();
    await until(() => stops.length > 0);
    await Promise.all(stops);
    expect(disk.bytesRead).toBeLessThan(flood.length);
    expect(catalog.get('one')).toEqual(before);
    expect(disk.paths).toEqual([join(folder, '000001.wbr')]);
    locks.dispose();
  });
});

describe('numbers that nobody can have counted to', () => {
  const numbers = [3 * DISK_SEGMENT_RECORDS_MOST + 1, 2 ** 40, DISK_RECORDS_MOST, 2 ** 53 - 4, 2 ** 53, 2 ** 60];

  it.each(numbers)('are not believed of a block: %d', async (first) => {
    const forged = madeBlock(records.slice(4, 8), madeId, { first });
    const disk = diskOf([
      segmentOf(madeBlock(records.slice(0, 8)), forged, madeBlock(records.slice(8)), madeEnd(24, 0)),
    ]);
    expect(await shown(disk)).toEqual({ whole: records.map(({ seq }) => seq), end: 24 });
  });

  it.each(numbers)('are not believed of an end: %d', async (first) => {
    const disk = diskOf([segmentOf(madeBlock(records), madeEnd(first, 0))]);
    // It has none, as far as anybody can say: there is a row that says so.
    expect((await shown(disk)).end).toBe(25);
  });

  it.each(numbers)('are not believed of an entry of the index: %d', async (first) => {
    const files = makeRecording({ segments: spread(records, 3, 4) });
    const run = { offset: 1e6, bytes: 200, first, count: 1, firstTime: 1, lastTime: 1, payloadBytes: 1, kinds: 1 };
    for (const segment of [2, 3]) {
      const entry = encodeEntry({ ...run, segment, directions: 1 });
      const disk = diskOf(
        files.map(({ name, bytes }) => ({ name, bytes: name === INDEX_NAME ? joinBytes([bytes, entry]) : bytes })),
      );
      const { end } = await shown(disk);
      expect(end).toBe(24);
    }
  });

  it('are as high as they may be where segments are gone', async () => {
    const first = 3 * DISK_SEGMENT_RECORDS_MOST - 2;
    const block = madeBlock([madeRecord(first), madeRecord(first + 1)]);
    const disk = diskOf([segmentOf(madeBlock(records)), { name: '000003.wbr', bytes: joinBytes([header, block]) }]);
    const { reader } = valueOf(await openRecording(folder, disk));
    expect(reader.rows.end).toBe(first + 3);
    const { rows } = await reader.read(first, 2, 100);
    expect(decodeRecords(rows).map(({ seq, payloadLength }) => [seq, payloadLength > 0])).toEqual([
      [first, true],
      [first + 1, true],
    ]);
    await reader.close();
  });
});

describe('more runs of blocks than an index has room for', () => {
  /** Every second record is missing, so that no two blocks are neighbours. */
  const odd = records.filter(({ seq }) => seq % 2 === 1);

  async function built(files: readonly MadeFile[], mostRuns: number) {
    const disk = diskOf(files);
    const survey = valueOf(await surveyFolder(folder, disk));
    const { index, wasClosed, tailBytes } = await buildIndex(survey, disk, { mostRuns });
    expect(disk.openFiles).toBe(0);
    const size = (name: string): number => files.find((file) => file.name === name)?.bytes.length ?? 0;
    return { runs: index.length, end: index.end, wasClosed, tailBytes, size };
  }

  it('are not indexed: what comes after them counts as what is at the end and is no block', async () => {
    for (const hasIndex of [false, true]) {
      const files = makeRecording({ segments: spread(odd, 1, 4), hasIndex, isClosed: false });
      const blockBytes = madeBlock(odd.slice(3, 4)).length;
      const { runs, end, wasClosed, tailBytes, size } = await built(files, 3);
      expect([runs, end, wasClosed]).toEqual([3, 6, false]);
      expect(tailBytes).toBe(blockBytes + size('000002.wbr') + size('000003.wbr'));
      const all = await built(files, 12);
      expect([all.runs, all.end, all.tailBytes]).toEqual([12, 24, 0]);
    }
  });
});
