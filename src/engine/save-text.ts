/** A text of the window as a file. */
import { writeFile } from 'node:fs/promises';
import { success, type Outcome } from '../shared/errors.ts';
import { exportError } from './export/export-errors.ts';
import { finishTarget, prepareTarget, removeUnfinished } from './export/target-file.ts';

/**
 * Writes it, all of it or nothing; a file that is there is replaced. Errors as of `prepareTarget`.
 * @param ownFolder of recordings: nothing is written there
 */
export async function saveText(
  path: string,
  text: string,
  ownFolder: string | null,
): Promise<Outcome<{ readonly bytes: number }>> {
  const target = await prepareTarget(path, ownFolder === null ? [] : [ownFolder]);
  if (!target.ok) return target;
  const bytes = Buffer.from(text);
  try {
    await writeFile(target.value.unfinished, bytes);
  } catch (problem) {
    await removeUnfinished(target.value);
    return { ok: false, error: exportError(problem, target.value.path) };
  }
  const finished = await finishTarget(target.value);
  if (finished.ok) return success({ bytes: bytes.length });
  await removeUnfinished(target.value);
  return finished;
}
