/**
 * Where deleted recordings are until their deletion can no longer be undone:
 * a hidden folder beside the others, with a folder in it for each engine that
 * deletes, which is locked while that engine runs.
 */
import { join } from 'node:path';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { RECORDING_UNDO_MS } from '../../shared/limits.ts';
import type { DiskFiles } from '../disk/disk-files.ts';
import { errnoOf, storageError } from '../file-errors.ts';
import type { Locks } from './lock.ts';

/** A name of our own: a folder that was there before may have a `.trash` that is somebody else's. */
const TRASH_NAME = '.wirebench-trash';

export class Trash {
  readonly #root: string;
  readonly #folder: string;
  readonly #files: DiskFiles;
  readonly #locks: Locks;
  readonly #undoMs: number;
  /** Recordings whose deletion can be undone. */
  readonly #pending = new Map<string, ReturnType<typeof setTimeout>>();
  /** What is being removed. */
  readonly #removing = new Set<Promise<void>>();
  #isMade = false;

  /** @param name tells the engine from others; undoMs is for tests */
  constructor(root: string, name: string, files: DiskFiles, locks: Locks, undoMs = RECORDING_UNDO_MS) {
    this.#root = join(root, TRASH_NAME);
    this.#folder = join(this.#root, name);
    this.#files = files;
    this.#locks = locks;
    this.#undoMs = undoMs;
  }

  /** Removes what engines that run no more have left behind. Never rejects. */
  async clearOld(): Promise<void> {
    const names = await this.#files.list(this.#root).catch(() => []);
    for (const name of names) {
      const folder = join(this.#root, name);
      if (folder === this.#folder) continue;
      const isHeld = await this.#locks.isHeld(folder).catch(() => true);
      if (!isHeld) await this.#files.remove(folder).catch(() => undefined);
    }
  }

  /** Takes a recording out of its place, at once. Error `storage-failed`. @param canUndo it stays for a while */
  async put(folder: string, id: string, canUndo: boolean): Promise<Outcome> {
    const place = join(this.#folder, id);
    try {
      if (!this.#isMade) {
        await this.#files.mkdir(this.#folder);
        await this.#locks.write(this.#folder);
        this.#isMade = true;
      }
      await this.#files.remove(place);
      await this.#files.rename(folder, place);
    } catch (problem) {
      this.#isMade = false;
      return { ok: false, error: storageError(problem, folder, 'deleted') };
    }
    if (canUndo) this.#removeLater(id);
    else this.#remove(id);
    return success();
  }

  /** Puts it back in its place. Errors: `not-found` when it is too late, `storage-failed`. */
  async restore(folder: string, id: string): Promise<Outcome> {
    const timer = this.#pending.get(id);
    if (timer === undefined) {
      return failure('not-found', 'The recording has been deleted for good: that can no longer be undone.');
    }
    // Before anything is waited for: its time may be up meanwhile.
    clearTimeout(timer);
    this.#pending.delete(id);
    try {
      await this.#files.rename(join(this.#folder, id), folder);
    } catch (problem) {
      this.#removeLater(id);
      if (errnoOf(problem) === 'ENOENT') return failure('not-found', 'The recording is no longer there.');
      return { ok: false, error: storageError(problem, folder, 'restored') };
    }
    return success();
  }

  /** Removes everything that this engine has deleted, now. */
  async dispose(): Promise<void> {
    for (const id of [...this.#pending.keys()]) this.#remove(id);
    await Promise.all(this.#removing);
    if (this.#isMade) await this.#files.remove(this.#folder).catch(() => undefined);
  }

  #removeLater(id: string): void {
    const timer = setTimeout(() => {
      this.#remove(id);
    }, this.#undoMs);
    timer.unref();
    this.#pending.set(id, timer);
  }

  #remove(id: string): void {
    const timer = this.#pending.get(id);
    if (timer !== undefined) clearTimeout(timer);
    this.#pending.delete(id);
    // What cannot be removed now is when an engine starts.
    const removing = this.#files
      .remove(join(this.#folder, id))
      .catch(() => undefined)
      .then(() => void this.#removing.delete(removing));
    this.#removing.add(removing);
  }
}
