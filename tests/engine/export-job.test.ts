import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockSource } from '../../src/engine/disk/block-source.ts';
import { exportError } from '../../src/engine/export/export-errors.ts';
import { ExportFile, WriteFailure, type FileCalls } from '../../src/engine/export/export-file.ts';
import { ExportJob } from '../../src/engine/export/export-job.ts';
import type { ExportPart, ExportTask } from '../../src/engine/export/export-messages.ts';
import { FilterFailure } from '../../src/engine/export/record-match.ts';
import type { WireError } from '../../src/shared/errors.ts';
import { encodeRecord, type Direction, type Meta } from '../../src/shared/record.ts';
import { DATA, importJsonl, info, type Imported } from '../support/exported.ts';

interface Stored {
  readonly payload: Uint8Array;
  readonly direction: Direction;
  readonly peer: number;
}

function packed(record: Stored, seq: number): Uint8Array {
  const { payload, direction, peer } = record;
  return encodeRecord({ kind: DATA, direction, flags: 0, time: seq * 1000, seq, peer }, null, payload);
}

/** A part of memory with these records, the first of which has number `first`. */
function part(records: readonly Stored[], first: number): ExportPart {
  const bytes = Buffer.concat(records.map((record, index) => packed(record, first + index)));
  return { type: 'bytes', first, count: records.length, bytes: new Uint8Array(bytes) };
}

function gapRow(seq: number, meta: Meta): Uint8Array {
  return encodeRecord({ kind: 0, direction: 'none', flags: 1, time: 7, seq, peer: 0 }, meta, new Uint8Array(0));
}

function run(
  more: Partial<Omit<ExportTask, 'info'>> & { readonly filter?: string; readonly peer?: number | null },
  parts: readonly ExportPart[],
): { readonly file: Buffer; readonly error: WireError | null; readonly counts: ExportJob['counts'] } {
  const { filter = '', peer = null, ...task } = more;
  const written: Buffer[] = [];
  const job = new ExportJob(
    {
      format: 'jsonl',
      direction: null,
      from: 0,
      end: 1000,
      unfinished: '',
      path: '/to/file',
      ...task,
      info: { ...info, filter, peer },
    },
    new BlockSource(),
    (bytes) => written.push(Buffer.from(bytes)),
  );
  for (const one of parts) job.take(one);
  const error = job.finish();
  return { file: Buffer.concat(written), error, counts: job.counts };
}

function rows(file: Buffer): Imported[] {
  return importJsonl(file).records;
}

const stored = (text: string, direction: Direction = 'in', peer = 1): Stored => ({
  payload: Buffer.from(text),
  direction,
  peer,
});

