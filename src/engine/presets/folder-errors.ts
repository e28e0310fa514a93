/** What the file system refuses, in words about the workspace folder. */
import { failure, type WireError } from '../../shared/errors.ts';
import { errnoOf, storageError } from '../file-errors.ts';

/**
 * Errors: `file-not-found` when it is gone, else `storage-failed`.
 * @param path for people: inside of the workspace, or a whole one
 * @param doing completes "could not be …"
 */
export function folderError(problem: unknown, path: string, doing: string): WireError {
  const errno = errnoOf(problem);
  if (errno === 'ENOENT' || errno === 'ENOTDIR') {
    const message = `${path} could not be ${doing}: it is not there, or its folder is not (${errno}).`;
    return failure('file-not-found', message, 'Look whether it was moved or deleted.', { errno }).error;
  }
  return storageError(problem, path, doing);
}

export function refused(
  problem: unknown,
  path: string,
  doing: string,
): { readonly ok: false; readonly error: WireError } {
  return { ok: false, error: folderError(problem, path, doing) };
}
