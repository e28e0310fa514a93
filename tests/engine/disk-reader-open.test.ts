import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../src/engine/disk/crc32.ts';
import type { DiskFile } from '../../src/engine/disk/disk-files.ts';
import { FORMAT_MAJOR, INDEX_NAME, LOCK_NAME } from '../../src/engine/disk/format.ts';
import { INDEX_ENTRY_BYTES } from '../../src/engine/disk/index-file.ts';
import { openRecording, type OpenOptions } from '../../src/engine/disk/open-recording.ts';
import { DISK_REPAIR_BYTES } from '../../src/shared/limits.ts';
import { decodeRecords, FLAG_SYNTHETIC } from '../../src/shared/record.ts';
import { lookThrough } from '../support/check-recording.ts';
import {
  joinBytes,
  madeBlock,
  madeEnd,
  madeId,
  madeKinds,
  madeRecord,
  makeRecording,
  packRecord,
  putRecording,
  spread,
  type MadeFile,
  type MadeOptions,
} from '../support/made-recording.ts';
import { MemoryFiles, systemProblem } from '../support/memory-files.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

const folder = '/recordings/one';
const records = Array.from({ length: 24 }, (_, seq) => madeRecord(seq));
const originals = records.map(packRecord);
const segments = spread(records, 3, 4);

function diskOf(files: readonly MadeFile[]): MemoryFiles {
  const disk = new MemoryFiles();
  putRecording(disk, folder, files);
  return disk;
}

async function openMade(options: MadeOptions, change: (files: MadeFile[]) => MadeFile[] = (files) => files) {
  const disk = diskOf(change(makeRecording(options)));
  const opened = valueOf(await openRecording(folder, disk));
  const shown = await lookThrough(opened.reader, originals, disk);
  return { disk, shown, ...opened };
}

const all = records.map(({ seq }) => seq);

