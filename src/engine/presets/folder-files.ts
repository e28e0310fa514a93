/** The files of a workspace folder as texts: read, written as a whole, moved, removed so that it can be undone. */
import type { BigIntStats } from 'node:fs';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { PRESET_BYTES } from '../../shared/preset-limits.ts';
import { PRESET_SUFFIX } from '../../shared/preset.ts';
import { errnoOf } from '../file-errors.ts';
import { fileBase, freeName, FreeNames } from './file-names.ts';
import { revisionOf, textOf } from './file-text.ts';
import { folderError, refused } from './folder-errors.ts';
import { nodeFolder, type FolderOperations } from './folder-operations.ts';
import { partsOf, pathOf, placeIn } from './place.ts';
import { UndoBin, type RemovedParts } from './undo-bin.ts';
import { createWhole, isThere, replaceWhole } from './whole-write.ts';

/** Names that others may take while a file is made. */
const NAMES_TRIED = 100;

export interface ReadText {
  readonly text: string;
  readonly revision: string;
}

export interface Saved {
  readonly path: string;
  readonly revision: string;
}

export class FolderFiles {
  /** Absolute, and itself no symbolic link. */
  readonly root: string;
  readonly operations: FolderOperations;
  readonly #bin: UndoBin;
  readonly #wrote: (place: string) => void;

  /**
   * @param trash folder for what was removed
   * @param wrote told after each change that was made here
   */
  constructor(root: string, trash: string, wrote: (place: string) => void = () => undefined, operations = nodeFolder) {
    this.root = root;
    this.operations = operations;
    this.#bin = new UndoBin(root, trash, operations);
    this.#wrote = wrote;
  }

  /** Errors: `file-not-found`, `storage-failed`, `bad-preset` (too large, no file, no text), `bad-request`. */
  async read(place: string): Promise<Outcome<ReadText>> {
    const path = await this.#find(place);
    if (!path.ok) return path;
    try {
      const bytes = await this.#bytes(path.value, place);
      if (!bytes.ok) return bytes;
      const text = textOf(bytes.value, place);
      return text.ok ? success({ text: text.value, revision: revisionOf(bytes.value) }) : text;
    } catch (problem) {
      return refused(problem, place, 'read');
    }
  }

