/** Ways in and out of the workspace: import, export, and a session as a command or as code for somewhere else. */
import type { Client } from '../../../rpc/client.ts';
import type { CopySource } from '../../../shared/exchange/copy-as.ts';
import { copyTargetsOf, type CopyTarget } from '../../../shared/exchange/copy-targets.ts';
import { sentence } from '../../../shared/errors.ts';
import { ADDRESS_CHARACTERS } from '../../../shared/limits.ts';
import type { PresetEntry } from '../../../shared/presets-contract.ts';
import type { MenuItem } from '../../components/menu-item.ts';
import { copyText } from '../clipboard.ts';
import type { Notices } from '../notices.svelte.ts';
import { changedOptions } from '../presets/preset-content.ts';
import type { PresetTabs } from '../presets/preset-tabs.svelte.ts';
import type { Presets } from '../presets/presets.svelte.ts';
import type { SessionTab } from '../session-tab.svelte.ts';
import { Importer } from './importer.svelte.ts';
import { PresetExport } from './preset-export.svelte.ts';

/** Words of a command line that can be imported: a program that is known, with something behind its name. */
const COMMAND = /(?:^|[\s|/\\$%>])(?:websocat|wscat|nc|ncat|netcat|socat)(?:\.exe)?\s+\S/;

export interface ExchangeHost {
  readonly client: Client;
  readonly notices: Notices;
  readonly presets: Presets;
  readonly presetTabs: PresetTabs;
  /** Whether the host can show a file dialog. */
  readonly hasDialogs: () => boolean;
}

export class Exchange {
  readonly importer: Importer;
  readonly exporter: PresetExport;

  readonly #client: Client;
  readonly #notices: Notices;
  readonly #presetTabs: PresetTabs;

  constructor({ client, notices, presets, presetTabs, hasDialogs }: ExchangeHost) {
    this.#client = client;
    this.#notices = notices;
    this.#presetTabs = presetTabs;
    this.importer = new Importer(client, notices, presets);
    this.exporter = new PresetExport(client, notices, hasDialogs);
  }

  /** Whether an address is a command line of a program that is known. */
  isCommand(address: string): boolean {
    return COMMAND.test(address);
  }

  /** Makes of the command line in the address box of a tab what it means; nothing is opened. */
  async importCommand(tab: SessionTab, line = tab.address.trim()): Promise<void> {
    const preset = await this.importer.command(line);
    if (preset !== null) this.#presetTabs.takeInto(tab, preset);
  }

  /**
   * What is pasted into the address box. A command line that would not fit there, or has several lines, which the box
   * would put together wrongly, is imported at once.
   * @returns whether it was taken
   */
  takePasted(tab: SessionTab, text: string): boolean {
    const fits = text.length <= ADDRESS_CHARACTERS && !/[\r\n]/.test(text.trim());
    if (fits || tab.isLocked || !this.isCommand(text)) return false;
    void this.importCommand(tab, text.trim());
    return true;
  }

  /** Lines of a menu that copy what a tab would do, and send what is typed. */
  copyItems(tab: SessionTab): readonly MenuItem[] {
    const { spec } = tab;
    return this.#copyItems(spec.id, () => {
      const message = tab.composer.typed === '' ? null : tab.composer.toMessage('');
      return { protocol: spec.id, address: tab.address, options: changedOptions(spec.fields, tab.options), message };
    });
  }

  /** The same of a preset that is not open: with the first of its messages. */
  copyItemsOf({ path, protocol }: PresetEntry): readonly MenuItem[] {
    return this.#copyItems(protocol, async () => {
      const read = await this.#client.call('presets.read', { path });
      if (!read.ok) {
        this.#notices.show(sentence(read.error), { tone: 'bad' });
        return null;
      }
      const { address, options, messages } = read.value.preset;
      return { protocol, address, options, message: messages[0] ?? null };
    });
  }

  #copyItems(protocol: string, source: () => CopySource | null | Promise<CopySource | null>): readonly MenuItem[] {
    return copyTargetsOf(protocol).map(({ id, label }) => ({
      label: `Copy as ${label}`,
      onselect: () => void this.#copy(source, id, label),
    }));
  }

  async #copy(
    source: () => CopySource | null | Promise<CopySource | null>,
    target: CopyTarget,
    label: string,
  ): Promise<void> {
    const from = await source();
    if (from === null) return;
    // Much of it is words of other programs: only who copies needs it.
    const { copyAs } = await import('../../../shared/exchange/copy-as.ts');
    const made = copyAs(from, target);
    const copied = made.ok ? await copyText(made.value) : made;
    if (copied.ok) this.#notices.show(`Copied as ${label}.`);
    else this.#notices.show(sentence(copied.error), { tone: 'bad' });
  }
}
