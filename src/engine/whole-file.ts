/** A file that goes out as one message. */
import { failure, success, type Outcome } from '../shared/errors.ts';
import { wireErrorOf } from '../shared/system-error.ts';
import { openToSend } from './file-send.ts';

/** Errors: `file-not-found` and the others of the file, `message-too-long` above `most` bytes. */
export async function readWhole(path: string, most: number): Promise<Outcome<Uint8Array>> {
  const opened = await openToSend(path);
  if (!opened.ok) return opened;
  const { file, size } = opened.value;
  try {
    if (size > most) {
      const message = `${path} has ${size} bytes; one message may have ${most}.`;
      return failure('message-too-long', message, 'Send it in parts, or over TCP, which has no messages.');
    }
    const bytes = new Uint8Array(size);
    for (let done = 0; done < size;) {
      const { bytesRead } = await file.read(bytes, done, size - done, done);
      if (bytesRead === 0) return failure('file-unreadable', `${path} became shorter while it was read.`);
      done += bytesRead;
    }
    return success(bytes);
  } catch (problem) {
    return { ok: false, error: wireErrorOf(problem, path) };
  } finally {
    await file.close();
  }
}
