/** Exports a preset or a folder as one file, to a place that the person chooses. */
import type { Client } from '../../../rpc/client.ts';
import { sentence, type WireError } from '../../../shared/errors.ts';
import { formatSize } from '../../format/size.ts';
import type { Notices } from '../notices.svelte.ts';

/** Of the name of a file that is proposed, as `file.chooseSave` takes it. */
const NAME_CHARACTERS = 120;

export class PresetExport {
  /** True while a path is asked for, where the host has no dialog. */
  isAsking = $state(false);
  /** Proposed name of the file. */
  name = $state('');
  readonly #client: Client;
  readonly #notices: Notices;
  readonly #hasDialogs: () => boolean;
  #path = '';

  constructor(client: Client, notices: Notices, hasDialogs: () => boolean) {
    this.#client = client;
    this.#notices = notices;
    this.#hasDialogs = hasDialogs;
  }

  /** @param path of a preset or a folder; '' is everything */
  show(path: string, name: string): void {
    this.#path = path;
    this.name = `${name.replaceAll(/[/\\:*?"<>|]/g, ' ').slice(0, NAME_CHARACTERS)}.wirebench`;
    if (this.#hasDialogs()) void this.#choose();
    else this.isAsking = true;
  }

  /** @returns why it could not be written, or null */
  async write(file: string): Promise<WireError | null> {
    const written = await this.#client.call('presets.export', { path: this.#path, file });
    if (!written.ok) return written.error;
    const { presets, bytes } = written.value;
    this.#notices.show(`Exported ${presets} preset${presets === 1 ? '' : 's'}, ${formatSize(bytes)}, without secrets.`);
    return null;
  }

  async #choose(): Promise<void> {
    const chosen = await this.#client.call('file.chooseSave', { name: this.name });
    const error = chosen.ok ? null : chosen.error;
    const refused = chosen.ok && chosen.value.path !== null ? await this.write(chosen.value.path) : error;
    if (refused !== null) this.#notices.show(sentence(refused), { tone: 'bad' });
  }
}
