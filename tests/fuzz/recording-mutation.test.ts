import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { BlockSource } from '../../src/engine/disk/block-source.ts';
import { openRecording } from '../../src/engine/disk/open-recording.ts';
import type { RecordingReader } from '../../src/engine/recording.ts';
import { decodeRecords } from '../../src/shared/record.ts';
import { lookThrough } from '../support/check-recording.ts';
import { forgeRecording } from '../support/forge-recording.ts';
import { fuzzLimits, fuzzed } from '../support/fuzz-limits.ts';
import {
  madeRecord,
  makeRecording,
  packRecord,
  putRecording,
  spread,
  type MadeOptions,
} from '../support/made-recording.ts';
import { MemoryFiles } from '../support/memory-files.ts';
import { mutate } from '../support/mutate-recording.ts';
import { seededRandom, type Random } from '../support/random.ts';

const folder = '/recordings/one';
const records = Array.from({ length: 40 }, (_, seq) => madeRecord(seq, seq % 7 === 0 ? 300 : 10));
const originals = records.map(packRecord);
const segments = spread(records, 4, 4);

/** Recordings to be damaged: closed and not, with each block indexed and with runs, with and without their oldest part. */
const recordings: readonly MadeOptions[] = [
  { segments },
  { segments, runBytes: 1, isClosed: false },
  { segments: spread(records, 1, 7), runBytes: 700 },
  { segments: spread(records, 40, 1), hasIndex: false },
  { segments: segments.slice(1), firstSegment: 2, before: { records: 16, payloadBytes: 900, time: 15_000_000 } },
];
const made = recordings.map(makeRecording);
// Has the same numbers, and other records.
const foreignId = '20250102-030405-ffffffff';
const foreignRecords = records.map(({ seq }) => ({ ...madeRecord(seq, 30), peer: 99 }));
const foreign = makeRecording({ segments: spread(foreignRecords, 4, 4), id: foreignId });
const foreignOriginals = foreignRecords.map(packRecord);

const allowed = new Set(['bad-recording', 'newer-recording']);

/** Damages a recording and looks at all that is left. @returns how many records were shown, null when it did not open */
async function tryOne(seed: number): Promise<number | null> {
  const random = seededRandom(seed);
  const { files, done } = mutate(made[random(made.length)] ?? [], foreign, random);
  const disk = new MemoryFiles();
  disk.mkdir(folder).catch(() => undefined);
  putRecording(disk, folder, files);
  try {
    const opened = await openRecording(folder, disk);
    if (!opened.ok) {
      if (!allowed.has(opened.error.code)) throw new Error(opened.error.message);
      return null;
    }
    const { reader, info } = opened.value;
    // A folder is the recording that its first segment says, even when that came from elsewhere; the two are never mixed.
    const { whole, gaps, scanned } = await lookThrough(
      reader,
      info.recording === foreignId ? foreignOriginals : originals,
      disk,
    );
    if (whole.length + gaps.size !== reader.rows.end - reader.rows.first) throw new Error('a row is missing');
    // What was copied to another place may be found by one and not by the other; what is only broken is so for both.
    if (!/elsewhere|twice|places|another recording/.test(done)) {
      if (!isDeepStrictEqual(whole, scanned))
        throw new Error(`a scan finds ${scanned.join()}, rows are ${whole.join()}`);
    }
    if (reader.rows.end > records.length + 1) throw new Error('there are rows for what never was');
    await reader.close();
    if (disk.openFiles > 0) throw new Error('a file was left open');
    return whole.length;
  } catch (problem) {
    throw new Error(`seed ${seed}: ${done}`, { cause: problem });
  }
}

describe('recordings that were damaged at random', () => {
  const limits = fuzzLimits(20_000);
  it(
    'never show a record that was not written, and never fail but with a clear error',
    async () => {
      let opened = 0;
      let shown = 0;
      const runs = await fuzzed(limits, async (seed) => {
        const whole = await tryOne(seed);
        if (whole === null) return;
        opened += 1;
        shown += whole;
      });
      process.stdout.write(
        `${runs} damaged recordings from seed ${limits.seed} on: ${opened} opened, ${(shown / opened).toFixed(1)} of ${records.length} records whole\n`,
      );
      expect(opened).toBeGreaterThan(runs / 2);
    },
    limits.timeout,
  );
});

/** Looks at some of a recording whose numbers may be anything. */
async function lookAround(reader: RecordingReader, random: Random, disk: MemoryFiles): Promise<void> {
  const { first, end } = reader.rows;
  for (const from of [first, end - 40, Math.floor((first + end) / 2), random(50), -1, end + 1]) {
    const answer = await reader.read(from, 40, random(2) === 0 ? 0 : 320);
    const rows = decodeRecords(answer.rows);
    for (const [index, row] of rows.entries()) {
      if (row.seq !== answer.from + index) throw new Error(`row ${answer.from + index} says that it is ${row.seq}`);
    }
    if (rows.length !== Math.max(0, Math.min(40, end - answer.from))) throw new Error('rows are missing');
    await reader.payload(from, random(20), 1000);
  }
  const picked = await reader.pick([first, first + 3, Math.floor(end / 2), end - 1, end + 5], 10);
  decodeRecords(picked.rows);
  for (const time of [-Infinity, 0, random(50) * 1e6, Infinity, NaN]) {
    const seq = await reader.seqAt(time);
    if (!(seq >= 0 && seq <= end)) throw new Error(`the time ${time} is record ${seq}`);
  }
  const source = new BlockSource(disk.sync);
  let parts = 0;
  for (let input = reader.scan(0); input !== null; input = reader.scan(input.first + input.count)) {
    let next = input.first;
    for (const block of source.next(input)) {
      if (block.first !== next) throw new Error('a scan leaves records out');
      next += block.count;
    }
    parts += 1;
    if (next !== input.first + input.count || parts > 100) throw new Error('a scan does not end where it should');
  }
  source.close();
}

describe('recordings that were forged, with right check sums', () => {
  const limits = fuzzLimits(4000);
  it(
    'can be looked at without a crash, a loop or a row with a wrong number',
    async () => {
      let opened = 0;
      const runs = await fuzzed(limits, async (seed) => {
        const random = seededRandom(seed);
        const disk = new MemoryFiles();
        putRecording(disk, folder, forgeRecording(made[random(4)] ?? [], random));
        try {
          const outcome = await openRecording(folder, disk);
          if (!outcome.ok) return;
          opened += 1;
          await lookAround(outcome.value.reader, random, disk);
          await outcome.value.reader.close();
          if (disk.openFiles > 0) throw new Error('a file was left open');
        } catch (problem) {
          throw new Error(`seed ${seed}`, { cause: problem });
        }
      });
      process.stdout.write(`${runs} forged recordings from seed ${limits.seed} on: ${opened} opened\n`);
      expect(opened).toBe(runs);
    },
    limits.timeout,
  );
});
