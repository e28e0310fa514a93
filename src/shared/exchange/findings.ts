/** What an import has found so far: presets and environments that are valid, and what was left, all of it bounded. */
import type { Environment } from '../environment.ts';
import { ADDRESS_CHARACTERS, OPTION_CHARACTERS } from '../limits.ts';
import {
  PRESET_FORMAT,
  PRESET_NAME_CHARACTERS,
  PRESET_PATH_CHARACTERS,
  SAVED_MESSAGES,
  SAVED_MESSAGE_CHARACTERS,
} from '../preset-limits.ts';
import { presetSchema, type Preset, type SavedMessage } from '../preset.ts';
import {
  IMPORT_DEPTH,
  IMPORT_ENVIRONMENTS,
  IMPORT_LEFT,
  IMPORT_LEFT_CHARACTERS,
  IMPORT_PRESETS,
} from './exchange-limits.ts';
import { FoundVariables } from './found-variables.ts';
import { hashOf } from './hash.ts';

export type OptionValues = Readonly<Record<string, string | number | boolean | null>>;

export interface PresetDraft {
  /** Kept when it is given and valid; else made from what the preset is. */
  readonly id?: string;
  readonly name: string;
  readonly protocol: string;
  readonly address: string;
  readonly options?: OptionValues;
  readonly notes?: string;
  readonly messages?: readonly SavedMessage[];
}

interface Left {
  readonly where: string;
  readonly why: string;
}

/** The value of a secret that stood in the import: for the key store alone. */
interface SecretValue {
  /** Index of its environment. */
  readonly environment: number;
  readonly name: string;
  readonly value: string;
}

/** What `import.look` answers, and the values of secrets, which the window never gets. */
export interface Look {
  readonly kind: string;
  readonly presets: readonly { readonly folder: string; readonly preset: Preset }[];
  readonly environments: readonly Environment[];
  readonly left: readonly Left[];
  readonly secrets: readonly SecretValue[];
}

/** A line of text, at most so long; never half of a character. */
function line(text: string, most: number): string {
  const flat = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return flat
    .slice(0, most)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd();
}

/** A name of a preset, a folder or an environment. */
function nameOf(text: string, otherwise: string): string {
  return line(text, PRESET_NAME_CHARACTERS) || otherwise;
}

/** Names of folders as a path; a slash in a name would begin another folder. */
function pathOf(folders: readonly string[]): string {
  const parts = folders
    .slice(0, IMPORT_DEPTH)
    .map((name) => nameOf(name.replace(/[/\\]+/g, '-'), 'Folder').replace(/^\.+$/, '_'));
  const path = parts.join('/');
  return path.length <= PRESET_PATH_CHARACTERS ? path : (parts[0] ?? '');
}

export class Findings {
  /** Secrets that stood in presets: every environment of the import gets them. */
  readonly vault = new FoundVariables();
  readonly #presets: { folder: string; preset: Preset }[] = [];
  readonly #environments: { name: string; variables: FoundVariables }[] = [];
  readonly #left: Left[] = [];
  /** Ids that are taken, with the number that the next one of the same name gets. */
  readonly #ids = new Map<string, number>();
  #morePresets = 0;
  #moreLeft = 0;

  /** Lists what was not understood. */
  leave(where: string, why: string): void {
    if (this.#left.length >= IMPORT_LEFT) {
      this.#moreLeft += 1;
      return;
    }
    this.#left.push({ where: line(where, IMPORT_LEFT_CHARACTERS), why: line(why, IMPORT_LEFT_CHARACTERS) });
  }

