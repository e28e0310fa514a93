/** Presets of one workspace folder, by the calls of the contract. Changes are made one after the other. */
import { randomBytes } from 'node:crypto';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import type { Preset } from '../../shared/preset.ts';
import { PRESET_SUFFIX } from '../../shared/preset.ts';
import { PRESET_NAME_CHARACTERS } from '../../shared/preset-limits.ts';
import { KeyedQueue } from '../library/keyed-queue.ts';
import { fileBase } from './file-names.ts';
import { refused } from './folder-errors.ts';
import type { FolderFiles, Saved } from './folder-files.ts';
import { FolderOrder } from './folder-order.ts';
import { baseOf } from './identities.ts';
import {
  ENVIRONMENTS_FOLDER,
  isOwnName,
  isPresetName,
  isWithin,
  nameOf,
  ORDER_FILE,
  parentOf,
  partsOf,
  pathOf,
  placeIn,
} from './place.ts';
import type { Listed, PresetTree } from './preset-tree.ts';
import { isPlaceholder } from './tree-scan.ts';
import type { RemovedParts } from './undo-bin.ts';

interface Loaded {
  readonly preset: Preset;
  readonly text: string;
  readonly revision: string;
}

export class PresetFolder {
  readonly #files: FolderFiles;
  readonly #tree: PresetTree;
  readonly #order: FolderOrder;
  readonly #queue = new KeyedQueue();
  /** Ids that were given here: the tree learns of new files only when it is read again. */
  readonly #given = new Set<string>();

  constructor(files: FolderFiles, tree: PresetTree) {
    this.#files = files;
    this.#tree = tree;
    this.#order = new FolderOrder(files, tree);
  }

  list(): Promise<Listed> {
    return this.#tree.list();
  }

  /** Errors: `file-not-found`, `bad-preset` with line and column, `newer-preset`, `storage-failed`. */
  async read(place: string): Promise<Outcome<{ preset: Preset; revision: string }>> {
    const loaded = await this.#load(place);
    return loaded.ok ? success({ preset: loaded.value.preset, revision: loaded.value.revision }) : loaded;
  }

