import { createHash, randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeDiskFiles } from '../../src/engine/disk/disk-files.ts';
import { BlockSource } from '../../src/engine/disk/block-source.ts';
import { openRecording } from '../../src/engine/disk/open-recording.ts';
import { ExportJob } from '../../src/engine/export/export-job.ts';
import { RecordingParts } from '../../src/engine/export/recording-parts.ts';
import { MESSAGE_BYTES } from '../../src/shared/limits.ts';
import type { Direction } from '../../src/shared/record.ts';
import type { ExportProgress } from '../../src/shared/contract.ts';
import { engineBench } from '../support/engine-bench.ts';
import { append, endExports, exportBench, inMemory, onDisk } from '../support/export-bench.ts';
import { ExportBench, importJsonl, sourceOf, workerFile } from '../support/exported.ts';
import { leavingNothing } from '../support/leaks.ts';
import { valueOf } from '../support/outcome.ts';

const MIB = 1024 * 1024;

afterEach(endExports);

function sha256(...parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

describe('an export', () => {
  it('writes a recording in memory, in each format, and leaves nothing behind', async () => {
    await leavingNothing(async () => {
      const recording = inMemory();
      append(recording, 'hello', 'out');
      append(recording, Uint8Array.of(0xff, 0x00));
      append(recording, 'world', 'in', 2);
      const made = await ExportBench.make();
      try {
        const done = await made.run(recording);
        expect(done).toMatchObject({ state: 'done', looked: 3, total: 3, records: 3, error: null });
        const jsonl = await made.read();
        expect(done.bytes).toBe(jsonl.length);
        expect(importJsonl(jsonl).records.map(({ payload }) => payload.toString('latin1'))).toEqual([
          'hello',
          '\xff\0',
          'world',
        ]);
        await made.run(recording, { format: 'text' });
        expect((await made.read()).toString()).toMatch(/ ↑ data .* hello\n.* ↓ data .*\\xff\\0\n.*world\n$/);
        await made.run(recording, { format: 'raw', direction: 'in' });
        expect((await made.read()).toString('latin1')).toBe('\xff\0world');
        await made.run(recording, { format: 'raw', direction: 'in', peer: 2 });
        expect((await made.read()).toString()).toBe('world');
        await made.run(recording, { format: 'raw', direction: 'out' });
        expect((await made.read()).toString()).toBe('hello');
        await made.run(recording, { filter: 'world' });
        expect(importJsonl(await made.read()).head).toMatchObject({ filter: 'world' });
        expect(await made.files()).toEqual(['exported']);
      } finally {
        await made.dispose();
      }
    });
  });

  it('has the bytes of each direction exactly as they were, from disk, whatever the chunks', async () => {
    const made = await exportBench();
    const recording = onDisk(made, { segmentBytes: 8 * MIB });
    const chunks: { readonly direction: Direction; readonly payload: Buffer }[] = [];
    for (let total = 0; total < 40 * MIB;) {
      const size = [1, 100, 65_536, 300_000, 7][chunks.length % 5] ?? 0;
      const payload = randomBytes(size);
      const direction = chunks.length % 3 === 0 ? 'out' : 'in';
      chunks.push({ direction, payload });
      append(recording, payload, direction);
      total += size;
    }
    await recording.flush();
    for (const direction of ['in', 'out'] as const) {
      const wanted = chunks.filter((chunk) => chunk.direction === direction).map(({ payload }) => payload);
      const done = await made.run(recording, { format: 'raw', direction });
      expect(done).toMatchObject({ state: 'done', records: wanted.length, looked: chunks.length, error: null });
      expect(sha256(await made.read())).toBe(sha256(...wanted));
    }
    await made.run(recording);
    const { records } = importJsonl(await made.read());
    expect(sha256(...records.map(({ payload }) => payload))).toBe(sha256(...chunks.map(({ payload }) => payload)));
  });

  it('takes the largest messages', async () => {
    const made = await exportBench();
    const recording = onDisk(made);
    const payload = Buffer.alloc(MESSAGE_BYTES, 'large "message"\n');
    append(recording, payload);
    append(recording, 'behind it');
    await recording.flush();
    await made.run(recording);
    const { records } = importJsonl(await made.read());
    expect(records.map((record) => sha256(record.payload))).toEqual([
      sha256(payload),
      sha256(Buffer.from('behind it')),
    ]);
  });

  it('ends where the recording ended when it began, and takes what is not on disk yet', async () => {
    const made = await exportBench();
    const recording = onDisk(made, { flushMs: 3_600_000 });
    for (let index = 0; index < 100; index += 1) append(recording, `before ${index}`);
    const id = await made.start(recording);
    for (let index = 0; index < 100; index += 1) append(recording, `after ${index}`);
    expect(await made.window.end(id)).toMatchObject({ state: 'done', total: 100, records: 100 });
    expect(
      importJsonl(await made.read())
        .records.at(-1)
        ?.payload.toString(),
    ).toBe('before 99');
  });

  it('says where records are no longer kept', async () => {
    const made = await exportBench();
    const recording = inMemory(1024, 2048);
    for (let index = 0; index < 100; index += 1) append(recording, `number ${index}`);
    const kept = recording.firstKept;
    await made.run(recording);
    const [gap, next] = importJsonl(await made.read()).records;
    expect(gap).toMatchObject({ seq: kept - 1, kind: 'gap', meta: { count: kept, reason: 'memory' } });
    expect(next).toMatchObject({ seq: kept });
    const raw = await made.run(recording, { format: 'raw', direction: 'in' });
    expect(raw).toMatchObject({ state: 'done', error: { code: 'gone' } });
    expect(raw.error?.message).toContain(` in ${kept} records of both directions are not kept`);
  });

  it('says what is damaged, deleted or broken off in a recording from disk', async () => {
    const made = await exportBench();
    const from = made.path('recording');
    const sizes = { segmentBytes: MIB, blockBytes: 64 * 1024, flushMs: 1 };
    const recording = onDisk(made, sizes);
    for (let index = 0; index < 5000; index += 1) append(recording, `${index} `.padEnd(1000, 'x'));
    await recording.close();
    // The oldest segment is gone, and one in the middle is not what it was.
    await rm(join(from, '000001.wbr'));
    const middle = join(from, '000003.wbr');
    const bytes = Buffer.from(await readFile(middle));
    bytes.fill(0x55, 300_000, 300_100);
    await writeFile(middle, bytes);
    const { reader } = valueOf(await openRecording(from, nodeDiskFiles, { isLive: false }));
    try {
      await made.run(reader);
      const { records } = importJsonl(await made.read());
      const gaps = records.filter(({ kind }) => kind === 'gap').map(({ meta }) => meta.reason);
      expect(gaps).toEqual(['quota', 'damaged']);
      // Every number is accounted for.
      let next = 0;
      for (const { seq, kind, meta } of records) {
        if (meta.reason === 'quota') next = Number(meta.count);
        else {
          expect(seq).toBe(next);
          next += kind === 'gap' ? Number(meta.count) : 1;
        }
      }
      expect(next).toBe(reader.rows.end);
      const raw = await made.run(reader, { format: 'raw', direction: 'in' });
      expect(raw.error?.message).toMatch(/bytes in \d[\d ]* records .* are not kept; \d+ records cannot be read/);
    } finally {
      await reader.close();
    }
  });

  it('says what is deleted for the quota while it runs, with its bytes', async () => {
    const made = await exportBench();
    const recording = onDisk(made, { segmentBytes: 256 * 1024, blockBytes: 16 * 1024 });
    const size = 1000;
    for (let index = 0; index < 3000; index += 1) append(recording, Buffer.alloc(size, 'x'));
    await recording.flush();
    const parts = new RecordingParts(recording);
    const { from, end } = parts;
    const info = { ...sourceOf(recording), filter: '', peer: null };
    const written: Buffer[] = [];
    const task = { format: 'jsonl', direction: null, info, from, end, unfinished: '', path: '' } as const;
    const source = new BlockSource();
    const job = new ExportJob(task, source, (bytes) => written.push(Buffer.from(bytes)));
    let given = 0;
    for (let part = await parts.next(); part !== null; part = await parts.next()) {
      job.take(part);
      given += 1;
      if (given === 1) while (recording.firstKept < 2000) await recording.dropOldestSegment();
    }
    expect(job.finish()).toBeNull();
    source.close();
    const { records } = importJsonl(Buffer.concat(written));
    const gaps = records.filter(({ kind }) => kind === 'gap');
    expect(gaps).toHaveLength(1);
    const { first, count, bytes, reason } = gaps[0]?.meta ?? {};
    const taken = records.findIndex(({ kind }) => kind === 'gap');
    expect({ first, count, bytes, reason }).toEqual({
      first: taken,
      count: recording.firstKept - taken,
      bytes: (recording.firstKept - taken) * size,
      reason: 'quota',
    });
    expect(records.at(-1)?.seq).toBe(end - 1);
    expect(records).toHaveLength(end - Number(count) + 1);
  });

  it('tells how far it is, at most ten times a second, and how it ended', async () => {
    const made = await exportBench();
    const recording = inMemory();
    for (let index = 0; index < 200_000; index += 1) append(recording, `message ${index}`);
    const done = await made.run(recording);
    expect(made.window.progress.at(-1)).toBe(done);
    const running = made.window.progress.slice(0, -1);
    expect(running.every(({ state }) => state === 'running')).toBe(true);
    for (const [index, { looked, records, bytes }] of running.entries()) {
      const before = running[index - 1];
      expect(looked).toBeGreaterThanOrEqual(before?.looked ?? 0);
      expect(records).toBe(looked);
      expect(bytes).toBeLessThanOrEqual(done.bytes);
    }
    expect(done).toMatchObject({ total: 200_000, looked: 200_000 });
  });

  it('does not tell a window that does not read, but how it ended', async () => {
    const made = await exportBench();
    made.window.backlog = Infinity;
    const recording = inMemory();
    append(recording, 'one');
    await made.run(recording);
    expect(made.window.progress.map(({ state }) => state)).toEqual(['done']);
  });

  it('of nothing is a file with a head', async () => {
    const made = await exportBench();
    expect(await made.run(inMemory())).toMatchObject({ state: 'done', total: 0 });
    expect(importJsonl(await made.read()).records).toEqual([]);
  });
});

describe('a window', () => {
  const config = { protocol: 'scripted', address: 'ws://anna:secret@here', options: {} };

  it('exports a session while it goes on, is told how far that is, and can have the file shown', async () => {
    await leavingNothing(async () => {
      const made = await ExportBench.make();
      const shown: string[] = [];
      const engine = engineBench({
        workers: { scan: workerFile, export: workerFile },
        reveal: (path) => void shown.push(path),
      });
      const client = engine.connect();
      const { session } = valueOf(await client.call('session.create', { config }));
      valueOf(await client.call('session.open', { session, config }));
      const peer = engine.driver.last.connect();
      for (const text of ['one', 'two', 'three']) engine.driver.last.receive(peer, text);
      const ended = new Promise<ExportProgress>((resolve) => {
        client.on('export.progress', (progress) => {
          if (progress.state !== 'running') resolve(progress);
        });
      });
      const params = made.params({ session, filter: 'kind:data t' });
      const { export: id } = valueOf(await client.call('export.start', params));
      expect(await ended).toMatchObject({ export: id, session, state: 'done', records: 2, path: made.path() });
      const { head, records } = importJsonl(await made.read());
      // Whoever gets the file must not get the password.
      expect(head).toMatchObject({ protocol: 'scripted', address: 'ws://anna:•••@here', filter: 'kind:data t' });
      expect(records.map(({ payload }) => payload.toString())).toEqual(['two', 'three']);
      valueOf(await client.call('export.reveal', { export: id }));
      expect(shown).toEqual([made.path()]);
      await engine.dispose();
      await made.dispose();
      expect(engine.bugs).toEqual([]);
    });
  });
});
