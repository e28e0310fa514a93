import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeDiskFiles } from '../../src/engine/disk/disk-files.ts';
import { DISK_SEGMENTS_PER_QUOTA } from '../../src/shared/limits.ts';
import { reopen, rowsOf } from '../support/disk-bench.ts';
import { fuzzLimits, fuzzed } from '../support/fuzz-limits.ts';
import { numberedPayload } from '../support/numbered-payload.ts';
import { turn } from '../support/outcome.ts';
import { seededRandom } from '../support/random.ts';

const program = join(import.meta.dirname, '../support/recording-until-killed.ts');
/** A process that starts is most of the cost; `npm run fuzz` kills more. */
const limits = fuzzLimits(10);

/** A process that records, killed somewhere in the middle. @returns up to which record it had said that all is written */
async function killed(folder: string, quota: number, seed: number): Promise<number> {
  const random = seededRandom(seed);
  const args = [program, folder, String(quota), String(1 + random(200))];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let said = '';
  let lines = 0;
  child.stdout.on('data', (text: Buffer) => {
    said += text.toString();
    lines += 1;
  });
  const enough = 1 + random(60);
  while (lines < enough && child.exitCode === null) await turn();
  for (let turns = random(200); turns > 0; turns -= 1) await turn();
  child.kill('SIGKILL');
  const [, signal]: unknown[] = await exited;
  expect(signal).toBe('SIGKILL');
  return Number(said.trimEnd().split('\n').at(-1));
}

describe('a process that is killed while it records', () => {
  it(
    'leaves a prefix with everything that it had reported, and nothing else',
    async () => {
      let records = 0;
      const runs = await fuzzed(limits, async (seed) => {
        const folder = await mkdtemp(join(tmpdir(), 'killed-'));
        const quota = seed % 2 === 0 ? 400_000 : Number.MAX_SAFE_INTEGER;
        const reported = await killed(join(folder, 'r'), quota, seed);
        // The second opening finds what the first one may have repaired.
        for (let opening = 0; opening < 2; opening += 1) {
          const { reader, wasClosed } = await reopen(nodeDiskFiles, join(folder, 'r'));
          expect(wasClosed).toBe(false);
          const rows = await rowsOf(reader, reader.rows.first);
          expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => reader.rows.first + index));
          const data = rows.filter((row) => row.kind === 4);
          for (const row of data) expect(Buffer.compare(row.payload, numberedPayload(row.seq))).toBe(0);
          const gaps = rows.filter((row) => row.kind !== 4).map((row) => row.meta.reason);
          expect(gaps).toEqual(reader.firstKept > 0 ? ['quota', 'interrupted'] : ['interrupted']);
          expect((data.at(-1)?.seq ?? -1) + 1).toBeGreaterThanOrEqual(reported);
          if (quota < Number.MAX_SAFE_INTEGER) expect(reader.totals.bytes).toBeLessThanOrEqual(quota);
          else expect(reader.firstKept).toBe(0);
          if (reader.firstKept > 0) expect(reader.totals.bytes).toBeGreaterThan(quota / DISK_SEGMENTS_PER_QUOTA);
          records += data.length;
          await reader.close();
        }
        await rm(folder, { recursive: true });
      });
      expect(records).toBeGreaterThan(runs);
    },
    limits.timeout,
  );
});
