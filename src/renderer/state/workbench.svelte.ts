/** The window as a whole: its tabs, what it remembers, and the link to the engine. */
import type { Client } from '../../rpc/client.ts';
import type { Result, SessionStatus } from '../../shared/contract.ts';
import { sentence } from '../../shared/errors.ts';
import { FRAME_SHOWN_MS, RECENT_KEPT, TABS_KEPT } from '../../shared/limits.ts';
import {
  emptyWorkspace,
  type RecentDocument,
  type TabDocument,
  type Theme,
  type TimeFormat,
  type Workspace,
} from '../../shared/workspace.ts';
import { specOf } from '../../drivers/specs.ts';
import type { AddressActions } from './addresses/row-links.ts';
import { AddressInspector } from './addresses/address-inspector.svelte.ts';
import { ClosedTabs } from './closed-tabs.svelte.ts';
import { History } from './history.svelte.ts';
import { recordingName } from './history-lines.ts';
import { Handovers } from './links/handovers.svelte.ts';
import { documentFor, freshId, newDocument, type Given } from './new-tab.ts';
import { Notices } from './notices.svelte.ts';
import { recordedSpec } from './recorded.svelte.ts';
import { RecordingSettingsForm } from './recording-settings.svelte.ts';
import { RecordingTabs } from './recording-tabs.ts';
import { ServerCheck } from './server-check.svelte.ts';
import { SessionTab } from './session-tab.svelte.ts';
import { hasOpened } from './tab-words.ts';
import { WorkspaceFolder } from './workspace-folder.svelte.ts';
import { WorkspaceSaver } from './workspace-saver.ts';

export class Workbench {
  readonly client: Client;
  readonly notices = new Notices();
  readonly history: History;
  readonly recordingSettings: RecordingSettingsForm;
  readonly recordings: RecordingTabs;
  readonly serverCheck: ServerCheck;
  readonly folder: WorkspaceFolder;
  readonly inspector = new AddressInspector();
  readonly handovers: Handovers;

  tabs = $state.raw<readonly SessionTab[]>([]);
  activeId = $state<string | null>(null);
  theme = $state<Theme>('system');
  timeFormat = $state<TimeFormat>('relative');
  sidebar = $state(true);
  /** Lists of the sidebar that are closed. */
  closedLists = $state.raw<readonly string[]>([]);
  panes = $state.raw<Workspace['panes']>({});
  recent = $state.raw<readonly RecentDocument[]>([]);
  info = $state.raw<Result<'app.info'> | null>(null);
  disconnected = $state(false);
  loaded = $state(false);
  /** False for the moment in which a frame without tabs would only cost a layout of its own. */
  isShown = $state(true);
  newMenuOpen = $state(false);
  sheetOpen = $state(false);

  readonly #closed = new ClosedTabs(this.notices);
  readonly #saver: WorkspaceSaver;
  /** False when the workspace could not be read: then it must not be written over. */
  #maySave = false;

  constructor(client: Client) {
    this.client = client;
    this.#saver = new WorkspaceSaver(client, this.notices);
    this.history = new History(client, this.notices, (recording) => {
      const shown = this.tabs.find((tab) => tab.recorded?.id === recording.recording);
      if (shown !== undefined) shown.title = recordingName(recording);
    });
    this.recordingSettings = new RecordingSettingsForm(client, this.notices);
    this.serverCheck = new ServerCheck(client, this.notices, () => this.info?.capabilities.fileDialogs ?? false);
    this.recordings = new RecordingTabs({
      client,
      notices: this.notices,
      history: this.history,
      tabs: () => this.tabs,
      activate: (tab) => {
        this.activate(tab);
      },
      add: (document) => this.#add(document),
      letGo: (which) => this.#closed.letGo(which),
    });
    this.folder = new WorkspaceFolder({
      client,
      notices: this.notices,
      hasDialogs: () => this.info?.capabilities.fileDialogs ?? false,
      tabs: () => this.tabs,
      active: () => this.active,
      activate: (tab) => {
        this.activate(tab);
      },
      add: (document) => this.#add(document),
      replace: (tab, document) => this.#replace(tab, document),
    });
    this.handovers = new Handovers({ client, notices: this.notices, recordings: this.recordings, folder: this.folder });
    client.on('session.status', (status) => {
      this.#tabOf(status.session)?.update(status);
    });
    client.on('session.removed', ({ session }) => {
      this.#tabOf(session)?.lost();
    });
    client.on('export.progress', (progress) => {
      this.#tabOf(progress.session)?.exporter.take(progress);
    });
    client.onClosed(() => {
      this.disconnected = true;
    });
  }

  readonly exportFolder = { current: '' };
  readonly canDownload = (): boolean => this.info?.capabilities.downloads ?? false;
  /** Where names and addresses lead, wherever they stand. */
  readonly addressActions: AddressActions = {
    lookUp: (name) => this.newTab('dns', { address: name }),
    inspect: (address) => {
      this.inspector.show(address);
    },
  };
  readonly canReveal = (): boolean => this.info?.capabilities.reveal ?? false;

