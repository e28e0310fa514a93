import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeDiskFiles, type DiskFiles } from '../../src/engine/disk/disk-files.ts';
import { DiskRecording } from '../../src/engine/disk/disk-recording.ts';
import { BLOCK_HEADER_BYTES, INDEX_NAME, readBlockHead } from '../../src/engine/disk/format.ts';
import { openRecording } from '../../src/engine/disk/open-recording.ts';
import type { RecordingReader } from '../../src/engine/recording.ts';
import { DISK_ALIGN_BYTES } from '../../src/shared/disk-limits.ts';
import { decodeRecords, kindTable } from '../../src/shared/record.ts';
import { readFile } from 'node:fs/promises';
import { valueOf } from '../support/outcome.ts';

let parent = '';
let made = 0;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'wirebench-padding-'));
});
afterAll(async () => {
  await rm(parent, { recursive: true, force: true });
});

/** Real files, and how many bytes were asked to go to the device. */
function watchedFiles(): { readonly files: DiskFiles; readonly asked: () => number } {
  let bytes = 0;
  const files: DiskFiles = {
    ...nodeDiskFiles,
    open: async (path, mode) => {
      const file = await nodeDiskFiles.open(path, mode);
      return {
        write: (buffers, position, toDevice) => {
          if (toDevice === true) for (const { length } of buffers) bytes += length;
          return file.write(buffers, position, toDevice);
        },
        read: (into, position) => file.read(into, position),
        sync: () => file.sync(),
        truncate: (size) => file.truncate(size),
        stat: () => file.stat(),
        close: () => file.close(),
      };
    },
  };
  return { files, asked: () => bytes };
}

/** In blocks of the usual size, which alone are padded; segments of a few of them. */
function recordingIn(folder: string, files: DiskFiles, segmentBytes: number): DiskRecording {
  return new DiskRecording({
    folder,
    id: 'padded',
    protocol: 'tcp-client',
    address: '127.0.0.1:9',
    kinds: kindTable(['data']),
    startedAt: () => 1_700_000_000_000,
    writer: 'test',
    files,
    quota: () => Infinity,
    whenBehind: () => 'pause',
    sizes: { segmentBytes },
  });
}

function payloadOf(seq: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) bytes[at] = seq * 13 + at;
  return bytes;
}

async function expectRows(reader: RecordingReader, lengths: readonly number[]): Promise<void> {
  for (let from = 0; from < lengths.length;) {
    const part = decodeRecords((await reader.read(from, 500, 1_000_000)).rows);
    expect(part.length).toBeGreaterThan(0);
    for (const { seq, payload } of part) {
      if (seq >= lengths.length) continue;
      expect(Buffer.compare(payload, payloadOf(seq, lengths[seq] ?? -1)), `record ${seq}`).toBe(0);
    }
    from += part.length;
  }
}

const lengths = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 3000 }) },
    { weight: 3, arbitrary: fc.integer({ min: 20_000, max: 70_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 250_000, max: 300_000 }) },
  ),
  { minLength: 100, maxLength: 700 },
);

describe('padded blocks', () => {
  it('give everything back: while they are written, opened again, and with an index that was lost', async () => {
    await fc.assert(
      fc.asyncProperty(lengths, fc.integer({ min: 1, max: 60 }), async (all, pause) => {
        const folder = join(parent, String((made += 1)));
        const { files } = watchedFiles();
        const recording = recordingIn(folder, files, 2 * 1024 * 1024);
        for (const [seq, length] of all.entries()) {
          recording.append(4, 1, seq, 1, payloadOf(seq, length), null);
          if (seq % pause === 0) await Promise.resolve();
          if (seq % 97 === 96) await recording.flush();
        }
        await expectRows(recording, all);
        await recording.close();
        const opened = valueOf(await openRecording(folder, files));
        expect(opened.wasClosed).toBe(true);
        expect(opened.reader.rows.end).toBe(all.length);
        await expectRows(opened.reader, all);
        await opened.reader.close();
        await rm(join(folder, INDEX_NAME));
        const searched = valueOf(await openRecording(folder, files));
        expect(searched.wasClosed).toBe(true);
        await expectRows(searched.reader, all);
        await searched.reader.close();
        await rm(folder, { recursive: true });
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('begin at pages of the file, with nothing but zeros between them, and go to the device', async () => {
    const folder = join(parent, String((made += 1)));
    const { files, asked } = watchedFiles();
    const recording = recordingIn(folder, files, 8 * 1024 * 1024);
    const all = new Array<number>(20_000).fill(1024);
    for (const [seq, length] of all.entries()) {
      recording.append(4, 1, seq, 1, payloadOf(seq, length), null);
      // The first ones, because a block is padded only when its place is known; then not so fast that it is left to the cache.
      if (seq === 99 || seq % 4000 === 3999) await recording.flush();
    }
    await recording.close();
    for (const name of ['000001.wbr', '000002.wbr']) {
      const bytes = await readFile(join(folder, name));
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      let offset = 24 + view.getUint32(12, true);
      let [blocks, aligned] = [0, 0];
      for (let head = readBlockHead(view, offset); head !== null; head = readBlockHead(view, offset)) {
        const end = offset + BLOCK_HEADER_BYTES + head.length;
        expect(bytes.subarray(end - head.padding, end).every((byte) => byte === 0)).toBe(true);
        expect(head.padding).toBeLessThan(DISK_ALIGN_BYTES);
        blocks += 1;
        if (offset % DISK_ALIGN_BYTES === 0) aligned += 1;
        offset = end;
      }
      expect(blocks).toBeGreaterThan(20);
      expect(aligned).toBeGreaterThan(blocks * 0.7);
    }
    expect(asked()).toBeGreaterThan(10 * 1024 * 1024);
  });

  it('are not those of a quiet session', async () => {
    const folder = join(parent, String((made += 1)));
    const { files } = watchedFiles();
    const recording = recordingIn(folder, files, 8 * 1024 * 1024);
    for (let seq = 0; seq < 20; seq += 1) {
      recording.append(4, 1, seq, 1, payloadOf(seq, 100), null);
      await recording.flush();
    }
    await recording.close();
    expect((await readFile(join(folder, '000001.wbr'))).length).toBeLessThan(20 * 300 + 1000);
  });
});