describe('opening a recording', () => {
  it('shows all of it, with what its segments say', async () => {
    const { shown, reader, info, wasClosed, diskBytes, disk } = await openMade({ segments });
    expect(shown.whole).toEqual(all);
    expect(shown.gaps.size).toBe(0);
    expect([reader.rows, reader.firstKept, wasClosed]).toEqual([{ first: 0, end: 24 }, 0, true]);
    expect(info).toMatchObject({ recording: madeId, kinds: madeKinds, address: '127.0.0.1:9' });
    expect(reader.state).toEqual({ storage: 'disk', id: madeId, waiting: 0, isBehind: false, error: null });
    expect(reader.totals).toMatchObject({ lostRecords: 0, lostBytes: 0 });
    expect(diskBytes).toBe(disk.paths.reduce((sum, path) => sum + disk.contentOf(path).length, 0));
    reader.onGrowth(() => undefined)();
    await reader.close();
    expect(disk.openFiles).toBe(0);
  });

  it('reads the index, and of the segments only their ends', async () => {
    const long = spread(
      records.map(({ seq }) => madeRecord(seq, 100_000)),
      3,
      4,
    );
    const disk = diskOf(makeRecording({ segments: long }));
    let bytes = 0;
    const open = disk.open.bind(disk);
    disk.open = async (path, mode): Promise<DiskFile> => {
      const file = await open(path, mode);
      return {
        ...file,
        read: async (into, position) => {
          const count = await file.read(into, position);
          bytes += count;
          return count;
        },
      };
    };
    const { reader } = valueOf(await openRecording(folder, disk));
    expect(reader.rows.end).toBe(24);
    expect(bytes).toBeLessThan(10_000);
    await reader.close();
  });

  it('shows a recording that was killed up to its last whole block, and says so in a row', async () => {
    const half = madeBlock([madeRecord(24), madeRecord(25)]).subarray(0, 77);
    const { shown, reader, wasClosed } = await openMade({ segments, isClosed: false }, (files) =>
      files.map((file) => (file.name === '000002.wbr' ? { ...file, bytes: joinBytes([file.bytes, half]) } : file)),
    );
    expect(shown.whole).toEqual(all);
    expect([wasClosed, reader.rows.end]).toEqual([false, 25]);
    const { rows } = await reader.read(24, 5, 100);
    expect(decodeRecords(rows)).toMatchObject([
      { seq: 24, flags: FLAG_SYNTHETIC, time: 23_000_000, meta: { count: 0, bytes: 77, reason: 'interrupted' } },
    ]);
    expect(decodeRecords((await reader.pick([23, 24], 0)).rows).map(({ seq }) => seq)).toEqual([23, 24]);
    expect(valueOf(await reader.payload(24, 0, 5)).total).toBe(0);
    expect(await reader.seqAt(23_000_001)).toBe(25);
    expect((await reader.read(30, 5, 0)).rows).toHaveLength(0);
    await reader.close();
  });

  it('shows what there is so far of one that another process writes, without a word of interruption', async () => {
    for (const options of [undefined, { isLive: true }, { isLive: false }] satisfies (OpenOptions | undefined)[]) {
      const disk = diskOf(makeRecording({ segments, isClosed: false, hasIndex: false }));
      disk.put(join(folder, LOCK_NAME), Buffer.from('{}'));
      const { reader, wasClosed } = valueOf(await openRecording(folder, disk, options));
      expect([reader.rows.end, wasClosed]).toEqual([options?.isLive === false ? 25 : 24, false]);
      await reader.close();
    }
  });

  it('has a gap row for its oldest segments when they were deleted', async () => {
    const before = { records: 12, payloadBytes: 999, time: 11_500_000 };
    const { shown, reader } = await openMade({ segments: segments.slice(1), firstSegment: 2, before });
    expect(shown.whole).toEqual(all.slice(12));
    expect([...shown.gaps]).toEqual([[11, 'quota']]);
    expect([reader.firstKept, reader.totals.lostRecords, reader.totals.lostBytes]).toEqual([12, 12, 999]);
    const { from, rows } = await reader.read(0, 3, 0);
    expect(from).toBe(11);
    expect(decodeRecords(rows)[0]).toMatchObject({
      time: 11_500_000,
      meta: { count: 12, bytes: 999, reason: 'quota' },
    });
    const picked = await reader.pick([0, 5, 11, 12], 0);
    expect([picked.skipped, decodeRecords(picked.rows).map(({ seq }) => seq)]).toEqual([2, [11, 12]]);
    expect(errorOf(await reader.payload(3, 0, 1)).code).toBe('gone');
    expect(errorOf(await reader.payload(24, 0, 1)).code).toBe('not-found');
    expect(reader.scan(0)?.first).toBe(12);
    await reader.close();
  });

  it('has no use for what its index says of deleted segments', async () => {
    const { shown } = await openMade({ segments }, (files) => files.filter(({ name }) => name !== '000001.wbr'));
    expect(shown.whole).toEqual(all.slice(12));
    expect([...shown.gaps]).toEqual([[11, 'quota']]);
  });
});

