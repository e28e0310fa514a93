/** What recordings ask of the file system, so that tests can make each step fail, be short or be slow. */
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { DeviceWriter } from './device-writer.ts';

/** An open file. Positions are explicit: nothing depends on where an earlier call stopped. */
export interface DiskFile {
  /**
   * @param toDevice the caller can wait until the device has them: the system need not copy them into its cache
   * @returns bytes written; may be fewer than given
   */
  write(buffers: readonly Uint8Array[], position: number, toDevice?: boolean): Promise<number>;
  /** @returns bytes read; 0 at the end */
  read(into: Uint8Array, position: number): Promise<number>;
  /** Makes written data durable (fdatasync). */
  sync(): Promise<void>;
  truncate(size: number): Promise<void>;
  /** `links` 0: the file has been removed from its folder. */
  stat(): Promise<{ readonly size: number; readonly links: number }>;
  close(): Promise<void>;
}

export interface DiskFiles {
  /** With parents. */
  mkdir(path: string): Promise<void>;
  /** `create`: for reading and writing, made when it is not there; `read`: must be there. */
  open(path: string, mode: 'create' | 'read'): Promise<DiskFile>;
  list(path: string): Promise<string[]>;
  size(path: string): Promise<number>;
  rename(from: string, to: string): Promise<void>;
  /** A file or a folder with all that is in it; nothing when it is not there. */
  remove(path: string): Promise<void>;
}

class NodeDiskFile implements DiskFile {
  readonly #handle: FileHandle;
  readonly #device: DeviceWriter;

  constructor(handle: FileHandle) {
    this.#handle = handle;
    this.#device = new DeviceWriter(handle.fd);
  }

  async write(buffers: readonly Uint8Array[], position: number, toDevice = false): Promise<number> {
    if (toDevice) {
      const written = await this.#device.write(buffers, position);
      if (written !== null) return written;
    }
    const { bytesWritten } = await this.#handle.writev([...buffers], position);
    return bytesWritten;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    const { bytesRead } = await this.#handle.read(into, 0, into.length, position);
    return bytesRead;
  }

  sync(): Promise<void> {
    return this.#handle.datasync();
  }

  truncate(size: number): Promise<void> {
    return this.#handle.truncate(size);
  }

  async stat(): Promise<{ size: number; links: number }> {
    const { size, nlink } = await this.#handle.stat();
    return { size, links: nlink };
  }

  async close(): Promise<void> {
    try {
      await this.#device.close();
    } finally {
      await this.#handle.close();
    }
  }
}

/** Never waits: a pipe that somebody has put in a file's place would hold a thread for good. */
async function openToRead(path: string): Promise<FileHandle> {
  // Windows has no O_NONBLOCK, and no pipes among the files.
  const handle = await open(path, constants.O_RDONLY | (process.platform === 'win32' ? 0 : constants.O_NONBLOCK));
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw Object.assign(new Error(`EINVAL: ${path} is not a regular file`), { code: 'EINVAL' });
}

export const nodeDiskFiles: DiskFiles = {
  mkdir: async (path) => {
    await mkdir(path, { recursive: true, mode: 0o700 });
  },
  // Only the owner may read it: a recording can hold anything.
  open: async (path, mode) => {
    if (mode === 'read') return new NodeDiskFile(await openToRead(path));
    try {
      return new NodeDiskFile(await open(path, 'wx+', 0o600));
    } catch (problem) {
      if (!(problem instanceof Error && 'code' in problem && problem.code === 'EEXIST')) throw problem;
      return new NodeDiskFile(await open(path, 'r+'));
    }
  },
  list: (path) => readdir(path),
  size: async (path) => (await stat(path)).size,
  rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
};
