/** A workspace folder in memory, as the engine answers for one: for the window's tests. */
import type { Result } from '../../src/shared/contract.ts';
import type { Environment } from '../../src/shared/environment.ts';
import { failure, success, type Outcome } from '../../src/shared/errors.ts';
import { presetSchema, type Preset } from '../../src/shared/preset.ts';
import type { EnvironmentEntry, PresetEntry } from '../../src/shared/presets-contract.ts';
import { FakeCalls } from './fake-calls.ts';

interface Kept {
  readonly preset: Preset | null;
  readonly revision: string;
  /** Why a file is listed as broken. */
  readonly problem?: string;
}

export function samplePreset(name: string, more: Partial<Preset> = {}): Preset {
  const id = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return presetSchema.parse({ wirebench: 1, id, name, protocol: 'tcp-client', address: '127.0.0.1:9000', ...more });
}

function parent(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

const missing = (path: string): Outcome<never> => failure('file-not-found', `There is no ${path}.`);

export class FakeFolder extends FakeCalls {
  /** By path, in the order of the tree; a folder has no preset. */
  readonly files = new Map<string, Kept>();
  environments: EnvironmentEntry[] = [];
  shared: EnvironmentEntry = { path: '', environment: null, revision: '', error: null, known: [] };
  chosen: string | null = null;
  store: Result<'environments.list'>['store'] = 'system';
  isWeakAccepted = false;
  #revision = 1;
  readonly #bin = new Map<string, readonly (readonly [string, Kept])[]>();

  constructor(presets: Readonly<Record<string, Preset | 'folder' | 'broken'>> = {}) {
    super();
    for (const [path, what] of Object.entries(presets)) {
      this.#put(path, what === 'folder' || what === 'broken' ? null : what, what === 'broken');
    }
    this.answer('folder.current', () => this.#folder());
    this.answer('folder.open', () => this.#folder());
    this.answer('presets.list', () => success({ entries: this.#entries(), total: this.files.size, error: null }));
    this.answer('presets.read', ({ path }) => {
      const kept = this.files.get(path);
      if (kept?.preset == null) return missing(path);
      return success({ preset: kept.preset, revision: kept.revision });
    });
    this.answer('presets.save', ({ path, preset, base }) => {
      const kept = this.files.get(path);
      if (base !== null && kept === undefined) return missing(path);
      if (base !== null && kept?.revision !== base) return failure('conflict', 'The file was changed.');
      return success({ path, revision: this.#put(path, preset) });
    });
    this.answer('presets.create', ({ folder, preset }) => {
      const path = this.#free(folder, preset.name);
      return success({ path, revision: this.#put(path, preset) });
    });
    this.answer('presets.createFolder', ({ folder, name }) => {
      const path = folder === '' ? name : `${folder}/${name}`;
      this.#put(path, null);
      return success({ path });
    });
    this.answer('presets.rename', ({ path, name }) => this.#carry(path, this.#free(parent(path), name), name));
    this.answer('presets.move', ({ path, folder, before }) => this.#move(path, folder, before));
    this.answer('presets.duplicate', ({ path }) => {
      const kept = this.files.get(path);
      if (kept?.preset == null) return missing(path);
      const name = `${kept.preset.name} copy`;
      const made = this.#free(parent(path), name);
      this.#put(made, { ...kept.preset, id: `${kept.preset.id}-copy`, name });
      return success({ path: made });
    });
    this.answer('presets.delete', ({ path }) => {
      const gone = [...this.files].filter(([at]) => at === path || at.startsWith(`${path}/`));
      const undo = `undo-${this.#revision++}`;
      this.#bin.set(undo, gone);
      for (const [at] of gone) this.files.delete(at);
      return success({ undo });
    });
    this.answer('presets.restore', ({ undo }) => {
      const gone = this.#bin.get(undo) ?? [];
      for (const [at, kept] of gone) this.files.set(at, kept);
      return success({ path: gone[0]?.[0] ?? '' });
    });
    this.answer('environments.list', () =>
      success({
        shared: this.shared,
        environments: this.environments,
        chosen: this.chosen,
        store: this.store,
        isWeakAccepted: this.isWeakAccepted,
        hasWeak: this.store !== 'system',
        notice: null,
      }),
    );
    this.answer('environments.choose', ({ path }) => {
      this.chosen = path;
      return success({});
    });
    this.answer('environments.save', ({ path, environment }) => this.#saveEnvironment(path, environment));
    this.answer('secrets.set', ({ path, name, value }) => {
      const known = (entry: EnvironmentEntry): EnvironmentEntry => ({
        ...entry,
        known: [...entry.known.filter((item) => item !== name), ...(value === null ? [] : [name])],
      });
      if (path === '') this.shared = known(this.shared);
      else this.environments = this.environments.map((entry) => (entry.path === path ? known(entry) : entry));
      return success({});
    });
    this.answer('secrets.acceptWeak', ({ accept }) => {
      this.isWeakAccepted = accept;
      this.store = accept ? 'weak' : 'memory';
      return success({});
    });
  }

  /** Somebody else writes a file, and the engine tells of it. */
  writeOutside(path: string, preset: Preset): void {
    this.#put(path, preset);
    this.emit('presets.changed', {});
  }

  removeOutside(path: string): void {
    this.files.delete(path);
    this.emit('presets.changed', {});
  }

  environment(path: string, variables: Environment['variables'], known: string[] = []): this {
    const environment: Environment = { wirebench: 1, name: path === '' ? 'Workspace' : path, variables };
    const entry: EnvironmentEntry = { path, environment, revision: `r${this.#revision++}`, error: null, known };
    if (path === '') this.shared = entry;
    else this.environments = [...this.environments.filter((item) => item.path !== path), entry];
    return this;
  }

  #folder(): Outcome<Result<'folder.current'>> {
    return success({ current: { path: '/home/you/plant-floor', name: 'plant-floor' }, error: null, remembered: [] });
  }

  #entries(): PresetEntry[] {
    return [...this.files].map(([path, { preset, revision, problem }]) => ({
      path,
      type: preset !== null ? 'preset' : problem === undefined ? 'folder' : 'broken',
      name: preset?.name ?? path.slice(path.lastIndexOf('/') + 1),
      id: preset?.id ?? '',
      protocol: preset?.protocol ?? '',
      address: preset?.address ?? '',
      revision,
      error: problem === undefined ? null : failure('bad-preset', problem).error,
    }));
  }

  #put(path: string, preset: Preset | null, isBroken = false): string {
    const revision = `r${this.#revision++}`;
    this.files.set(path, {
      preset,
      revision,
      ...(isBroken ? { problem: 'This is not YAML at line 3, column 7.' } : {}),
    });
    return revision;
  }

  #free(folder: string, name: string): string {
    const path = `${folder === '' ? '' : `${folder}/`}${name}.wb.yaml`;
    return this.files.has(path) ? path.replace('.wb.yaml', ' 2.wb.yaml') : path;
  }

  #carry(from: string, to: string, name: string | null): Outcome<{ path: string }> {
    const kept = this.files.get(from);
    if (kept === undefined) return missing(from);
    const isFolder = kept.preset === null;
    const target = isFolder ? to.replace('.wb.yaml', '') : to;
    const moved = [...this.files].map(([path, file]): [string, Kept] => {
      if (path === from) {
        const preset = file.preset === null || name === null ? file.preset : { ...file.preset, name };
        return [target, name === null ? file : { ...file, preset, revision: `r${this.#revision++}` }];
      }
      return [path.startsWith(`${from}/`) ? target + path.slice(from.length) : path, file];
    });
    this.files.clear();
    for (const [path, file] of moved) this.files.set(path, file);
    return success({ path: target });
  }

  #move(from: string, folder: string, before: string | null): Outcome<{ path: string }> {
    const own = from.slice(from.lastIndexOf('/') + 1);
    const carried = this.#carry(from, folder === '' ? own : `${folder}/${own}`, null);
    if (!carried.ok) return carried;
    const { path } = carried.value;
    const inside = ([at]: readonly [string, Kept]): boolean => at === path || at.startsWith(`${path}/`);
    const moved = [...this.files].filter(inside);
    const others = [...this.files].filter((item) => !inside(item));
    const at = before === null ? -1 : others.findIndex(([item]) => item === before);
    const end = others.reduce(
      (last, [item], index) => (item === folder || item.startsWith(`${folder}/`) ? index + 1 : last),
      0,
    );
    const place = at >= 0 ? at : folder === '' ? others.length : end;
    this.files.clear();
    for (const [item, kept] of [...others.slice(0, place), ...moved, ...others.slice(place)])
      this.files.set(item, kept);
    return success({ path });
  }

  #saveEnvironment(path: string | null, environment: Environment): Outcome<{ path: string; revision: string }> {
    const at = path ?? `environments/${environment.name}.wb.yaml`;
    const known = [...this.environments, this.shared].find((entry) => entry.path === at)?.known ?? [];
    const entry: EnvironmentEntry = { path: at, environment, revision: `r${this.#revision++}`, error: null, known };
    if (at === '') this.shared = entry;
    else this.environments = [...this.environments.filter((item) => item.path !== at), entry];
    return success({ path: at, revision: entry.revision });
  }
}
