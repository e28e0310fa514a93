/** The preset that a tab belongs to: what of it is not saved, and what became of its file meanwhile. */
import type { Client } from '../../../rpc/client.ts';
import type { WireError } from '../../../shared/errors.ts';
import { PRESET_FORMAT, PRESET_NAME_CHARACTERS } from '../../../shared/preset-limits.ts';
import type { Preset } from '../../../shared/preset.ts';
import type { PresetEntry } from '../../../shared/presets-contract.ts';
import type { PresetLink, TabDocument } from '../../../shared/workspace.ts';
import type { Options, Spec } from '../../../drivers/spec.ts';
import type { Notices } from '../notices.svelte.ts';
import { knownOptions } from '../options.svelte.ts';
import { changedOptions, freshPresetId, isSamePreset, unknownOptions } from './preset-content.ts';
import { SavedMessages } from './saved-messages.svelte.ts';

/** Why tab and file do not go together at the moment. */
export type PresetTrouble =
  /** Both have changed. */
  | { readonly type: 'changed'; readonly theirs: Preset; readonly revision: string }
  /** The file is no longer there. */
  | { readonly type: 'gone' }
  /** The file is in a workspace folder that is not open. */
  | { readonly type: 'elsewhere'; readonly folder: string }
  /** There is a file, and nothing can be made of it. */
  | { readonly type: 'broken'; readonly error: WireError | null };

/** What a preset is taken from and shown in. */
export interface PresetHolder {
  readonly spec: Spec;
  /** The title, else something that the tab goes by. */
  readonly name: string;
  title: string;
  address: string;
  options: Options;
}

export interface TabPresetHost {
  readonly client: Client;
  readonly notices: Notices;
  readonly tab: PresetHolder;
}

/** What is known of the workspace folder that is open. */
export interface OpenPresets {
  readonly folder: string;
  readonly find: (path: string, id: string) => PresetEntry | undefined;
}

export class TabPreset {
  readonly messages: SavedMessages;
  notes = $state('');
  link = $state.raw<Omit<PresetLink, 'isChanged'> | null>(null);
  /** What the file held when tab and file were last the same; null: not known yet. */
  base = $state.raw<Preset | null>(null);
  trouble = $state.raw<PresetTrouble | null>(null);
  /** Why it could not be saved. */
  error = $state.raw<WireError | null>(null);
  isSaving = $state(false);

  readonly #host: TabPresetHost;
  /** What the document says until the file was read. */
  readonly #document: Pick<TabDocument, 'messages' | 'notes'> & { readonly isChanged: boolean };
  /** What the tab held when its file was first looked for. */
  #first = $state.raw<Preset | null>(null);
  #isFilled = false;
  /** What came while saving: looked at after it. */
  #later: OpenPresets | null = null;
  #reading = 0;

  constructor(host: TabPresetHost, { preset, messages, notes }: TabDocument) {
    this.#host = host;
    this.#document = { messages, notes, isChanged: preset?.isChanged ?? false };
    this.messages = new SavedMessages(host.notices, messages ?? []);
    this.notes = notes ?? '';
    if (preset === null) return;
    const { folder, path, id, revision } = preset;
    this.link = { folder, path, id, revision };
  }

  /** True while the tab holds something that its file does not. */
  readonly isChanged = $derived.by(() => {
    if (this.link === null) return false;
    if (this.base !== null) return !isSamePreset(this.content(), this.base);
    return this.#document.isChanged || (this.#first !== null && !isSamePreset(this.content(), this.#first));
  });

  /** What a file of this tab would hold. */
  content(name: string = this.#host.tab.name): Preset {
    const { spec, address, options } = this.#host.tab;
    const kept = this.base?.protocol === spec.id ? unknownOptions(spec.fields, this.base.options) : {};
    return {
      wirebench: PRESET_FORMAT,
      id: this.link?.id ?? freshPresetId(),
      name: name.trim().slice(0, PRESET_NAME_CHARACTERS) || spec.title,
      protocol: spec.id,
      address,
      options: { ...kept, ...changedOptions(spec.fields, options) },
      notes: this.notes,
      messages: this.messages.values,
    };
  }

  /** The tab and the file are the same now. */
  join({ folder, path, revision }: Pick<PresetLink, 'folder' | 'path' | 'revision'>, preset: Preset): void {
    this.link = { folder, path, id: preset.id, revision };
    this.base = preset;
    this.trouble = null;
    this.error = null;
    this.#host.tab.title = preset.name;
  }

  /** The tab goes on without a file; what is in it stays. */
  leave(): void {
    this.link = null;
    this.base = null;
    this.trouble = null;
    this.error = null;
  }

  /** A tab of another protocol takes the place of this one: it goes on with the same file, messages and notes. */
  handOver(to: TabPreset): void {
    to.base = this.base;
    to.link = this.link;
    to.trouble = this.trouble;
    to.notes = this.notes;
    to.messages.set(this.messages.values);
  }

