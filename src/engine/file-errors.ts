/** What the disk refuses, as errors for a person. Names of errors: Node docs, "Common system errors". */
import { failure, type WireError } from '../shared/errors.ts';
import { factsOf } from '../shared/system-error.ts';

/** `ENOENT` and its like; empty where the system gave none. */
export function errnoOf(problem: unknown): string {
  return factsOf(problem).code;
}

/**
 * Error `storage-failed`: something of the application's own could not be kept.
 * @param doing completes "could not be …": `read`, `saved`, `set aside`
 */
export function storageError(problem: unknown, path: string, doing: string): WireError {
  const { code, message } = factsOf(problem);
  const [why, hint] = reasonOf(code);
  if (code === '') return failure('storage-failed', `${path} could not be ${doing}: ${message}.`).error;
  const reason = why === '' ? message : `${why} (${code})`;
  return failure('storage-failed', `${path} could not be ${doing}: ${reason}.`, hint, { errno: code }).error;
}

function reasonOf(errno: string): readonly [why: string, hint: string] {
  switch (errno) {
    case 'EACCES':
    case 'EPERM':
      return ['permission denied', 'Check who may read and write the file and its folder.'];
    case 'EISDIR':
      return ['it is a folder', 'Move it out of the way.'];
    case 'EMFILE':
    case 'ENFILE':
      return ['too many files are open', 'Close some sessions, or raise the limit of open files (ulimit -n).'];
    case 'ENOSPC':
    case 'EDQUOT':
      return ['the disk is full', 'Make some room.'];
    case 'EROFS':
      return ['the disk is read-only', ''];
    case 'EIO':
      return ['the disk failed', 'Look after the disk: this is seldom a fault of the software.'];
    default:
      return ['', ''];
  }
}
