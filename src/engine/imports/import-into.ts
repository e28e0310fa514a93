/** Puts what an import has brought into the workspace folder. */
import { randomBytes } from 'node:crypto';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import type { Look } from '../../shared/exchange/findings.ts';
import type { Preset } from '../../shared/preset.ts';
import type { Environments } from '../environments/environments.ts';
import type { FreeNames } from '../presets/file-names.ts';
import type { Saved } from '../presets/folder-files.ts';
import type { OpenFolder } from '../presets/open-folder.ts';
import { placeIn } from '../presets/place.ts';

export interface Imported {
  readonly paths: string[];
  readonly environments: string[];
}

/** Files that are written at once: each waits for the disk, which takes several together. */
const WRITTEN_AT_ONCE = 8;

interface Place {
  readonly path: string;
  readonly names: FreeNames;
}

/** Folders of the import, by their paths in it, as places of the workspace; each is made when its first preset comes. */
class Places {
  readonly #places = new Map<string, Place>();
  readonly #folder: OpenFolder;
  readonly #target: string;

  constructor(folder: OpenFolder, target: string) {
    this.#folder = folder;
    this.#target = target;
  }

  async of(path: string): Promise<Outcome<Place>> {
    const known = this.#places.get(path);
    if (known !== undefined) return success(known);
    const made = path === '' ? success(this.#target) : await this.#make(path);
    if (!made.ok) return made;
    const names = await this.#folder.files.freeNames(made.value);
    if (!names.ok) return names;
    const place = { path: made.value, names: names.value };
    this.#places.set(path, place);
    return success(place);
  }

  /** Always a new one: what is imported twice does not mix. */
  async #make(path: string): Promise<Outcome<string>> {
    const slash = path.lastIndexOf('/');
    const parent = await this.of(slash === -1 ? '' : path.slice(0, slash));
    return parent.ok ? this.#folder.presets.createFolder(parent.value.path, path.slice(slash + 1)) : parent;
  }
}

/**
 * Everything of the import into `target`, new ids for those that are taken.
 * @returns error of the first that could not be made; what was made before it stays
 */
export async function importInto(
  folder: OpenFolder,
  environments: Environments,
  target: string,
  look: Look,
): Promise<Outcome<Imported>> {
  const imported: Imported = { paths: [], environments: [] };
  const stopped = (error: Outcome<unknown>): Outcome<Imported> => {
    if (error.ok) return success(imported);
    const { paths } = imported;
    const { code, message, hint } = error.error;
    const before = paths.length === 0 ? '' : ` ${paths.length} of ${look.presets.length} presets were imported before.`;
    return failure(code, message + before, hint);
  };
  const { entries } = await folder.presets.list();
  const ids = new Set(entries.map(({ id }) => id));
  const places = new Places(folder, target);
  const { presetToYaml } = await import('../presets/preset-text.ts');
  for (let at = 0; at < look.presets.length; at += WRITTEN_AT_ONCE) {
    const writing: Promise<Outcome<Saved>>[] = [];
    let refused: Outcome<unknown> = success();
    for (const { folder: path, preset } of look.presets.slice(at, at + WRITTEN_AT_ONCE)) {
      const place = await places.of(path);
      const text = place.ok ? presetToYaml(withFreeId(preset, ids), null) : place;
      if (!place.ok || !text.ok) {
        refused = text;
        break;
      }
      writing.push(folder.files.create(place.value.path, preset.name, text.value, place.value.names));
    }
    for (const made of await Promise.all(writing)) {
      if (made.ok) imported.paths.push(made.value.path);
      else if (refused.ok) refused = made;
    }
    if (!refused.ok) return stopped(refused);
  }
  for (const [index, environment] of look.environments.entries()) {
    const saved = await environments.save({ path: null, environment, base: null });
    if (!saved.ok) return stopped(saved);
    const { path } = saved.value;
    imported.environments.push(path);
    for (const { name, value } of look.secrets.filter((secret) => secret.environment === index)) {
      const set = await environments.setSecret({ path, name, value });
      if (!set.ok) return stopped(set);
    }
  }
  return success(imported);
}

function withFreeId(preset: Preset, ids: Set<string>): Preset {
  const id = ids.has(preset.id) ? randomBytes(8).toString('hex') : preset.id;
  ids.add(id);
  return { ...preset, id };
}

/** Where a preset stands in a bundle: names of folders from `root` on. */
export function folderOf(path: string, root: string, names: ReadonlyMap<string, string>): string {
  const parts: string[] = [];
  let place = '';
  for (const part of path.split('/').slice(0, -1)) {
    place = placeIn(place, part);
    const isInside = root === '' || place === root || place.startsWith(`${root}/`);
    if (isInside) parts.push(names.get(place) ?? part);
  }
  return parts.join('/');
}
