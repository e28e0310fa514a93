/**
 * The form for the variables of an environment, or of the whole workspace. What is typed stands here until it is
 * saved. The value of a secret goes to the engine and never comes back.
 */
import type { Client } from '../../../rpc/client.ts';
import { variableName, type Environment } from '../../../shared/environment.ts';
import { sentence, type WireError } from '../../../shared/errors.ts';
import { PRESET_FORMAT, VARIABLES } from '../../../shared/preset-limits.ts';
import type { Notices } from '../notices.svelte.ts';
import type { Environments } from './environments.svelte.ts';

/** A line of the form. */
export interface VariableLine {
  readonly key: number;
  name: string;
  value: string;
  isSecret: boolean;
  /** Of a secret: whether it has a value on this machine. */
  readonly isSet: boolean;
}

/** Stands for an environment that is only being made. */
export const NEW_ENVIRONMENT = '\0new';

export class VariablesForm {
  isOpen = $state(false);
  /** Path of what is edited; '' is the workspace. */
  path = $state('');
  name = $state('');
  lines = $state<VariableLine[]>([]);
  error = $state.raw<WireError | null>(null);
  isSaving = $state(false);

  readonly #client: Client;
  readonly #environments: Environments;
  readonly #notices: Notices;
  #revision: string | null = null;
  #next = 1;
  /** What it held when it was last the same as the file; null: nothing was shown yet. */
  #before = $state<string | null>(null);

  constructor(client: Client, environments: Environments, notices: Notices) {
    this.#client = client;
    this.#environments = environments;
    this.#notices = notices;
  }

  get isShared(): boolean {
    return this.path === '';
  }

  get isNew(): boolean {
    return this.path === NEW_ENVIRONMENT;
  }

  readonly isChanged = $derived.by(() => this.#before !== null && this.#text() !== this.#before);

  /** Opens the form. @param path of an environment; '' is the workspace; NEW_ENVIRONMENT makes one */
  show(path: string): void {
    // What was typed and not saved is still there when the form was only closed.
    if (!this.isChanged) this.choose(path);
    this.isOpen = true;
  }

  /** What was typed is gone. */
  discard(): void {
    this.choose(this.isNew ? '' : this.path);
    this.isOpen = false;
  }

  /** Shows another environment in the form. What was typed and not saved is gone: the owner asks before. */
  choose(path: string): void {
    const entry = this.#environments.find(path);
    this.path = path;
    this.error = entry?.error ?? null;
    this.#revision = entry?.revision ?? null;
    this.name = entry?.environment?.name ?? '';
    const variables = entry?.environment?.variables ?? [];
    this.lines = variables.map(({ name, value, isSecret }) => ({
      key: this.#next++,
      name,
      value,
      isSecret,
      isSet: isSecret && (entry?.known.includes(name) ?? false),
    }));
    if (entry?.error === null || entry === undefined) this.add();
    this.#before = this.#text();
  }

  /** An empty line at the end: the one in which the next variable is typed. */
  add(): void {
    if (this.lines.length >= VARIABLES) return;
    const last = this.lines.at(-1);
    if (last?.name === '' && last.value === '') return;
    this.lines.push({ key: this.#next++, name: '', value: '', isSecret: false, isSet: false });
  }

  remove(key: number): void {
    this.lines = this.lines.filter((line) => line.key !== key);
    this.add();
  }

  /** What is wrong with the name of a line, or null. */
  problem(line: VariableLine): string | null {
    if (line.name === '') return line.value === '' ? null : 'A variable needs a name';
    if (!variableName.safeParse(line.name).success) {
      return 'Letters, digits, “_”, “.” and “-”, beginning with a letter';
    }
    const first = this.lines.find(({ name }) => name === line.name);
    return first === line || first?.key === line.key ? null : 'There is another one of this name';
  }

  readonly isValid = $derived.by(
    () => this.lines.every((line) => this.problem(line) === null) && (this.isShared || this.name.trim() !== ''),
  );

  /** Saves the file, and then the secrets that were typed. @returns whether all is saved */
  async save(): Promise<boolean> {
    if (this.isSaving || !this.isValid) return false;
    this.isSaving = true;
    const isSaved = await this.#save();
    this.isSaving = false;
    return isSaved;
  }

  async delete(): Promise<void> {
    const entry = this.#environments.find(this.path);
    if (entry === undefined || this.isShared) return;
    await this.#environments.delete(entry);
    this.choose('');
  }

  /** Forgets the value of a secret on this machine. */
  async forget(line: VariableLine): Promise<void> {
    const forgotten = await this.#client.call('secrets.set', { path: this.path, name: line.name, value: null });
    if (!forgotten.ok) {
      this.#notices.show(sentence(forgotten.error), { tone: 'bad' });
      return;
    }
    this.lines = this.lines.map((item) => (item.key === line.key ? { ...item, value: '', isSet: false } : item));
    await this.#environments.load();
  }

  async #save(): Promise<boolean> {
    this.error = null;
    const used = this.lines.filter(({ name }) => name !== '');
    const environment: Environment = {
      wirebench: PRESET_FORMAT,
      name: this.name.trim() || 'Workspace',
      variables: used.map(({ name, value, isSecret }) => ({ name, value: isSecret ? '' : value, isSecret })),
    };
    const path = this.isNew ? null : this.path;
    const saved = await this.#client.call('environments.save', { path, environment, base: this.#revision });
    if (!saved.ok) {
      this.error = saved.error;
      return false;
    }
    this.path = saved.value.path;
    this.#revision = saved.value.revision;
    for (const { name, value, isSecret } of used) {
      if (!isSecret || value === '') continue;
      const kept = await this.#client.call('secrets.set', { path: saved.value.path, name, value });
      if (!kept.ok) {
        this.error = kept.error;
        return false;
      }
    }
    await this.#environments.load();
    if (path === null) await this.#environments.choose(saved.value.path);
    this.choose(saved.value.path);
    return true;
  }

  #text(): string {
    const used = this.lines.filter(({ name, value }) => name !== '' || value !== '');
    return JSON.stringify([this.name, ...used.map(({ name, value, isSecret }) => [name, value, isSecret])]);
  }
}
