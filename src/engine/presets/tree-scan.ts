/** Reads the tree of a workspace folder: which folders and files there are, and what the list shows of each file. */
import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import { failure, success, type Outcome, type WireError } from '../../shared/errors.ts';
import {
  PRESETS_LISTED,
  PRESETS_READ_AT_ONCE,
  PRESETS_THREAD_FROM,
  PRESET_BYTES,
  PRESET_DEPTH,
  TEMPORARY_FILE_MS,
  WORKSPACE_ENTRIES,
} from '../../shared/preset-limits.ts';
import { textOf } from './file-text.ts';
import type { FilesThread } from './files-thread.ts';
import { refused } from './folder-errors.ts';
import type { FolderOperations } from './folder-operations.ts';
import type { Content, KnownFile } from './known-file.ts';
import { ENVIRONMENTS_FOLDER, isOwnName, isPresetName, ORDER_FILE, parentOf, pathOf, placeIn } from './place.ts';
import { readKnown, type ListedFile } from './read-known.ts';
import { isTemporaryName } from './whole-write.ts';

export interface ScannedFolder {
  readonly folders: string[];
  readonly files: string[];
  readonly hasOrder: boolean;
  /** Something that is none of ours is in it, and no preset: somebody else's folder, which is not listed. */
  readonly isForeign: boolean;
}

export interface Scanned {
  /** By their places; the root is the empty one. */
  readonly folders: ReadonlyMap<string, ScannedFolder>;
  /** By their places. */
  readonly files: ReadonlyMap<string, KnownFile>;
  /** Orders of folders, as texts, by the folders' places. */
  readonly orders: ReadonlyMap<string, string>;
  /** What could not be read, or null. */
  readonly error: WireError | null;
  /** Contents of files that the thread reads to their ends; null: there is none. */
  readonly checked: Promise<ReadonlyMap<string, Content>> | null;
}

/** Files that hold a place for git, or that file managers leave. */
const PLACEHOLDERS = new Set([ORDER_FILE, '.gitkeep', '.keep', '.DS_Store', 'Thumbs.db', 'desktop.ini']);

export function isPlaceholder(name: string): boolean {
  return PLACEHOLDERS.has(name);
}

export class TreeScan {
  readonly #root: string;
  readonly #operations: FolderOperations;
  readonly #before: ReadonlyMap<string, KnownFile>;
  readonly #thread: FilesThread | null;
  readonly #folders = new Map<string, ScannedFolder>();
  readonly #files = new Map<string, KnownFile>();
  readonly #orders = new Map<string, string>();
  readonly #links = new Set<string>();
  #entries = 0;
  #presets = 0;
  #error: WireError | null = null;
  #checked: Scanned['checked'] = null;

  /**
   * @param before files that were known: those that are the same still are not read again
   * @param thread reads many files; null: they are read here
   */
  constructor(
    root: string,
    operations: FolderOperations,
    before: ReadonlyMap<string, KnownFile>,
    thread: FilesThread | null,
  ) {
    this.#root = root;
    this.#operations = operations;
    this.#before = before;
    this.#thread = thread;
  }