  get active(): SessionTab | null {
    return this.tabs.find((tab) => tab.id === this.activeId) ?? null;
  }

  /** Reads what was remembered and takes up sessions that still run (the window was only reloaded). */
  async load(): Promise<void> {
    this.isShown = false;
    const late = setTimeout(() => (this.isShown = true), FRAME_SHOWN_MS);
    const [info, stored, running] = await Promise.all([
      this.client.call('app.info', {}),
      this.client.call('workspace.load', {}),
      this.client.call('session.list', {}),
    ]);
    clearTimeout(late);
    this.isShown = true;
    if (info.ok) this.info = info.value;
    if (stored.ok && stored.value.notice !== null) this.notices.show(stored.value.notice, { tone: 'bad' });
    if (!stored.ok) this.notices.show(sentence(stored.error), { tone: 'bad' });
    this.#maySave = stored.ok;
    this.#restore(stored.ok ? stored.value.workspace : emptyWorkspace());
    const sessions = running.ok ? running.value.sessions : [];
    const recorded = Promise.all(this.tabs.map((tab) => tab.openRecorded()));
    await this.#adopt(sessions.filter((status) => !status.readOnly));
    this.loaded = true;
    await Promise.all([recorded, this.folder.load(), this.history.load(), this.recordingSettings.load()]);
    void this.handovers.begin();
    for (const { session, readOnly } of sessions) {
      const isShown = this.tabs.some((tab) => tab.session === session);
      if (readOnly && !isShown) void this.client.call('session.remove', { session });
    }
  }

  /** Opens a new tab in front. Without an address, the protocol's usual one. */
  newTab(protocol: string, given: Given = {}): SessionTab | null {
    const spec = specOf(protocol);
    if (spec === undefined) return null;
    return this.#insert(new SessionTab(this, spec, newDocument(spec, given)), this.tabs.length);
  }