describe('the work of an export', () => {
  it('takes what is between the first and the last record, wherever parts begin and end', () => {
    const all = Array.from({ length: 40 }, (_, index) => stored(`record ${index}`));
    fc.assert(
      fc.property(fc.array(fc.nat(40), { maxLength: 6 }), fc.nat(39), fc.nat(39), fc.nat(5), (cuts, a, b, overlap) => {
        const from = Math.min(a, b);
        const end = Math.max(a, b) + 1;
        const borders = [...new Set([0, 40, ...cuts])].sort((left, right) => left - right);
        const parts = borders.slice(1).map((stop, index) => {
          // A part may begin before the first record that has not been given yet.
          const start = Math.max(0, (borders[index] ?? 0) - overlap);
          return part(all.slice(start, stop), start);
        });
        const { file, counts } = run({ from, end }, parts);
        expect(rows(file).map(({ seq, payload }) => [seq, payload.toString()])).toEqual(
          Array.from({ length: end - from }, (_, index) => [from + index, `record ${from + index}`]),
        );
        expect(counts).toMatchObject({ looked: end - from, records: end - from, bytes: file.length });
      }),
    );
  });

  it('takes what passes the filter, and is of the connection', () => {
    const parts = [part([stored('a ping'), stored('pong', 'out'), stored('ping', 'in', 2), stored('Ping!')], 0)];
    const texts = (filter: string, peer: number | null = null): string[] =>
      rows(run({ end: 4, filter, peer }, parts).file).map(({ payload }) => payload.toString());
    expect(texts('ping')).toEqual(['a ping', 'ping', 'Ping!']);
    expect(texts('/^p.ng/i')).toEqual(['pong', 'ping', 'Ping!']);
    expect(texts('ping', 1)).toEqual(['a ping', 'Ping!']);
    expect(texts('', 2)).toEqual(['ping']);
    expect(texts('-dir:in')).toEqual(['pong']);
    const { counts } = run({ end: 4, filter: 'dir:out' }, parts);
    expect(counts).toMatchObject({ looked: 4, records: 1 });
  });

  it('gives an expression up that takes too long', () => {
    const parts = [part([stored(`${'a'.repeat(40)}!`)], 0)];
    expect(() => run({ end: 1, filter: '/(a+)+$/' }, parts)).toThrow(FilterFailure);
  });

  it('writes what is not there as gaps, whatever the filter', () => {
    const parts: ExportPart[] = [
      { type: 'gap', row: gapRow(4, { count: 5, bytes: 50, reason: 'quota' }) },
      part([stored('five'), stored('six', 'out')], 5),
      { type: 'lost', first: 7, count: 3, time: 9000, reason: 'damaged', deletedBytes: null },
      part([stored('ten')], 10),
      { type: 'lost', first: 11, count: 4, time: 14_000, reason: 'quota', deletedBytes: 100 },
      { type: 'row', row: gapRow(15, { count: 0, bytes: 12, reason: 'interrupted' }) },
    ];
    const found = rows(run({ from: 5, end: 16, filter: 'dir:out' }, parts).file);
    expect(found.map(({ seq, kind, meta }) => [seq, kind, meta])).toEqual([
      [4, 'gap', { count: 5, bytes: 50, reason: 'quota' }],
      [6, 'data', {}],
      [7, 'gap', { first: 7, count: 3, reason: 'damaged' }],
      // 100 payload bytes were deleted since it began; 10 of them had been looked at before.
      [11, 'gap', { first: 11, count: 4, bytes: 90, reason: 'quota' }],
      [15, 'gap', { count: 0, bytes: 12, reason: 'interrupted' }],
    ]);
    expect(run({ from: 5, end: 16 }, parts)).toMatchObject({ error: null, counts: { looked: 11, records: 7 } });
    const text = run({ from: 5, end: 16, format: 'text' }, parts).file.toString();
    expect(text.match(/ gap .*/g)).toHaveLength(4);
  });

  it('says of raw bytes what is missing in them', () => {
    const raw = { format: 'raw', direction: 'in', from: 5, end: 16 } as const;
    const whole = run({ ...raw, end: 7 }, [part([stored('five'), stored('six', 'out')], 5)]);
    expect(whole.file.toString()).toBe('five');
    expect(whole.error).toBeNull();
    const { file, error } = run(raw, [
      { type: 'gap', row: gapRow(4, { count: 5, bytes: 50_000, reason: 'quota' }) },
      part([stored('five'), stored('six', 'out')], 5),
      { type: 'lost', first: 7, count: 8, time: 0, reason: 'damaged', deletedBytes: null },
      { type: 'row', row: gapRow(15, { count: 0, bytes: 1, reason: 'interrupted' }) },
    ]);
    expect(file.toString()).toBe('five');
    expect(error).toMatchObject({
      code: 'gone',
      message:
        '/to/file is not complete: 50 000 bytes in 5 records of both directions are not kept; 8 records cannot be read, because the recording is damaged; the last 1 byte of the recording cannot be read, because it was interrupted.',
    });
  });

  it('takes a part that is not what it should be as damaged, and goes on', () => {
    const broken = part([stored('one'), stored('two'), stored('three')], 0);
    if (broken.type !== 'bytes') throw new Error('Not in memory');
    // The size of the second record.
    broken.bytes[43] = 0xff;
    const found = rows(run({ end: 4 }, [broken, part([stored('four')], 3)]).file);
    expect(found.map(({ seq, kind, meta }) => [seq, kind, meta])).toEqual([
      [0, 'data', {}],
      [1, 'gap', { first: 1, count: 2, reason: 'damaged' }],
      [3, 'data', {}],
    ]);
  });

  it('takes blocks of a file that is not there any more for deleted', () => {
    const path = '/nowhere/000001.wbr';
    const parts: ExportPart[] = [{ type: 'blocks', path, offset: 0, length: 1000, first: 0, count: 5, seed: 0 }];
    expect(rows(run({ end: 5 }, parts).file)[0]?.meta).toEqual({ first: 0, count: 5, reason: 'quota' });
  });

  it('never looks complete when parts are missing', () => {
    const found = rows(run({ end: 3 }, [part([stored('one')], 0)]).file);
    expect(found.map(({ meta }) => meta)).toEqual([{}, { first: 1, count: 2, reason: 'damaged' }]);
  });
});

describe('the file of an export', () => {
  const errno = (code: string): Error => Object.assign(new Error(code), { code, syscall: 'write' });

  function faulty(more: Partial<FileCalls>): { readonly calls: FileCalls; readonly written: number[] } {
    const written: number[] = [];
    const calls: FileCalls = {
      open: () => 5,
      write: (_file, bytes, offset) => {
        written.push(...bytes.subarray(offset, offset + 3));
        return Math.min(3, bytes.length - offset);
      },
      sync: () => undefined,
      close: () => undefined,
      ...more,
    };
    return { calls, written };
  }

  it('writes on where a short write stopped', () => {
    const { calls, written } = faulty({});
    new ExportFile('/x', calls).write(Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]));
    expect(written).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it.each(['open', 'write', 'sync', 'close'] as const)('tells a failing %s from a bug', (step) => {
    const { calls } = faulty({
      [step]: () => {
        throw errno('EIO');
      },
    });
    expect(() => {
      const file = new ExportFile('/x', calls);
      file.write(Buffer.from('a'));
      file.finish();
    }).toThrow(WriteFailure);
  });

  it.each([
    ['ENOSPC', 'disk-full', 'the disk is full'],
    ['EDQUOT', 'disk-full', 'the disk is full'],
    ['ENOENT', 'file-not-found', 'there is no folder /to'],
    ['EACCES', 'permission-denied', 'may not be written'],
    ['EROFS', 'permission-denied', 'may not be written'],
    ['EFBIG', 'storage-failed', 'no file that large'],
    ['EIO', 'storage-failed', 'the disk failed'],
  ])('puts %s into words', (code, wanted, words) => {
    const error = exportError(errno(code), '/to/file');
    expect(error).toMatchObject({ code: wanted, errno: code });
    expect(error.message).toContain('/to/file');
    expect(error.message).toContain(words);
    expect(error.hint).not.toBe('');
  });
});
