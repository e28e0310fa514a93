/** A disk of limited size in front of the real one, where none can be mounted. */
import type { DiskFile, DiskFiles } from '../../src/engine/disk/disk-files.ts';
import { nodeDiskFiles } from '../../src/engine/disk/disk-files.ts';

function noSpace(): Error {
  return Object.assign(new Error('ENOSPC: no space left on device, write'), {
    code: 'ENOSPC',
    errno: -28,
    syscall: 'write',
  });
}

export class SmallDisk {
  /** Bytes that may still be written. */
  left: number;

  constructor(bytes: number) {
    this.left = bytes;
  }

  get files(): DiskFiles {
    return {
      ...nodeDiskFiles,
      open: async (path, mode) => this.#limited(await nodeDiskFiles.open(path, mode)),
    };
  }

  #limited(file: DiskFile): DiskFile {
    return {
      read: (into, position) => file.read(into, position),
      sync: () => file.sync(),
      truncate: (size) => file.truncate(size),
      stat: () => file.stat(),
      close: () => file.close(),
      // Like the real thing it takes what there is room for, and says so.
      write: async (buffers, position) => {
        if (this.left === 0) throw noSpace();
        const bytes = Buffer.concat(buffers).subarray(0, this.left);
        this.left -= bytes.length;
        return file.write([bytes], position);
      },
    };
  }
}
