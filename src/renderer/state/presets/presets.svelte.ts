/** The workspace folder: its presets and folders as the engine lists them, and what can be done with them. */
import type { Client } from '../../../rpc/client.ts';
import type { Result } from '../../../shared/contract.ts';
import { sentence, type Outcome, type WireError } from '../../../shared/errors.ts';
import { UNDO_MS } from '../../../shared/limits.ts';
import type { PresetEntry } from '../../../shared/presets-contract.ts';
import { copyText } from '../clipboard.ts';
import type { Notices } from '../notices.svelte.ts';
import { PresetTree } from './preset-tree.svelte.ts';
import { isInside, parentOf } from './tree-lines.ts';
import { keyTarget, type MoveKey, type Target } from './tree-moves.ts';

type OpenFolder = Result<'folder.current'>;

export class Presets {
  readonly tree: PresetTree;
  entries = $state.raw<readonly PresetEntry[]>([]);
  /** Presets and folders that there are, also those that are not listed. */
  total = $state(0);
  /** Why they cannot be listed. */
  error = $state.raw<WireError | null>(null);
  /** True once the engine has answered. */
  isKnown = $state(false);
  folder = $state.raw<OpenFolder | null>(null);

  readonly #client: Client;
  readonly #notices: Notices;
  readonly #onlisted: () => void;
  /** While the list is being read: whoever asks meanwhile waits for the reading after it. */
  #reading: Promise<void> | null = null;
  #isStale = false;
  #isMoving = false;

  /** @param onlisted called when the list was read anew */
  constructor(client: Client, notices: Notices, onlisted: () => void = () => undefined) {
    this.#client = client;
    this.#notices = notices;
    this.#onlisted = onlisted;
    this.tree = new PresetTree(() => this.entries);
    client.on('presets.changed', () => void this.load());
    client.on('folder.changed', () => void this.loadFolder());
  }

  /** Path of the workspace folder; empty until it is known. */
  get root(): string {
    return this.folder?.current.path ?? '';
  }

  /** Presets without folders and broken files. */
  readonly presets = $derived(this.entries.filter(({ type }) => type === 'preset'));

  /** Folders that something can be put in, the workspace first. */
  readonly folders = $derived([
    { path: '', name: this.folder?.current.name ?? 'Workspace' },
    ...this.entries.filter(({ type }) => type === 'folder').map(({ path }) => ({ path, name: path })),
  ]);

  /** The file that a preset is in: that at its path, or, when it was moved, the one with its id. */
  find(path: string, id: string): PresetEntry | undefined {
    const at = this.entries.find((entry) => entry.path === path);
    if (at !== undefined && (at.id === id || at.type === 'broken')) return at;
    return this.entries.find((entry) => entry.id === id && entry.type === 'preset') ?? at;
  }

  /** Where something new goes: the folder that the keys are on, or that of the preset. */
  get place(): string {
    const line = this.tree.current === null ? undefined : this.tree.line;
    if (line == null) return '';
    return line.entry.type === 'folder' ? line.entry.path : parentOf(line.entry.path);
  }

  async loadFolder(): Promise<void> {
    this.#takeFolder(await this.#client.call('folder.current', {}));
    await this.load();
  }