  /** A preset of ours, which is valid: as it is, but for an id that comes twice. */
  whole(folders: readonly string[], preset: Preset): void {
    const folder = pathOf(folders);
    if (this.#hasRoom()) this.#presets.push({ folder, preset: { ...preset, id: this.#idFor(preset, folder) } });
  }

  preset(folders: readonly string[], draft: PresetDraft): void {
    const where = [...folders, draft.name].join(' / ');
    if (!this.#hasRoom()) return;
    if (draft.address.length > ADDRESS_CHARACTERS) {
      this.leave(where, `Its address has ${draft.address.length} characters; ${ADDRESS_CHARACTERS} are allowed.`);
      return;
    }
    const folder = pathOf(folders);
    const checked = presetSchema.safeParse({
      wirebench: PRESET_FORMAT,
      id: this.#idFor(draft, folder),
      name: nameOf(draft.name, nameOf(draft.address, 'Unnamed')),
      protocol: draft.protocol,
      address: draft.address,
      options: this.#options(where, draft.options ?? {}),
      notes: this.#notes(where, draft.notes ?? ''),
      messages: this.#messages(where, draft.messages ?? []),
    });
    if (checked.success) this.#presets.push({ folder, preset: checked.data });
    else this.leave(where, `It is no valid preset: ${checked.error.issues[0]?.message ?? 'a value is wrong'}.`);
  }

  /** Whether a further environment would be taken. */
  get hasRoomForEnvironment(): boolean {
    return this.#environments.length < IMPORT_ENVIRONMENTS;
  }

  environment(name: string, variables: FoundVariables): void {
    if (variables.isEmpty) return;
    if (!this.hasRoomForEnvironment) {
      this.leave(name, `At most ${IMPORT_ENVIRONMENTS} environments are imported at once.`);
      return;
    }
    this.#environments.push({ name: nameOf(name, 'Imported'), variables });
  }

  /** @param name of the environment that is made when there are secrets and no environment for them */
  look(kind: string, name: string): Look {
    if (this.#environments.length === 0) this.environment(name, this.vault);
    const secrets: SecretValue[] = [];
    const environments = this.#environments.map((environment, index): Environment => {
      const { all } = environment.variables.over(this.vault);
      for (const variable of all) {
        if (variable.isSecret && variable.value !== '') {
          secrets.push({ environment: index, name: variable.name, value: variable.value });
        }
      }
      return {
        wirebench: PRESET_FORMAT,
        name: environment.name,
        variables: all.map((variable) => ({ ...variable, value: variable.isSecret ? '' : variable.value })),
      };
    });
    const left = [...this.#left];
    const more = (count: number, what: string): void => {
      if (count > 0) left.push({ where: `${count} more`, why: what });
    };
    more(this.#morePresets, `At most ${IMPORT_PRESETS} presets are imported at once.`);
    more(this.#moreLeft, 'Also not understood; they are too many to be listed.');
    return { kind, presets: this.#presets, environments, left, secrets };
  }

  #hasRoom(): boolean {
    const hasRoom = this.#presets.length < IMPORT_PRESETS;
    if (!hasRoom) this.#morePresets += 1;
    return hasRoom;
  }

  #idFor(draft: PresetDraft, folder: string): string {
    const wanted = draft.id !== undefined && /^[a-z0-9-]{1,40}$/.test(draft.id) ? draft.id : null;
    const base = wanted ?? hashOf(JSON.stringify([folder, draft.name, draft.protocol, draft.address]));
    let count = this.#ids.get(base) ?? 1;
    let id = base;
    for (; this.#ids.has(id); count += 1) id = `${base.slice(0, 32)}-${count + 1}`;
    this.#ids.set(base, count);
    if (id !== base) this.#ids.set(id, 1);
    return id;
  }

  #options(where: string, options: OptionValues): OptionValues {
    return Object.fromEntries(
      Object.entries(options).filter(([name, value]) => {
        const tooLong = typeof value === 'string' && value.length > OPTION_CHARACTERS;
        if (tooLong) this.leave(`${where} › ${name}`, `It is longer than ${OPTION_CHARACTERS} characters.`);
        return !tooLong;
      }),
    );
  }

  #notes(where: string, notes: string): string {
    if (notes.length <= SAVED_MESSAGE_CHARACTERS) return notes;
    this.leave(`${where} › notes`, `They are longer than ${SAVED_MESSAGE_CHARACTERS} characters.`);
    return '';
  }

  #messages(where: string, messages: readonly SavedMessage[]): readonly SavedMessage[] {
    const fitting = messages.filter((message) => {
      const tooLong = message.content.length > SAVED_MESSAGE_CHARACTERS;
      if (tooLong)
        this.leave(`${where} › ${message.name}`, `It is longer than ${SAVED_MESSAGE_CHARACTERS} characters.`);
      return !tooLong;
    });
    const more = fitting.length - SAVED_MESSAGES;
    if (more > 0) this.leave(where, `${more} of its messages: a preset has ${SAVED_MESSAGES} at most.`);
    return fitting
      .slice(0, SAVED_MESSAGES)
      .map((message) => ({ ...message, name: line(message.name, PRESET_NAME_CHARACTERS) }));
  }
}
