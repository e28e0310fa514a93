/** Small files beside recordings: read whole, and replaced whole. */
import { RECORDING_SUMMARY_BYTES } from '../../shared/limits.ts';
import type { DiskFiles } from '../disk/disk-files.ts';
import { readFully } from '../disk/open-files.ts';
import { writeFully } from '../disk/write-fully.ts';
import { errnoOf } from '../file-errors.ts';

/** @returns its text; null when there is none, or it is too large to be one of ours. Rejects as the file system does. */
export async function readSmallFile(files: DiskFiles, path: string): Promise<string | null> {
  try {
    const file = await files.open(path, 'read');
    try {
      const { size } = await file.stat();
      if (size > RECORDING_SUMMARY_BYTES) return null;
      const bytes = new Uint8Array(size);
      const length = await readFully(file, bytes, 0);
      return new TextDecoder().decode(bytes.subarray(0, length));
    } finally {
      await file.close();
    }
  } catch (problem) {
    if (errnoOf(problem) === 'ENOENT') return null;
    throw problem;
  }
}

/**
 * All or nothing: readers see the old text or the new one. One caller at a time for each path.
 * @param isDurable waits until it would survive a loss of power, too
 */
export async function replaceSmallFile(
  files: DiskFiles,
  path: string,
  text: string,
  isDurable: boolean,
): Promise<void> {
  const temporary = `${path}.new`;
  const bytes = new TextEncoder().encode(text);
  try {
    const file = await files.open(temporary, 'create');
    try {
      await file.truncate(0);
      await writeFully(file, bytes, 0);
      if (isDurable) await file.sync();
    } finally {
      await file.close();
    }
    await files.rename(temporary, path);
  } catch (problem) {
    // Best effort: the next one starts the temporary file anew anyway.
    await files.remove(temporary).catch(() => undefined);
    throw problem;
  }
}