  /** Reads the list anew; while that is under way, once more after it. */
  load(): Promise<void> {
    this.#isStale = true;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  /** Opens another workspace folder. @returns why that failed, or null */
  async openFolder(path: string): Promise<WireError | null> {
    const opened = await this.#client.call('folder.open', { path });
    this.#takeFolder(opened);
    if (!opened.ok) return opened.error;
    if (opened.value.error !== null) return opened.value.error;
    this.tree.query = '';
    this.tree.current = null;
    await this.load();
    return null;
  }

  async forgetFolder(path: string): Promise<void> {
    this.#takeFolder(await this.#client.call('folder.forget', { path }));
  }

  /** Makes a folder beside what the keys are on, and lets its name be typed. */
  async createFolder(folder = this.place): Promise<void> {
    const made = await this.#client.call('presets.createFolder', { folder, name: 'New folder' });
    if (!this.#tell(made)) return;
    await this.load();
    this.tree.query = '';
    this.tree.reveal(made.value.path);
    this.tree.renaming = made.value.path;
  }

  async rename(entry: PresetEntry, name: string): Promise<void> {
    const wanted = name.trim();
    if (wanted === '' || wanted === entry.name) return;
    const renamed = await this.#client.call('presets.rename', { path: entry.path, name: wanted });
    await this.#followed(entry.path, renamed);
  }

  async duplicate(entry: PresetEntry): Promise<void> {
    const made = await this.#client.call('presets.duplicate', { path: entry.path });
    if (!this.#tell(made)) return;
    await this.load();
    this.tree.reveal(made.value.path);
  }

  /** Moves by a key. @returns the path that it has now, or null when it could not be moved */
  async moveBy(entry: PresetEntry, key: MoveKey): Promise<string | null> {
    const target = keyTarget(this.tree.children, entry.path, key);
    return target === null ? null : this.move(entry, target);
  }

  async move(entry: PresetEntry, { folder, before }: Target): Promise<string | null> {
    // A held key asks faster than files are moved.
    if (this.#isMoving) return null;
    this.#isMoving = true;
    const moved = await this.#client.call('presets.move', { path: entry.path, folder, before });
    const path = await this.#followed(entry.path, moved);
    this.#isMoving = false;
    return path;
  }

  /** Deletes; that can be undone. */
  async delete(entry: PresetEntry): Promise<void> {
    const inside = this.presets.filter(({ path }) => isInside(path, entry.path)).length;
    const deleted = await this.#client.call('presets.delete', { path: entry.path });
    await this.load();
    if (!this.#tell(deleted)) return;
    const { undo } = deleted.value;
    const with_ = entry.type === 'folder' && inside > 0 ? ` and ${inside} preset${inside === 1 ? '' : 's'} in it` : '';
    this.#notices.show(`Deleted ${entry.name}${with_}.`, {
      stay: UNDO_MS,
      action: { label: 'Undo', run: () => void this.#restore(undo) },
    });
  }

  async reveal(path: string): Promise<void> {
    this.#tell(await this.#client.call('presets.reveal', { path }));
  }

  /** The whole path of a file or folder, as the system writes it. */
  async copyPath(path: string): Promise<void> {
    const { root } = this;
    const separator = /^(?:[A-Za-z]:)?\\/.test(root) ? '\\' : '/';
    const whole = path === '' ? root : [root.replace(/[/\\]$/, ''), ...path.split('/')].join(separator);
    if (this.#tell(await copyText(whole))) this.#notices.show('Copied the path.');
  }

  async #restore(undo: string): Promise<void> {
    const restored = await this.#client.call('presets.restore', { undo });
    await this.load();
    if (this.#tell(restored)) this.tree.reveal(restored.value.path);
  }

  /** After a move: what the keys are on, and what is open, go along. */
  async #followed(from: string, outcome: Outcome<{ path: string }>): Promise<string | null> {
    if (!this.#tell(outcome)) {
      await this.load();
      return null;
    }
    const { path: to } = outcome.value;
    this.tree.folders = Object.fromEntries(
      Object.entries(this.tree.folders).map(([path, isOpen]) => [
        path === from || path.startsWith(`${from}/`) ? to + path.slice(from.length) : path,
        isOpen,
      ]),
    );
    await this.load();
    // The keys may have gone on meanwhile.
    if (this.tree.current === from || this.tree.current === to) this.tree.reveal(to);
    return to;
  }

  async #read(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      this.#take(await this.#client.call('presets.list', {}));
    }
  }

  #take(listed: Outcome<Result<'presets.list'>>): void {
    this.isKnown = true;
    this.error = listed.ok ? listed.value.error : listed.error;
    if (!listed.ok) return;
    this.entries = listed.value.entries;
    this.total = listed.value.total;
    if (listed.value.error === null) this.#onlisted();
  }

  #takeFolder(folder: Outcome<OpenFolder>): void {
    if (folder.ok) this.folder = folder.value;
  }

  #tell<T>(outcome: Outcome<T>): outcome is Extract<Outcome<T>, { ok: true }> {
    if (!outcome.ok) this.#notices.show(sentence(outcome.error), { tone: 'bad' });
    return outcome.ok;
  }
}
