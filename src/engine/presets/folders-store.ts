/** Workspace folders that were opened, and what is remembered of each, in user data. */
import { z } from 'zod';
import { success, type Outcome } from '../../shared/errors.ts';
import { PATH_CHARACTERS } from '../../shared/limits.ts';
import {
  FOLDERS_BYTES,
  FOLDERS_REMEMBERED,
  PRESET_NAME_CHARACTERS,
  PRESET_PATH_CHARACTERS,
} from '../../shared/preset-limits.ts';
import { DocumentStore } from '../document-store.ts';
import type { DocumentStorage } from '../storage.ts';

const remembered = z.object({
  path: z.string().min(1).max(PATH_CHARACTERS),
  /** What its own file called it when it was last open; empty: nothing. */
  name: z.string().max(PRESET_NAME_CHARACTERS).default(''),
  /** The chosen environment, or null. */
  environment: z.string().max(PRESET_PATH_CHARACTERS).nullable().default(null),
});
const foldersSchema = z.object({
  version: z.literal(1).default(1),
  /** Newest first; the first is the current one. */
  folders: z.array(remembered).max(FOLDERS_REMEMBERED).default([]),
});
type Folders = z.infer<typeof foldersSchema>;

export class FoldersStore {
  readonly #store: DocumentStore<Folders>;
  #folders: Folders['folders'] = [];
  #loading: Promise<Outcome<unknown>> | null = null;

  constructor(storage: DocumentStorage) {
    this.#store = new DocumentStore(storage, {
      schema: foldersSchema,
      empty: () => foldersSchema.parse({}),
      limit: FOLDERS_BYTES,
      name: 'The list of folders',
      content: 'The remembered folders',
      remedy: '',
      instead: 'its own one',
      refrains: 'remembers none',
    });
  }

  /** Paths, newest first. Error: `storage-failed`; none are known then, and it is tried again when asked again. */
  async paths(): Promise<Outcome<readonly string[]>> {
    const loaded = await this.#load();
    return loaded.ok ? success(this.#folders.map(({ path }) => path)) : loaded;
  }

  /** Makes it the newest. Error: `storage-failed`. */
  opened(path: string): Promise<Outcome> {
    return this.#change((folders) => {
      const found = folders.find((one) => one.path === path) ?? { path, name: '', environment: null };
      return [found, ...folders.filter((one) => one !== found)].slice(0, FOLDERS_REMEMBERED);
    });
  }

  forget(path: string): Promise<Outcome> {
    return this.#change((folders) => folders.filter((one) => one.path !== path));
  }

  /** The place of the environment that was chosen in a folder; null: none. */
  async environment(path: string): Promise<string | null> {
    await this.#load();
    return this.#folders.find((one) => one.path === path)?.environment ?? null;
  }

  chooseEnvironment(path: string, environment: string | null): Promise<Outcome> {
    return this.#change((folders) => folders.map((one) => (one.path === path ? { ...one, environment } : one)));
  }

  /** What a folder that is remembered calls itself, as far as is known; null: nothing. */
  nameOf(path: string): string | null {
    const name = this.#folders.find((one) => one.path === path)?.name ?? '';
    return name === '' ? null : name;
  }

  /** Remembers what a folder calls itself. @param name null: nothing */
  async called(path: string, name: string | null): Promise<void> {
    const known = this.#folders.find((one) => one.path === path);
    if (known === undefined || known.name === (name ?? '')) return;
    await this.#change((folders) => folders.map((one) => (one.path === path ? { ...one, name: name ?? '' } : one)));
  }

  idle(): Promise<void> {
    return this.#store.idle();
  }

  async #change(change: (folders: Folders['folders']) => Folders['folders']): Promise<Outcome> {
    const loaded = await this.#load();
    if (!loaded.ok) return loaded;
    this.#folders = change(this.#folders);
    return this.#store.save({ version: 1, folders: this.#folders });
  }

  async #load(): Promise<Outcome<unknown>> {
    this.#loading ??= this.#read();
    const loaded = await this.#loading;
    if (!loaded.ok) this.#loading = null;
    return loaded;
  }

  async #read(): Promise<Outcome<unknown>> {
    const loaded = await this.#store.load();
    if (loaded.ok) this.#folders = loaded.value.document.folders;
    return loaded;
  }
}
