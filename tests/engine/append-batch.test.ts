import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Batch } from '../../src/drivers/driver.ts';
import { MemoryRecording } from '../../src/engine/memory-recording.ts';
import type { Recording } from '../../src/engine/recording.ts';
import { decodeRecords } from '../../src/shared/record.ts';
import { settle, tinyRecording } from '../support/disk-bench.ts';

/** What the kinds of the batches are in the recordings. */
const codes = Uint8Array.of(4, 5);

interface Message {
  readonly kind: number;
  readonly gap: number;
  readonly payload: Uint8Array;
}

/** As it stands in a read: bytes between the payloads, the whole at an odd place of its buffer, longer arrays than needed. */
function batchOf(messages: readonly Message[], shift: number): Batch {
  const length = messages.reduce((sum, { gap, payload }) => sum + gap + payload.length, 0);
  const bytes = new Uint8Array(shift + length + 3).fill(0xaa).subarray(shift);
  const batch: Batch = {
    bytes,
    count: messages.length,
    kinds: new Uint8Array(messages.length + 2),
    starts: new Uint32Array(messages.length + 2),
    lengths: new Uint32Array(messages.length + 2),
  };
  let position = 0;
  messages.forEach(({ kind, gap, payload }, at) => {
    position += gap;
    batch.kinds[at] = kind;
    batch.starts[at] = position;
    batch.lengths[at] = payload.length;
    bytes.set(payload, position);
    position += payload.length;
  });
  return batch;
}

const message = fc.record({
  kind: fc.integer({ min: 0, max: 1 }),
  gap: fc.integer({ min: 0, max: 5 }),
  // Longer ones than a block of these recordings, and lengths around where the way of copying changes.
  payload: fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.uint8Array({ minLength: 150, maxLength: 170 }),
    fc.uint8Array({ minLength: 600, maxLength: 700 }),
  ),
});

async function rowsOf(recording: Recording): Promise<unknown> {
  const { end } = recording.rows;
  const { rows } = await recording.read(0, end, 10_000);
  return decodeRecords(rows).map(({ seq, kind, direction, time, peer, payload }) => {
    return { seq, kind, direction, time, peer, payload: [...payload] };
  });
}

it('a batch makes the same records as its messages one by one, in memory and on disk', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(message, { maxLength: 40 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 0, max: 7 }),
      async (batches, shift) => {
        const single = new MemoryRecording();
        const inMemory = new MemoryRecording();
        const onDisk = tinyRecording();
        batches.forEach((messages, index) => {
          const batch = batchOf(messages, shift);
          inMemory.appendBatch(batch, codes, 1, index * 10, 3);
          onDisk.appendBatch(batch, codes, 1, index * 10, 3);
          batch.bytes.fill(0);
          for (const { kind, payload } of messages) single.append(codes[kind] ?? 0, 1, index * 10, 3, payload, null);
        });
        const wanted = await rowsOf(single);
        expect(await rowsOf(inMemory)).toEqual(wanted);
        expect(await rowsOf(onDisk)).toEqual(wanted);
        await settle(onDisk);
        expect(await rowsOf(onDisk)).toEqual(wanted);
        await onDisk.close();
      },
    ),
  );
});

it('counts what has no room while the disk is behind, and takes the rest', async () => {
  const recording = tinyRecording(undefined, { behindBytes: 2048, slackBytes: 0 }, { whenBehind: () => 'drop' });
  const messages = Array.from({ length: 100 }, (): Message => ({ kind: 0, gap: 2, payload: new Uint8Array(60) }));
  recording.appendBatch(batchOf(messages, 0), codes, 1, 5, 1);
  const taken = recording.rows.end;
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(100);
  await settle(recording);
  expect(recording.totals.lostRecords).toBe(100 - taken);
  expect(recording.totals.lostBytes).toBe((100 - taken) * 60);
  await recording.close();
});
