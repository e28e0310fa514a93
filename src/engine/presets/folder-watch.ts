/**
 * Tells when something changes in a folder, whoever does it. macOS and Windows watch a tree as a whole; on Linux each
 * folder is watched by itself. Where the system cannot, the folder is to be looked at every few seconds.
 */
import { watch, type FSWatcher } from 'node:fs';
import { basename } from 'node:path';
import { FOLDER_CHANGES_MS, FOLDER_POLL_MS, FOLDER_QUIET_MS, FOLDERS_WATCHED } from '../../shared/preset-limits.ts';
import { ENVIRONMENTS_FOLDER, pathOf } from './place.ts';
import { isTemporaryName } from './whole-write.ts';

export interface WatchOptions {
  readonly root: string;
  /** Something may be different. Not called again before it has resolved. */
  readonly changed: () => Promise<void>;
  /** Whether the system watches trees as a whole. */
  readonly isRecursive?: boolean;
  readonly pollMs?: number;
}

export class FolderWatch {
  readonly #options: WatchOptions;
  readonly #isRecursive: boolean;
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #poll: ReturnType<typeof setInterval> | null = null;
  /** When the first change that was not told yet came, in ms of `performance.now()`. */
  #since: number | null = null;
  #isTelling = false;
  #isDisposed = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#isRecursive = options.isRecursive ?? (process.platform === 'darwin' || process.platform === 'win32');
  }

  /**
   * Watches these folders (the root alone, where trees can be watched) from now on, and no others.
   * @param folders null: the root cannot be read now, and is to be looked at until it can
   */
  follow(folders: Iterable<string> | null): void {
    if (this.#isDisposed) return;
    if (folders === null) {
      for (const watcher of this.#watchers.values()) watcher.close();
      this.#watchers.clear();
      this.#setPolling(true);
      return;
    }
    const wanted = this.#isRecursive ? new Set(['']) : new Set([...folders, '', ENVIRONMENTS_FOLDER]);
    for (const [place, watcher] of this.#watchers) {
      if (wanted.has(place)) continue;
      watcher.close();
      this.#watchers.delete(place);
    }
    let areAll = wanted.size <= FOLDERS_WATCHED;
    for (const place of wanted) {
      if (this.#watchers.size >= FOLDERS_WATCHED) break;
      if (!this.#watchers.has(place) && !this.#watch(place) && place !== ENVIRONMENTS_FOLDER) areAll = false;
    }
    this.#setPolling(!areAll);
  }

  /** Something has changed, or is likely to have. */
  touch(): void {
    if (this.#isDisposed) return;
    const now = performance.now();
    this.#since ??= now;
    if (this.#isTelling) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const wait = Math.max(0, Math.min(FOLDER_QUIET_MS, this.#since + FOLDER_CHANGES_MS - now));
    this.#timer = setTimeout(() => void this.#tell(), wait);
    this.#timer.unref();
  }

  dispose(): void {
    this.#isDisposed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#setPolling(false);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watch(place: string): boolean {
    try {
      const path = pathOf(this.#options.root, place);
      const watcher = watch(path, { persistent: false, recursive: this.#isRecursive }, (event, name) => {
        // The folder itself has gone: another one of its name would not be watched.
        if (event === 'rename' && name === basename(path)) this.#drop(place, watcher);
        if (name !== null && isTemporaryName(name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1))) {
          return;
        }
        this.touch();
      });
      watcher.on('error', () => {
        this.#lost(place, watcher);
      });
      this.#watchers.set(place, watcher);
      return true;
    } catch {
      // It has gone, or the system watches no more.
      return false;
    }
  }

  #drop(place: string, watcher: FSWatcher): void {
    if (this.#watchers.get(place) !== watcher) return;
    watcher.close();
    this.#watchers.delete(place);
  }

  #lost(place: string, watcher: FSWatcher): void {
    this.#drop(place, watcher);
    this.#setPolling(true);
    this.touch();
  }

  async #tell(): Promise<void> {
    this.#timer = null;
    this.#since = null;
    this.#isTelling = true;
    try {
      await this.#options.changed();
    } finally {
      this.#isTelling = false;
      if (this.#hasMore()) this.touch();
    }
  }

  /** Whether something has come while it was told. */
  #hasMore(): boolean {
    return this.#since !== null;
  }

  #setPolling(isOn: boolean): void {
    if (isOn === (this.#poll !== null)) return;
    if (this.#poll !== null) clearInterval(this.#poll);
    this.#poll = null;
    if (!isOn || this.#isDisposed) return;
    this.#poll = setInterval(() => {
      this.touch();
    }, this.#options.pollMs ?? FOLDER_POLL_MS);
    this.#poll.unref();
  }
}
