import { describe, expect, it } from 'vitest';
import { INDEX_NAME } from '../../src/engine/disk/format.ts';
import { openRecording } from '../../src/engine/disk/open-recording.ts';
import { lookThrough } from '../support/check-recording.ts';
import {
  joinBytes,
  madeBlock,
  madeRecord,
  makeRecording,
  packRecord,
  putRecording,
  spread,
  type MadeFile,
} from '../support/made-recording.ts';
import { MemoryFiles } from '../support/memory-files.ts';

const folder = '/recordings/one';
const perBlock = 2;
const blocks = 3;
const records = Array.from({ length: 18 }, (_, seq) => madeRecord(seq, 20));
const originals = records.map(packRecord);
const segments = spread(records, perBlock, blocks);

/** Where each block of a segment ends: the header takes what the blocks and the closing block leave. */
function blockEnds(file: MadeFile, place: number): number[] {
  const sizes = (segments[place] ?? []).map((block) => madeBlock(block).length);
  const all = sizes.reduce((sum, size) => sum + size, place === segments.length - 1 ? madeBlock([]).length : 0);
  let end = file.bytes.length - all;
  return sizes.map((size) => (end += size));
}

/** The records that are whole when a segment is cut off. */
function expectedAfter(file: MadeFile, place: number, length: number): number[] {
  const whole = blockEnds(file, place).filter((end) => end <= length).length;
  const begin = place * blocks * perBlock;
  return records
    .map(({ seq }) => seq)
    .filter((seq) => seq < begin + whole * perBlock || seq >= begin + blocks * perBlock);
}

async function show(files: readonly MadeFile[]) {
  const disk = new MemoryFiles();
  putRecording(disk, folder, files);
  const opened = await openRecording(folder, disk);
  if (!opened.ok) return { error: opened.error.code, openFiles: disk.openFiles };
  const shown = await lookThrough(opened.value.reader, originals, disk);
  await opened.value.reader.close();
  return { shown, wasClosed: opened.value.wasClosed, rows: opened.value.reader.rows, openFiles: disk.openFiles };
}

function cut(files: readonly MadeFile[], name: string, length: number): MadeFile[] {
  return files.map((file) => (file.name === name ? { name, bytes: file.bytes.slice(0, length) } : file));
}

for (const hasIndex of [true, false]) {
  describe(`a recording ${hasIndex ? 'with' : 'without'} its index, cut off`, () => {
    const files = makeRecording({ segments, hasIndex });
    for (const [place, file] of files.filter(({ name }) => name !== INDEX_NAME).entries()) {
      it(`at any byte of ${file.name} shows what is whole, and gap rows for the rest`, async () => {
        for (let length = 0; length < file.bytes.length; length += 1) {
          const { shown, rows, wasClosed, openFiles } = await show(cut(files, file.name, length));
          expect(openFiles).toBe(0);
          expect(shown?.whole, `cut to ${length} bytes`).toEqual(expectedAfter(file, place, length));
          expect(shown?.scanned).toEqual(shown?.whole);
          const isLast = place === segments.length - 1;
          expect(wasClosed).toBe(!isLast);
          const lost = records.length - (shown?.whole.length ?? 0);
          // Without an index nobody knows how many records the end of the last segment had.
          if (hasIndex || !isLast) expect(rows?.end).toBe(records.length + (isLast ? 1 : 0));
          if (hasIndex || !isLast) expect(shown?.gaps.size).toBe(lost + (isLast ? 1 : 0));
          if (isLast) expect([...(shown?.gaps.values() ?? [])].at(-1)).toBe('interrupted');
        }
      });
    }
  });
}

describe('a recording whose index is cut off', () => {
  it('at any byte shows everything', async () => {
    const files = makeRecording({ segments, runBytes: 1 });
    const index = files.find(({ name }) => name === INDEX_NAME);
    for (let length = 0; length < (index?.bytes.length ?? 0); length += 1) {
      const { shown, wasClosed } = await show(cut(files, INDEX_NAME, length));
      expect(shown?.whole, `cut to ${length} bytes`).toHaveLength(records.length);
      expect(shown?.gaps.size).toBe(0);
      expect(wasClosed).toBe(true);
    }
  });
});

describe('a recording of one segment, cut off', () => {
  it('at any byte opens with what is whole, or says that its beginning was never written', async () => {
    const files = makeRecording({ segments: segments.slice(0, 1), hasIndex: false });
    const [file] = files;
    if (file === undefined) throw new Error('There is no segment');
    const header = (blockEnds(file, 0)[0] ?? 0) - madeBlock(segments[0]?.[0] ?? []).length - madeBlock([]).length;
    for (let length = 0; length < file.bytes.length; length += 1) {
      const { shown, error } = await show(cut(files, file.name, length));
      if (length < header) expect(error).toBe('bad-recording');
      else expect(shown?.gaps.get(shown.whole.length)).toBe('interrupted');
    }
  });

  it('and with anything behind it shows what was there before', async () => {
    const files = makeRecording({ segments: segments.slice(0, 1), hasIndex: false });
    const longer = files.map(({ name, bytes }) => ({ name, bytes: joinBytes([bytes, Buffer.from('WBBK and more')]) }));
    const { shown, wasClosed } = await show(longer);
    expect(shown?.whole).toHaveLength(6);
    expect(shown?.gaps.get(6)).toBe('interrupted');
    expect(wasClosed).toBe(false);
  });
});
