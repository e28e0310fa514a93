/** Hands the workspace to the engine when it has changed: a little later, or at once when the window goes. */
import type { Client } from '../../rpc/client.ts';
import { sentence } from '../../shared/errors.ts';
import { WORKSPACE_BYTES } from '../../shared/limits.ts';
import type { Workspace } from '../../shared/workspace.ts';
import { formatSize } from '../format/size.ts';
import type { Notices } from './notices.svelte.ts';

/** Quiet time before a change is saved: long enough for a word, short enough to lose none. */
const SAVE_DELAY_MS = 300;

export class WorkspaceSaver {
  readonly #client: Client;
  readonly #notices: Notices;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #next: { readonly workspace: Workspace; readonly text: string } | null = null;
  #saved = '';
  #toldTooLarge = false;

  constructor(client: Client, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  /** Takes the newest state; what was waiting is replaced. */
  schedule(workspace: Workspace): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const text = JSON.stringify(workspace);
    this.#next = text === this.#saved ? null : { workspace, text };
    if (this.#next === null) return;
    this.#timer = setTimeout(() => {
      this.flush();
    }, SAVE_DELAY_MS);
  }

  /** Saves what waits, now. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const next = this.#next;
    this.#next = null;
    if (next === null || !this.#isSmallEnough(next.text)) return;
    this.#saved = next.text;
    void this.#save(next.workspace);
  }

  async #save(workspace: Workspace): Promise<void> {
    const outcome = await this.#client.call('workspace.save', { workspace });
    if (outcome.ok || outcome.error.code === 'disconnected') return;
    this.#notices.show(`Tabs and drafts could not be saved. ${sentence(outcome.error)}`, { tone: 'bad' });
  }

  /** Characters, not bytes: a cheap first look; the engine measures exactly. */
  #isSmallEnough(text: string): boolean {
    const isSmall = text.length <= WORKSPACE_BYTES;
    if (!isSmall && !this.#toldTooLarge) {
      const limit = formatSize(WORKSPACE_BYTES);
      this.#notices.show(`The drafts are larger than ${limit} together: they will not be there after a restart.`, {
        tone: 'bad',
      });
    }
    this.#toldTooLarge = !isSmall;
    return isSmall;
  }
}
