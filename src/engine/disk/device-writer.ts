/**
 * Writes to the device itself (O_DIRECT of open(2)), past the system's cache. To copy a byte into that cache costs the
 * processor more than everything else that is done to record it; a disk of today takes it from our memory without.
 * Linux only: elsewhere, and on file systems that cannot, the caller writes as ever.
 */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { DISK_ALIGN_BYTES, DISK_DEVICE_BYTES } from '../../shared/disk-limits.ts';
import { isFast } from '../../shared/fast-memory.ts';
import { errnoOf } from '../file-errors.ts';

/** What a file system says at the first write that has let the file be opened so. */
const CANNOT = new Set(['EINVAL', 'EOPNOTSUPP', 'ENOTSUP']);

export class DeviceWriter {
  readonly #fd: number;
  /** The same file once more, opened at the first write. Null: it cannot be done. */
  #handle: Promise<FileHandle | null> | null = null;
  /** The number of the file may be another file's by now. */
  #isClosed = false;

  /** @param fd of the file, which stays open longer than this */
  constructor(fd: number) {
    this.#fd = fd;
  }

  /**
   * Rejects with the system's error, as any write.
   * @returns bytes written, maybe fewer than given; null: nothing was, because it cannot be done with these
   */
  async write(buffers: readonly Uint8Array[], position: number): Promise<number | null> {
    if (this.#isClosed || !areAligned(buffers, position)) return null;
    const handle = await (this.#handle ??= this.#open());
    if (handle === null) return null;
    try {
      const { bytesWritten } = await handle.writev([...buffers], position);
      return bytesWritten;
    } catch (problem) {
      if (!CANNOT.has(errnoOf(problem))) throw problem;
      this.#handle = Promise.resolve(null);
      await handle.close();
      return null;
    }
  }

  /** To be called before the file itself is closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const handle = await this.#handle;
    this.#handle = null;
    await handle?.close();
  }

  async #open(): Promise<FileHandle | null> {
    if (process.platform !== 'linux') return null;
    try {
      // Not by its name: somebody may have removed it, or put another file in its place (proc(5)).
      return await open(`/proc/self/fd/${this.#fd}`, constants.O_WRONLY | constants.O_DIRECT);
    } catch {
      // It cannot, or there are too many open files: the other way needs none.
      return null;
    }
  }
}

/** Whether everything begins and ends where pages do: in memory and in the file. */
function areAligned(buffers: readonly Uint8Array[], position: number): boolean {
  if (position % DISK_ALIGN_BYTES !== 0) return false;
  let bytes = 0;
  for (const buffer of buffers) {
    const { byteOffset, length } = buffer;
    if (byteOffset % DISK_ALIGN_BYTES !== 0 || length % DISK_ALIGN_BYTES !== 0 || !isFast(buffer)) return false;
    bytes += length;
  }
  return bytes >= DISK_DEVICE_BYTES;
}