  /**
   * Writes a file when its content differs.
   * @param base the revision that it must have; null: whatever is there is replaced, also nothing
   * Errors: `conflict`, `file-not-found` (with a base), `storage-failed`, `bad-preset` when the text is too long.
   */
  async write(place: string, text: string, base: string | null): Promise<Outcome<Saved>> {
    const bytes = encoded(text, place);
    if (!bytes.ok) return bytes;
    const path = await this.#find(place);
    if (!path.ok) return path;
    const revision = revisionOf(bytes.value);
    try {
      const before = await this.#stamp(path.value);
      if (before === null) {
        if (base !== null) return gone(place);
        await createWhole(this.operations, path.value, bytes.value);
        this.#wrote(place);
        return success({ path: place, revision });
      }
      if (!before.isFile()) return failure('storage-failed', `${place} could not be saved: it is no file.`);
      const same = await this.#isRevision(path.value, place, base ?? revision);
      if (base !== null && !same) return conflict(place);
      // Only when something is different.
      if (base === null ? same : base === revision) return success({ path: place, revision });
      const guard = await this.#mayReplace(path.value, place, before);
      if (!guard.ok) return guard;
      const isStill = async (): Promise<boolean> => base === null || sameStamp(before, await this.#stamp(path.value));
      const isDone = await replaceWhole(
        this.operations,
        path.value,
        bytes.value,
        Number(before.mode & 0o777n),
        isStill,
      );
      if (!isDone) return conflict(place);
      this.#wrote(place);
      return success({ path: place, revision });
    } catch (problem) {
      return refused(problem, place, 'saved');
    }
  }

  /**
   * A new file, in a folder that is made when it is not there, with a name that is free.
   * @param name what a person calls it
   * @param names of that folder, for those who make many files in it: it is not read for each then
   * Errors: `storage-failed`, `bad-request`, `bad-preset` when the text is too long.
   */
  async create(folder: string, name: string, text: string, names: FreeNames | null = null): Promise<Outcome<Saved>> {
    const bytes = encoded(text, name);
    if (!bytes.ok) return bytes;
    const free = names === null ? await this.freeNames(folder) : success(names);
    if (!free.ok) return free;
    for (let clashes = 0; ; clashes += 1) {
      const place = placeIn(folder, free.value.take(fileBase(name, PRESET_SUFFIX)));
      try {
        await createWhole(this.operations, pathOf(this.root, place), bytes.value);
        this.#wrote(place);
        return success({ path: place, revision: revisionOf(bytes.value) });
      } catch (problem) {
        // Somebody else was faster with this name.
        if (errnoOf(problem) !== 'EEXIST' || clashes === NAMES_TRIED) return refused(problem, place, 'saved');
      }
    }
  }

  /** The names of files in a folder, which is made when it is not there. Errors as of `create`. */
  async freeNames(folder: string): Promise<Outcome<FreeNames>> {
    const made = await this.makeFolders(folder);
    if (!made.ok) return made;
    const names = await this.names(folder);
    return names.ok ? success(new FreeNames(PRESET_SUFFIX, names.value)) : names;
  }

  /** A new folder with a name that is free. Errors: `storage-failed`, `file-not-found`. */
  async createFolder(folder: string, name: string): Promise<Outcome<string>> {
    const parent = await this.#find(placeIn(folder, 'child'));
    if (!parent.ok) return parent;
    const names = await this.names(folder);
    if (!names.ok) return names;
    const place = placeIn(folder, freeName(fileBase(name, ''), '', names.value));
    const checked = partsOf(place);
    if (!checked.ok) return checked;
    try {
      await this.operations.mkdirNew(pathOf(this.root, place));
    } catch (problem) {
      return refused(problem, place, 'made');
    }
    this.#wrote(place);
    return success(place);
  }

  /**
   * Moves a file or folder, or gives it another name. Nothing is replaced: the name is one that is free, unless it is
   * the same one in other letters.
   * @param base its name without the suffix
   */
  async move(place: string, folder: string, base: string, suffix: string): Promise<Outcome<string>> {
    const [from, parent] = [await this.#find(place), await this.#find(placeIn(folder, 'child'))];
    if (!from.ok) return from;
    if (!parent.ok) return parent;
    const names = await this.names(folder);
    if (!names.ok) return names;
    const others = names.value.filter((other) => placeIn(folder, other) !== place);
    const target = placeIn(folder, freeName(base, suffix, others));
    if (target === place) return success(place);
    try {
      await this.operations.rename(from.value, pathOf(this.root, target));
    } catch (problem) {
      return refused(problem, place, 'moved');
    }
    this.#wrote(place);
    this.#wrote(target);
    return success(target);
  }

  /**
   * Takes a file out of the folder until the application ends; of a folder, only the files and folders that are named.
   * @returns what `restore` wants
   */
  async remove(place: string, parts: RemovedParts = { files: [place], folders: [] }): Promise<Outcome<string>> {
    const path = await this.#find(place);
    if (!path.ok) return path;
    if (place === '') return failure('bad-request', 'The workspace itself cannot be deleted.');
    const removed = await this.#bin.put(place, parts);
    this.#wrote(place);
    return removed;
  }

  /** Errors: `not-found` when it cannot be undone any more, `storage-failed`. @returns where it is now */
  async restore(undo: string): Promise<Outcome<string>> {
    const restored = await this.#bin.restore(undo);
    if (restored.ok) this.#wrote(restored.value);
    return restored;
  }

  /** Names of everything in a folder. */
  async names(folder: string): Promise<Outcome<string[]>> {
    try {
      const found = await this.operations.list(pathOf(this.root, folder));
      return success(found.map(({ name }) => name));
    } catch (problem) {
      return refused(problem, folder === '' ? this.root : folder, 'read');
    }
  }

  /** Makes a folder and those that it is in. */
  async makeFolders(folder: string): Promise<Outcome> {
    const parts = partsOf(folder);
    if (!parts.ok) return parts;
    try {
      let place = '';
      for (const part of parts.value) {
        const checked = await this.#find(place);
        if (!checked.ok) return checked;
        place = placeIn(place, part);
        const path = pathOf(this.root, place);
        if (!(await isThere(this.operations, path))) await this.operations.mkdirNew(path);
      }
      const found = await this.#find(placeIn(folder, 'child'));
      return found.ok ? success() : found;
    } catch (problem) {
      return refused(problem, folder, 'made');
    }
  }

  /** The path of a place, for the file manager. Errors: `file-not-found`, `bad-request`. */
  async locate(place: string): Promise<Outcome<string>> {
    const path = await this.#find(place);
    if (!path.ok) return path;
    return (await isThere(this.operations, path.value).catch(() => true)) ? path : gone(place);
  }

  /** Forgets what was removed, for good. */
  dispose(): Promise<void> {
    return this.#bin.dispose();
  }

  /** The path of a place, in folders that are there. No symbolic link is followed on the way: it could lead out of the folder. */
  async #find(place: string): Promise<Outcome<string>> {
    const parts = partsOf(place);
    if (!parts.ok) return parts;
    let at = '';
    try {
      for (const part of parts.value.slice(0, -1)) {
        at = placeIn(at, part);
        const found = await this.operations.lstat(pathOf(this.root, at));
        if (found.isSymbolicLink()) return link(at);
        if (!found.isDirectory()) return failure('file-not-found', `${at} is no folder.`);
      }
    } catch (problem) {
      return { ok: false, error: folderError(problem, at, 'opened') };
    }
    return success(pathOf(this.root, place));
  }

  async #bytes(path: string, place: string): Promise<Outcome<Uint8Array>> {
    const found = await this.operations.lstat(path);
    if (found.isSymbolicLink()) return link(place);
    if (!found.isFile()) return failure('bad-preset', `${place} is no file.`);
    if (found.size > PRESET_BYTES) return tooLarge(place, found.size);
    const bytes = await this.operations.read(path, found.size + 1);
    if (bytes.length <= found.size) return success(bytes);
    return failure('storage-failed', `${place} changed while it was read.`, 'Try again.');
  }

