/** Presets that were opened lately, in whichever workspace folder they are. */
import { failure, sentence } from '../../../shared/errors.ts';
import { RECENT_KEPT } from '../../../shared/limits.ts';
import type { PresetLink, RecentPreset } from '../../../shared/workspace.ts';
import type { Notices } from '../notices.svelte.ts';
import type { Presets } from './presets.svelte.ts';
import type { PresetEntry } from '../../../shared/presets-contract.ts';

export interface RecentPresetsHost {
  readonly notices: Notices;
  readonly presets: Presets;
  /** Shows a preset in a tab. */
  readonly open: (entry: PresetEntry) => Promise<unknown>;
}

export class RecentPresets {
  /** Newest first. */
  list = $state.raw<readonly RecentPreset[]>([]);
  readonly #host: RecentPresetsHost;

  constructor(host: RecentPresetsHost) {
    this.#host = host;
  }

  /** @param now ms since 1970 */
  add(
    { folder, path, id }: Omit<PresetLink, 'revision' | 'isChanged'>,
    name: string,
    protocol: string,
    now: number,
  ): void {
    const entry = { folder, path, id, name, protocol, at: now };
    const others = this.list.filter((one) => one.folder !== folder || (one.id !== id && one.path !== path));
    this.list = [entry, ...others].slice(0, RECENT_KEPT);
  }

  /** Opens it, and before it the workspace folder that it is in. One that is gone leaves the list. */
  async open(recent: RecentPreset): Promise<void> {
    const { notices, presets, open } = this.#host;
    // A click may come before the folder has been read.
    if (!presets.isKnown) await presets.loadFolder();
    if (recent.folder !== presets.root) {
      const error = await presets.openFolder(recent.folder);
      if (error !== null) {
        notices.show(sentence(error), { tone: 'bad' });
        return;
      }
    }
    const found = presets.find(recent.path, recent.id);
    if (found?.type === 'preset') {
      await open(found);
      return;
    }
    this.list = this.list.filter((one) => one !== recent);
    const gone = failure(
      'file-not-found',
      `${recent.name} is no longer in ${recent.folder}.`,
      'It is off the list now.',
    );
    notices.show(sentence(gone.error), { tone: 'bad' });
  }
}
