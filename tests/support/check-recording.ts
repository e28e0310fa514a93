/** Looks at all of a recording that was opened and says which records are there. Everything that is wrong with it throws. */
import { strict as assert } from 'node:assert';
import { BlockSource } from '../../src/engine/disk/block-source.ts';
import type { RecordingReader } from '../../src/engine/recording.ts';
import { PAYLOAD_PER_CALL, ROWS_PER_CALL } from '../../src/shared/limits.ts';
import { decodeRecord, decodeRecords, FLAG_SYNTHETIC, RECORD_HEADER_BYTES } from '../../src/shared/record.ts';
import type { MemoryFiles } from './memory-files.ts';

/** What a recording shows. */
export interface Shown {
  /** Numbers of the records that a scan finds. */
  readonly scanned: readonly number[];
  /** Numbers of the records that are there, byte for byte as they were. */
  readonly whole: readonly number[];
  /** Reason of each gap row, by its number. */
  readonly gaps: ReadonlyMap<number, string>;
}

/** One row as it came: its bytes, and what they say. */
function* rowsOf(rows: Uint8Array) {
  let offset = 0;
  for (const record of decodeRecords(rows)) {
    const next = decodeRecord(rows, offset)?.next ?? rows.length;
    yield { record, bytes: rows.subarray(offset, next) };
    offset = next;
  }
  assert.equal(offset, rows.length, 'an answer consists of whole rows');
}

function same(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return other !== undefined && Buffer.compare(one, other) === 0;
}

/**
 * Reads all rows, some payloads, and scans all of it. Each row has its own number and is a gap row or the packed record
 * with that number in `originals`; a scan finds records of `originals` in ascending order.
 */
export async function lookThrough(
  reader: RecordingReader,
  originals: readonly Uint8Array[],
  disk: MemoryFiles,
): Promise<Shown> {
  const whole: number[] = [];
  const gaps = new Map<number, string>();
  const { first, end } = reader.rows;
  for (let from = first; from < end;) {
    const answer = await reader.read(from, ROWS_PER_CALL, Infinity);
    assert.equal(answer.from, from);
    for (const { record, bytes } of rowsOf(answer.rows)) {
      assert.equal(record.seq, from, 'each row has its number');
      if ((record.flags & FLAG_SYNTHETIC) !== 0) gaps.set(from, String(record.meta.reason));
      else {
        assert.ok(same(bytes, originals[from]), `record ${from} is what was written`);
        whole.push(from);
      }
      from += 1;
    }
  }
  await checkPayloads(reader, originals, whole, gaps);
  return { whole, gaps, scanned: scanAll(reader, originals, disk) };
}

async function checkPayloads(
  reader: RecordingReader,
  originals: readonly Uint8Array[],
  whole: readonly number[],
  gaps: ReadonlyMap<number, string>,
): Promise<void> {
  for (const seq of [whole[0], whole.at(-1)]) {
    const original = originals[seq ?? -1];
    if (seq === undefined || original === undefined) continue;
    const payload = await reader.payload(seq, 0, PAYLOAD_PER_CALL);
    assert.ok(payload.ok);
    const metaLength = new DataView(original.buffer, original.byteOffset).getUint32(28, true);
    assert.ok(same(payload.value.bytes, original.subarray(RECORD_HEADER_BYTES + metaLength)));
  }
  const damaged = [...gaps].find(([, reason]) => reason === 'damaged')?.[0];
  if (damaged === undefined) return;
  const payload = await reader.payload(damaged, 0, 10);
  assert.ok(!payload.ok && payload.error.code === 'bad-recording');
}

function scanAll(reader: RecordingReader, originals: readonly Uint8Array[], disk: MemoryFiles): number[] {
  const found: number[] = [];
  const source = new BlockSource(disk.sync);
  for (let input = reader.scan(0); input !== null; input = reader.scan(input.first + input.count)) {
    let next = input.first;
    for (const block of source.next(input)) {
      assert.equal(block.first, next, 'a scan leaves nothing out');
      next += block.count;
      if ('damaged' in block) continue;
      for (const { record, bytes } of rowsOf(block.bytes)) {
        assert.ok(same(bytes, originals[record.seq]), `record ${record.seq} is scanned as it was written`);
        found.push(record.seq);
      }
    }
    assert.equal(next, input.first + input.count, 'a scan goes to the end of its part');
  }
  source.close();
  return found;
}
