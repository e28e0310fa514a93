/** A workspace folder while it is open: its files, its presets, and the watch over it. */
import { Listeners } from '../listeners.ts';
import { FilesThread } from './files-thread.ts';
import { FolderFiles } from './folder-files.ts';
import type { FolderOperations } from './folder-operations.ts';
import { FolderWatch } from './folder-watch.ts';
import { PresetFolder } from './preset-folder.ts';
import { PresetTree } from './preset-tree.ts';

export class OpenFolder {
  /** Absolute, and itself no symbolic link. */
  readonly root: string;
  readonly files: FolderFiles;
  readonly presets: PresetFolder;
  /** Something in the folder has changed, whoever did it. Paced. */
  readonly onDisk = new Listeners();
  /** What `presets.list` gives is different. Paced. */
  readonly onPresets: Listeners;
  readonly #tree: PresetTree;
  readonly #watch: FolderWatch;

  /** @param thread file of the thread that reads many files; without it they are read here */
  constructor(root: string, trash: string, operations?: FolderOperations, thread?: string | URL) {
    this.root = root;
    const touch = (): void => {
      this.#tree.invalidate();
      this.#watch.touch();
    };
    this.files = new FolderFiles(root, trash, touch, operations);
    this.#tree = new PresetTree(this.files, thread === undefined ? null : new FilesThread(thread));
    this.onPresets = this.#tree.onChanged;
    this.presets = new PresetFolder(this.files, this.#tree);
    this.#watch = new FolderWatch({
      root,
      changed: async () => {
        await this.#tree.refresh();
        this.onDisk.tell();
      },
    });
    this.#tree.onScanned.add(() => {
      this.#watch.follow(this.#tree.folders);
    });
  }

  /** Waits for what is being written; what was deleted is gone for good. */
  async dispose(): Promise<void> {
    this.#watch.dispose();
    this.onDisk.clear();
    await this.presets.idle();
    await this.#tree.dispose();
    await this.files.dispose();
  }
}
