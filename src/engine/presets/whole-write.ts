/**
 * Files that are written as a whole: after a failure or a crash there is the old one or the new one. A temporary file in
 * the same folder is written and made durable, and then takes the name.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { dirname, join } from 'node:path';
import { errnoOf } from '../file-errors.ts';
import type { FolderOperations } from './folder-operations.ts';

const TEMPORARY = /^\.wirebench-[0-9a-f]{12}\.tmp$/;

/** Ours, and not there when all goes well. */
export function isTemporaryName(name: string): boolean {
  return TEMPORARY.test(name);
}

const NEW_FILE = 0o666;
const WRITE_NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
/** A file system that has no hard links says one of these. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'EACCES']);

/**
 * Puts the bytes in the place of the file at `path`. Rejects as the file system does; the old file is then still there.
 * @param mode the permissions of the old file
 * @param isStill asked when everything is ready; false: nothing is replaced
 * @returns whether it was replaced
 */
export async function replaceWhole(
  files: FolderOperations,
  path: string,
  bytes: Uint8Array,
  mode: number,
  isStill: () => Promise<boolean>,
): Promise<boolean> {
  return withTemporary(files, path, bytes, mode, async (temporary) => {
    if (!(await isStill())) return false;
    await files.rename(temporary, path);
    return true;
  });
}

/** A new file. Rejects with EEXIST when there is one of that name already. */
export async function createWhole(files: FolderOperations, path: string, bytes: Uint8Array): Promise<void> {
  await withTemporary(files, path, bytes, null, async (temporary) => {
    try {
      await files.link(temporary, path);
    } catch (problem) {
      if (!NO_LINKS.has(errnoOf(problem))) throw problem;
      if (await isThere(files, path))
        throw Object.assign(new Error('EEXIST: there is one already'), { code: 'EEXIST' });
      await files.rename(temporary, path);
    }
  });
}

export async function isThere(files: FolderOperations, path: string): Promise<boolean> {
  try {
    await files.lstat(path);
    return true;
  } catch (problem) {
    if (errnoOf(problem) === 'ENOENT' || errnoOf(problem) === 'ENOTDIR') return false;
    throw problem;
  }
}

async function withTemporary<T>(
  files: FolderOperations,
  path: string,
  bytes: Uint8Array,
  mode: number | null,
  use: (temporary: string) => Promise<T>,
): Promise<T> {
  const folder = dirname(path);
  const temporary = join(folder, `.wirebench-${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await files.open(temporary, WRITE_NEW, NEW_FILE);
    try {
      // Not every file system has permissions.
      if (mode !== null) await file.chmod(mode).catch(() => undefined);
      await file.writeFile(bytes);
      // Before the rename: else a crash can leave a new name on an empty file.
      await file.sync();
    } finally {
      await file.close();
    }
    const result = await use(temporary);
    // The file is in its place by now: where a folder cannot be made durable, that is no failure.
    await syncFolder(files, folder).catch(() => undefined);
    return result;
  } finally {
    // Best effort: one that is left is removed when the folder is read later.
    await files.remove(temporary).catch(() => undefined);
  }
}

/** Makes a rename itself durable. Windows has no such thing and refuses to open a folder. */
async function syncFolder(files: FolderOperations, path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await files.open(path, constants.O_RDONLY, 0);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
