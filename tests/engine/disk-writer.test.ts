import { describe, expect, it } from 'vitest';
import { DISK_BLOCK_MAX_BYTES } from '../../src/shared/limits.ts';
import { decodeRecords, FLAG_SYNTHETIC } from '../../src/shared/record.ts';
import { fill, reopen, rowsOf, settle, textOf, tinyFolder, tinyRecording } from '../support/disk-bench.ts';
import { MemoryFiles } from '../support/memory-files.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('a recording on disk', () => {
  it('makes no folder before there is a record', async () => {
    const files = new MemoryFiles();
    const recording = tinyRecording(files);
    await recording.flush();
    expect(recording.state).toMatchObject({ storage: 'disk', id: null, waiting: 0, isBehind: false, error: null });
    expect(recording.rows).toEqual({ first: 0, end: 0 });
    await recording.close();
    expect(files.paths).toEqual([]);
  });

  it('gives records back before and after they are written', async () => {
    const recording = tinyRecording();
    expect(recording.append(2, 0, 5, 0, null, { message: 'ä', count: 3 })).toBe(0);
    expect(recording.append(4, 2, 7, 9, textOf(1), null)).toBe(1);
    const before = await rowsOf(recording);
    expect(before[0]).toMatchObject({ seq: 0, kind: 2, direction: 'none', time: 5, peer: 0, payloadLength: 0 });
    expect(before[0]?.meta).toEqual({ message: 'ä', count: 3 });
    expect(before[1]).toMatchObject({ seq: 1, kind: 4, direction: 'out', time: 7, peer: 9, payloadLength: 20 });
    expect(recording.writtenEnd).toBe(0);
    await recording.flush();
    expect(recording.writtenEnd).toBe(2);
    expect(recording.state).toMatchObject({ id: 'tiny', waiting: 0 });
    expect(await rowsOf(recording)).toEqual(before);
    await recording.close();
  });

  it('keeps a copy of the payload, so that the caller may use its buffer again', async () => {
    const recording = tinyRecording();
    const buffer = textOf(7);
    recording.append(4, 1, 0, 1, buffer, null);
    buffer.fill(0);
    expect((await rowsOf(recording))[0]?.payload).toEqual(textOf(7));
    await recording.close();
  });

  it('is whole again when it is opened after it was closed', async () => {
    const files = new MemoryFiles();
    const recording = tinyRecording(files);
    fill(recording, 0, 200);
    await settle(recording);
    const rows = await rowsOf(recording);
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 200 }, (_, seq) => seq));
    await recording.close();
    expect(files.openFiles).toBe(0);
    const opened = await reopen(files);
    expect(opened.wasClosed).toBe(true);
    expect(opened.info).toMatchObject({ recording: 'tiny', protocol: 'tcp-client', startedAt: 1_700_000_000_000 });
    expect(await rowsOf(opened.reader)).toEqual(rows);
    expect(opened.diskBytes).toBe(files.used);
    expect(recording.diskBytes).toBe(files.used);
    await opened.reader.close();
    expect(files.openFiles).toBe(0);
  });

  it('has everything that was flushed when its process dies', async () => {
    const files = new MemoryFiles();
    const recording = tinyRecording(files);
    fill(recording, 0, 33);
    await recording.flush();
    fill(recording, 33, 40);
    const opened = await reopen(files);
    expect(opened.wasClosed).toBe(false);
    const rows = await rowsOf(opened.reader);
    expect(rows.slice(0, 33).map((row) => text(row.payload))).toEqual(
      Array.from({ length: 33 }, (_, seq) => text(textOf(seq))),
    );
    expect(rows[33]).toMatchObject({ flags: FLAG_SYNTHETIC, meta: { count: 0, bytes: 0, reason: 'interrupted' } });
    await opened.reader.close();
    await recording.close();
  });

  it('begins a new segment when one is full', async () => {
    const files = new MemoryFiles();
    let segments = 0;
    const recording = tinyRecording(files, {}, { onSegment: () => (segments += 1) });
    fill(recording, 0, 100);
    await settle(recording);
    const paths = files.paths.filter((path) => path.endsWith('.wbr'));
    expect(paths.length).toBeGreaterThan(2);
    expect(segments).toBe(paths.length);
    for (const path of paths) expect(files.contentOf(path).length).toBeLessThanOrEqual(2048);
    expect(files.paths).toContain(`${tinyFolder}/index.wbx`);
    await recording.close();
  });

  it('takes records that are larger than a block and than a segment', async () => {
    const files = new MemoryFiles();
    const recording = tinyRecording(files, { behindBytes: 64 * 1024 * 1024 });
    const large = new Uint8Array(16 * 1024 * 1024).fill(77);
    fill(recording, 0, 3);
    recording.append(4, 1, 100, 1, large, { note: 'large' });
    fill(recording, 11, 14);
    recording.append(4, 1, 200, 1, large.subarray(0, 3000), null);
    expect((await rowsOf(recording, 0, 9, 10)).map((row) => row.payloadLength)).toEqual([
      20, 20, 20, 16_777_216, 20, 20, 20, 3000,
    ]);
    await settle(recording);
    const [row] = await rowsOf(recording, 3, 1, 10);
    expect(row).toMatchObject({ seq: 3, payloadLength: large.length, meta: { note: 'large' } });
    const { total, bytes } = valueOf(await recording.payload(3, large.length - 5, 100));
    expect([total, ...bytes]).toEqual([large.length, 77, 77, 77, 77, 77]);
    await recording.close();
    const opened = await reopen(files);
    expect((await rowsOf(opened.reader, 0, 9, 10)).map((one) => one.seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await opened.reader.close();
  });

  it('puts a gap row in the place of a record that no reader would accept', async () => {
    const recording = tinyRecording();
    fill(recording, 0, 1);
    expect(recording.append(4, 1, 20, 1, new Uint8Array(DISK_BLOCK_MAX_BYTES), null)).toBe(-1);
    fill(recording, 3, 4);
    await settle(recording);
    const rows = await rowsOf(recording);
    expect(rows.map((row) => [row.seq, row.kind, row.time])).toEqual([
      [0, 4, 0],
      [1, 0, 20],
      [2, 4, 30],
    ]);
    expect(rows[1]?.meta).toEqual({ count: 1, bytes: DISK_BLOCK_MAX_BYTES, reason: 'too-large' });
    expect(recording.totals).toMatchObject({ lostRecords: 1, lostBytes: DISK_BLOCK_MAX_BYTES });
    await recording.close();
  });

  it('never lets times go back', async () => {
    const recording = tinyRecording();
    for (const time of [5, 9, 3, 8, 12]) recording.append(4, 1, time, 1, null, null);
    await settle(recording);
    for (const time of [1, 13]) recording.append(4, 1, time, 1, null, null);
    expect((await rowsOf(recording)).map((row) => row.time)).toEqual([5, 9, 9, 9, 12, 12, 13]);
    expect(await recording.seqAt(9)).toBe(1);
    expect(await recording.seqAt(13)).toBe(6);
    expect(await recording.seqAt(14)).toBe(7);
    await recording.close();
  });

  it('deletes the oldest segments when the quota is reached, and says so in a row', async () => {
    const files = new MemoryFiles();
    const recording = tinyRecording(files, { segmentBytes: 5000 }, { quota: () => 60_000 });
    for (let seq = 0; seq < 3000; seq += 20) {
      fill(recording, seq, seq + 20);
      await recording.flush();
      expect(files.used).toBeLessThanOrEqual(60_000);
    }
    const { first, end } = recording.rows;
    expect(end).toBe(3000);
    expect(first).toBeGreaterThan(2000);
    expect(first).toBeLessThan(2800);
    expect(recording.firstKept).toBe(first + 1);
    const rows = await rowsOf(recording);
    const meta = { count: first + 1, bytes: (first + 1) * 20, reason: 'quota' };
    expect(rows[0]).toMatchObject({ kind: 0, flags: FLAG_SYNTHETIC, seq: first, time: first * 10, meta });
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: end - first }, (_, index) => first + index));
    expect(recording.totals).toMatchObject({ lostRecords: first + 1, lostBytes: (first + 1) * 20 });
    expect(errorOf(await recording.payload(5, 0, 1)).code).toBe('gone');
    expect(errorOf(await recording.payload(3000, 0, 1)).code).toBe('not-found');
    expect(await recording.pick([1, first, first + 2, 5000], 100)).toMatchObject({ skipped: 1 });
    await recording.close();
    const opened = await reopen(files);
    expect(await rowsOf(opened.reader)).toEqual(rows);
    await opened.reader.close();
  });

  it('deletes its oldest segment when it is asked to, but never the one that is written', async () => {
    const files = new MemoryFiles();
    const recording = tinyRecording(files);
    fill(recording, 0, 60);
    await settle(recording);
    const before = recording.diskBytes;
    const freed = await recording.dropOldestSegment();
    expect(freed).toBeGreaterThan(0);
    expect(recording.diskBytes).toBe(before - freed);
    while ((await recording.dropOldestSegment()) > 0);
    expect(files.paths.filter((path) => path.endsWith('.wbr'))).toHaveLength(1);
    expect(recording.rows.end).toBe(60);
    expect((await rowsOf(recording)).at(-1)?.payload).toEqual(textOf(59));
    await recording.close();
  });

  it('answers rightly while the segments that are read are deleted', async () => {
    const files = new MemoryFiles();
    const recording = tinyRecording(files);
    fill(recording, 0, 300);
    await settle(recording);
    fill(recording, 300, 305);
    let deleted = 0;
    while (deleted < 200) {
      const from = recording.rows.first;
      const reading = [rowsOf(recording, from, 60), rowsOf(recording, from + 20, 300)];
      const picking = recording.pick([from, from + 3, from + 40, 304], 100);
      await recording.dropOldestSegment();
      for (const rows of await Promise.all(reading)) {
        const [first] = rows;
        expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => (first?.seq ?? 0) + index));
        const data = rows.filter((row) => row.kind === 4);
        expect(data.map((row) => text(row.payload))).toEqual(data.map((row) => text(textOf(row.seq))));
        // At most the first one is a gap row, and for what was deleted.
        expect(rows.length - data.length).toBeLessThanOrEqual(1);
        if (first?.kind === 0) expect(first.meta).toMatchObject({ count: first.seq + 1, reason: 'quota' });
      }
      const picked = decodeRecords((await picking).rows);
      expect(picked.at(-1)?.seq).toBe(304);
      for (const row of picked) expect(row.kind === 4 || row.meta.reason === 'quota').toBe(true);
      deleted = recording.rows.first;
    }
    await recording.close();
  });

  it('gives everything to a scan, from the files and then from memory', async () => {
    const recording = tinyRecording();
    fill(recording, 0, 90);
    await settle(recording);
    fill(recording, 90, 95);
    const kinds: string[] = [];
    let next = 0;
    for (let input = recording.scan(0); input !== null; input = recording.scan(next)) {
      kinds.push(input.type);
      expect(input.first).toBeLessThanOrEqual(next);
      expect(input.count).toBeGreaterThan(0);
      next = input.first + input.count;
    }
    expect(next).toBe(95);
    expect([...new Set(kinds)]).toEqual(['blocks', 'bytes']);
    await recording.close();
  });
});
