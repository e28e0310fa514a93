/** All that comes from the workspace folder: presets, environments, and the ways in and out of it. */
import { Environments } from './environments/environments.svelte.ts';
import { VariablesForm } from './environments/variables-form.svelte.ts';
import { Exchange } from './exchange/exchange.svelte.ts';
import { FolderChoice } from './presets/folder-choice.svelte.ts';
import { PlainSecrets } from './presets/plain-secrets.svelte.ts';
import { Presets } from './presets/presets.svelte.ts';
import { RecentPresets } from './presets/recent-presets.svelte.ts';
import { PresetTabs, type PresetTabsHost } from './presets/preset-tabs.svelte.ts';

export interface WorkspaceFolderHost extends Omit<PresetTabsHost, 'presets' | 'recent'> {
  /** Whether the host can show a file dialog. */
  readonly hasDialogs: () => boolean;
}

export class WorkspaceFolder {
  readonly presets: Presets;
  readonly presetTabs: PresetTabs;
  readonly environments: Environments;
  readonly variables: VariablesForm;
  readonly exchange: Exchange;
  readonly secrets: PlainSecrets;
  readonly recent: RecentPresets;
  readonly choice: FolderChoice;

  constructor(host: WorkspaceFolderHost) {
    const { client, notices } = host;
    const presets = new Presets(client, notices, () => {
      presetTabs.lookAll();
    });
    const recent: RecentPresets = new RecentPresets({ notices, presets, open: (entry) => presetTabs.open(entry) });
    const presetTabs: PresetTabs = new PresetTabs({ ...host, presets, recent });
    this.presets = presets;
    this.presetTabs = presetTabs;
    this.recent = recent;
    this.choice = new FolderChoice({ client, notices, presets, hasDialogs: host.hasDialogs });
    this.environments = new Environments(client, notices);
    this.secrets = new PlainSecrets(client, this.environments, notices);
    this.variables = new VariablesForm(client, this.environments, notices);
    this.exchange = new Exchange({ client, notices, presets, presetTabs, hasDialogs: host.hasDialogs });
  }

  async load(): Promise<void> {
    await Promise.all([this.presets.loadFolder(), this.environments.load()]);
  }
}