  /** Another protocol in the same tab: only while nothing runs in it. Address and message stay, and it can be undone. */
  changeProtocol(tab: SessionTab, protocol: string): void {
    const spec = specOf(protocol);
    if (spec === undefined || tab.isLive || tab.spec.id === protocol) return;
    const other = new SessionTab(this, spec, documentFor(spec, tab.toDocument()));
    tab.preset.handOver(other.preset);
    const index = this.tabs.indexOf(tab);
    this.tabs = this.tabs.map((item) => (item === tab ? other : item));
    if (tab.session === null) return;
    this.#closed.put(tab, index, `${tab.name} is now a ${spec.title}; its rows are put away.`, () => {
      if (!this.tabs.includes(other)) this.#insert(tab, index);
      else this.tabs = this.tabs.map((item) => (item === other ? tab : item));
      void other.forget();
    });
  }

  /** Connects or listens, or ends it. An address that worked is remembered. */
  async toggle(tab: SessionTab): Promise<void> {
    await tab.toggle();
    if (hasOpened(tab)) this.#remember(tab);
  }

  /** Connects without waiting for the attempt that would come by itself. */
  async connect(tab: SessionTab): Promise<void> {
    await tab.open();
    if (hasOpened(tab)) this.#remember(tab);
  }

  forgetRecent(entry: RecentDocument): void {
    this.recent = this.recent.filter((item) => item !== entry);
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

  /** Closes the tab and its session. Until Undo has lapsed it can be had back with its rows. */
  closeTab(tab: SessionTab): void {
    const index = this.tabs.indexOf(tab);
    if (index < 0) return;
    const isKept = !tab.isReadOnly && tab.recordingId !== null;
    const what = tab.isLive ? `Closed ${tab.fullName} and its session` : `Closed ${tab.fullName}`;
    const text = isKept ? `${what}. Its recording is in History.` : `${what}.`;
    // Also one that is only just opening, whose status has not come yet.
    void tab.close();
    void tab.setPace('background');
    this.tabs = this.tabs.filter((item) => item !== tab);
    if (this.activeId === tab.id) this.activeId = (this.tabs[index] ?? this.tabs[index - 1])?.id ?? null;
    this.#closed.put(tab, index, text, () => {
      this.#insert(tab, index);
    });
  }

  /** Opens the tab that was closed last again, with its draft, and its rows when they are still there. */
  reopenTab(): void {
    const last = this.#closed.takeLast();
    if (last === null) return;
    if (last.type === 'tab') {
      this.#insert(last.tab, last.index);
      return;
    }
    const tab = this.#make({ ...last.document, session: null });
    if (tab !== null && this.#insert(tab, this.tabs.length) !== null) void tab.openRecorded();
  }

  /** @returns the path that the person chose in the system's dialog, or null */
  async chooseFile(): Promise<string | null> {
    const chosen = await this.client.call('file.choose', {});
    if (!chosen.ok) this.notices.show(sentence(chosen.error), { tone: 'bad' });
    return chosen.ok ? chosen.value.path : null;
  }

  /** Opens a new tab with the settings of a recording, ready to be connected. */
  newTabLike(tab: SessionTab): void {
    this.newTab(tab.spec.id, { address: tab.address, options: tab.options });
  }

  /** Closes a list of the sidebar, or opens it again. */
  toggleList(name: string): void {
    const others = this.closedLists.filter((item) => item !== name);
    this.closedLists = others.length < this.closedLists.length ? others : [...others, name];
  }

  /** Remembered size of a pane, percent. */
  pane(name: string, usual: number): number {
    return this.panes[name] ?? usual;
  }

  setPane(name: string, size: number): void {
    this.panes = { ...this.panes, [name]: size };
  }

  /** Called by an effect when another tab comes to the front: only that one is told of every change. */
  setPaces(): void {
    for (const tab of this.tabs) void tab.setPace(tab.id === this.activeId ? 'live' : 'background');
  }

  /** Called by an effect whenever anything that is remembered has changed. */
  scheduleSave(): void {
    if (this.loaded && this.#maySave) this.#saver.schedule(this.#toDocument());
  }

  /** The window goes: what waits is saved at once. */
  flush(): void {
    this.#saver.flush();
  }

  #tabOf(session: string): SessionTab | undefined {
    return [...this.tabs, ...this.#closed.tabs].find((tab) => tab.session === session);
  }

  #insert(tab: SessionTab, index: number): SessionTab | null {
    if (this.tabs.length >= TABS_KEPT) {
      this.notices.show(`There are ${TABS_KEPT} tabs open; close one first.`, { tone: 'bad' });
      void tab.forget();
      return null;
    }
    this.tabs = [...this.tabs.slice(0, index), tab, ...this.tabs.slice(index)];
    this.activeId = tab.id;
    this.folder.presetTabs.look(tab);
    return tab;
  }

  #add(document: TabDocument): SessionTab | null {
    const tab = this.#make({ ...document, id: freshId() });
    return tab === null ? null : this.#insert(tab, this.tabs.length);
  }

  #replace(tab: SessionTab, document: TabDocument): SessionTab | null {
    const other = this.#make({ ...document, id: tab.id });
    if (other === null) return null;
    this.tabs = this.tabs.map((item) => (item === tab ? other : item));
    void tab.forget();
    return other;
  }

  #remember(tab: SessionTab): void {
    const address = tab.address.trim();
    if (address === '') return;
    const entry = { protocol: tab.spec.id, address, options: tab.options, at: Date.now() };
    const others = this.recent.filter((item) => item.protocol !== entry.protocol || item.address !== address);
    this.recent = [entry, ...others].slice(0, RECENT_KEPT);
  }

  /** The tab of a document; null when its protocol is not known to this version. */
  #make(document: TabDocument): SessionTab | null {
    const spec = document.recording === null ? specOf(document.protocol) : recordedSpec(document.protocol);
    return spec === undefined ? null : new SessionTab(this, spec, document);
  }

  #restore(workspace: Workspace): void {
    this.theme = workspace.theme;
    this.timeFormat = workspace.timeFormat;
    this.sidebar = workspace.sidebar;
    this.panes = workspace.panes;
    this.recent = workspace.recent;
    this.folder.recent.list = workspace.recentPresets;
    this.folder.presets.tree.folders = workspace.folders;
    this.closedLists = workspace.closedLists;
    const restored = workspace.tabs.flatMap((document) => {
      const tab = this.#make(document);
      return tab === null ? [] : [{ tab, session: document.session }];
    });
    for (const { tab, session } of restored) if (!tab.isReadOnly) tab.session = session;
    const unknown = workspace.tabs.length - restored.length;
    if (unknown > 0) {
      const tabs = unknown === 1 ? 'One tab is' : `${unknown} tabs are`;
      this.notices.show(`${tabs} of a protocol that this version does not know, and left out.`, { tone: 'bad' });
    }
    // A tab may have been opened while this was read.
    this.tabs = [...restored.map(({ tab }) => tab), ...this.tabs];
    this.activeId ??= workspace.active;
    if (this.active === null) this.activeId = this.tabs[0]?.id ?? null;
  }

  /** Gives every session that runs its tab back, a new one where none has it; ends those that only wait for an undo. */
  async #adopt(running: readonly SessionStatus[]): Promise<void> {
    const known = new Map(running.map((status) => [status.session, status]));
    const taken: Promise<void>[] = [];
    for (const tab of this.tabs) {
      const session = tab.session;
      if (session === null || tab.isReadOnly) continue;
      tab.session = null;
      if (known.delete(session)) taken.push(tab.adopt(session));
    }
    for (const status of known.values()) {
      const isLive = status.state === 'opening' || status.state === 'open' || status.state === 'closing';
      const spec = isLive ? specOf(status.protocol) : undefined;
      const address = (spec?.role === 'server' ? status.local : status.remote) ?? '';
      const tab = spec === undefined ? null : this.newTab(spec.id, { address });
      if (tab !== null) taken.push(tab.adopt(status.session));
      else void this.client.call('session.remove', { session: status.session });
    }
    await Promise.all(taken);
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
      recentPresets: [...this.folder.recent.list],
      folders: this.folder.presets.tree.folders,
      closedLists: [...this.closedLists],
    };
  }
}
