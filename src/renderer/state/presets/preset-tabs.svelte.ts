/** Presets in tabs: opening, saving, and keeping each tab with its file. */
import { specOf } from '../../../drivers/specs.ts';
import type { Client } from '../../../rpc/client.ts';
import { failure, sentence, type WireError } from '../../../shared/errors.ts';
import type { Preset } from '../../../shared/preset.ts';
import type { PresetEntry } from '../../../shared/presets-contract.ts';
import { tabSchema, type TabDocument } from '../../../shared/workspace.ts';
import type { Notices } from '../notices.svelte.ts';
import type { SessionTab } from '../session-tab.svelte.ts';
import { firstLook } from '../tab-sections.ts';
import type { Presets } from './presets.svelte.ts';
import type { RecentPresets } from './recent-presets.svelte.ts';

/** What opening presets needs of the window around it. */
export interface PresetTabsHost {
  readonly client: Client;
  readonly notices: Notices;
  readonly presets: Presets;
  /** Told of each preset that is opened or made. */
  readonly recent: RecentPresets;
  readonly tabs: () => readonly SessionTab[];
  readonly active: () => SessionTab | null;
  readonly activate: (tab: SessionTab) => void;
  /** Opens a tab in front, under an id of its own. @returns null when there are too many tabs, which a notice says */
  readonly add: (document: TabDocument) => SessionTab | null;
  /** Puts a tab of this document in the place of another, whose session is forgotten. */
  readonly replace: (tab: SessionTab, document: TabDocument) => SessionTab | null;
}

/** Asks for name and folder of a new preset. */
class SaveDialog {
  isOpen = $state(false);
  isSaving = $state(false);
  name = $state('');
  folder = $state('');
  error = $state.raw<WireError | null>(null);
  tab = $state.raw<SessionTab | null>(null);

  show(tab: SessionTab, folder: string): void {
    this.tab = tab;
    this.name = tab.title || tab.name;
    this.folder = folder;
    this.error = null;
    this.isOpen = true;
  }
}

/** A tab without anything that would be lost, but for its address and options. */
function isFree(tab: SessionTab): boolean {
  const { text, hex, base64, json, file } = tab.composer.draft;
  const hasDraft = [text, hex, base64, json, file].some((typed) => typed !== '');
  const { link, messages, notes } = tab.preset;
  const isKept = link !== null || messages.list.length > 0 || notes !== '';
  return tab.session === null && !tab.isReadOnly && tab.title === '' && !hasDraft && !isKept;
}

/** A tab that holds nothing of a person's: something else may take its place. */
function isEmpty(tab: SessionTab): boolean {
  const isUntouched = tab.address.trim() === '' || tab.address === tab.spec.address.default;
  return isFree(tab) && isUntouched && tab.changedOptions === 0;
}

export class PresetTabs {
  readonly dialog = new SaveDialog();
  readonly #host: PresetTabsHost;

  constructor(host: PresetTabsHost) {
    this.#host = host;
  }

