/**
 * Passwords and tokens that stand in a session as they are, and so in the file of its preset: says which, and makes
 * secret variables of them.
 */
import type { Client } from '../../../rpc/client.ts';
import { failure, sentence, success, type Outcome } from '../../../shared/errors.ts';
import { variableNameOf } from '../../../shared/exchange/found-variables.ts';
import { plainSecrets, withVariables, type PlainSecret } from '../../../shared/preset-secrets.ts';
import type { Spec } from '../../../drivers/spec.ts';
import type { Environments } from '../environments/environments.svelte.ts';
import { environmentName } from '../environments/environments.svelte.ts';
import type { Notices } from '../notices.svelte.ts';
import type { SessionTab } from '../session-tab.svelte.ts';
import { changedOptions } from './preset-content.ts';

/** Characters of a variable's name that come from the preset: with room for what it is, and for a number. */
const NAME_STEM = 60;

/** Words for what stands in an address or in headers; options have labels. */
function labelOf({ option, what }: PlainSecret, spec: Spec): string {
  if (option === null && what === 'name') return 'name in the address';
  if (option === null && what === 'password') return 'password in the address';
  if (option === null) return `${what} in the query`;
  const field = spec.fields.find(({ id }) => id === option);
  return what === option ? (field?.label ?? option) : `header ${what}`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

export class PlainSecrets {
  isBusy = $state(false);
  /** What the person has seen of each tab and lets stand. */
  #seen = $state.raw<ReadonlyMap<string, string>>(new Map());
  readonly #client: Client;
  readonly #environments: Environments;
  readonly #notices: Notices;

  constructor(client: Client, environments: Environments, notices: Notices) {
    this.#client = client;
    this.#environments = environments;
    this.#notices = notices;
  }

  /** What of a session would stand in its file for everybody to read: "password and header authorization"; '' when nothing does. */
  words(tab: SessionTab): string {
    return listed(this.#labels(tab));
  }

  /** What the button says that makes variables of them. */
  verb(tab: SessionTab): string {
    return this.#labels(tab).length === 1 ? 'Make it a secret variable' : 'Make them secret variables';
  }

  /** The same, until the person lets it stand. */
  unseen(tab: SessionTab): string {
    const words = this.words(tab);
    return this.#seen.get(tab.id) === words ? '' : words;
  }

  letStand(tab: SessionTab): void {
    this.#seen = new Map([...this.#seen, [tab.id, this.words(tab)]]);
  }

  /** Where they would go. */
  get place(): string {
    const entry = this.#environments.find(this.#environments.chosen ?? '');
    return entry === undefined || entry.path === '' ? 'the variables of the workspace' : environmentName(entry);
  }

  /**
   * Makes a secret variable of each, in the chosen environment or else in the workspace, and puts its name in its place.
   * @param name from which the variables are named
   */
  async keep(tab: SessionTab, name: string): Promise<void> {
    if (this.isBusy || tab.isLocked) return;
    this.isBusy = true;
    const secrets = this.#found(tab);
    const kept = await this.#keep(secrets, name);
    this.isBusy = false;
    if (!kept.ok) {
      this.#notices.show(sentence(kept.error), { tone: 'bad' });
      return;
    }
    const names = kept.value;
    const changed = withVariables(
      { address: tab.address, options: changedOptions(tab.spec.fields, tab.options) },
      secrets,
      (secret) => names.get(secret) ?? '',
    );
    tab.address = changed.address;
    tab.options = { ...tab.options, ...changed.options };
    const made = listed([...new Set(names.values())].map((one) => `{{${one}}}`));
    const where =
      this.#environments.listed?.store === 'memory'
        ? 'for this run, because there is no key store here'
        : 'in the key store';
    this.#notices.show(`${made}: kept ${where}, as a variable of ${this.place}.`);
  }

  #labels(tab: SessionTab): readonly string[] {
    return tab.isReadOnly ? [] : [...new Set(this.#found(tab).map((secret) => labelOf(secret, tab.spec)))];
  }

  #found(tab: SessionTab): readonly PlainSecret[] {
    const { fields } = tab.spec;
    const secret = fields.filter((field) => field.type === 'text' && field.secret === true).map(({ id }) => id);
    return plainSecrets({ address: tab.address, options: changedOptions(fields, tab.options) }, secret);
  }

  /** @returns the name of each; the same value has the same one */
  async #keep(secrets: readonly PlainSecret[], name: string): Promise<Outcome<ReadonlyMap<PlainSecret, string>>> {
    await this.#environments.load();
    const entry = this.#environments.find(this.#environments.chosen ?? '');
    if (entry?.environment == null) {
      if (entry?.error != null) return { ok: false, error: entry.error };
      return failure('not-supported', 'There is no workspace folder that could hold variables.');
    }
    const { path, environment, revision } = entry;
    const taken = new Set([...this.#environments.scope.keys(), ...environment.variables.map((one) => one.name)]);
    const names = new Map<PlainSecret, string>();
    const values = new Map<string, string>();
    for (const secret of secrets) {
      const same = [...values].find(([, value]) => value === secret.value)?.[0];
      const made = same ?? freeName(`${stemOf(name).slice(0, NAME_STEM)}-${secret.what}`, taken);
      taken.add(made);
      names.set(secret, made);
      values.set(made, secret.value);
    }
    const added = [...values.keys()].map((one) => ({ name: one, value: '', isSecret: true }));
    const changed = { ...environment, variables: [...environment.variables, ...added] };
    const saved = await this.#client.call('environments.save', { path, environment: changed, base: revision });
    if (!saved.ok) return saved;
    for (const [one, value] of values) {
      const set = await this.#client.call('secrets.set', { path: saved.value.path, name: one, value });
      if (!set.ok) return set;
    }
    await this.#environments.load();
    return success(names);
  }
}

/** What a preset that is not saved yet goes by may be its address: of that the host. */
function stemOf(name: string): string {
  return name
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?([^/?#]*).*$/i, '$1')
    .replace(/\s+/g, '-');
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const name = variableNameOf(wanted);
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = variableNameOf(`${name.slice(0, NAME_STEM)}-${count}`);
  return free;
}
