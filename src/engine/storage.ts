/**
 * One small document that outlives the application: on disk, or in memory for
 * tests. Knows nothing of what the document says.
 */
import { constants } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { success, type Outcome } from '../shared/errors.ts';
import { errnoOf, storageError } from './file-errors.ts';

/** What was found: nothing yet, a text, or something that can be no document, with a sentence that says why. */
export type StoredDocument =
  | { readonly type: 'none' }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'unfit'; readonly reason: string };

export interface DocumentStorage {
  /** More than `limit` bytes are unfit. Error: `storage-failed` when it cannot be read now; it may be a good one. */
  read(limit: number): Promise<Outcome<StoredDocument>>;
  /** All or nothing: after a failure or a crash the old document is still there, whole. */
  write(text: string): Promise<Outcome>;
  /** Moves the document out of the way. @returns its new name, which has `mark` in it */
  setAside(mark: string): Promise<Outcome<string>>;
}

/** What the file version asks of the file system, so that tests can make each step fail. */
export interface FileOperations {
  mkdir(path: string): Promise<void>;
  open(path: string, flags: number): Promise<FileHandle>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

export const nodeFiles: FileOperations = {
  mkdir: async (path) => {
    await mkdir(path, { recursive: true });
  },
  // Only the owner may read it: drafts can hold anything.
  open: (path, flags) => open(path, flags, 0o600),
  rename,
  remove: (path) => rm(path, { force: true }),
};

const WRITE_NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC;

export class FileStorage implements DocumentStorage {
  readonly #path: string;
  readonly #files: FileOperations;

  constructor(path: string, files: FileOperations = nodeFiles) {
    this.#path = path;
    this.#files = files;
  }

  async read(limit: number): Promise<Outcome<StoredDocument>> {
    try {
      const file = await this.#files.open(this.#path, constants.O_RDONLY);
      try {
        const { size } = await file.stat();
        if (size > limit) return unfit(`${this.#path} has ${size} bytes; at most ${limit} are read.`);
        return success({ type: 'text', text: await file.readFile('utf8') });
      } finally {
        await file.close();
      }
    } catch (problem) {
      if (errnoOf(problem) === 'ENOENT') return success({ type: 'none' });
      if (errnoOf(problem) === 'EISDIR') return unfit(`${this.#path} is a folder.`);
      return { ok: false, error: storageError(problem, this.#path, 'read') };
    }
  }

  async write(text: string): Promise<Outcome> {
    const temporary = `${this.#path}.new`;
    try {
      await this.#files.mkdir(dirname(this.#path));
      const file = await this.#files.open(temporary, WRITE_NEW);
      try {
        await file.writeFile(text);
        // Before the rename: else a crash can leave a new name on an empty file.
        await file.sync();
      } finally {
        await file.close();
      }
      await this.#files.rename(temporary, this.#path);
      await this.#syncFolder();
      return success();
    } catch (problem) {
      // Best effort: the next write starts the temporary file anew anyway.
      await this.#files.remove(temporary).catch(() => undefined);
      return { ok: false, error: storageError(problem, this.#path, 'saved') };
    }
  }

  async setAside(mark: string): Promise<Outcome<string>> {
    const extension = extname(this.#path);
    const name = `${basename(this.#path, extension)}.${mark}${extension}`;
    try {
      await this.#files.rename(this.#path, join(dirname(this.#path), name));
      return success(name);
    } catch (problem) {
      return { ok: false, error: storageError(problem, this.#path, 'set aside') };
    }
  }

  /** Makes the rename itself durable. Windows has no such thing and refuses to open a folder. */
  async #syncFolder(): Promise<void> {
    if (process.platform === 'win32') return;
    const folder = await this.#files.open(dirname(this.#path), constants.O_RDONLY);
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

function unfit(reason: string): Outcome<StoredDocument> {
  return success({ type: 'unfit', reason });
}

export class MemoryStorage implements DocumentStorage {
  text: string | null;
  readonly aside = new Map<string, string>();

  constructor(text: string | null = null) {
    this.text = text;
  }

  read(limit: number): Promise<Outcome<StoredDocument>> {
    if (this.text === null) return Promise.resolve(success({ type: 'none' }));
    return Promise.resolve(
      this.text.length > limit
        ? unfit(`The document is larger than ${limit} bytes.`)
        : success({ type: 'text', text: this.text }),
    );
  }

  write(text: string): Promise<Outcome> {
    this.text = text;
    return Promise.resolve(success());
  }

  setAside(mark: string): Promise<Outcome<string>> {
    if (this.text !== null) this.aside.set(mark, this.text);
    this.text = null;
    return Promise.resolve(success(mark));
  }
}
