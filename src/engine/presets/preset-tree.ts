/** The presets of a folder as the window lists them, kept up with the folder. */
import type { WireError } from '../../shared/errors.ts';
import { FOLDER_FRESH_MS, PRESETS_CHECKED_FIRST, PRESETS_SLICE_MS } from '../../shared/preset-limits.ts';
import type { PresetEntry } from '../../shared/presets-contract.ts';
import { Listeners } from '../listeners.ts';
import type { FilesThread } from './files-thread.ts';
import type { FolderFiles } from './folder-files.ts';
import { baseOf, derivedId, identitiesOf, type Identity } from './identities.ts';
import type { KnownFile } from './known-file.ts';
import { inOrder } from './natural.ts';
import { placeIn } from './place.ts';
import { checkedContent } from './read-known.ts';
import { listedFolders, TreeScan, type Scanned } from './tree-scan.ts';

export interface Listed {
  readonly entries: readonly PresetEntry[];
  readonly error: WireError | null;
}

export class PresetTree {
  /** The list is another one now. */
  readonly onChanged = new Listeners();
  /** The folder was read, or could not be: its folders may be others. */
  readonly onScanned = new Listeners();
  readonly #files: FolderFiles;
  readonly #thread: FilesThread | null;
  #scanned: Scanned = { folders: new Map(), files: new Map(), orders: new Map(), error: null, checked: null };
  #identities: ReadonlyMap<string, Identity> = new Map();
  #listed: Listed = { entries: [], error: null };
  /** When the last reading began, in ms of `performance.now()`; before all times when there was none. */
  #readAt = -Infinity;
  #reading: Promise<void> | null = null;
  #isStale = true;
  #isReadable = false;
  #checking: Promise<void> | null = null;
  #isDisposed = false;

  /** @param thread reads many files; null: they are read here */
  constructor(files: FolderFiles, thread: FilesThread | null = null) {
    this.#files = files;
    this.#thread = thread;
  }

  /** Folders that were found, by their places; null when the folder could not be read. */
  get folders(): Iterable<string> | null {
    return this.#isReadable ? this.#scanned.folders.keys() : null;
  }

  /** Something has changed: the next who asks reads again. */
  invalidate(): void {
    this.#isStale = true;
  }

  async list(): Promise<Listed> {
    await this.#fresh(FOLDER_FRESH_MS);
    return this.#listed;
  }

  /** Reads the folder again and tells when something is different. */
  async refresh(): Promise<void> {
    this.#isStale = true;
    await this.#fresh(0);
  }

  /** What a file is to be called by, whatever it says. */
  async identity(place: string): Promise<Identity> {
    await this.#known();
    return this.#identities.get(place) ?? { id: derivedId(place), copyOf: null };
  }