  /** Error when the folder itself cannot be read. */
  async run(): Promise<Outcome<Scanned>> {
    const found = await this.#folder('');
    if (!found.ok) return found;
    for (let level = ['']; level.length > 0;) {
      const next = level.flatMap((place) =>
        (this.#folders.get(place)?.folders ?? []).map((name) => placeIn(place, name)),
      );
      await inTurns(next, (place) => this.#lowerFolder(place));
      level = next;
    }
    const places: string[] = [];
    for (const [folder, { files }] of this.#folders) for (const name of files) places.push(placeIn(folder, name));
    await this.#all(places);
    const ordered = [...this.#folders].filter(([, { hasOrder }]) => hasOrder).map(([place]) => place);
    await inTurns(ordered, (place) => this.#order(place));
    const [folders, files, orders] = [this.#folders, this.#files, this.#orders];
    return success({ folders, files, orders, error: this.#error, checked: this.#checked });
  }

  async #lowerFolder(place: string): Promise<void> {
    const found = await this.#folder(place);
    // One that has gone meanwhile is no fault.
    if (!found.ok && found.error.code !== 'file-not-found') this.#error ??= found.error;
  }

  async #folder(place: string): Promise<Outcome> {
    let entries: Dirent[];
    try {
      entries = await this.#operations.list(pathOf(this.#root, place));
    } catch (problem) {
      return refused(problem, place === '' ? this.#root : place, 'read');
    }
    this.#entries += entries.length;
    const folder = { folders: [] as string[], files: [] as string[], hasOrder: false, isForeign: false };
    const isFull = this.#isFull(place);
    for (const entry of entries) {
      if (isPresetName(entry.name) && !entry.isDirectory()) {
        if (!isFull) folder.files.push(entry.name);
        if (entry.isSymbolicLink()) this.#links.add(placeIn(place, entry.name));
        this.#presets += 1;
      } else if (entry.isDirectory() && isOwnName(entry.name)) {
        if (!isFull && !(place === '' && entry.name === ENVIRONMENTS_FOLDER)) folder.folders.push(entry.name);
      } else if (entry.name === ORDER_FILE) {
        folder.hasOrder = true;
      } else if (isTemporaryName(entry.name)) {
        await this.#removeOld(place, entry.name);
      } else if (!isPlaceholder(entry.name)) {
        folder.isForeign = true;
      }
    }
    this.#folders.set(place, folder);
    return success();
  }

  /** Whether what is in a folder is left out, because there is too much or it is too deep. */
  #isFull(place: string): boolean {
    const isDeep = place.split('/').length >= PRESET_DEPTH;
    if (this.#entries <= WORKSPACE_ENTRIES && this.#presets <= PRESETS_LISTED && !isDeep) return false;
    const { error } = failure(
      'storage-failed',
      isDeep
        ? `${place} is ${PRESET_DEPTH} folders deep; what is below it is not listed.`
        : `${this.#root} holds too much: not everything is listed.`,
      'Open a folder that is made for presets.',
    );
    this.#error ??= error;
    return true;
  }

  /** Of a process that ended while it wrote. */
  async #removeOld(folder: string, name: string): Promise<void> {
    const path = join(pathOf(this.#root, folder), name);
    try {
      const { mtimeMs } = await this.#operations.lstat(path);
      if (Date.now() - mtimeMs > TEMPORARY_FILE_MS) await this.#operations.remove(path);
    } catch {
      // It has gone, or it stays for another time.
    }
  }

  /** Those that were not known are read in the thread, when they are many. */
  async #all(places: readonly string[]): Promise<void> {
    const files = places.map((place) => ({ place, isLink: this.#links.has(place) }));
    const others = files.filter(({ place }) => !this.#before.has(place));
    const isMany = others.length >= PRESETS_THREAD_FROM;
    const read = isMany ? ((await this.#thread?.read(this.#root, others)) ?? null) : null;
    for (const [place, file] of read?.files ?? []) this.#files.set(place, file);
    this.#checked = read?.checked ?? null;
    if (this.#thread?.isEnded === true) return;
    await inTurns(read === null ? files : files.filter(({ place }) => this.#before.has(place)), (file) =>
      this.#file(file),
    );
  }

  async #file(file: ListedFile): Promise<void> {
    const found = await readKnown(this.#operations, this.#root, file, this.#before.get(file.place));
    if (found !== null) this.#files.set(file.place, found);
  }

  async #order(place: string): Promise<void> {
    try {
      const path = join(pathOf(this.#root, place), ORDER_FILE);
      const stats = await this.#operations.lstat(path);
      if (!stats.isFile() || stats.size > PRESET_BYTES) return;
      const text = textOf(await this.#operations.read(path, stats.size + 1), placeIn(place, ORDER_FILE));
      if (text.ok) this.#orders.set(place, text.value);
    } catch {
      // Without it, the order is that of the names.
    }
  }
}

/** Runs it for all, a bounded number of them at once. */
async function inTurns<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await run(item);
  };
  await Promise.all(Array.from({ length: Math.min(PRESETS_READ_AT_ONCE, items.length) }, worker));
}

/** Folders that are listed: those with presets in or below them, and those in which there is nothing of others. */
export function listedFolders(folders: ReadonlyMap<string, ScannedFolder>): ReadonlySet<string> {
  const listed = new Set<string>();
  const deepestFirst = [...folders].reverse();
  for (const [place, folder] of deepestFirst) {
    const hasPresets = folder.files.length > 0 || folder.folders.some((name) => listed.has(placeIn(place, name)));
    const isEmpty = !folder.isForeign && folder.folders.length === 0;
    if (place !== '' && (hasPresets || isEmpty)) listed.add(place);
  }
  for (const place of [...listed]) for (let up = parentOf(place); up !== ''; up = parentOf(up)) listed.add(up);
  return listed;
}
