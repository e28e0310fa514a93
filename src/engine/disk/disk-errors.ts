/** What a disk refuses a recording, as errors for a person. */
import { failure, type WireError } from '../../shared/errors.ts';
import { errnoOf, storageError } from '../file-errors.ts';

const GOES_ON = 'What comes meanwhile waits in memory; recording goes on by itself.';

/** Errors: `disk-full`, else `storage-failed`; with the errno where the system gave one. */
export function recordingError(problem: unknown, path: string): WireError {
  const errno = errnoOf(problem);
  if (errno === 'ENOSPC' || errno === 'EDQUOT') {
    const message = `The recording ${path} could not be written: the disk is full (${errno}).`;
    return failure('disk-full', message, `Make some room. ${GOES_ON}`, { errno }).error;
  }
  const error = storageError(problem, path, 'written');
  return { ...error, hint: error.hint === '' ? GOES_ON : `${error.hint} ${GOES_ON}` };
}

/** Full segments, or the end, could not be made durable: they are there, but nobody can say for how long. */
export function unsafeError(problem: unknown, path: string): WireError {
  const errno = errnoOf(problem);
  return failure(
    'storage-failed',
    `The recording ${path} may not be whole on the disk: the system could not make it durable (${errno}).`,
    'Copy it to another disk when it is closed, and look after this one.',
    { errno },
  ).error;
}

/** Somebody has removed what was recorded, under the writer's hands. */
export function removedError(path: string, records: number): WireError {
  const many = records === 1 ? '1 record is' : `${records} records are`;
  return failure(
    'storage-failed',
    `The recording ${path} was removed from outside while it was written: ${many} gone (ENOENT).`,
    'It goes on in a new folder of the same name.',
    { errno: 'ENOENT' },
  ).error;
}

/** The recording was closed before the disk had taken all of it. */
export function unansweredError(path: string): WireError {
  return failure(
    'storage-failed',
    `The end of the recording ${path} could not be written: the disk does not answer.`,
    'Look after the disk: this is seldom a fault of the software.',
  ).error;
}