  /** Paths of presets that a tab holds unsaved changes of. */
  readonly unsaved = $derived.by(() => {
    const paths = this.#host.tabs().flatMap(({ preset: { link, trouble, isChanged } }) => {
      return link !== null && trouble?.type !== 'elsewhere' && isChanged ? [link.path] : [];
    });
    return new Set(paths);
  });

  /** The tab that shows a preset, the one in front first. */
  tabOf(entry: PresetEntry): SessionTab | undefined {
    const shown = this.#host
      .tabs()
      .filter(({ preset }) => preset.link?.path === entry.path && preset.trouble?.type !== 'elsewhere');
    const active = this.#host.active();
    return shown.find((tab) => tab === active) ?? shown[0];
  }

  /** In front, in its tab, the current empty one or a new one. @param always a new one */
  async open(entry: PresetEntry, always = false): Promise<SessionTab | null> {
    const { client, notices, active, activate } = this.#host;
    const shown = always ? undefined : this.tabOf(entry);
    if (shown !== undefined) {
      activate(shown);
      this.#remember(shown);
      return shown;
    }
    const read = await client.call('presets.read', { path: entry.path });
    if (!read.ok) {
      notices.show(sentence(read.error), { tone: 'bad' });
      return null;
    }
    const front = active();
    return this.show(read.value.preset, {
      path: entry.path,
      revision: read.value.revision,
      into: !always && front !== null && isEmpty(front) ? front : null,
    });
  }

  /** Of what a search has found, the first preset. */
  async openFirst(): Promise<void> {
    const { tree } = this.#host.presets;
    const words = tree.query.trim().toLowerCase();
    const presets = tree.lines.map(({ entry }) => entry).filter(({ type }) => type === 'preset');
    const first = presets.find(({ name }) => name.toLowerCase().startsWith(words)) ?? presets[0];
    if (first !== undefined) await this.open(first);
  }

  /** Says what is wrong with a file that is listed as broken. */
  tellBroken({ path, error }: PresetEntry): void {
    const why = error === null ? 'It cannot be read.' : sentence(error);
    this.#host.notices.show(`${path}: ${why}`, { tone: 'bad' });
  }

  /** Shows a preset in a tab. @param from its file; without one the tab belongs to none yet */
  show(
    preset: Preset,
    from: { readonly path?: string; readonly revision?: string; readonly into?: SessionTab | null },
  ): SessionTab | null {
    const { notices, add, replace, presets } = this.#host;
    const { path, revision, into = null } = from;
    const spec = specOf(preset.protocol);
    if (spec === undefined) {
      const text = `${preset.name} is of the protocol ${preset.protocol}, which this version does not know.`;
      notices.show(text, { tone: 'bad' });
      return null;
    }
    const link =
      path === undefined || revision === undefined ? null : { folder: presets.root, path, id: preset.id, revision };
    const document = tabSchema.parse({
      id: 'new',
      title: preset.name,
      protocol: preset.protocol,
      address: preset.address,
      options: preset.options,
      preset: link,
      messages: link === null ? preset.messages : null,
      notes: link === null ? preset.notes : null,
      ...firstLook(spec),
      composer: spec.messageKinds.length > 1 ? { lineEnding: 'none' } : {},
    });
    const tab = into === null ? add(document) : replace(into, document);
    if (tab !== null && link !== null) {
      tab.preset.messages.set(preset.messages);
      tab.preset.notes = preset.notes;
      tab.preset.join(link, preset);
      this.#remember(tab);
    }
    return tab;
  }

  /** What was imported takes the place of a tab that has nothing of its own, else it gets a tab. */
  takeInto(tab: SessionTab, preset: Preset): void {
    this.show(preset, { into: isFree(tab) ? tab : null });
  }

  /** Saves a tab into its file; one that has none yet asks for a name and a folder. */
  async save(tab: SessionTab): Promise<void> {
    if (tab.isReadOnly) return;
    if (tab.preset.link === null || tab.preset.trouble?.type === 'elsewhere') this.saveAs(tab);
    else if (tab.preset.trouble?.type === 'changed') {
      this.#host.notices.show(`${tab.name} was changed elsewhere, too: keep yours, or take theirs.`);
    } else if (await tab.preset.save()) await this.#host.presets.load();
  }

  /** Of a tab and a file that have both changed, the file: also when it is of another protocol now. */
  takeTheirs(tab: SessionTab): void {
    const { trouble, link } = tab.preset;
    if (trouble?.type !== 'changed' || link === null) return;
    const { theirs, revision } = trouble;
    if (theirs.protocol === tab.spec.id) tab.preset.takeTheirs();
    else if (!tab.isLive) this.show(theirs, { path: link.path, revision, into: tab });
    else this.#host.notices.show(`${theirs.name} is of another protocol now: end the session first.`, { tone: 'bad' });
  }

  /** Shows what the file holds in a tab of its own, which belongs to no file. */
  openTheirs(tab: SessionTab): void {
    const { trouble } = tab.preset;
    if (trouble?.type === 'changed') this.show({ ...trouble.theirs, name: `${trouble.theirs.name} (theirs)` }, {});
  }

  /** Saves a tab into a new file, to which it belongs from then on. */
  saveAs(tab: SessionTab): void {
    if (tab.isReadOnly) return;
    const { presets } = this.#host;
    this.dialog.show(tab, presets.place);
  }

  /** The dialog's answer. It stays open while that is refused. */
  async confirm(): Promise<void> {
    const { dialog } = this;
    const { tab } = dialog;
    if (tab === null || dialog.isSaving) return;
    if (dialog.name.trim() === '') {
      dialog.error = failure('bad-request', 'A preset needs a name.', '', { field: 'name' }).error;
      return;
    }
    dialog.isSaving = true;
    const preset = tab.preset.content(dialog.name);
    const made = await this.#host.client.call('presets.create', { folder: dialog.folder, preset });
    dialog.isSaving = false;
    if (!made.ok) {
      dialog.error = made.error;
      return;
    }
    const { presets } = this.#host;
    dialog.isOpen = false;
    await presets.load();
    // Another one when there is already a preset with the same.
    const id = presets.entries.find(({ path }) => path === made.value.path)?.id ?? preset.id;
    tab.preset.join({ folder: presets.root, ...made.value }, { ...preset, id });
    this.#remember(tab);
    presets.tree.reveal(made.value.path);
  }

  #remember({ preset: { link }, title, spec }: SessionTab): void {
    if (link !== null) this.#host.recent.add(link, title, spec.id, Date.now());
  }

  /** Called when the list of presets was read anew. */
  lookAll(): void {
    for (const tab of this.#host.tabs()) this.look(tab);
  }

  /** Is the file of a tab still what it was? Also of one that was closed and is back. */
  look(tab: SessionTab): void {
    const { presets } = this.#host;
    if (presets.isKnown && presets.folder !== null) {
      void tab.preset.look({ folder: presets.root, find: (path, id) => presets.find(path, id) });
    }
  }
}
