/** Environments of the workspace folder: which one is chosen, and what a name stands for. */
import type { Client } from '../../../rpc/client.ts';
import type { Result } from '../../../shared/contract.ts';
import { sentence, type Outcome, type WireError } from '../../../shared/errors.ts';
import { UNDO_MS } from '../../../shared/limits.ts';
import type { EnvironmentEntry } from '../../../shared/presets-contract.ts';
import { variableScope, type ScopedVariable } from '../../../shared/template-scope.ts';
import type { Notices } from '../notices.svelte.ts';

type Listed = Result<'environments.list'>;

/** What an environment goes by; one that cannot be read by its file. */
export function environmentName(entry: EnvironmentEntry): string {
  return entry.environment?.name ?? entry.path;
}

/** What a name stands for, as a person reads it. */
export interface KnownVariable extends ScopedVariable {
  /** Name of the environment that it comes from. */
  readonly origin: string;
  /** Of a secret: whether it has a value on this machine. */
  readonly isSet: boolean;
}

export class Environments {
  listed = $state.raw<Listed | null>(null);
  /** Why they cannot be listed. */
  error = $state.raw<WireError | null>(null);

  readonly #client: Client;
  readonly #notices: Notices;
  #reading: Promise<void> | null = null;
  #isStale = false;
  #notice: string | null = null;

  constructor(client: Client, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
    client.on('environments.changed', () => void this.load());
    client.on('folder.changed', () => void this.load());
  }

  get list(): readonly EnvironmentEntry[] {
    return this.listed?.environments ?? [];
  }

  /** Path of the chosen one. */
  get chosen(): string | null {
    return this.listed?.chosen ?? null;
  }

  find(path: string): EnvironmentEntry | undefined {
    return path === '' ? this.listed?.shared : this.list.find((entry) => entry.path === path);
  }

  /** Every name that stands for something now. */
  readonly scope = $derived.by<ReadonlyMap<string, KnownVariable>>(() => {
    const { listed } = this;
    if (listed === null) return new Map();
    const chosen = this.chosen === null ? null : (this.find(this.chosen) ?? null);
    const scope = new Map<string, KnownVariable>();
    for (const [name, variable] of variableScope(listed.shared, chosen)) {
      const from = this.find(variable.path);
      const origin = variable.path === '' || from === undefined ? 'Workspace' : environmentName(from);
      scope.set(name, { ...variable, origin, isSet: from?.known.includes(name) ?? false });
    }
    return scope;
  });

  /** Reads the list anew; while that is under way, once more after it. */
  load(): Promise<void> {
    this.#isStale = true;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  /** From the next sending on, also in sessions that are open. */
  async choose(path: string | null): Promise<void> {
    const { listed } = this;
    // Shown at once; the list that follows says how it really is.
    if (listed !== null) this.listed = { ...listed, chosen: path };
    this.#tell(await this.#client.call('environments.choose', { path }));
    await this.load();
  }

  /** Deletes; that can be undone. */
  async delete(entry: EnvironmentEntry): Promise<void> {
    const deleted = await this.#client.call('environments.delete', { path: entry.path });
    await this.load();
    if (!deleted.ok) {
      this.#tell(deleted);
      return;
    }
    const { undo } = deleted.value;
    this.#notices.show(`Deleted the environment ${environmentName(entry)}.`, {
      stay: UNDO_MS,
      action: { label: 'Undo', run: () => void this.#restore(undo) },
    });
  }

  async acceptWeak(accept: boolean): Promise<void> {
    this.#tell(await this.#client.call('secrets.acceptWeak', { accept }));
    await this.load();
  }

  async #restore(undo: string): Promise<void> {
    this.#tell(await this.#client.call('environments.restore', { undo }));
    await this.load();
  }

  async #read(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      this.#take(await this.#client.call('environments.list', {}));
    }
  }

  #take(listed: Outcome<Listed>): void {
    this.error = listed.ok ? null : listed.error;
    if (!listed.ok) return;
    this.listed = listed.value;
    const { notice } = listed.value;
    if (notice !== null && notice !== this.#notice) this.#notices.show(notice, { tone: 'bad' });
    this.#notice = notice;
  }

  #tell(outcome: Outcome<unknown>): void {
    if (!outcome.ok) this.#notices.show(sentence(outcome.error), { tone: 'bad' });
  }
}
