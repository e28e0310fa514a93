/** The tree of presets as it stands in the sidebar: what is open, found, in front of the keys, and being named. */
import { specOf } from '../../../drivers/specs.ts';
import type { PresetEntry } from '../../../shared/presets-contract.ts';
import { TREE_FOLDERS_KEPT, TREE_OPEN_LINES } from '../../../shared/preset-limits.ts';
import { gridKeyTarget } from '../grid-keys.ts';
import { VirtualList } from '../virtual-list.svelte.ts';
import { childrenByFolder, foundPaths, parentOf, searchText, treeLines, type TreeLine } from './tree-lines.ts';

/** Height of a line, px: as of the other lists of the sidebar. */
export const TREE_ROW = 26;

/** Letters typed within this time of each other are one word, ms. */
const TYPE_AHEAD_MS = 600;

export class PresetTree {
  readonly list = new VirtualList({ rowHeight: TREE_ROW });
  readonly #entries: () => readonly PresetEntry[];
  query = $state('');
  /** Folders that were opened (true) or closed by hand. */
  folders = $state.raw<Readonly<Record<string, boolean>>>({});
  /** The path that the keys are on. */
  current = $state<string | null>(null);
  /** The path whose name is being typed. */
  renaming = $state<string | null>(null);
  #currentId = '';
  #typed = '';
  #typedAt = 0;

  constructor(entries: () => readonly PresetEntry[]) {
    this.#entries = entries;
  }

  readonly children = $derived.by(() => childrenByFolder(this.#entries()));
  readonly #texts = $derived.by(() =>
    this.#entries().map((entry) => searchText(entry, specOf(entry.protocol)?.title ?? '')),
  );
  readonly #found = $derived.by(() => foundPaths(this.#entries(), this.#texts, this.query));
  readonly lines = $derived.by<readonly TreeLine[]>(() =>
    treeLines(this.#entries(), (folder) => this.#isOpen(folder), this.#found),
  );
  readonly #indexOf = $derived.by(() => new Map(this.lines.map(({ entry }, index) => [entry.path, index])));

  /** The line that the keys are on: the first one while none was chosen. */
  readonly index = $derived.by(() => {
    const index = this.current === null ? undefined : (this.#indexOf.get(this.current) ?? this.#moved());
    return index ?? (this.lines.length > 0 ? 0 : -1);
  });

  get line(): TreeLine | null {
    return this.lines[this.index] ?? null;
  }

  /** Called by an effect when the lines have changed. */
  measure(): void {
    this.list.setRange(0, this.lines.length);
  }

  setOpen(folder: string, isOpen: boolean): void {
    const others = Object.entries(this.folders).filter(([path]) => path !== folder);
    const all: [string, boolean][] = [...others, [folder, isOpen]];
    this.folders = Object.fromEntries(all.slice(-TREE_FOLDERS_KEPT));
  }

  closeAll(): void {
    const folders = this.#entries().filter(({ type }) => type === 'folder');
    this.folders = Object.fromEntries(folders.slice(-TREE_FOLDERS_KEPT).map(({ path }) => [path, false]));
  }

  /** @param id of the preset: it is found by it when it is moved */
  select(path: string, id = ''): void {
    this.current = path;
    this.#currentId = id;
  }

  /** Opens the folders above an entry and scrolls to it. */
  reveal(path: string): void {
    for (let folder = parentOf(path); folder !== ''; folder = parentOf(folder)) {
      if (!this.#isOpen(folder)) this.setOpen(folder, true);
    }
    this.select(path, this.#entries().find((entry) => entry.path === path)?.id);
    this.measure();
    if (this.index >= 0) this.list.reveal(this.index);
  }

  /** A key that moves among the lines, or opens and closes folders. @returns false when it does not */
  move(key: string): boolean {
    const { index, line } = this;
    if (line === null) return false;
    if (key === 'ArrowRight' || key === 'ArrowLeft') {
      this.#fold(line, key === 'ArrowRight');
      return true;
    }
    if (key === '*') {
      const siblings = this.children.get(parentOf(line.entry.path)) ?? [];
      for (const { path, type } of siblings) if (type === 'folder') this.setOpen(path, true);
      return true;
    }
    const target = gridKeyTarget(key, index, this.lines.length, this.list.pageRows);
    if (target === null) return false;
    this.#goTo(target);
    return true;
  }

  /** A letter: on to the next line whose name begins with what was typed. @param at ms */
  type(letter: string, at: number): void {
    this.#typed = at - this.#typedAt > TYPE_AHEAD_MS ? letter : this.#typed + letter;
    this.#typedAt = at;
    const [first] = this.#typed;
    // The same letter again and again goes through all that begin with it.
    const isOne = this.#typed === first?.repeat(this.#typed.length);
    const wanted = (isOne ? first : this.#typed).toLocaleLowerCase();
    const start = this.index + (isOne ? 1 : 0);
    for (let step = 0; step < this.lines.length; step += 1) {
      const index = (start + step) % this.lines.length;
      if (this.lines[index]?.entry.name.toLocaleLowerCase().startsWith(wanted) === true) {
        this.#goTo(index);
        return;
      }
    }
  }

  #isOpen(folder: string): boolean {
    return this.folders[folder] ?? this.#entries().length <= TREE_OPEN_LINES;
  }

  /** What the keys were on is elsewhere now: it is found by its id. */
  #moved(): number | undefined {
    const id = this.#currentId;
    const index = id === '' ? -1 : this.lines.findIndex(({ entry }) => entry.id === id);
    return index < 0 ? undefined : index;
  }

  #goTo(index: number): void {
    const entry = this.lines[index]?.entry;
    if (entry !== undefined) this.select(entry.path, entry.id);
    this.list.reveal(index);
  }

  #fold({ entry, isExpanded }: TreeLine, open: boolean): void {
    if (isExpanded !== null && isExpanded !== open && this.query === '') this.setOpen(entry.path, open);
    else if (open && isExpanded === true) this.#goTo(this.index + 1);
    else if (!open && parentOf(entry.path) !== '') this.#goTo(this.#indexOf.get(parentOf(entry.path)) ?? this.index);
  }
}
