/** Small steps that all files of a recording share. */
import type { DiskFile } from './disk-files.ts';

/** A system that takes nothing, and does not say why, must not be asked for ever. */
export function nothingWritten(): Error {
  return Object.assign(new Error('the system took no bytes'), { code: 'EIO', syscall: 'write' });
}

/** Writes all bytes, also where the system takes them in parts. Rejects with the system's error. */
export async function writeFully(file: DiskFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const written = await file.write([bytes.subarray(done)], position + done);
    if (written <= 0) throw nothingWritten();
    done += written;
  }
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    bytes.set(part, position);
    position += part.length;
  }
  return bytes;
}
