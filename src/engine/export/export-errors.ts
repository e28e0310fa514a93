/** Why an export could not be written, or is not complete, for a person. */
import { dirname } from 'node:path';
import { failure, type WireError } from '../../shared/errors.ts';
import { grouped } from '../../shared/describe.ts';
import { errnoOf, storageError } from '../file-errors.ts';

/**
 * @param path of the file that was to be written
 * @returns `disk-full`, `file-not-found` (its folder), `permission-denied` or `storage-failed`, with the errno
 */
export function exportError(problem: unknown, path: string): WireError {
  const errno = errnoOf(problem);
  switch (errno) {
    case 'ENOSPC':
    case 'EDQUOT':
      return failure(
        'disk-full',
        `${path} could not be written: the disk is full (${errno}).`,
        'Make some room, or choose a folder on another disk.',
        { errno },
      ).error;
    case 'ENOENT':
    case 'ENOTDIR':
      return failure(
        'file-not-found',
        `${path} could not be written: there is no folder ${dirname(path)} (${errno}).`,
        'Make the folder, or choose another.',
        { errno },
      ).error;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return failure(
        'permission-denied',
        `${path} may not be written (${errno}).`,
        'Choose another folder, or give yourself permission to write to this one.',
        { errno },
      ).error;
    case 'EFBIG':
      return failure(
        'storage-failed',
        `${path} could not be written: the file system takes no file that large (${errno}).`,
        'Choose another disk, or export a part: a filter takes less.',
        { errno },
      ).error;
    default:
      return storageError(problem, path, 'written');
  }
}

/** What a file of plain bytes cannot say of itself: that some are not in it. */
export interface Missing {
  /** Records that were deleted, or never recorded. */
  readonly records: number;
  /** Payload bytes of those. */
  readonly bytes: number;
  /** Records that cannot be read because the recording is damaged. */
  readonly damaged: number;
  /** Bytes at the end of an interrupted recording that cannot be read. */
  readonly unread: number;
}

/** @returns error `gone` that says how much is missing; null when nothing is */
export function missingError(path: string, missing: Missing): WireError | null {
  const parts = [
    ...(missing.records === 0 && missing.bytes === 0
      ? []
      : [`${counted(missing.bytes, 'byte')} in ${counted(missing.records, 'record')} of both directions are not kept`]),
    ...(missing.damaged === 0
      ? []
      : [`${counted(missing.damaged, 'record')} cannot be read, because the recording is damaged`]),
    ...(missing.unread === 0
      ? []
      : [`the last ${counted(missing.unread, 'byte')} of the recording cannot be read, because it was interrupted`]),
  ];
  if (parts.length === 0) return null;
  const message = `${path} is not complete: ${parts.join('; ')}.`;
  return failure('gone', message, 'An export as JSON Lines or text says where something is missing.').error;
}

function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? '' : 's'}`;
}
