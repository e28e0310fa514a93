/** What the workspace folder asks of the file system, so that tests can make each step fail. */
import { close, constants, open as openFile, read, type BigIntStats, type Dirent, type Stats } from 'node:fs';
import {
  access,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  type FileHandle,
} from 'node:fs/promises';

export interface FolderOperations {
  /** Rejects unless it may be written. */
  readonly mayWrite: (path: string) => Promise<void>;
  readonly lstat: (path: string) => Promise<Stats>;
  /** Times in ns: two changes within a millisecond differ. */
  readonly stamp: (path: string) => Promise<BigIntStats>;
  readonly realpath: (path: string) => Promise<string>;
  readonly list: (path: string) => Promise<Dirent[]>;
  /**
   * The first bytes of a file, at most so many. One more is to be asked for than the file is known to have: when just
   * that one does not come, it is not asked for again.
   */
  readonly read: (path: string, most: number) => Promise<Uint8Array>;
  /** With its parents. */
  readonly mkdir: (path: string) => Promise<void>;
  /** Rejects with EEXIST when there is something already. */
  readonly mkdirNew: (path: string) => Promise<void>;
  readonly open: (path: string, flags: number, mode: number) => Promise<FileHandle>;
  /** Rejects with EEXIST when there is something already. */
  readonly link: (from: string, to: string) => Promise<void>;
  readonly rename: (from: string, to: string) => Promise<void>;
  /** Of a file; nothing when there is none. */
  readonly remove: (path: string) => Promise<void>;
  /** Rejects when it is not empty. */
  readonly removeEmpty: (path: string) => Promise<void>;
}

export const nodeFolder: FolderOperations = {
  mayWrite: (path) => access(path, constants.W_OK),
  lstat: (path) => lstat(path),
  stamp: (path) => lstat(path, { bigint: true }),
  realpath: (path) => realpath(path),
  list: (path) => readdir(path, { withFileTypes: true }),
  read: readFirst,
  mkdir: async (path) => {
    await mkdir(path, { recursive: true });
  },
  mkdirNew: (path) => mkdir(path),
  open,
  link,
  rename,
  remove: (path) => rm(path, { force: true }),
  removeEmpty: (path) => rmdir(path),
};

/**
 * With callbacks, and as few of them as can be: of ten thousand small files, it is the handing over of each operation to
 * the threads of Node that takes the time.
 */
function readFirst(path: string, most: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    openFile(path, 'r', (refused, file) => {
      if (refused !== null) {
        reject(refused);
        return;
      }
      const bytes = new Uint8Array(most);
      const end = (problem: Error | null, length: number): void => {
        close(file, () => {
          if (problem === null) resolve(bytes.subarray(0, length));
          else reject(problem);
        });
      };
      const next = (length: number): void => {
        read(file, bytes, length, most - length, length, (problem, count) => {
          const isAll = count === 0 || length + count >= most - 1;
          if (problem !== null || isAll) end(problem, length + count);
          else next(length + count);
        });
      };
      next(0);
    });
  });
}
