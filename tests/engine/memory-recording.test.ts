import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryRecording } from '../../src/engine/memory-recording.ts';
import type { ScanInput } from '../../src/engine/recording.ts';
import { decodeRecords, FLAG_SYNTHETIC, RECORD_HEADER_BYTES, type RecordView } from '../../src/shared/record.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

const none = new Uint8Array(0);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

async function rowsOf(recording: MemoryRecording, from: number, count: number, preview = 1000): Promise<RecordView[]> {
  return decodeRecords((await recording.read(from, count, preview)).rows);
}

function recordsFrom(recording: MemoryRecording, from: number): Extract<ScanInput, { readonly type: 'bytes' }> | null {
  const input = recording.scan(from);
  if (input?.type === 'blocks') throw new Error('memory has no blocks in files');
  return input;
}

/** Fills a recording with records of 60 bytes: a header and 20 bytes. */
function filled(count: number, blockBytes: number, capBytes: number): MemoryRecording {
  const recording = new MemoryRecording(blockBytes, capBytes);
  for (let seq = 0; seq < count; seq += 1) {
    recording.append(4, 1, seq * 10, 1, bytesOf(String(seq).padStart(20, '.')), null);
  }
  return recording;
}

describe('a recording in memory', () => {
  it('is empty at first', async () => {
    const recording = new MemoryRecording();
    expect(recording.rows).toEqual({ first: 0, end: 0 });
    expect(recording.totals).toEqual({ bytes: 0, lostRecords: 0, lostBytes: 0 });
    expect(await recording.read(0, 10, 10)).toEqual({ from: 0, rows: none });
    expect(recording.scan(0)).toBeNull();
    expect(errorOf(await recording.payload(0, 0, 10)).code).toBe('not-found');
  });

  it('gives records back as they were added', async () => {
    const recording = new MemoryRecording();
    expect(recording.append(2, 0, 5, 0, null, { message: 'ä', count: 3 })).toBe(0);
    expect(recording.append(4, 2, 7, 9, bytesOf('hello'), null)).toBe(1);
    const [first, second] = await rowsOf(recording, 0, 10);
    expect(first).toMatchObject({ seq: 0, kind: 2, direction: 'none', time: 5, peer: 0, payloadLength: 0 });
    expect(first?.meta).toEqual({ message: 'ä', count: 3 });
    expect(second).toMatchObject({ seq: 1, kind: 4, direction: 'out', time: 7, peer: 9, payloadLength: 5 });
    expect(textOf(second?.payload ?? none)).toBe('hello');
  });

  it('keeps a copy of the payload, so that the caller may use its buffer again', async () => {
    const recording = new MemoryRecording();
    const buffer = bytesOf('before');
    recording.append(4, 1, 0, 1, buffer, null);
    buffer.fill(0);
    expect(textOf((await rowsOf(recording, 0, 1))[0]?.payload ?? none)).toBe('before');
  });

  it('cuts payloads of rows to a preview and still says how long they are', async () => {
    const recording = new MemoryRecording();
    recording.append(4, 1, 0, 1, bytesOf('0123456789'), { note: 'x' });
    const [row] = await rowsOf(recording, 0, 1, 4);
    expect(row?.payloadLength).toBe(10);
    expect(textOf(row?.payload ?? none)).toBe('0123');
    expect(row?.meta).toEqual({ note: 'x' });
  });

  it('gives parts of a payload, also beyond its end', async () => {
    const recording = new MemoryRecording();
    recording.append(4, 1, 0, 1, bytesOf('0123456789'), { note: 'x' });
    const part = async (offset: number, length: number): Promise<string> => {
      const found = valueOf(await recording.payload(0, offset, length));
      expect(found.total).toBe(10);
      return textOf(found.bytes);
    };
    expect(await part(0, 100)).toBe('0123456789');
    expect(await part(3, 4)).toBe('3456');
    expect(await part(10, 5)).toBe('');
    expect(await part(99, 5)).toBe('');
  });

  it('puts one gap row in the place of all records that are gone', async () => {
    const recording = filled(10, 180, 360);
    expect(recording.rows).toEqual({ first: 5, end: 10 });
    expect(recording.totals).toEqual({ bytes: 240, lostRecords: 6, lostBytes: 120 });
    const rows = await rowsOf(recording, 0, 100);
    expect(rows.map((row) => row.seq)).toEqual([5, 6, 7, 8, 9]);
    expect(rows[0]).toMatchObject({ kind: 0, flags: FLAG_SYNTHETIC, time: 50, peer: 0 });
    expect(rows[0]?.meta).toEqual({ count: 6, bytes: 120, reason: 'memory' });
    expect(errorOf(await recording.payload(5, 0, 1)).code).toBe('gone');
  });

  it('says from which row it answers when the rows asked for are gone', async () => {
    const recording = filled(10, 180, 360);
    expect((await recording.read(2, 2, 10)).from).toBe(5);
    expect((await recording.read(7, 2, 10)).from).toBe(7);
    expect((await recording.read(50, 2, 10)).from).toBe(10);
  });

  it('picks rows by their numbers, with the gap row and without those before it', async () => {
    const recording = filled(10, 180, 360);
    const { skipped, rows } = await recording.pick([1, 5, 6, 9, 12], 100);
    expect(skipped).toBe(1);
    expect(decodeRecords(rows).map((row) => row.seq)).toEqual([5, 6, 9]);
  });

  it('gives a record that is larger than a block a block of its own', async () => {
    const recording = new MemoryRecording(200, 2000);
    recording.append(4, 1, 0, 1, bytesOf('small'), null);
    recording.append(4, 1, 1, 1, new Uint8Array(1000).fill(66), null);
    recording.append(4, 1, 2, 1, bytesOf('after'), null);
    const rows = await rowsOf(recording, 0, 3, 2000);
    expect(rows.map((row) => row.payloadLength)).toEqual([5, 1000, 5]);
    expect(rows[1]?.payload.every((byte) => byte === 66)).toBe(true);
  });

  it('does not keep a record that is larger than everything that may be kept, and counts it', async () => {
    const recording = new MemoryRecording(200, 400);
    recording.append(4, 1, 0, 1, bytesOf('before'), null);
    recording.append(4, 1, 1, 1, new Uint8Array(1000), null);
    expect(recording.rows).toEqual({ first: 1, end: 2 });
    expect((await rowsOf(recording, 0, 9))[0]?.meta).toEqual({ count: 2, bytes: 1006, reason: 'memory' });
    recording.append(4, 1, 2, 1, bytesOf('after'), null);
    expect((await rowsOf(recording, 0, 9)).map((row) => row.seq)).toEqual([1, 2]);
  });

  it('uses the memory of dropped blocks again without mixing up what they held', () => {
    const recording = filled(1000, 180, 360);
    const chunk = recordsFrom(recording, 0);
    expect(chunk?.first).toBe(recording.firstKept);
    const before = decodeRecords(chunk?.bytes ?? none).map((row) => row.seq);
    recording.append(4, 1, 0, 1, bytesOf('x'.repeat(100)), null);
    recording.append(4, 1, 0, 1, bytesOf('x'.repeat(100)), null);
    expect(decodeRecords(chunk?.bytes ?? none).map((row) => row.seq)).toEqual(before);
  });

  it('refuses to keep less than one block', () => {
    expect(() => new MemoryRecording(100, 99)).toThrow(RangeError);
  });
});

