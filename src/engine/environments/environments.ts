/** The variables of the workspace folder: its own, its environments, which of them is chosen, and the secrets beside them. */
import { basename } from 'node:path';
import type { Params, Result } from '../../shared/contract.ts';
import type { Environment } from '../../shared/environment.ts';
import { failure, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { PRESET_FORMAT } from '../../shared/preset-limits.ts';
import type { EnvironmentEntry } from '../../shared/presets-contract.ts';
import { PRESET_SUFFIX } from '../../shared/preset.ts';
import type { Found, Lookup } from '../../shared/template-resolve.ts';
import { variableScope, type ScopedVariable } from '../../shared/template-scope.ts';
import { Listeners } from '../listeners.ts';
import { inOrder } from '../presets/natural.ts';
import { ENVIRONMENTS_FOLDER, isPresetName, nameOf, parentOf, placeIn, ROOT_FILE } from '../presets/place.ts';
import type { Folders, OpenFolder } from './folder.ts';
import type { SecretVault, Taken } from './secret-vault.ts';
import type { Variables } from './session-values.ts';

export interface EnvironmentsOptions {
  /** Null: the host has no workspace folder. */
  readonly folders: Folders | null;
  readonly vault: SecretVault;
}

interface ReadEntry {
  readonly entry: EnvironmentEntry;
  /** Null: there is no such file. */
  readonly text: string | null;
}

interface Stored {
  readonly text: string;
  readonly revision: string;
}

export class Environments implements Variables {
  /** Something in `list` is different. */
  readonly changed = new Listeners();
  readonly #folders: Folders | null;
  readonly #vault: SecretVault;
  /** What was deleted with its file, until the application ends. */
  readonly #deleted = new Map<
    string,
    { readonly folder: string; readonly taken: Taken; readonly wasChosen: boolean }
  >();
  /** The newest of each file that was read. */
  readonly #parsed = new Map<string, { readonly revision: string; readonly read: Outcome<Environment> }>();
  readonly #unfollow: readonly (() => void)[];

  constructor({ folders, vault }: EnvironmentsOptions) {
    this.#folders = folders;
    this.#vault = vault;
    const tell = (): void => {
      this.changed.tell();
    };
    const forget = (): void => {
      this.#parsed.clear();
      tell();
    };
    this.#unfollow = folders === null ? [] : [folders.onOpened.add(forget), folders.onDisk.add(tell)];
  }

  /** Errors: `not-supported` without a folder, and those of reading it. A file that cannot be read is an entry with its error. */
  async list(): Promise<Outcome<Result<'environments.list'>>> {
    const opened = await this.#open();
    if (!opened.ok) return opened;
    const { folder, folders } = opened.value;
    const there = await folder.files.locate('');
    if (!there.ok) return there;
    const places = await this.#places(folder);
    if (!places.ok) return places;
    const environments: EnvironmentEntry[] = [];
    for (const place of places.value) environments.push((await this.#read(folder, place)).entry);
    const shared = await this.#read(folder, '');
    const { isWeakAccepted, notice } = this.#vault;
    const variables = [shared.entry, ...environments].flatMap(({ environment }) => environment?.variables ?? []);
    const hasSecrets = !this.#vault.isEmpty || variables.some(({ isSecret }) => isSecret);
    return success({
      shared: shared.entry,
      environments,
      chosen: await folders.chosenEnvironment(),
      store: hasSecrets ? this.#vault.store : this.#vault.expectedStore,
      isWeakAccepted,
      hasWeak: hasSecrets && this.#vault.hasWeak,
      notice,
    });
  }

  /** Errors: `bad-preset` for two variables of one name, `conflict`, `file-not-found`, `storage-failed`. */
  async save({ path, environment, base }: Params<'environments.save'>): Promise<Outcome<Result<'environments.save'>>> {
    const opened = await this.#open();
    if (!opened.ok) return opened;
    const { folder } = opened.value;
    const twice = environment.variables.find(({ name }, at) => {
      return environment.variables.findIndex((other) => other.name === name) !== at;
    });
    if (twice !== undefined) {
      return failure('bad-preset', `There are two variables “${twice.name}”.`, 'Give one of them another name.');
    }
    const saved =
      path === null ? await this.#create(folder, environment) : await this.#write(folder, path, environment, base);
    if (saved.ok) this.changed.tell();
    return saved;
  }

  /** Its secrets go with it, and come back with it. Errors: `not-found`, and those of the file. @returns for `restore` */
  async delete(path: string): Promise<Outcome<string>> {
    const opened = await this.#open();
    if (!opened.ok) return opened;
    const { folder, folders } = opened.value;
    if (!isEnvironment(path)) return notThere(path);
    const removed = await folder.files.remove(path);
    if (!removed.ok) return removed;
    const taken = await this.#vault.take(folder.root, path);
    const wasChosen = (await folders.chosenEnvironment()) === path;
    if (wasChosen) await folders.chooseEnvironment(null);
    if (taken.ok) this.#deleted.set(removed.value, { folder: folder.root, taken: taken.value, wasChosen });
    this.changed.tell();
    return removed;
  }

  /** Errors: `not-found`, and those of the file. @returns where it is again */
  async restore(undo: string): Promise<Outcome<string>> {
    const opened = await this.#open();
    if (!opened.ok) return opened;
    const { folder, folders } = opened.value;
    const restored = await folder.files.restore(undo);
    if (!restored.ok) return restored;
    const deleted = this.#deleted.get(undo);
    this.#deleted.delete(undo);
    if (deleted?.folder === folder.root) {
      await this.#vault.put(deleted.taken, restored.value);
      if (deleted.wasChosen) await folders.chooseEnvironment(restored.value);
    }
    this.changed.tell();
    return restored;
  }

  /** Error `not-found`. @param path null: none */
  async choose(path: string | null): Promise<Outcome> {
    const opened = await this.#open();
    if (!opened.ok) return opened;
    const { folder, folders } = opened.value;
    if (path !== null) {
      const places = await this.#places(folder);
      if (!places.ok) return places;
      if (!places.value.includes(path)) return notThere(path);
    }
    const chosen = await folders.chooseEnvironment(path);
    this.changed.tell();
    return chosen;
  }

  /** Error `storage-failed`: it holds for this run only. */
  async setSecret({ path, name, value }: Params<'secrets.set'>): Promise<Outcome> {
    const opened = await this.#open();
    if (!opened.ok) return opened;
    if (path !== '' && !isEnvironment(path)) return notThere(path);
    const set = await this.#vault.set({ folder: opened.value.folder.root, path, name }, value);
    this.changed.tell();
    return set;
  }

  async acceptWeak(accept: boolean): Promise<Outcome> {
    const accepted = await this.#vault.acceptWeak(accept);
    this.changed.tell();
    return accepted;
  }

  /** As the files are now: they are small, and a change made outside counts at once. */
  async lookup(): Promise<Lookup> {
    if (this.#folders === null) return () => undefined;
    const opened = await this.#open();
    if (!opened.ok) return () => unread(opened.error);
    const { folder, folders } = opened.value;
    const path = await folders.chosenEnvironment();
    const [shared, chosen] = [await this.#read(folder, ''), path === null ? null : await this.#read(folder, path)];
    // What it would have said goes before the workspace: another host may be meant.
    const { error } = chosen?.entry ?? {};
    if (error != null) return () => unread(error);
    const scope = variableScope(shared.entry, chosen?.entry ?? null);
    return (name) => {
      const variable = scope.get(name);
      if (variable === undefined) return shared.entry.error === null ? undefined : unread(shared.entry.error);
      return variable.isSecret ? this.#secret(folder, variable) : { value: variable.value, isSecret: false };
    };
  }

  /** Resolves when everything that was asked for is done. */
  async dispose(): Promise<void> {
    for (const end of this.#unfollow) end();
    this.changed.clear();
    await this.#vault.idle();
  }

  async #open(): Promise<Outcome<{ readonly folder: OpenFolder; readonly folders: Folders }>> {
    if (this.#folders === null) return failure('not-supported', 'There is no workspace folder here.');
    await this.#vault.load();
    return success({ folder: await this.#folders.current(), folders: this.#folders });
  }

  async #places({ files }: OpenFolder): Promise<Outcome<readonly string[]>> {
    const names = await files.names(ENVIRONMENTS_FOLDER);
    if (!names.ok) return names.error.code === 'file-not-found' ? success([]) : names;
    return success(inOrder([], names.value.filter(isPresetName), []).map((name) => placeIn(ENVIRONMENTS_FOLDER, name)));
  }

  /** @param path empty: the workspace */
  async #read(folder: OpenFolder, path: string): Promise<ReadEntry> {
    const known = [...this.#vault.known(folder.root, path)];
    const place = path === '' ? ROOT_FILE : path;
    const failed = (error: WireError, revision = '', text: string | null = null): ReadEntry => {
      return { entry: { path, environment: null, revision, error, known }, text };
    };
    const found = await folder.files.read(place);
    if (!found.ok) {
      if (path !== '' || found.error.code !== 'file-not-found') return failed(found.error);
      const there = await folder.files.locate('');
      if (!there.ok) return failed(there.error);
      const environment: Environment = { wirebench: PRESET_FORMAT, name: titleOf(folder, ''), variables: [] };
      return { entry: { path, environment, revision: '', error: null, known }, text: null };
    }
    const { text, revision } = found.value;
    const read = await this.#parse(folder, path, found.value);
    if (!read.ok) return failed(read.error, revision, text);
    return { entry: { path, environment: read.value, revision, error: null, known }, text };
  }

  /** A file of thousands of variables is parsed once, and not at each message. */
  async #parse(folder: OpenFolder, path: string, { text, revision }: Stored): Promise<Outcome<Environment>> {
    const key = JSON.stringify([folder.root, path]);
    const known = this.#parsed.get(key);
    if (known?.revision === revision) return known.read;
    const { yamlToEnvironment } = await import('./environment-yaml.ts');
    const read = yamlToEnvironment(text, path === '' ? ROOT_FILE : path, titleOf(folder, path));
    const environment = read.ok ? success(read.value.environment) : read;
    this.#parsed.set(key, { revision, read: environment });
    return environment;
  }

  async #create(folder: OpenFolder, environment: Environment): Promise<Outcome<Result<'environments.save'>>> {
    const { environmentToYaml } = await import('./environment-text.ts');
    const text = environmentToYaml(environment, null);
    return text.ok ? folder.files.create(ENVIRONMENTS_FOLDER, environment.name, text.value) : text;
  }

  async #write(
    folder: OpenFolder,
    path: string,
    environment: Environment,
    base: string | null,
  ): Promise<Outcome<Result<'environments.save'>>> {
    if (path !== '' && !isEnvironment(path)) return notThere(path);
    const place = path === '' ? ROOT_FILE : path;
    const before = await this.#read(folder, path);
    const { environmentToYaml } = await import('./environment-text.ts');
    const name = titleOf(folder, path);
    // A new file of the workspace says no name that is only that of the folder.
    const old = before.text ?? (path === '' ? NEW_ROOT : null);
    const text = environmentToYaml(environment, old === null ? null : { text: old, name });
    if (!text.ok) return text;
    // A workspace that had no file of its own: it is made now, unless somebody was faster.
    const revision = base === '' && before.text === null ? null : base;
    const written = await folder.files.write(place, text.value, revision);
    if (!written.ok) return written;
    await this.#forget(folder, path, before.entry.environment, environment);
    return success({ path, revision: written.value.revision });
  }

  /** What is no secret any more has no value beside the file. */
  async #forget(folder: OpenFolder, path: string, before: Environment | null, now: Environment): Promise<void> {
    const secrets = new Set(now.variables.filter(({ isSecret }) => isSecret).map(({ name }) => name));
    for (const { name, isSecret } of before?.variables ?? []) {
      if (isSecret && !secrets.has(name)) await this.#vault.set({ folder: folder.root, path, name }, null);
    }
  }

  #secret(folder: OpenFolder, { name, path }: ScopedVariable): Found {
    const kept = this.#vault.get({ folder: folder.root, path, name });
    if (kept.type === 'value') return { value: kept.value, isSecret: true };
    const isGone = kept.type === 'unreadable';
    return {
      problem: isGone
        ? `The secret {{${name}}} can no longer be decrypted on this machine.`
        : `The secret {{${name}}} has no value on this machine.`,
      hint: `Type it ${isGone ? 'again ' : ''}in Environments.`,
    };
  }
}

const NEW_ROOT = `wirebench: ${PRESET_FORMAT}\n`;

/** Directly in its folder, so that nothing else is taken for one. */
function isEnvironment(place: string): boolean {
  return parentOf(place) === ENVIRONMENTS_FOLDER && isPresetName(nameOf(place));
}

/** What an environment goes by when its file does not say. */
function titleOf({ root }: OpenFolder, path: string): string {
  const name = path === '' ? basename(root) : basename(path, PRESET_SUFFIX);
  return name === '' ? root : name;
}

function notThere(path: string): ReturnType<typeof failure> {
  return failure('not-found', `There is no environment ${path}.`);
}

function unread(error: WireError): Found {
  return { problem: error.message, hint: error.hint };
}
