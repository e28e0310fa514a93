/** The system's clipboard, from the window. */
import { failure, success, type Outcome } from '../../shared/errors.ts';

/** @returns error `not-supported` when the browser refuses (no focus, no permission) */
export async function copyText(text: string): Promise<Outcome> {
  try {
    await navigator.clipboard.writeText(text);
    return success();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown reason';
    return failure(
      'not-supported',
      `The clipboard refused the text: ${reason}.`,
      'Click into the window and try again.',
    );
  }
}
