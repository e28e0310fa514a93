/** Imports presets and environments from a file or from pasted text: shows first what would come. */
import type { Client } from '../../../rpc/client.ts';
import type { Params, Result } from '../../../shared/contract.ts';
import { sentence, type WireError } from '../../../shared/errors.ts';
import type { Preset } from '../../../shared/preset.ts';
import type { Notices } from '../notices.svelte.ts';
import type { Presets } from '../presets/presets.svelte.ts';

type Source = Params<'import.look'>['source'];
export type Found = Result<'import.look'>;

/** How long a person pauses before what was pasted is looked at, ms. */
const PAUSE_MS = 250;

export class Importer {
  isOpen = $state(false);
  from = $state<'file' | 'text'>('file');
  path = $state('');
  text = $state('');
  folder = $state('');
  found = $state.raw<Found | null>(null);
  error = $state.raw<WireError | null>(null);
  isBusy = $state(false);

  readonly #client: Client;
  readonly #notices: Notices;
  readonly #presets: Presets;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(client: Client, notices: Notices, presets: Presets) {
    this.#client = client;
    this.#notices = notices;
    this.#presets = presets;
  }

  /** @param folder into which it would come */
  show(folder: string): void {
    this.folder = folder;
    this.path = '';
    this.text = '';
    this.#forget();
    this.isOpen = true;
  }

  setFrom(from: 'file' | 'text'): void {
    this.from = from;
    this.#forget();
    this.typed();
  }

  /** By the system's dialog. */
  async choose(): Promise<void> {
    const chosen = await this.#client.call('file.choose', {});
    if (!chosen.ok) this.error = chosen.error;
    else if (chosen.value.path !== null) {
      this.path = chosen.value.path;
      await this.look();
    }
  }

  /** Something was typed or pasted: looks at it when the person pauses. */
  typed(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#turn += 1;
    this.#timer = this.#source === null ? null : setTimeout(() => void this.look(), PAUSE_MS);
    if (this.#source === null) this.#forget();
  }

  /** What is in it: nothing is written. */
  async look(): Promise<void> {
    const source = this.#source;
    if (source === null) return;
    const turn = (this.#turn += 1);
    this.isBusy = true;
    const looked = await this.#client.call('import.look', { source });
    if (turn !== this.#turn) return;
    this.isBusy = false;
    this.found = looked.ok ? looked.value : null;
    this.error = looked.ok ? null : looked.error;
  }

  /** Whether there is anything that could come. */
  get canRun(): boolean {
    const { found } = this;
    return !this.isBusy && found !== null && found.presets.length + found.environments.length > 0;
  }

  async run(): Promise<void> {
    const source = this.#source;
    if (source === null || !this.canRun) return;
    this.isBusy = true;
    const imported = await this.#client.call('import.run', { source, folder: this.folder });
    this.isBusy = false;
    if (!imported.ok) {
      this.error = imported.error;
      return;
    }
    this.isOpen = false;
    await this.#presets.load();
    const { paths, environments } = imported.value;
    const [first] = paths;
    if (first !== undefined) this.#presets.tree.reveal(first);
    this.#notices.show(`Imported ${count(paths.length, 'preset')} and ${count(environments.length, 'environment')}.`);
  }

  /** A command line as a preset, which goes into no file. @returns null when it cannot be understood, which a notice says */
  async command(text: string): Promise<Preset | null> {
    const looked = await this.#client.call('import.look', { source: { type: 'text', text } });
    if (!looked.ok) {
      this.#notices.show(sentence(looked.error), { tone: 'bad' });
      return null;
    }
    const { presets, left } = looked.value;
    if (left.length > 0) {
      const words = left.map(({ where, why }) => `${where}: ${why}`).join(' · ');
      this.#notices.show(`Not taken over: ${words}`);
    }
    return presets[0]?.preset ?? null;
  }

  get #source(): Source | null {
    const text = this.from === 'file' ? this.path.trim() : this.text;
    if (text.trim() === '') return null;
    return this.from === 'file' ? { type: 'file', path: text } : { type: 'text', text };
  }

  #forget(): void {
    this.#turn += 1;
    this.isBusy = false;
    this.found = null;
    this.error = null;
  }
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