describe('opening a recording that is not as it was', () => {
  const three = spread(records, 2, 4);

  it('shows a hole for a segment that is missing in the middle, with or without an index', async () => {
    for (const hasIndex of [true, false]) {
      const { shown } = await openMade({ segments: three, hasIndex }, (files) =>
        files.filter(({ name }) => name !== '000002.wbr'),
      );
      expect(shown.whole).toEqual([...all.slice(0, 8), ...all.slice(16)]);
      expect([...new Set(shown.gaps.values())]).toEqual(['damaged']);
    }
  });

  it('shows how many records are missing at its end, if anything knows', async () => {
    const { shown, reader, wasClosed } = await openMade({ segments: three }, (files) =>
      files.filter(({ name }) => name !== '000003.wbr'),
    );
    expect(shown.whole).toEqual(all.slice(0, 16));
    expect([reader.rows.end, wasClosed, shown.gaps.get(23), shown.gaps.get(24)]).toEqual([
      25,
      false,
      'damaged',
      'interrupted',
    ]);
    const closed = madeEnd(26, 0);
    const later = await openMade({ segments, isClosed: false }, (files) =>
      files.map((file) => (file.name === '000002.wbr' ? { ...file, bytes: joinBytes([file.bytes, closed]) } : file)),
    );
    expect([later.reader.rows.end, later.wasClosed]).toEqual([26, true]);
  });

  it('finds everything when the header of a segment is broken', async () => {
    for (const segment of ['000001.wbr', '000002.wbr', '000003.wbr']) {
      const { shown } = await openMade({ segments: three, hasIndex: segment === '000002.wbr' }, (files) =>
        files.map(({ name, bytes }) =>
          name === segment ? { name, bytes: bytes.slice().fill(7, 0, 30) } : { name, bytes },
        ),
      );
      expect(shown.whole).toEqual(all);
      expect(shown.gaps.size).toBe(0);
    }
  });

  it('knows by its index what it is when the header of its only segment is broken', async () => {
    const { shown, info } = await openMade({ segments: [segments.flat()] }, (files) =>
      files.map(({ name, bytes }) => ({ name, bytes: name === INDEX_NAME ? bytes : bytes.slice().fill(0, 0, 100) })),
    );
    expect([shown.whole, shown.gaps.size, info.recording]).toEqual([all, 0, madeId]);
  });

  it('leaves the index of another recording, or of another state of this one, alone', async () => {
    const others = [
      makeRecording({ segments: spread(records, 5, 2), id: 'another' }),
      makeRecording({ segments: spread(records, 4, 4) }),
      makeRecording({ segments: spread(records, 3, 1) }),
      makeRecording({ segments: segments.slice(0, 1) }),
    ];
    for (const other of others) {
      const { shown, wasClosed } = await openMade({ segments }, (files) => [
        ...files.filter(({ name }) => name !== INDEX_NAME),
        ...other.filter(({ name }) => name === INDEX_NAME),
      ]);
      expect([shown.whole, shown.gaps.size, wasClosed]).toEqual([all, 0, true]);
    }
  });

  it('never shows a record of another recording that is in a payload', async () => {
    const inner = madeBlock([{ ...madeRecord(4), peer: 77 }], 'another');
    const outer = { ...madeRecord(3), payload: inner, payloadLength: inner.length };
    const before = { records: 3, payloadBytes: 0, time: 0 };
    const files = makeRecording({ segments: [[[outer], [madeRecord(4)]]], hasIndex: false, before });
    const [file] = files;
    if (file === undefined) throw new Error('There is no segment');
    // The block around it is broken, so that the next one is looked for in its bytes.
    const at = Buffer.from(file.bytes).indexOf('WBBK');
    file.bytes.fill(0, at + 16, at + 24);
    const disk = diskOf(files);
    const { reader } = valueOf(await openRecording(folder, disk));
    const rows = decodeRecords((await reader.read(0, 9, 1000)).rows);
    expect(rows.map(({ seq, meta, peer }) => [seq, meta.reason, peer])).toEqual([
      [2, 'quota', 0],
      [3, 'damaged', 0],
      [4, undefined, madeRecord(4).peer],
    ]);
    await reader.close();
  });
});

describe('the index of a recording', () => {
  // Long enough that looking through it once is worth remembering.
  const long = spread(
    Array.from({ length: 12 }, (_, seq) => madeRecord(seq, DISK_REPAIR_BYTES / 10)),
    1,
    6,
  );

  it('is written anew when it was missing, so that the next opening is quick', async () => {
    const disk = diskOf(makeRecording({ segments: long, hasIndex: false }));
    const first = valueOf(await openRecording(folder, disk));
    await first.reader.close();
    expect(disk.paths.map((path) => path.slice(folder.length + 1))).toEqual(['000001.wbr', '000002.wbr', INDEX_NAME]);
    const made = makeRecording({ segments: long }).find(({ name }) => name === INDEX_NAME)?.bytes;
    // Two blocks to a run.
    const entries = 6 * INDEX_ENTRY_BYTES;
    const written = disk.contentOf(join(folder, INDEX_NAME));
    expect(Buffer.compare(written.slice(-entries), made?.slice(-entries) ?? written)).toBe(0);
    expect(disk.openFiles).toBe(0);
  });

  it('is left as it is while another process writes the recording, and when the folder takes nothing', async () => {
    const disk = diskOf(makeRecording({ segments: long, hasIndex: false }));
    await valueOf(await openRecording(folder, disk, { isLive: true })).reader.close();
    expect(disk.paths).toHaveLength(2);
    const open = disk.open.bind(disk);
    disk.open = (path, mode) => (mode === 'create' ? Promise.reject(systemProblem('EROFS', 'open')) : open(path, mode));
    const { reader } = valueOf(await openRecording(folder, disk));
    expect(reader.rows.end).toBe(12);
    await reader.close();
    expect(disk.paths).toHaveLength(2);
    expect(disk.openFiles).toBe(0);
  });
});

