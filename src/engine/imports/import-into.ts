/** Puts what an import has brought into the workspace folder. */
import { randomBytes } from 'node:crypto';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import type { Look } from '../../shared/exchange/findings.ts';
import type { Preset } from '../../shared/preset.ts';
import type { Environments } from '../environments/environments.ts';
import type { OpenFolder } from '../presets/open-folder.ts';
import { placeIn } from '../presets/place.ts';

export interface Imported {
  readonly paths: string[];
  readonly environments: string[];
}

/** Folders of the import, by their paths in it, as places of the workspace; each is made when its first preset comes. */
class Places {
  readonly #places = new Map<string, string>();
  readonly #folder: OpenFolder;

  constructor(folder: OpenFolder, target: string) {
    this.#folder = folder;
    this.#places.set('', target);
  }

  async of(path: string): Promise<Outcome<string>> {
    const known = this.#places.get(path);
    if (known !== undefined) return success(known);
    const slash = path.lastIndexOf('/');
    const parent = await this.of(slash === -1 ? '' : path.slice(0, slash));
    if (!parent.ok) return parent;
    // Always a new one: what is imported twice does not mix.
    const made = await this.#folder.presets.createFolder(parent.value, path.slice(slash + 1));
    if (made.ok) this.#places.set(path, made.value);
    return made;
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
  for (const { folder: path, preset } of look.presets) {
    const place = await places.of(path);
    if (!place.ok) return stopped(place);
    const text = presetToYaml(withFreeId(preset, ids), null);
    if (!text.ok) return stopped(text);
    const made = await folder.files.create(place.value, preset.name, text.value);
    if (!made.ok) return stopped(made);
    imported.paths.push(made.value.path);
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
