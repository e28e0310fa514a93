/** Bytes of a file as text, and which content it is. */
import { createHash } from 'node:crypto';
import { failure, success, type Outcome } from '../../shared/errors.ts';

/**
 * Error `bad-preset`.
 * @param place the path inside of the workspace, for the message
 */
export function textOf(bytes: Uint8Array, place: string): Outcome<string> {
  try {
    return success(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return failure('bad-preset', `${place} is not text in UTF-8.`, 'Save it as UTF-8 in an editor.');
  }
}

export function revisionOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}