  /** Called when the list of presets was read anew: is the file still what it was? */
  async look(open: OpenPresets): Promise<void> {
    const { link } = this;
    if (link === null) return;
    if (this.isSaving) {
      this.#later = open;
      return;
    }
    this.#first ??= this.content();
    if (link.folder !== open.folder) {
      this.trouble = { type: 'elsewhere', folder: link.folder };
      return;
    }
    const entry = open.find(link.path, link.id);
    if (entry === undefined || entry.type === 'folder') {
      this.trouble = { type: 'gone' };
      return;
    }
    if (entry.path !== link.path) this.link = { ...link, path: entry.path };
    if (entry.type === 'broken') {
      this.trouble = { type: 'broken', error: entry.error };
      return;
    }
    this.#host.tab.title = entry.name;
    if (entry.revision !== link.revision || this.base === null) await this.#read();
    else this.trouble = null;
  }

  /** Saves into the file. @returns whether it is saved */
  async save(): Promise<boolean> {
    const { link, trouble } = this;
    if (link === null || this.isSaving || trouble?.type === 'changed' || trouble?.type === 'elsewhere') return false;
    const preset = this.content();
    // A file that is gone or broken is made anew.
    const base = trouble === null ? link.revision : null;
    this.isSaving = true;
    const saved = await this.#host.client.call('presets.save', { path: link.path, preset, base });
    this.isSaving = false;
    if (saved.ok) this.join({ folder: link.folder, ...saved.value }, preset);
    else if (saved.error.code === 'conflict') await this.#read();
    else this.error = saved.error;
    const later = this.#later;
    this.#later = null;
    if (later !== null && saved.ok) await this.look(later);
    return saved.ok;
  }

  /** Back to what is in the file. */
  async revert(): Promise<void> {
    const { link } = this;
    if (link === null) return;
    const read = await this.#host.client.call('presets.read', { path: link.path });
    if (read.ok) this.#take(read.value.preset, read.value.revision);
    else this.error = read.error;
  }

  /** Of two that have changed: the tab stays as it is, and saving writes over the file as it is now. */
  keepMine(): void {
    const { trouble, link } = this;
    if (trouble?.type !== 'changed' || link === null) return;
    this.base = trouble.theirs;
    this.link = { ...link, revision: trouble.revision };
    this.trouble = null;
  }

  takeTheirs(): void {
    const { trouble } = this;
    if (trouble?.type === 'changed') this.#take(trouble.theirs, trouble.revision);
  }

  toDocument(): Pick<TabDocument, 'preset' | 'messages' | 'notes'> {
    const { link, base } = this;
    const isTyped = this.messages.list.length > 0 || this.notes !== '';
    const isKnown = link === null || base !== null || this.#isFilled || isTyped;
    const isOwn = link === null || this.isChanged || this.trouble !== null;
    return {
      preset: link === null ? null : { ...link, isChanged: this.isChanged },
      messages: isKnown ? (isOwn ? this.messages.values : null) : this.#document.messages,
      notes: isKnown ? (isOwn ? this.notes : null) : this.#document.notes,
    };
  }

  async #read(): Promise<void> {
    const turn = (this.#reading += 1);
    const { link } = this;
    if (link === null) return;
    const read = await this.#host.client.call('presets.read', { path: link.path });
    if (turn !== this.#reading || this.link !== link) return;
    if (!read.ok) {
      this.trouble = read.error.code === 'file-not-found' ? { type: 'gone' } : { type: 'broken', error: read.error };
      return;
    }
    this.#compare(read.value.preset, read.value.revision);
  }

  /** What is in the file now, against what the tab has. */
  #compare(theirs: Preset, revision: string): void {
    const { link } = this;
    if (link === null) return;
    const { isChanged } = this;
    if (this.base === null && !this.#isFilled) this.#fill(theirs);
    if (!isChanged) {
      this.#take(theirs, revision);
    } else if (revision === link.revision || isSamePreset(this.content(), theirs)) {
      this.base = theirs;
      this.link = { ...link, revision };
      this.trouble = null;
    } else {
      this.trouble = { type: 'changed', theirs, revision };
    }
  }

  /** The document keeps only what was changed: the rest is that of the file. */
  #fill(theirs: Preset): void {
    this.#isFilled = true;
    if (this.#document.messages === null && this.messages.list.length === 0) this.messages.set(theirs.messages);
    if (this.#document.notes === null && this.notes === '') this.notes = theirs.notes;
  }

  #take(theirs: Preset, revision: string): void {
    const { link } = this;
    if (link === null) return;
    const { tab } = this.#host;
    // A file that is of another protocol now needs another tab, for which the owner is asked.
    if (theirs.protocol !== tab.spec.id) {
      this.trouble = { type: 'changed', theirs, revision };
      return;
    }
    tab.address = theirs.address;
    tab.options = knownOptions(tab.spec, theirs.options);
    const before = JSON.stringify(this.messages.values);
    if (JSON.stringify(theirs.messages) !== before) this.messages.set(theirs.messages);
    this.notes = theirs.notes;
    this.join({ ...link, revision }, theirs);
  }
}
