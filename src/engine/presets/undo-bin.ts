/** Where removed files are until the application ends: outside of the workspace, so that git does not see them. */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { join } from 'node:path';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { DELETED_KEPT_MS } from '../../shared/preset-limits.ts';
import { PRESET_SUFFIX } from '../../shared/preset.ts';
import { errnoOf } from '../file-errors.ts';
import { freeName } from './file-names.ts';
import { refused } from './folder-errors.ts';
import type { FolderOperations } from './folder-operations.ts';
import { nameOf, parentOf, pathOf, placeIn } from './place.ts';
import { createWhole } from './whole-write.ts';

/** Files, and folders that are removed when nothing else is in them, all by their places. */
export interface RemovedParts {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

interface Removed {
  /** What was removed, as a person sees it. */
  readonly place: string;
  /** The files, and each one's name in the bin. */
  readonly files: readonly { readonly place: string; readonly kept: string }[];
  readonly folders: readonly string[];
}

export class UndoBin {
  readonly #root: string;
  readonly #folder: string;
  readonly #operations: FolderOperations;
  readonly #removed = new Map<string, Removed>();
  #isMade = false;
  #count = 0;

  constructor(root: string, trash: string, operations: FolderOperations) {
    this.#root = root;
    this.#folder = join(trash, randomUUID());
    this.#operations = operations;
  }

  /** All of the files, or none. Error `storage-failed`. @param place what they belong to, or the file itself */
  async put(place: string, { files: places, folders }: RemovedParts): Promise<Outcome<string>> {
    const files: { place: string; kept: string }[] = [];
    try {
      await this.#operations.mkdir(this.#folder);
      this.#isMade = true;
      for (const one of places) {
        const kept = join(this.#folder, String((this.#count += 1)));
        await this.#carry(pathOf(this.#root, one), kept);
        files.push({ place: one, kept });
      }
    } catch (problem) {
      for (const one of files) await this.#carry(one.kept, pathOf(this.#root, one.place)).catch(() => undefined);
      return refused(problem, place, 'deleted');
    }
    // From the deepest up. Those with something else in them stay.
    const deepest = [...folders].sort((one, other) => other.length - one.length);
    for (const folder of deepest) {
      await this.#operations.removeEmpty(pathOf(this.#root, folder)).catch(() => undefined);
    }
    const undo = randomUUID();
    this.#removed.set(undo, { place, files, folders });
    return success(undo);
  }

  /** Errors: `not-found`, `storage-failed`: then it can be tried again. */
  async restore(undo: string): Promise<Outcome<string>> {
    const removed = this.#removed.get(undo);
    if (removed === undefined) return failure('not-found', 'That can no longer be undone.');
    const left = [...removed.files];
    let place = removed.place;
    try {
      for (const folder of removed.folders) await this.#operations.mkdir(pathOf(this.#root, folder));
      for (const file of removed.files) {
        const back = await this.#putBack(file.kept, file.place);
        if (file.place === removed.place) place = back;
        left.shift();
      }
    } catch (problem) {
      this.#removed.set(undo, { ...removed, files: left });
      return refused(problem, removed.place, 'restored');
    }
    this.#removed.delete(undo);
    return success(place);
  }

  async dispose(): Promise<void> {
    this.#removed.clear();
    if (!this.#isMade) return;
    const names = await this.#operations.list(this.#folder).catch(() => []);
    for (const { name } of names) await this.#operations.remove(join(this.#folder, name)).catch(() => undefined);
    await this.#operations.removeEmpty(this.#folder).catch(() => undefined);
  }

  /** Into the place where it was, or beside what is there now. */
  async #putBack(kept: string, place: string): Promise<string> {
    const folder = parentOf(place);
    await this.#operations.mkdir(pathOf(this.#root, folder));
    const names = (await this.#operations.list(pathOf(this.#root, folder))).map(({ name }) => name);
    const name = nameOf(place);
    const suffix = name.endsWith(PRESET_SUFFIX) ? PRESET_SUFFIX : '';
    const isFree = !names.includes(name);
    const target = isFree
      ? place
      : placeIn(folder, freeName(name.slice(0, name.length - suffix.length), suffix, names));
    await this.#carry(kept, pathOf(this.#root, target));
    return target;
  }

  /** Moves a file, also to another disk. */
  async #carry(from: string, to: string): Promise<void> {
    try {
      await this.#operations.rename(from, to);
    } catch (problem) {
      if (errnoOf(problem) !== 'EXDEV') throw problem;
      await this.#copy(from, to);
      await this.#operations.remove(from);
    }
  }

  async #copy(from: string, to: string): Promise<void> {
    const file = await this.#operations.open(from, constants.O_RDONLY, 0);
    try {
      await createWhole(this.#operations, to, await file.readFile());
    } finally {
      await file.close();
    }
  }
}

/** Removes what runs that were killed have left. Another one may run beside this: its files are younger. Never rejects. */
export async function clearOldBins(trash: string, operations: FolderOperations): Promise<void> {
  const folders = await operations.list(trash).catch(() => []);
  for (const { name } of folders) {
    const folder = join(trash, name);
    try {
      if (Date.now() - (await operations.lstat(folder)).mtimeMs < DELETED_KEPT_MS) continue;
      for (const file of await operations.list(folder)) await operations.remove(join(folder, file.name));
      await operations.removeEmpty(folder);
    } catch {
      // It stays for another time.
    }
  }
}
