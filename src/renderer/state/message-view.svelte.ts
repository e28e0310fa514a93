/**
 * Which rows of a session are listed: all of them, or a view that the engine
 * keeps for a filter, a connection, and messages or frames. The newest wish
 * wins; a view that is no longer wanted is closed.
 */
import type { Client } from '../../rpc/client.ts';
import type { WireError } from '../../shared/errors.ts';
import { FRAME_KIND } from '../../shared/filter.ts';
import { FILTER_DEBOUNCE_MS } from '../../shared/limits.ts';
import type { Scheduler } from './scheduler.ts';

/** `messages`: each message is a row. `frames`: each frame is; a message that was one plain frame stands for it. */
export type RowLevel = 'messages' | 'frames';

export interface MessageViewOptions {
  readonly client: Client;
  readonly session: () => string | null;
  readonly scheduler: Scheduler;
  /** Called when `id` has changed. */
  readonly onchange: () => void;
}

export class MessageView {
  readonly #options: MessageViewOptions;
  #filter = $state('');
  #peer = $state<number | null>(null);
  #level = $state<RowLevel>('messages');
  #hasFrames = $state(false);
  #id = $state<number | null>(null);
  #error = $state.raw<WireError | null>(null);
  #opening = $state(false);
  /** The session that `id` belongs to. */
  #owner: string | null = null;
  #generation = 0;
  #cancelPause: (() => void) | null = null;

  constructor(options: MessageViewOptions) {
    this.#options = options;
  }

  /** The engine's number of the view; null: all rows. */
  get id(): number | null {
    return this.#id;
  }

  /** Why the filter cannot be run. The rows of the last good one stay. */
  get error(): WireError | null {
    return this.#error;
  }

  /** True until the engine has answered. */
  get opening(): boolean {
    return this.#opening;
  }

  /** True when not all rows are wanted. */
  get isFiltered(): boolean {
    return this.query !== '' || this.#peer !== null;
  }

  /** The filter that the engine runs: what was typed and, where there are frames, what the level leaves out. */
  get query(): string {
    const level = !this.#hasFrames ? '' : this.#level === 'frames' ? '-is:framed' : `-kind:${FRAME_KIND}`;
    // In front, where a quotation mark that is not closed yet cannot swallow it.
    return `${level} ${this.#filter.trim()}`.trim();
  }

  get level(): RowLevel {
    return this.#level;
  }

  set level(level: RowLevel) {
    if (level === this.#level) return;
    this.#level = level;
    if (this.#hasFrames) void this.#apply();
  }

  /** Whether there can be rows of frames: without them both levels are the same, and cost nothing. */
  set hasFrames(hasFrames: boolean) {
    if (hasFrames === this.#hasFrames) return;
    this.#hasFrames = hasFrames;
    void this.#apply();
  }

  /** As typed (see shared/filter.ts); run after a pause in typing. */
  get filter(): string {
    return this.#filter;
  }

  set filter(text: string) {
    const before = this.#filter.trim();
    this.#filter = text;
    if (text.trim() === before) return;
    this.#cancelPause?.();
    if (!this.isFiltered) {
      void this.#apply();
      return;
    }
    this.#cancelPause = this.#options.scheduler.later(FILTER_DEBOUNCE_MS, () => {
      this.#cancelPause = null;
      void this.#apply();
    });
  }

  /** Only the records of this connection; null: of all. */
  get peer(): number | null {
    return this.#peer;
  }

  set peer(peer: number | null) {
    if (peer === this.#peer) return;
    this.#peer = peer;
    void this.#apply();
  }

  /** The rows are those of another session, or of another run. Opens the wanted view anew. */
  restart(): void {
    this.#closeCurrent();
    this.#error = null;
    void this.#apply();
  }

  async #apply(): Promise<void> {
    this.#cancelPause?.();
    this.#cancelPause = null;
    this.#generation += 1;
    const generation = this.#generation;
    const session = this.#options.session();
    if (session === null || !this.isFiltered) {
      this.#opening = false;
      this.#show(null);
      return;
    }
    this.#opening = true;
    const { client } = this.#options;
    const opened = await client.call('view.open', { session, filter: this.query, peer: this.#peer });
    if (generation !== this.#generation) {
      if (opened.ok) void client.call('view.close', { session, view: opened.value.view });
      return;
    }
    this.#opening = false;
    if (opened.ok) this.#show(opened.value.view);
    else this.#error = opened.error;
  }

  #show(view: number | null): void {
    this.#error = null;
    if (view === this.#id) return;
    this.#closeCurrent();
    this.#id = view;
    this.#owner = this.#options.session();
    this.#options.onchange();
  }

  #closeCurrent(): void {
    const [view, session] = [this.#id, this.#owner];
    this.#id = null;
    if (view !== null && session !== null) void this.#options.client.call('view.close', { session, view });
  }
}
