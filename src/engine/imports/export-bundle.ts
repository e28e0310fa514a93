/** A preset, a folder or the whole workspace as one file. */
import { basename } from 'node:path';
import type { Environment } from '../../shared/environment.ts';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import type { Preset } from '../../shared/preset.ts';
import { wireErrorOf } from '../../shared/system-error.ts';
import type { DriverModule } from '../../drivers/driver.ts';
import type { Environments } from '../environments/environments.ts';
import { errnoOf } from '../file-errors.ts';
import { nodeFolder } from '../presets/folder-operations.ts';
import type { OpenFolder } from '../presets/open-folder.ts';
import { isPresetName, nameOf } from '../presets/place.ts';
import { createWhole, replaceWhole } from '../presets/whole-write.ts';
import { folderOf } from './import-into.ts';

export interface ExportedBundle {
  readonly presets: number;
  readonly bytes: number;
}

/** Options that are secret, by the specs. */
function secretOptions(drivers: readonly DriverModule[], protocol: string): readonly string[] {
  const fields = drivers.find(({ spec }) => spec.id === protocol)?.spec.fields ?? [];
  return fields.filter((field) => field.type === 'text' && field.secret === true).map(({ id }) => id);
}

/**
 * Writes the file, all of it or nothing.
 * @param path of a preset or a folder; empty for everything, with the environments
 * @returns errors `file-not-found`, `not-found` when there is nothing of that path, those of a preset that is broken, and
 *          those of the system
 */
export async function exportBundle(
  folder: OpenFolder,
  environments: Environments,
  drivers: readonly DriverModule[],
  path: string,
  file: string,
): Promise<Outcome<ExportedBundle>> {
  const { entries, error } = await folder.presets.list();
  if (error !== null) return { ok: false, error };
  const inside = entries.filter((entry) => path === '' || entry.path === path || entry.path.startsWith(`${path}/`));
  if (inside.length === 0 && path !== '' && !isPresetName(nameOf(path))) {
    return failure('not-found', `There is no ${path} in the workspace.`);
  }
  const names = new Map(entries.filter(({ type }) => type === 'folder').map((entry) => [entry.path, entry.name]));
  // A preset that has only just come is not listed yet.
  const listed = inside.filter(({ type }) => type !== 'folder').map((entry) => entry.path);
  const presets: { folder: string; preset: Preset }[] = [];
  for (const place of isPresetName(nameOf(path)) ? [path] : listed) {
    // A broken one would be missing in silence.
    const read = await folder.presets.read(place);
    if (!read.ok) return read;
    presets.push({ folder: place === path ? '' : folderOf(place, path, names), preset: read.value.preset });
  }
  const found = path === '' ? await allEnvironments(environments) : success<readonly Environment[]>([]);
  if (!found.ok) return found;
  const name = path === '' ? basename(folder.root) : (names.get(path) ?? presets[0]?.preset.name ?? nameOf(path));
  const { writeBundle } = await import('../../shared/exchange/bundle.ts');
  const text = writeBundle(
    { name, presets, environments: found.value },
    (protocol) => secretOptions(drivers, protocol),
    /\.json$/i.test(file) ? 'json' : 'yaml',
  );
  const bytes = new TextEncoder().encode(text);
  const written = await writeWhole(file, bytes);
  return written.ok ? success({ presets: presets.length, bytes: bytes.length }) : written;
}

async function allEnvironments(environments: Environments): Promise<Outcome<readonly Environment[]>> {
  const listed = await environments.list();
  if (!listed.ok) return listed;
  const entries = [listed.value.shared, ...listed.value.environments];
  const found: Environment[] = [];
  for (const { environment, error } of entries) {
    if (error !== null) return { ok: false, error };
    if (environment !== null && environment.variables.length > 0) found.push(environment);
  }
  return success(found);
}

/** A person chose the name, and the dialog has asked whether a file of that name is replaced. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<Outcome> {
  try {
    await createWhole(nodeFolder, path, bytes);
    return success();
  } catch (problem) {
    if (errnoOf(problem) !== 'EEXIST') return { ok: false, error: wireErrorOf(problem, path) };
  }
  try {
    const { mode } = await nodeFolder.lstat(path);
    await replaceWhole(nodeFolder, path, bytes, mode & 0o777, () => Promise.resolve(true));
    return success();
  } catch (problem) {
    return { ok: false, error: wireErrorOf(problem, path) };
  }
}