  /** Errors: `conflict`, `file-not-found` (with a base), `storage-failed`, `bad-preset`. */
  save(place: string, preset: Preset, base: string | null): Promise<Outcome<Saved>> {
    return this.#inTurn(async () => {
      const checked = presetPlace(place);
      if (!checked.ok) return checked;
      const { id } = await this.#tree.identity(place);
      const others = (await this.#tree.placesOf(preset.id)).filter((other) => other !== place);
      const own = others.length === 0 ? preset : { ...preset, id: id === preset.id ? newId() : id };
      const there = await this.#files.read(place);
      // Whatever is there and cannot be read is replaced only when no base is asked for.
      const old = there.ok ? { text: there.value.text, derived: { id, name: baseOf(place) } } : null;
      const { presetToYaml } = await import('./preset-text.ts');
      const text = presetToYaml(own, old);
      return text.ok ? this.#files.write(place, text.value, base) : text;
    });
  }

  create(folder: string, preset: Preset): Promise<Outcome<Saved>> {
    return this.#inTurn(() => this.#create(folder, preset));
  }

  createFolder(folder: string, name: string): Promise<Outcome<string>> {
    return this.#inTurn(async () => {
      const checked = ownPlace(folder);
      return checked.ok ? this.#files.createFolder(folder, name) : checked;
    });
  }

  /** Changes the name inside and the name of the file. */
  rename(place: string, name: string): Promise<Outcome<string>> {
    return this.#inTurn(async () => {
      const checked = notRoot(place);
      if (!checked.ok) return checked;
      const isPreset = isPresetName(nameOf(place));
      if (isPreset) {
        const loaded = await this.#load(place);
        if (loaded.ok) {
          const changed = await this.#rewrite(place, loaded.value, { ...loaded.value.preset, name });
          if (!changed.ok) return changed;
        } else if (loaded.error.code !== 'bad-preset' && loaded.error.code !== 'newer-preset') {
          return loaded;
        }
      }
      const suffix = isPreset ? PRESET_SUFFIX : '';
      const moved = await this.#files.move(place, parentOf(place), fileBase(name, suffix), suffix);
      if (moved.ok && moved.value !== place) await this.#order.rename(place, nameOf(moved.value));
      return moved;
    });
  }

  /** Into `folder`, before the sibling at `before`, or to its end. */
  move(place: string, folder: string, before: string | null): Promise<Outcome<string>> {
    return this.#inTurn(async () => {
      const checked = [notRoot(place), ownPlace(folder)].find((one) => !one.ok);
      if (checked?.ok === false) return checked;
      if (isWithin(folder, place)) {
        return failure('bad-request', `${nameOf(place)} cannot be moved into itself.`);
      }
      let target = place;
      if (parentOf(place) !== folder) {
        const suffix = isPresetName(nameOf(place)) ? PRESET_SUFFIX : '';
        const name = nameOf(place);
        const moved = await this.#files.move(place, folder, name.slice(0, name.length - suffix.length), suffix);
        if (!moved.ok) return moved;
        target = moved.value;
        await this.#order.rename(place, null);
      }
      const ordered = await this.#order.put(target, before === null ? null : nameOf(before));
      // Of a folder whose order file is broken the order is that of the names: it can be moved into, not ordered.
      return ordered.ok || (target !== place && ordered.error.code === 'bad-preset') ? success(target) : ordered;
    });
  }

  /** A copy beside it; of a folder, with everything of ours in it. */
  duplicate(place: string): Promise<Outcome<string>> {
    return this.#inTurn(async () => {
      const checked = notRoot(place);
      if (!checked.ok) return checked;
      if (!isPresetName(nameOf(place))) return this.#duplicateFolder(place);
      const copied = await this.#copy(place, parentOf(place), true);
      if (copied.ok) await this.#order.putAfter(copied.value, nameOf(place));
      return copied;
    });
  }

  /** Presets and what belongs to them; other files of a folder stay. @returns what `restore` wants */
  delete(place: string): Promise<Outcome<string>> {
    return this.#inTurn(async () => {
      const checked = notRoot(place);
      if (!checked.ok) return checked;
      if (isPresetName(nameOf(place))) {
        const found = await this.#files.locate(place);
        return found.ok ? this.#files.remove(place) : found;
      }
      const parts = await this.#parts(place);
      return parts.ok ? this.#files.remove(place, parts.value) : parts;
    });
  }

  restore(undo: string): Promise<Outcome<string>> {
    return this.#inTurn(() => this.#files.restore(undo));
  }

  /** Resolves when nothing is being written any more. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  async #load(place: string): Promise<Outcome<Loaded>> {
    const checked = presetPlace(place);
    if (!checked.ok) return checked;
    const found = await this.#files.read(place);
    if (!found.ok) return found;
    const identity = await this.#tree.identity(place);
    const { yamlToPreset } = await import('./preset-yaml.ts');
    const read = yamlToPreset(found.value.text, place, { id: identity.id, name: baseOf(place) });
    if (!read.ok) return read;
    const { preset } = read.value;
    const own = identity.copyOf === null ? preset : { ...preset, id: identity.id };
    return success({ preset: own, ...found.value });
  }

  /** Saves what was loaded from the file that is there still. */
  async #rewrite(place: string, { text, revision }: Loaded, preset: Preset): Promise<Outcome<Saved>> {
    const { id } = await this.#tree.identity(place);
    const { presetToYaml } = await import('./preset-text.ts');
    const changed = presetToYaml(preset, { text, derived: { id, name: baseOf(place) } });
    return changed.ok ? this.#files.write(place, changed.value, revision) : changed;
  }

  async #create(folder: string, preset: Preset): Promise<Outcome<Saved>> {
    const checked = ownPlace(folder);
    if (!checked.ok) return checked;
    const isTaken = this.#given.has(preset.id) || (await this.#tree.placesOf(preset.id)).length > 0;
    const { presetToYaml } = await import('./preset-text.ts');
    const text = presetToYaml(isTaken ? { ...preset, id: newId() } : preset, null);
    if (!text.ok) return text;
    const created = await this.#files.create(folder, preset.name, text.value);
    if (created.ok) this.#given.add(preset.id);
    return created;
  }

  /** @param isRenamed whether the copy is called one; in a copied folder it is not */
  async #copy(place: string, folder: string, isRenamed: boolean): Promise<Outcome<string>> {
    const loaded = await this.#load(place);
    if (!loaded.ok) return loaded;
    const { preset, text } = loaded.value;
    const name = isRenamed ? `${preset.name.slice(0, PRESET_NAME_CHARACTERS - COPY.length)}${COPY}` : preset.name;
    const { presetToYaml } = await import('./preset-text.ts');
    const derived = { id: preset.id, name: baseOf(place) };
    const copied = presetToYaml({ ...preset, id: newId(), name }, { text, derived });
    if (!copied.ok) return copied;
    const created = await this.#files.create(folder, isRenamed ? name : baseOf(place), copied.value);
    return created.ok ? success(created.value.path) : created;
  }

  async #duplicateFolder(place: string): Promise<Outcome<string>> {
    const parts = await this.#parts(place);
    if (!parts.ok) return parts;
    const made = await this.#files.createFolder(parentOf(place), `${nameOf(place)}${COPY}`);
    if (!made.ok) return made;
    const inCopy = (one: string): string => `${made.value}${one.slice(place.length)}`;
    for (const folder of parts.value.folders) {
      const done = await this.#files.makeFolders(inCopy(folder));
      if (!done.ok) return done;
    }
    for (const file of parts.value.files) {
      const done = await this.#copyAny(file, inCopy(file));
      if (!done.ok) return done;
    }
    await this.#order.putAfter(made.value, nameOf(place));
    return made;
  }

  /** A preset with an id of its own; what cannot be read as one, as it is. */
  async #copyAny(from: string, to: string): Promise<Outcome> {
    if (isPresetName(nameOf(from))) {
      const copied = await this.#copy(from, parentOf(to), false);
      if (copied.ok) return success();
    } else if (nameOf(from) !== ORDER_FILE) {
      return success();
    }
    const found = await this.#files.read(from);
    // Neither a text nor readable: the copy goes without it, as the tree shows.
    if (!found.ok) return success();
    const written = await this.#files.write(to, found.value.text, null);
    return written.ok ? success() : written;
  }

  /** Everything of ours in a folder, and its folders. Errors: `file-not-found`, `storage-failed`. */
  async #parts(place: string): Promise<Outcome<RemovedParts>> {
    const [files, folders] = [[] as string[], [place]];
    const found = await this.#files.locate(place);
    if (!found.ok) return found;
    try {
      for (const folder of folders) {
        for (const entry of await this.#files.operations.list(pathOf(this.#files.root, folder))) {
          const child = placeIn(folder, entry.name);
          if (entry.isDirectory() && isOwnName(entry.name)) folders.push(child);
          else if (!entry.isDirectory() && (isPresetName(entry.name) || isPlaceholder(entry.name))) files.push(child);
        }
      }
      return success({ files, folders });
    } catch (problem) {
      return refused(problem, place, 'read');
    }
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    return this.#queue.run('', run);
  }
}

const COPY = ' copy';

function newId(): string {
  return randomBytes(8).toString('hex');
}

/** Error `bad-request` for what is no place of a preset: it could be somebody's other file. */
function presetPlace(place: string): Outcome {
  const own = ownPlace(place);
  if (!own.ok) return own;
  return isPresetName(nameOf(place)) ? own : failure('bad-request', `${place} is no preset: its name ends otherwise.`);
}

function notRoot(place: string): Outcome {
  return place === '' ? failure('bad-request', 'That cannot be done with the workspace itself.') : ownPlace(place);
}

/** Error `bad-request` for what is not in the tree: hidden folders of other tools, environments. */
function ownPlace(place: string): Outcome {
  const parts = partsOf(place);
  if (!parts.ok) return parts;
  if (parts.value[0] !== ENVIRONMENTS_FOLDER && parts.value.every(isOwnName)) return success();
  return failure('bad-request', `${place} is no place for presets.`);
}
