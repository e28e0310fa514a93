/** Opens recordings as History does: until the newest rows are there. */
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openRecording } from '../../src/engine/disk/open-recording.ts';
import { ROW_PREVIEW_BYTES, ROWS_PER_CALL } from '../../src/shared/limits.ts';
import { median } from '../support/ratio.ts';
import { numberOf, serveCalls, textOf } from '../support/serve.ts';

async function open(folder: string): Promise<{ readonly ms: number; readonly rows: number; readonly whole: number }> {
  const started = performance.now();
  const opened = await openRecording(folder);
  if (!opened.ok) throw new Error(opened.error.message);
  const { reader, wasClosed } = opened.value;
  const { end } = reader.rows;
  const { rows } = await reader.read(Math.max(0, end - ROWS_PER_CALL), ROWS_PER_CALL, ROW_PREVIEW_BYTES);
  const ms = performance.now() - started;
  await reader.close();
  if (rows.length === 0) throw new Error('the recording has no rows');
  return { ms, rows: end, whole: wasClosed ? 1 : 0 };
}

serveCalls({
  /** The middle of `times` openings. */
  async open(settings) {
    const found = [];
    for (let left = numberOf(settings, 'times'); left > 0; left -= 1)
      found.push(await open(textOf(settings, 'folder')));
    return { ms: median(found.map(({ ms }) => ms)), rows: found[0]?.rows ?? 0 };
  },

  /** The same of copies, each opened for the first time: what an opening repairs must not help the next. */
  async openCopies(settings) {
    const scratch = textOf(settings, 'scratch');
    const found = [];
    for (let left = numberOf(settings, 'times'); left > 0; left -= 1) {
      await mkdir(scratch);
      const copy = join(scratch, 'copy');
      await cp(textOf(settings, 'folder'), copy, { recursive: true });
      found.push(await open(copy));
      await rm(scratch, { recursive: true });
    }
    return {
      ms: median(found.map(({ ms }) => ms)),
      rows: found[0]?.rows ?? 0,
      whole: Math.min(...found.map(({ whole }) => whole)),
    };
  },
});