  /** The places of presets that have this id, as far as is known: asking does not read the folder again. */
  async placesOf(id: string): Promise<readonly string[]> {
    await this.#known();
    return [...this.#identities].filter(([, identity]) => identity.id === id).map(([place]) => place);
  }

  /** Names of a folder's children, in their order. */
  async children(folder: string): Promise<readonly string[]> {
    await this.#fresh(0);
    return this.#children(folder, listedFolders(this.#scanned.folders), await this.#order(folder));
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true;
    this.#thread?.dispose();
    this.onChanged.clear();
    this.onScanned.clear();
    await this.#reading;
    await this.#checking;
  }

  /** The folder was read once. */
  async #known(): Promise<void> {
    if (this.#readAt === -Infinity || (this.#reading !== null && this.#identities.size === 0))
      await this.#fresh(Infinity);
  }

  /** @param age ms that what is known may have */
  async #fresh(age: number): Promise<void> {
    // One that is under way may have passed what has changed since.
    if (this.#reading !== null) await this.#reading;
    while (!this.#isDisposed && (this.#isStale || performance.now() - this.#readAt > age)) {
      if (this.#reading !== null) {
        await this.#reading;
        continue;
      }
      this.#reading = this.#read().finally(() => {
        this.#reading = null;
      });
      await this.#reading;
      if (age === 0) return;
    }
  }

  async #read(): Promise<void> {
    this.#isStale = false;
    this.#readAt = performance.now();
    const { root, operations } = this.#files;
    const found = await new TreeScan(root, operations, this.#scanned.files, this.#thread).run();
    this.#isReadable = found.ok;
    if (!found.ok) {
      this.#show({ entries: this.#listed.entries, error: found.error });
      this.onScanned.tell();
      return;
    }
    this.#scanned = { ...found.value, checked: null };
    const unchecked = this.#unchecked();
    if (unchecked.length <= PRESETS_CHECKED_FIRST) await this.#check(unchecked);
    else this.#checkLater(found.value.checked);
    await this.#list();
    this.onScanned.tell();
  }

  #unchecked(): readonly (readonly [string, KnownFile])[] {
    return [...this.#scanned.files].filter(([, { content }]) => content.type === 'preset' && !content.isChecked);
  }

  /** Whether files that looked sound are. */
  async #check(unchecked: readonly (readonly [string, KnownFile])[]): Promise<void> {
    const files = new Map(this.#scanned.files);
    let sliceBegan = performance.now();
    for (const [place, file] of unchecked) {
      if (this.#isDisposed) return;
      const read = await this.#files.read(place);
      // One that changed or went meanwhile is seen when the folder is read next.
      if (!read.ok || read.value.revision !== file.content.revision) continue;
      files.set(place, { ...file, content: await checkedContent(read.value.text, place, read.value.revision) });
      if (performance.now() - sliceBegan < PRESETS_SLICE_MS) continue;
      await new Promise((resolve) => setImmediate(resolve));
      sliceBegan = performance.now();
    }
    this.#take(files);
  }

  /** Files of which more is known now. Another reading may have come between. */
  #take(files: Map<string, KnownFile>): void {
    const now = this.#scanned;
    for (const [place, { stamp }] of files) if (now.files.get(place)?.stamp !== stamp) files.delete(place);
    for (const [place, file] of now.files) if (!files.has(place)) files.set(place, file);
    this.#scanned = { ...now, files };
  }

  /** @param inThread what is checked there; null: all is checked here */
  #checkLater(inThread: Scanned['checked']): void {
    this.#checking ??= this.#checkAll(inThread)
      .then(() => this.#list())
      .finally(() => {
        this.#checking = null;
      });
  }

  async #checkAll(inThread: Scanned['checked']): Promise<void> {
    const files = new Map(this.#scanned.files);
    for (const [place, content] of (await inThread) ?? []) {
      const file = this.#scanned.files.get(place);
      // One that changed meanwhile is another one.
      if (file?.content.revision === content.revision) files.set(place, { ...file, content });
    }
    this.#take(files);
    await this.#check(this.#unchecked());
  }

  async #list(): Promise<void> {
    if (this.#isDisposed) return;
    const { folders, files, error } = this.#scanned;
    this.#identities = identitiesOf(files);
    const listed = listedFolders(folders);
    const orders = new Map<string, readonly string[]>();
    for (const place of this.#scanned.orders.keys()) orders.set(place, await this.#order(place));
    const entries: PresetEntry[] = [];
    const add = (folder: string): void => {
      for (const name of this.#children(folder, listed, orders.get(folder) ?? [])) {
        const place = placeIn(folder, name);
        const file = files.get(place);
        if (file !== undefined) {
          entries.push(entryOf(place, file, this.#identities.get(place)));
        } else if (listed.has(place)) {
          entries.push({ ...nothing, path: place, type: 'folder', name });
          add(place);
        }
      }
    };
    add('');
    this.#show({ entries, error });
  }

  #children(folder: string, listed: ReadonlySet<string>, order: readonly string[]): readonly string[] {
    const { folders, files } = this.#scanned.folders.get(folder) ?? { folders: [], files: [] };
    return inOrder(
      folders.filter((name) => listed.has(placeIn(folder, name))),
      files,
      order,
    );
  }

  /** Nothing when the order file is broken: the order is that of the names then. */
  async #order(folder: string): Promise<readonly string[]> {
    const text = this.#scanned.orders.get(folder);
    if (text === undefined) return [];
    const { readOrder } = await import('./order.ts');
    const names = readOrder(text, folder);
    return names.ok ? names.value : [];
  }

  #show(listed: Listed): void {
    const isSame = sameList(listed, this.#listed);
    this.#listed = listed;
    if (!isSame) this.onChanged.tell();
  }
}

function sameList(one: Listed, other: Listed): boolean {
  if (one.entries.length !== other.entries.length || !sameError(one.error, other.error)) return false;
  return one.entries.every((entry, index) => {
    const before = other.entries[index];
    return (
      before?.path === entry.path &&
      before.type === entry.type &&
      // The content of a file decides about all that comes from it, except for what others say of themselves.
      before.revision === entry.revision &&
      before.id === entry.id &&
      sameError(before.error, entry.error)
    );
  });
}

function sameError(one: WireError | null, other: WireError | null): boolean {
  return one?.code === other?.code && one?.message === other?.message;
}

const nothing = { id: '', protocol: '', address: '', revision: '', error: null };

function entryOf(place: string, { content }: KnownFile, identity: Identity | undefined): PresetEntry {
  if (content.type === 'broken') {
    const { error, revision } = content;
    return { ...nothing, path: place, type: 'broken', name: baseOf(place), revision, error };
  }
  const { protocol, address, revision } = content;
  const { id, copyOf } = identity ?? { id: derivedId(place), copyOf: null };
  const error: WireError | null =
    copyOf === null
      ? null
      : {
          code: 'already-exists',
          message: `${place} has the same id as ${copyOf}.`,
          hint: 'It gets one of its own when it is saved.',
        };
  return { path: place, type: 'preset', name: content.name ?? baseOf(place), id, protocol, address, revision, error };
}
