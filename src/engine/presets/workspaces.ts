/** Which workspace folder is open, and which were. */
import { basename, isAbsolute, join, resolve } from 'node:path';
import { failure, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { PRESET_FORMAT } from '../../shared/preset-limits.ts';
import { KeyedQueue } from '../library/keyed-queue.ts';
import { Listeners } from '../listeners.ts';
import type { DocumentStorage } from '../storage.ts';
import { folderError } from './folder-errors.ts';
import { nodeFolder, type FolderOperations } from './folder-operations.ts';
import { FoldersStore } from './folders-store.ts';
import { OpenFolder } from './open-folder.ts';
import { ROOT_FILE } from './place.ts';
import { rootName } from './root-name.ts';
import { clearOldBins } from './undo-bin.ts';
import { createWhole, isThere } from './whole-write.ts';

export interface WorkspaceOptions {
  /** The folder that is made on the first start. */
  readonly home: string;
  /** Where remembered folders are kept. */
  readonly folders: DocumentStorage;
  /** Where what was deleted is until the application ends: best on the same disk as `home`. */
  readonly trash: string;
  /** File of the thread that reads many files. Without it they are read among everything else. */
  readonly thread?: string | URL;
  /** For tests. */
  readonly operations?: FolderOperations;
}

export interface FolderName {
  readonly path: string;
  readonly name: string;
}

export interface FolderStatus {
  readonly current: FolderName;
  /** Why the folder cannot be used, or null. */
  readonly error: WireError | null;
  readonly remembered: readonly FolderName[];
}

interface Current {
  readonly folder: OpenFolder;
  readonly error: WireError | null;
}

export class Workspaces {
  /** Another folder is open, or it is called otherwise. */
  readonly onOpened = new Listeners();
  /** Something in the folder that is open has changed. Paced. */
  readonly onDisk = new Listeners();
  /** The presets of the folder that is open are others. Paced. */
  readonly onPresets = new Listeners();
  readonly #options: WorkspaceOptions;
  readonly #operations: FolderOperations;
  readonly #store: FoldersStore;
  readonly #queue = new KeyedQueue();
  #current: Current | null = null;
  /** What the folder called itself when somebody asked. */
  #name: string | null = null;
  #isDisposed = false;

  constructor(options: WorkspaceOptions) {
    this.#options = options;
    this.#operations = options.operations ?? nodeFolder;
    this.#store = new FoldersStore(options.folders);
  }

  /** The folder that is open; the first who asks opens the one of the last time, or the default one. */
  async current(): Promise<OpenFolder> {
    return (await this.#ready()).folder;
  }

  async status(): Promise<Outcome<FolderStatus>> {
    const { folder, error } = await this.#ready();
    const paths = await this.#store.paths();
    const others = paths.ok ? paths.value.filter((path) => path !== folder.root) : [];
    const remembered = others.map((path) => named(path, this.#store.nameOf(path)));
    const name = await rootName(folder.files);
    this.#name = name;
    // Others are not looked at: they may be on a disk that is away. A list that cannot be saved is told when it matters.
    if (paths.ok && (error === null || name !== null)) await this.#store.called(folder.root, name);
    return success({ current: named(folder.root, name), error: error ?? errorOf(paths), remembered });
  }

  /** Opens another folder. Errors: `file-not-found`, `storage-failed`, `bad-request`: the old one stays open then. */
  open(path: string): Promise<Outcome> {
    return this.#queue.run('', async () => {
      const before = await this.#open();
      const root = await this.#usable(path);
      if (!root.ok) return root;
      const remembered = await this.#store.opened(root.value);
      if (!remembered.ok) return remembered;
      if (before.folder.root === root.value && before.error === null) return success();
      this.#use(root.value, null);
      await before.folder.dispose();
      this.onOpened.tell();
      return success();
    });
  }

  /** Takes a folder off the list; it stays where it is. Error `bad-request` for the one that is open. */
  async forget(path: string): Promise<Outcome> {
    const { folder } = await this.#ready();
    if (path === folder.root) return failure('bad-request', `${path} is open.`, 'Open another folder first.');
    return this.#store.forget(path);
  }

  /** The place of the environment that is chosen in the folder that is open. */
  async chosenEnvironment(): Promise<string | null> {
    return this.#store.environment((await this.current()).root);
  }

  async chooseEnvironment(place: string | null): Promise<Outcome> {
    return this.#store.chooseEnvironment((await this.current()).root, place);
  }

  /** Resolves when everything is written and nothing is watched any more. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    for (const listeners of [this.onOpened, this.onDisk, this.onPresets]) listeners.clear();
    await this.#queue.idle();
    await this.#current?.folder.dispose();
    await this.#store.idle();
  }

  #ready(): Promise<Current> {
    const current = this.#current;
    return current?.error !== null ? this.#queue.run('', () => this.#open()) : Promise.resolve(current);
  }

  async #open(): Promise<Current> {
    const known = this.#current;
    if (known === null) void clearOldBins(this.#options.trash, this.#operations);
    if (known?.error === null || this.#isDisposed) return known ?? this.#use(this.#options.home, null);
    const paths = await this.#store.paths();
    const last = known?.folder.root ?? (paths.ok ? paths.value[0] : undefined);
    if (last === undefined || last === resolve(this.#options.home)) await this.#makeHome();
    const path = last ?? this.#options.home;
    const root = await this.#usable(path);
    if (known !== null && !root.ok) return (this.#current = { folder: known.folder, error: root.error });
    await known?.folder.dispose();
    const current = this.#use(root.ok ? root.value : path, errorOf(root));
    if (root.ok && last === undefined && paths.ok) await this.#store.opened(root.value);
    return current;
  }

  #use(root: string, error: WireError | null): Current {
    const folder = new OpenFolder(root, this.#options.trash, this.#operations, this.#options.thread);
    folder.onDisk.add(() => {
      this.onDisk.tell();
      void this.#look(folder);
    });
    folder.onPresets.add(() => {
      this.onPresets.tell();
    });
    this.#current = { folder, error };
    return this.#current;
  }

  /** Whether it calls itself otherwise now. */
  async #look(folder: OpenFolder): Promise<void> {
    const name = await rootName(folder.files);
    if (folder !== this.#current?.folder || name === this.#name) return;
    this.#name = name;
    this.onOpened.tell();
  }

  /** The default folder, with the file that marks it. What goes wrong shows when it is opened. */
  async #makeHome(): Promise<void> {
    const { home } = this.#options;
    try {
      if (await isThere(this.#operations, home)) return;
      await this.#operations.mkdir(home);
      const mark = new TextEncoder().encode(`wirebench: ${PRESET_FORMAT}\n`);
      await createWhole(this.#operations, join(home, ROOT_FILE), mark);
    } catch {
      // Then the folder cannot be used, which is said with the reason.
    }
  }

  /** The path of a folder as the system knows it. */
  async #usable(path: string): Promise<Outcome<string>> {
    if (!isAbsolute(path))
      return failure('bad-request', `${path} is no full path.`, 'Begin it at the root, or with ~.');
    try {
      const root = await this.#operations.realpath(path);
      if (!(await this.#operations.lstat(root)).isDirectory()) {
        return failure('storage-failed', `${path} is no folder.`, 'Choose the folder that it is in.');
      }
      await this.#operations.list(root);
      return success(root);
    } catch (problem) {
      return { ok: false, error: folderError(problem, path, 'opened') };
    }
  }
}

function named(path: string, name: string | null): FolderName {
  return { path, name: name ?? (basename(path) || path) };
}

function errorOf(outcome: Outcome<unknown>): WireError | null {
  return outcome.ok ? null : outcome.error;
}