describe('what cannot be opened', () => {
  it('is named: no folder, no recording, an empty one, one that is only noise', async () => {
    const disk = new MemoryFiles();
    expect(errorOf(await openRecording(folder, disk))).toMatchObject({ code: 'file-not-found', errno: 'ENOENT' });
    disk.put(join(folder, 'notes.txt'), Buffer.from('hello'));
    expect(errorOf(await openRecording(folder, disk))).toMatchObject({ code: 'bad-recording' });
    expect(errorOf(await openRecording(join(folder, 'notes.txt'), disk)).code).toBe('bad-recording');
    disk.put(join(folder, '000001.wbr'), new Uint8Array(0));
    expect(errorOf(await openRecording(folder, disk)).message).toContain('empty');
    disk.put(join(folder, '000001.wbr'), new Uint8Array(5000).fill(0x89));
    expect(errorOf(await openRecording(folder, disk))).toMatchObject({ code: 'bad-recording' });
    expect(disk.openFiles).toBe(0);
  });

  it('is told from what a later version recorded', async () => {
    const disk = diskOf(makeRecording({ segments }));
    const bytes = disk.contentOf(join(folder, '000001.wbr'));
    const view = new DataView(bytes.buffer);
    view.setUint16(8, FORMAT_MAJOR + 1, true);
    view.setUint32(20, crc32(bytes.subarray(0, 20)), true);
    const error = errorOf(await openRecording(folder, disk));
    expect(error.code).toBe('newer-recording');
    expect(error.message).toContain(`format ${FORMAT_MAJOR + 1}.0`);
    expect(error.hint).toContain('Wirebench test');
  });

  it('names the file and the reason when the system does not give it', async () => {
    for (const [errno, code] of [
      ['EACCES', 'permission-denied'],
      ['EMFILE', 'too-many-open-files'],
      ['EIO', 'system-error'],
    ] as const) {
      const disk = diskOf(makeRecording({ segments }));
      disk.open = (path) => Promise.reject(Object.assign(systemProblem(errno, 'open'), { path }));
      const error = errorOf(await openRecording(folder, disk));
      expect([error.code, error.errno]).toEqual([code, errno]);
      expect(error.message).toContain('000001.wbr');
    }
  });

  it('leaves no file open', async () => {
    const disk = diskOf(makeRecording({ segments, hasIndex: false }));
    const open = disk.open.bind(disk);
    let reads = 0;
    disk.open = async (path, mode) => {
      const file = await open(path, mode);
      return {
        ...file,
        read: (into, at) => ((reads += 1) > 2 ? Promise.reject(systemProblem('EIO', 'read')) : file.read(into, at)),
      };
    };
    expect(errorOf(await openRecording(folder, disk)).errno).toBe('EIO');
    expect(disk.openFiles).toBe(0);
  });
});

describe('a recording on a real disk', () => {
  it('opens as one in memory does', async () => {
    const real = await mkdtemp(join(tmpdir(), 'wirebench-recording-'));
    try {
      for (const { name, bytes } of makeRecording({ segments })) await writeFile(join(real, name), bytes);
      const { reader, wasClosed } = valueOf(await openRecording(real));
      const { rows } = await reader.read(0, 24, 1000);
      expect([Buffer.compare(rows, joinBytes(originals)), wasClosed]).toEqual([0, true]);
      await reader.close();
    } finally {
      await rm(real, { recursive: true });
    }
  });

  it.runIf(process.platform !== 'win32')('does not wait for a pipe that stands in the place of a segment', async () => {
    const real = await mkdtemp(join(tmpdir(), 'wirebench-pipe-'));
    execFileSync('mkfifo', [join(real, '000001.wbr')]);
    expect(errorOf(await openRecording(real)).errno).toBe('EINVAL');
    await rm(real, { recursive: true });
  });
});
