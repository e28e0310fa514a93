/**
 * Where an export goes: checked before anything is read, and an empty file
 * beside it that is written meanwhile. Only a finished one takes the name.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { exportError } from './export-errors.ts';

/** Permissions of a new file, before the person's umask takes its share. */
const NEW_FILE_MODE = 0o666;
const PERMISSIONS = 0o777;

export interface TargetFile {
  /** Absolute, symbolic links followed. */
  readonly path: string;
  /** In the same folder, so that it can take the name in one step. */
  readonly unfinished: string;
}

/**
 * Makes the empty unfinished file.
 * @param ownFolders folders of recordings: nothing is written there
 * @returns errors `file-not-found` for its folder, `permission-denied`, `not-supported` for what is no file or belongs
 *   to a recording, `disk-full`, `storage-failed`
 */
export async function prepareTarget(wanted: string, ownFolders: readonly string[]): Promise<Outcome<TargetFile>> {
  const absolute = resolve(wanted);
  try {
    const found = await stat(absolute).catch(missing);
    if (found !== null && !found.isFile()) {
      const what = found.isDirectory() ? 'is a folder' : 'is not a regular file';
      return failure('not-supported', `${absolute} ${what}.`, 'Choose another name.', { field: 'path' });
    }
    const path =
      found === null ? join(await realpath(dirname(absolute)), basename(absolute)) : await realpath(absolute);
    for (const folder of ownFolders) {
      if (await isInside(path, folder)) {
        return failure('not-supported', `${path} is in a folder of recordings.`, 'Choose another folder.', {
          field: 'path',
        });
      }
    }
    // It would be replaced, which only the folder could forbid: a file that may not be written stays.
    if (found !== null) await access(path, constants.W_OK);
    const unfinished = join(dirname(path), `.wirebench-${randomBytes(8).toString('hex')}.part`);
    const file = await open(unfinished, 'wx', NEW_FILE_MODE);
    try {
      if (found !== null) await file.chmod(found.mode & PERMISSIONS);
    } finally {
      await file.close();
    }
    return success({ path, unfinished });
  } catch (problem) {
    return { ok: false, error: exportError(problem, absolute) };
  }
}

/** The finished file takes its name, and the place of what had it. Errors as of `prepareTarget`. */
export async function finishTarget({ path, unfinished }: TargetFile): Promise<Outcome> {
  try {
    await rename(unfinished, path);
    return success();
  } catch (problem) {
    return { ok: false, error: exportError(problem, path) };
  }
}

/** Never fails: a file that cannot be removed is left, and there is nobody to tell. */
export async function removeUnfinished({ unfinished }: TargetFile): Promise<void> {
  await rm(unfinished, { force: true }).catch(() => undefined);
}

async function isInside(path: string, folder: string): Promise<boolean> {
  const real = await realpath(folder).catch(missing);
  return real !== null && path.startsWith(real.endsWith(sep) ? real : real + sep);
}

function missing(problem: unknown): null {
  if (problem instanceof Error && 'code' in problem && problem.code === 'ENOENT') return null;
  throw problem;
}
