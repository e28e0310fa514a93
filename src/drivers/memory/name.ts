import { failure, success, type Outcome } from '../../shared/errors.ts';

/** A name is any text without control characters. */
export function checkName(name: string): Outcome {
  if (name === '') return failure('bad-address', 'The name is empty.', 'Write any name.', { field: 'address' });
  return /\p{Cc}/u.test(name)
    ? failure('bad-address', 'The name has a control character.', 'Remove it.', { field: 'address' })
    : success();
}