/** The plainest thing that a recording could be. */
interface Model {
  readonly payload: Uint8Array;
  readonly meta: Record<string, number> | null;
  readonly peer: number;
}

const additions = fc.array(
  fc.record<Model>({
    payload: fc.uint8Array({ maxLength: 400 }),
    meta: fc.option(fc.dictionary(fc.constantFrom('a', 'b'), fc.nat(999))),
    peer: fc.nat(5),
  }),
  { maxLength: 120 },
);

describe('a recording in memory, against a plain array', () => {
  it('keeps a suffix that is exact, and counts the rest exactly', async () => {
    await fc.assert(
      fc.asyncProperty(additions, fc.integer({ min: 64, max: 600 }), fc.nat(2000), async (model, block, extra) => {
        const recording = new MemoryRecording(block, block + extra);
        for (const [seq, { payload, meta, peer }] of model.entries()) {
          expect(recording.append(4, 1, seq, peer, payload, meta)).toBe(seq);
        }
        const lost = recording.firstKept;
        const gone = model.slice(0, lost);
        expect(recording.rows).toEqual({ first: Math.max(0, lost - 1), end: model.length });
        expect(recording.totals.lostRecords).toBe(lost);
        expect(recording.totals.lostBytes).toBe(gone.reduce((sum, { payload }) => sum + payload.length, 0));
        expect(recording.totals.bytes).toBeLessThanOrEqual(block + extra);
        const rows = await rowsOf(recording, lost, 500);
        expect(rows.map(({ seq, peer, meta, payload }) => ({ seq, peer, meta, payload: [...payload] }))).toEqual(
          model.slice(lost).map(({ peer, meta, payload }, index) => {
            return { seq: lost + index, peer, meta: meta ?? {}, payload: [...payload] };
          }),
        );
      }),
    );
  });

  it('answers every range, every pick and every payload like the array', async () => {
    await fc.assert(
      fc.asyncProperty(additions, fc.nat(130), fc.nat(130), fc.nat(450), async (model, from, count, preview) => {
        const recording = new MemoryRecording(300, 1500);
        for (const [seq, { payload, meta, peer }] of model.entries()) {
          recording.append(4, 1, seq, peer, payload, meta);
        }
        const { first, end } = recording.rows;
        const start = Math.min(Math.max(from, first), end);
        const expected = Array.from({ length: Math.min(count, end - start) }, (_, index) => start + index);
        const read = await recording.read(from, count, preview);
        const rows = decodeRecords(read.rows);
        expect(read.from).toBe(start);
        expect(rows.map((row) => row.seq)).toEqual(expected);
        for (const row of rows) {
          if (row.seq < recording.firstKept) continue;
          const payload = model[row.seq]?.payload ?? none;
          expect(row.payloadLength).toBe(payload.length);
          expect([...row.payload]).toEqual([...payload.subarray(0, preview)]);
          const part = valueOf(await recording.payload(row.seq, preview, 50));
          expect([...part.bytes]).toEqual([...payload.subarray(preview, preview + 50)]);
        }
        const odd = expected.filter((seq) => seq % 2 === 1);
        expect(decodeRecords((await recording.pick(odd, preview)).rows).map((row) => row.seq)).toEqual(odd);
      }),
    );
  });

  it('hands out chunks that cover every kept record once', () => {
    fc.assert(
      fc.property(additions, fc.nat(130), (model, from) => {
        const recording = new MemoryRecording(300, 1500);
        for (const { payload, meta, peer } of model) recording.append(4, 1, 0, peer, payload, meta);
        const seen: number[] = [];
        for (let next = from; ;) {
          const chunk = recordsFrom(recording, next);
          if (chunk === null) break;
          const rows = decodeRecords(chunk.bytes);
          expect(rows[0]?.seq).toBe(chunk.first);
          expect(rows).toHaveLength(chunk.count);
          seen.push(...rows.map((row) => row.seq));
          next = chunk.first + chunk.count;
        }
        const start = Math.max(from, recording.firstKept);
        expect(seen).toEqual(Array.from({ length: Math.max(0, model.length - start) }, (_, index) => start + index));
      }),
    );
  });

  it('finds rows in blocks of many small records', async () => {
    const recording = new MemoryRecording(RECORD_HEADER_BYTES * 1000, RECORD_HEADER_BYTES * 3000);
    for (let seq = 0; seq < 3456; seq += 1) recording.append(4, 1, seq, 1, null, null);
    for (const seq of [1000, 1063, 1064, 1065, 1999, 2000, 3455]) {
      expect((await rowsOf(recording, seq, 1))[0]?.seq).toBe(seq);
    }
  });
});