  async #isRevision(path: string, place: string, revision: string): Promise<boolean> {
    const bytes = await this.#bytes(path, place);
    return bytes.ok && revisionOf(bytes.value) === revision;
  }

  async #stamp(path: string): Promise<BigIntStats | null> {
    try {
      return await this.operations.stamp(path);
    } catch (problem) {
      if (errnoOf(problem) === 'ENOENT') return null;
      throw problem;
    }
  }

  /** A file that somebody has protected is not replaced, although its folder would allow it. */
  async #mayReplace(path: string, place: string, { mode }: BigIntStats): Promise<Outcome> {
    if ((mode & 0o222n) === 0n) {
      const message = `${place} could not be saved: it is write-protected.`;
      return failure('storage-failed', message, 'Allow writing to the file, or save under another name.');
    }
    try {
      await this.operations.mayWrite(path);
      return success();
    } catch (problem) {
      return refused(problem, place, 'saved');
    }
  }
}

function sameStamp(one: BigIntStats, other: BigIntStats | null): boolean {
  return other !== null && one.ino === other.ino && one.size === other.size && one.mtimeNs === other.mtimeNs;
}

function encoded(text: string, place: string): Outcome<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return bytes.length > PRESET_BYTES ? tooLarge(place, bytes.length) : success(bytes);
}

function tooLarge(place: string, size: number): Outcome<never> {
  const message = `${place} has ${size} bytes; at most ${PRESET_BYTES} are kept in one file.`;
  return failure('bad-preset', message, 'Send long messages from files.');
}

function conflict(place: string): Outcome<never> {
  return failure(
    'conflict',
    `${place} was changed by somebody else since it was read.`,
    'Look at both before one is lost.',
  );
}

function gone(place: string): Outcome<never> {
  return failure('file-not-found', `${place} is not there any more.`, 'It was moved or deleted; save it as a new one.');
}

function link(place: string): Outcome<never> {
  return failure('bad-preset', `${place} is a symbolic link, which is not followed.`, 'Put the file itself here.');
}
