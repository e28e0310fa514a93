/**
 * Tabs that were closed a moment ago, and those whose undoing has lapsed. The
 * first still have their session's recording, the second only their draft.
 */
import { CLOSED_TABS_KEPT, UNDO_MS } from '../../shared/limits.ts';
import type { TabDocument } from '../../shared/workspace.ts';
import type { Notices } from './notices.svelte.ts';
import type { SessionTab } from './session-tab.svelte.ts';

interface Closed {
  /** Its place among the tabs. */
  readonly index: number;
  /** The tab with its session; null once that has been forgotten. */
  readonly tab: SessionTab | null;
  readonly document: TabDocument;
  /** Number of the notice that offers to undo. */
  readonly notice: number;
}

/** What can be opened again: the very tab, or its draft. */
export type Reopened =
  | { readonly type: 'tab'; readonly tab: SessionTab; readonly index: number }
  | { readonly type: 'document'; readonly document: TabDocument };

export class ClosedTabs {
  #list = $state.raw<readonly Closed[]>([]);
  readonly #notices: Notices;

  constructor(notices: Notices) {
    this.#notices = notices;
  }

  /** Tabs that still have a session: their status events go on. */
  get tabs(): readonly SessionTab[] {
    return this.#list.flatMap(({ tab }) => (tab === null ? [] : [tab]));
  }

  /** Forgets tabs now, before their undoing has lapsed: what they record is wanted elsewhere. */
  async letGo(which: (tab: SessionTab) => boolean): Promise<void> {
    const going = this.#list.filter(({ tab }) => tab !== null && which(tab));
    this.#list = this.#list.map((item) => (going.includes(item) ? { ...item, tab: null } : item));
    for (const { notice } of going) this.#notices.dismiss(notice);
    await Promise.all(going.flatMap(({ tab }) => (tab === null ? [] : [tab.forget()])));
  }

  /** Keeps a tab and offers to undo; `text` says what happened. Until that lapses its recording stays. */
  put(tab: SessionTab, index: number, text: string, undo: () => void): void {
    const notice = this.#notices.show(text, {
      stay: UNDO_MS,
      action: {
        label: 'Undo',
        run: () => {
          if (this.#take((item) => item === closed) !== null) undo();
        },
      },
      gone: () => {
        if (!this.#list.includes(closed)) return;
        this.#list = this.#list.map((item) => (item === closed ? { ...closed, tab: null } : item));
        void tab.forget();
      },
    });
    const closed: Closed = { index, tab, document: tab.toDocument(), notice };
    const list = [...this.#list, closed];
    for (const evicted of list.slice(0, -CLOSED_TABS_KEPT)) void evicted.tab?.forget();
    this.#list = list.slice(-CLOSED_TABS_KEPT);
  }

  /** The one that was closed last, or null; it is no longer kept here. */
  takeLast(): Reopened | null {
    const last = this.#list.at(-1);
    const taken = this.#take((item) => item === last);
    if (taken === null) return null;
    return taken.tab === null
      ? { type: 'document', document: taken.document }
      : { type: 'tab', tab: taken.tab, index: taken.index };
  }

  #take(which: (item: Closed) => boolean): Closed | null {
    const taken = this.#list.find(which) ?? null;
    this.#list = this.#list.filter((item) => item !== taken);
    return taken;
  }
}
