/** Opens workspace folders: by the system's dialog, or by a list of those that are remembered, with a field for a path. */
import type { Client } from '../../../rpc/client.ts';
import { sentence, type WireError } from '../../../shared/errors.ts';
import type { Notices } from '../notices.svelte.ts';
import type { Presets } from './presets.svelte.ts';

export interface FolderChoiceHost {
  readonly client: Client;
  readonly notices: Notices;
  readonly presets: Presets;
  /** Whether the host can show a file dialog. */
  readonly hasDialogs: () => boolean;
}

export class FolderChoice {
  /** Whether the list is shown. */
  isOpen = $state(false);
  path = $state('');
  error = $state.raw<WireError | null>(null);
  readonly #host: FolderChoiceHost;

  constructor(host: FolderChoiceHost) {
    this.#host = host;
  }

  /** Asks for a folder: by the system's dialog where there is one. */
  async choose(): Promise<void> {
    if (!this.#host.hasDialogs()) {
      this.manage();
      return;
    }
    const { client, notices } = this.#host;
    const chosen = await client.call('file.chooseFolder', {});
    if (!chosen.ok) notices.show(sentence(chosen.error), { tone: 'bad' });
    else if (chosen.value.path !== null) await this.open(chosen.value.path);
  }

  /** Shows the folders that are known. */
  manage(): void {
    this.path = '';
    this.error = null;
    this.isOpen = true;
  }

  /** Opens what is typed. */
  async submit(): Promise<void> {
    if (this.path.trim() !== '') await this.open(this.path.trim());
  }

  /** The list closes; when the folder cannot be opened, it says why, or else a notice does. */
  async open(path: string): Promise<void> {
    const error = await this.#host.presets.openFolder(path);
    if (this.isOpen) this.error = error;
    else if (error !== null) this.#host.notices.show(sentence(error), { tone: 'bad' });
    if (error === null) this.isOpen = false;
  }

  /** Takes a folder off the list; it stays on the disk. */
  async forget(path: string): Promise<void> {
    await this.#host.presets.forgetFolder(path);
  }
}
