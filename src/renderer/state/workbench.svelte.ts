/** The window as a whole: its tabs, what it remembers, and the link to the engine. */
import type { Client } from '../../rpc/client.ts';
import type { Result } from '../../shared/contract.ts';
import { sentence } from '../../shared/errors.ts';
import { CLOSED_TABS_KEPT, RECENT_KEPT, TABS_KEPT, UNDO_MS } from '../../shared/limits.ts';
import {
  emptyWorkspace,
  tabSchema,
  type RecentDocument,
  type TabDocument,
  type Theme,
  type TimeFormat,
  type Workspace,
} from '../../shared/workspace.ts';
import { specOf } from '../../drivers/specs.ts';
import type { Options } from '../../drivers/spec.ts';
import { Notices } from './notices.svelte.ts';
import { SessionTab } from './session-tab.svelte.ts';

/** Quiet time before a change is saved: long enough for a word, short enough to lose none. */
const SAVE_DELAY_MS = 300;

function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export class Workbench {
  readonly client: Client;
  readonly notices = new Notices();

  tabs = $state.raw<readonly SessionTab[]>([]);
  activeId = $state<string | null>(null);
  theme = $state<Theme>('system');
  timeFormat = $state<TimeFormat>('relative');
  sidebar = $state(true);
  panes = $state.raw<Workspace['panes']>({});
  recent = $state.raw<readonly RecentDocument[]>([]);
  closed = $state.raw<readonly SessionTab[]>([]);
  info = $state.raw<Result<'app.info'> | null>(null);
  disconnected = $state(false);
  loaded = $state(false);
  newMenuOpen = $state(false);
  sheetOpen = $state(false);

  #saveTimer: ReturnType<typeof setTimeout> | null = null;
  #saved = '';

  constructor(client: Client) {
    this.client = client;
    client.on('session.status', (status) => {
      for (const tab of [...this.tabs, ...this.closed]) if (tab.session === status.session) tab.update(status);
    });
    client.onClosed(() => {
      this.disconnected = true;
    });
  }

  get active(): SessionTab | null {
    return this.tabs.find((tab) => tab.id === this.activeId) ?? null;
  }

  /** Reads what was remembered and takes up sessions that still run (the window was only reloaded). */
  async load(): Promise<void> {
    const [info, stored, running] = await Promise.all([
      this.client.call('app.info', {}),
      this.client.call('workspace.load', {}),
      this.client.call('session.list', {}),
    ]);
    if (info.ok) this.info = info.value;
    if (stored.ok && stored.value.notice !== null) this.notices.show(stored.value.notice, { tone: 'bad' });
    if (!stored.ok) this.notices.show(sentence(stored.error), { tone: 'bad' });
    this.#restore(stored.ok ? stored.value.workspace : emptyWorkspace());
    this.loaded = true;
    const alive = new Set(running.ok ? running.value.sessions.map((status) => status.session) : []);
    await Promise.all(
      this.tabs.map(async (tab) => {
        const session = tab.session;
        tab.session = null;
        if (session !== null && alive.has(session)) await tab.adopt(session);
      }),
    );
  }

  /** Opens a new tab in front. Without an address, the protocol's usual one. */
  newTab(protocol: string, given: { address?: string; options?: Options; title?: string } = {}): SessionTab | null {
    const spec = specOf(protocol);
    if (spec === undefined) return null;
    if (this.tabs.length >= TABS_KEPT) {
      this.notices.show(`There are ${TABS_KEPT} tabs open; close one first.`, { tone: 'bad' });
      return null;
    }
    const document = tabSchema.parse({
      id: freshId(),
      protocol,
      title: given.title ?? '',
      address: given.address ?? spec.address.default,
      options: given.options ?? {},
      section: spec.role === 'server' ? 'connections' : 'messages',
    });
    const tab = new SessionTab(this.client, spec, document);
    this.tabs = [...this.tabs, tab];
    this.activeId = tab.id;
    return tab;
  }

  /** Another protocol in the same tab: only while nothing runs in it. Address and message stay. */
  changeProtocol(tab: SessionTab, protocol: string): void {
    const spec = specOf(protocol);
    if (spec === undefined || tab.isLive || tab.spec.id === protocol) return;
    const document: TabDocument = {
      ...tab.toDocument(),
      protocol,
      session: null,
      section: spec.role === 'server' ? 'connections' : 'messages',
    };
    const other = new SessionTab(this.client, spec, document);
    void tab.forget();
    this.tabs = this.tabs.map((item) => (item === tab ? other : item));
  }

  /** Connects or listens, or ends it; remembers where. */
  async toggle(tab: SessionTab): Promise<void> {
    if (!tab.isLive) this.#remember(tab);
    await tab.toggle();
  }

  activate(tab: SessionTab): void {
    this.activeId = tab.id;
  }

  /** The tab `step` places on, around the ends. */
  step(step: 1 | -1): void {
    const index = this.tabs.findIndex((tab) => tab.id === this.activeId);
    const next = this.tabs[(index + step + this.tabs.length) % this.tabs.length];
    if (next !== undefined) this.activate(next);
  }

  move(tab: SessionTab, to: number): void {
    const others = this.tabs.filter((item) => item !== tab);
    this.tabs = [...others.slice(0, to), tab, ...others.slice(to)];
  }

  /** Closes the tab and its session. The recording stays until Undo has lapsed. */
  closeTab(tab: SessionTab): void {
    const index = this.tabs.indexOf(tab);
    if (index < 0) return;
    const wasLive = tab.isLive;
    if (wasLive) void tab.close();
    this.tabs = this.tabs.filter((item) => item !== tab);
    if (this.activeId === tab.id) this.activeId = (this.tabs[index] ?? this.tabs[index - 1])?.id ?? null;
    this.closed = [...this.closed.slice(1 - CLOSED_TABS_KEPT), tab];
    this.notices.show(wasLive ? `Closed ${tab.name} and its session.` : `Closed ${tab.name}.`, {
      stay: UNDO_MS,
      action: {
        label: 'Undo',
        run: () => {
          this.#reopen(tab, index);
        },
      },
      gone: () => {
        if (this.closed.includes(tab)) void tab.forget();
      },
    });
  }

  /** Opens the tab that was closed last again, with its draft, and its recording when that is still there. */
  reopenTab(): void {
    const tab = this.closed.at(-1);
    if (tab !== undefined) this.#reopen(tab, this.tabs.length);
  }

  /** A server tab that echoes and a client tab connected to it. */
  async echoDemo(): Promise<void> {
    const server = this.newTab('tcp-server', {
      title: 'Echo server',
      address: '127.0.0.1:0',
      options: { behaviour: 'echo' },
    });
    await server?.open();
    const address = server?.status?.local ?? null;
    if (address === null) return;
    const client = this.newTab('tcp-client', { title: 'Echo client', address });
    if (client === null) return;
    client.composer.draft.text = 'hello world';
    await client.open();
    await client.composer.send(null);
  }

  /** Remembered size of a pane, percent. */
  pane(name: string, usual: number): number {
    return this.panes[name] ?? usual;
  }

  setPane(name: string, size: number): void {
    this.panes = { ...this.panes, [name]: Math.round(size * 10) / 10 };
  }

  /** Called by an effect whenever anything that is remembered has changed. */
  scheduleSave(): void {
    if (!this.loaded) return;
    const workspace = this.#toDocument();
    const text = JSON.stringify(workspace);
    if (text === this.#saved) return;
    if (this.#saveTimer !== null) clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => {
      this.#saveTimer = null;
      this.#saved = text;
      void this.#save(workspace);
    }, SAVE_DELAY_MS);
  }

  async #save(workspace: Workspace): Promise<void> {
    const outcome = await this.client.call('workspace.save', { workspace });
    if (!outcome.ok && outcome.error.code !== 'disconnected') {
      this.notices.show(sentence(outcome.error), { tone: 'bad' });
    }
  }

  #reopen(tab: SessionTab, index: number): void {
    if (!this.closed.includes(tab)) return;
    this.closed = this.closed.filter((item) => item !== tab);
    this.tabs = [...this.tabs.slice(0, index), tab, ...this.tabs.slice(index)];
    this.activeId = tab.id;
  }

  #remember(tab: SessionTab): void {
    const address = tab.address.trim();
    if (address === '') return;
    const entry = { protocol: tab.spec.id, address, options: tab.options, at: Date.now() };
    const others = this.recent.filter((item) => item.protocol !== entry.protocol || item.address !== address);
    this.recent = [entry, ...others].slice(0, RECENT_KEPT);
  }

  #restore(workspace: Workspace): void {
    this.theme = workspace.theme;
    this.timeFormat = workspace.timeFormat;
    this.sidebar = workspace.sidebar;
    this.panes = workspace.panes;
    this.recent = workspace.recent;
    this.tabs = workspace.tabs.flatMap((document) => {
      const spec = specOf(document.protocol);
      if (spec === undefined) return [];
      const tab = new SessionTab(this.client, spec, document);
      tab.session = document.session;
      return [tab];
    });
    this.activeId = workspace.active;
    if (this.active === null) this.activeId = this.tabs[0]?.id ?? null;
  }

  #toDocument(): Workspace {
    return {
      version: 1,
      theme: this.theme,
      timeFormat: this.timeFormat,
      sidebar: this.sidebar,
      panes: this.panes,
      tabs: this.tabs.map((tab) => tab.toDocument()),
      active: this.activeId,
      recent: [...this.recent],
    };
  }
}
