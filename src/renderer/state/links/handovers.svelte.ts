/**
 * What the application was asked to open from outside: recordings at once, in read-only tabs; presets and links only
 * after a person has seen what they are. Nothing that comes this way connects or sends.
 */
import type { Client } from '../../../rpc/client.ts';
import type { Handover } from '../../../shared/app-contract.ts';
import type { Params } from '../../../shared/contract.ts';
import { sentence, type WireError } from '../../../shared/errors.ts';
import { parseOpenLink, visible } from '../../../shared/open-link.ts';
import { fileKind } from '../../../shared/outside-file.ts';
import type { Preset } from '../../../shared/preset.ts';
import type { Notices } from '../notices.svelte.ts';
import type { RecordingTabs } from '../recording-tabs.ts';
import type { WorkspaceFolder } from '../workspace-folder.svelte.ts';
import { presetOfLink } from './link-preset.ts';
import { proposalOf, type Proposal } from './proposal.ts';

export interface HandoversHost {
  readonly client: Client;
  readonly notices: Notices;
  readonly recordings: Pick<RecordingTabs, 'open'>;
  readonly folder: WorkspaceFolder;
}

/** Something that a person is asked about. */
export interface Question {
  readonly title: string;
  /** Where it comes from: "A link", or the path of a file. */
  readonly from: string;
  readonly proposal: Proposal;
  readonly open: () => unknown;
}

type Source = Params<'import.look'>['source'];

/** How long it stands that the window had crashed, ms: longer than other notices, because it comes unasked. */
const RECOVERED_MS = 20_000;

export class Handovers {
  /** What is asked now; the next comes when it is answered. */
  question = $state.raw<Question | null>(null);
  #waiting = $state.raw<readonly Handover[]>([]);
  #isBusy = $state(false);
  /** True when the window has its tabs and the list of presets: what comes before waits. */
  #isReady = $state(false);
  readonly #host: HandoversHost;

  constructor(host: HandoversHost) {
    this.#host = host;
    host.client.on('app.handover', () => void this.#fetch());
  }

  /** The window has everything that what comes may be about. */
  async begin(): Promise<void> {
    await this.#fetch();
    this.#isReady = true;
  }

  async #fetch(): Promise<void> {
    const { client, notices } = this.#host;
    const taken = await client.call('app.takeHandover', {});
    if (!taken.ok) return;
    const { handovers, dropped } = taken.value;
    if (dropped > 0) notices.show(`${dropped} more files or links came than can be opened at once.`, { tone: 'bad' });
    this.#waiting = [...this.#waiting, ...handovers];
  }

  /** A file that was dropped on the window. @param path on this machine */
  drop(path: string): void {
    this.#waiting = [...this.#waiting, { type: fileKind(path), path }];
  }

  /** Called by an effect: goes on while nothing is asked. */
  next(): void {
    const { folder } = this.#host;
    const isFree = this.#isReady && !this.#isBusy && this.question === null && !folder.exchange.importer.isOpen;
    const [first, ...rest] = this.#waiting;
    if (!isFree || first === undefined) return;
    this.#isBusy = true;
    this.#waiting = rest;
    void this.#take(first).finally(() => {
      this.#isBusy = false;
    });
  }

  answer(isYes: boolean): void {
    const { question } = this;
    this.question = null;
    if (isYes) void question?.open();
  }

  async #take(handover: Handover): Promise<void> {
    const { notices, recordings } = this.#host;
    switch (handover.type) {
      case 'recording':
        await recordings.open({ path: handover.path });
        return;
      case 'preset':
        await this.#file(handover.path);
        return;
      case 'link':
        await this.#link(handover.text);
        return;
      case 'other': {
        const what = `${visible(handover.path)} is neither a recording (.wbr) nor a preset`;
        notices.show(`${what} (.wirebench, .yaml or .json).`, { tone: 'bad' });
        return;
      }
      case 'recovered':
        notices.show(
          `The window had ${handover.reason === 'left' ? 'gone to another page' : `crashed (${handover.reason})`} and was loaded again. Sessions and recordings have gone on.`,
          { stay: RECOVERED_MS },
        );
    }
  }

  async #link(text: string): Promise<void> {
    const link = parseOpenLink(text);
    if (!link.ok) {
      this.#refuse(link.error);
      return;
    }
    if (link.value.type === 'content') {
      await this.#look({ type: 'text', text: link.value.text }, 'A link');
    } else if (link.value.type === 'preset') {
      await this.#entry(link.value.path);
    } else {
      const preset = presetOfLink(link.value);
      if (preset.ok) this.#ask('Open link', 'A link', preset.value);
      else this.#refuse(preset.error);
    }
  }

  /** A file of the workspace is opened as by a click on it; another one is looked at first. */
  async #file(path: string): Promise<void> {
    const { presets, presetTabs } = this.#host.folder;
    const place = path.replaceAll('\\', '/');
    const root = `${presets.root.replaceAll('\\', '/').replace(/\/$/, '')}/`;
    const inside = presets.root !== '' && place.startsWith(root) ? place.slice(root.length) : null;
    const entry = presets.entries.find((one) => one.type === 'preset' && one.path === inside);
    if (entry === undefined) await this.#look({ type: 'file', path }, path);
    else await presetTabs.open(entry);
  }

  /** A link to a preset of the workspace: shown first, because the link and not the person has chosen it. */
  async #entry(path: string): Promise<void> {
    const { client, notices, folder } = this.#host;
    const entry = folder.presets.entries.find((one) => one.type === 'preset' && one.path === path);
    const read = entry === undefined ? null : await client.call('presets.read', { path });
    if (entry === undefined || read === null) {
      const name = folder.presets.folder?.current.name ?? 'the workspace folder';
      notices.show(`The link names the preset ${visible(path)}, which is not in ${name}.`, { tone: 'bad' });
    } else if (!read.ok) this.#refuse(read.error);
    else this.#ask('Open link', `A link to ${path}`, read.value.preset, () => folder.presetTabs.open(entry));
  }

  /** One preset is proposed; more, or environments, or what is not understood, is for the import. */
  async #look(source: Source, from: string): Promise<void> {
    const { client, folder } = this.#host;
    const looked = await client.call('import.look', { source });
    if (!looked.ok) {
      this.#refuse(looked.error);
      return;
    }
    const { presets, environments, left } = looked.value;
    const [first, ...more] = presets;
    if (first !== undefined && more.length + environments.length + left.length === 0) {
      this.#ask(source.type === 'file' ? 'Open preset' : 'Open link', from, first.preset);
      return;
    }
    const { importer } = folder.exchange;
    importer.show('');
    importer.setFrom(source.type);
    if (source.type === 'file') importer.path = source.path;
    else importer.text = source.text;
    await importer.look();
  }

  #ask(title: string, from: string, preset: Preset, open?: () => unknown): void {
    const { presetTabs, environments } = this.#host.folder;
    const proposal = proposalOf(preset, environments.scope);
    this.question = { title, from: visible(from), proposal, open: open ?? (() => presetTabs.show(preset, {})) };
  }

  #refuse(error: WireError): void {
    this.#host.notices.show(sentence(error), { tone: 'bad' });
  }
}
