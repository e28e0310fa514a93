/** Whether recordings can be written in a folder, found out before a session relies on it. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { failure, type WireError } from '../../shared/errors.ts';
import { DISK_CLOSE_MS } from '../../shared/limits.ts';
import type { DiskFiles } from '../disk/disk-files.ts';
import { storageError } from '../file-errors.ts';

/**
 * Makes the folder where it is missing, and a file in it for a moment. Waits no longer than DISK_CLOSE_MS: a share of a
 * machine that has gone may never answer. Never rejects.
 * @returns null, or why not: `storage-failed`
 */
export async function probeFolder(files: DiskFiles, folder: string, ms = DISK_CLOSE_MS): Promise<WireError | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<WireError>((resolve) => {
    timer = setTimeout(() => {
      const message = `${folder} could not be written: the disk does not answer.`;
      resolve(failure('storage-failed', message, 'Look after the disk or the network that it is on.').error);
    }, ms);
  });
  try {
    return await Promise.race([tryFolder(files, folder), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function tryFolder(files: DiskFiles, folder: string): Promise<WireError | null> {
  const path = join(folder, `.probe-${randomUUID()}`);
  try {
    await files.mkdir(folder);
    const file = await files.open(path, 'create');
    await file.close();
    await files.remove(path);
    return null;
  } catch (problem) {
    return storageError(problem, folder, 'written');
  }
}
