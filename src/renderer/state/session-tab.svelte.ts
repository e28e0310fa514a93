/**
 * One tab: what the person has typed (a draft that survives a restart) and
 * what the engine says of the session that was made from it.
 */
import type { Client } from '../../rpc/client.ts';
import type { Params, Result, SessionStatus } from '../../shared/contract.ts';
import { failure, type Outcome, type WireError } from '../../shared/errors.ts';
import { kindTable } from '../../shared/record.ts';
import { composerSchema, type TabDocument } from '../../shared/workspace.ts';
import type { Options, OptionValue, Spec } from '../../drivers/spec.ts';
import type { MarkState } from '../components/state-mark.ts';
import { AskedAction } from './asked-action.svelte.ts';
import { Composer } from './composer.svelte.ts';
import { Connections } from './connections.svelte.ts';
import { Detail } from './detail.svelte.ts';
import { Exporter } from './exporter.svelte.ts';
import { LastDrop } from './last-drop.svelte.ts';
import { MessageList } from './message-list.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import { PeerNames } from './peer-names.svelte.ts';
import { QueryTable } from './query-table.svelte.ts';
import { knownOptions } from './options.svelte.ts';
import { TabPreset } from './presets/tab-preset.svelte.ts';
import { Recorded } from './recorded.svelte.ts';
import { Rates } from './rates.svelte.ts';
import { TabTerminal } from './terminal/tab-terminal.svelte.ts';
import { firstSection } from './tab-sections.ts';
import { fullNameOf, markOf, nameOf, readyState, showsWhatComes } from './tab-words.ts';

/** `live`: in front, every change at once. `background`: enough for the mark of its state. */
export type Pace = Params<'session.watch'>['pace'];

/** What a tab needs of the window around it. */
export interface TabHost {
  readonly client: Client;
  readonly notices: Notices;
  /** Whether the host can show a file in the system's file manager. */
  readonly canReveal: () => boolean;
  /** Whether the browser that the window is in can fetch a file from the host. */
  readonly canDownload: () => boolean;
  /** Where files were exported to before. */
  readonly exportFolder: { current: string };
}

export class SessionTab {
  readonly id: string;
  readonly spec: Spec;
  /** The recording that this tab shows; null: an ordinary tab. */
  readonly recorded: Recorded | null;
  readonly messages: MessageList;
  readonly detail: Detail;
  readonly composer: Composer;
  readonly connections: Connections;
  readonly peerNames: PeerNames;
  readonly exporter: Exporter;
  readonly asked: AskedAction;
  /** The file that the tab belongs to, if any, and the messages that are kept with it. */
  readonly preset: TabPreset;
  readonly query = new QueryTable({
    address: () => this.address,
    change: (address) => {
      this.address = address;
    },
  });
  readonly rates = new Rates();
  readonly drop = new LastDrop();
  readonly terminal: TabTerminal;

  title = $state('');
  address = $state('');
  options = $state.raw<Options>({});
  section = $state<TabDocument['section']>('messages');
  session = $state<string | null>(null);
  status = $state.raw<SessionStatus | null>(null);
  /** What stands in the alert: the newest failure, of the session or of what the person did. */
  error = $state.raw<WireError | null>(null);

  readonly #client: Client;
  #pace: Pace = 'background';
  /** While `session.create` is under way, so that there is only ever one session. */
  #creating: Promise<string | null> | null = null;
  /** While an `open` is under way; a second one joins it. */
  #opening: Promise<void> | null = null;
  /** Aborted when `close` comes before there is anything to close: what is being made is then not opened. */
  #making = new AbortController();

  constructor({ client, notices, canReveal, canDownload, exportFolder }: TabHost, spec: Spec, document: TabDocument) {
    this.#client = client;
    this.spec = spec;
    this.id = document.id;
    this.title = document.title;
    this.address = document.address;
    this.section = document.section;
    const recorded = document.recording === null ? null : new Recorded(document.recording);
    this.recorded = recorded;
    // Of a recording they are facts: also those that the spec does not know (any more).
    this.options = recorded === null ? knownOptions(spec, document.options) : document.options;
    const kinds = kindTable(spec.kinds);
    const session = (): string | null => this.session;
    const source = { client, session, kinds: () => recorded?.kinds ?? kinds };
    this.messages = new MessageList({ ...source, beginsAtTail: recorded === null });
    this.messages.filter = document.filter;
    this.messages.remember(document.row);
    this.messages.level = document.level;
    this.detail = new Detail({ ...source, role: spec.role });
    this.detail.tab = document.detail;
    const { messages } = this;
    this.exporter = new Exporter({
      ...{ client, notices, session, messages, canReveal, canDownload },
      name: () => this.name,
      folder: exportFolder,
    });
    this.asked = new AskedAction({
      last: document.actions,
      run: async (action, peer, values) => {
        const id = this.session;
        if (id === null) return failure('not-open', 'Nothing is connected, so nothing was done.');
        return client.call('session.act', { session: id, action, peer, values });
      },
    });
    this.connections = new Connections({
      client,
      session,
      actions: spec.actions,
      asks: (action, peer, whom) => this.#asks(action, peer, whom),
    });
    this.terminal = new TabTerminal(document.terminal);
    this.peerNames = new PeerNames({ client, session });
    this.preset = new TabPreset({ client, notices, tab: this }, document);
    this.composer = new Composer({
      client,
      session,
      spec,
      draft: composerSchema.parse(document.composer),
      canSend: () => this.isOpen && !this.isReadOnly && readyState(spec, this.status) !== 'readOnly',
      target: () => this.connections.target,
    });
  }

  /** True for a recording: nothing can be opened, sent or closed. */
  get isReadOnly(): boolean {
    return this.recorded !== null;
  }

  /** Name in History of what this tab records or shows; null when it is not there. */
  get recordingId(): string | null {
    return this.recorded?.id ?? this.status?.recording.id ?? null;
  }

  get state(): SessionStatus['state'] {
    return this.status?.state ?? 'idle';
  }

  /** True while something can be sent: also while a server that stopped accepting still has connections. */
  get isOpen(): boolean {
    return this.state === 'open' || (this.state === 'closing' && this.status?.peers.open !== 0);
  }

  /** True while the primary button would end something. */
  get isLive(): boolean {
    return this.state === 'opening' || this.state === 'open' || this.state === 'closing';
  }

  /** True while the engine goes by what was typed when it was opened, also for connecting again. */
  get isLocked(): boolean {
    return this.isLive || (this.status?.reconnect ?? null) !== null;
  }

  /** The state as a mark shows it: of a client also which of the two directions has ended. */
  get mark(): MarkState {
    return markOf(this.spec, this.status);
  }

  get isServer(): boolean {
    return this.spec.role === 'server';
  }

  /** The title, else the address without a password that is in it: of a server that listens the real one. */
  get name(): string {
    return nameOf(this);
  }

  /** The name in full, for those who do not see the tag. */
  get fullName(): string {
    return fullNameOf(this);
  }

  /** What a person should know before this opens. */
  get warning(): { code: string; message: string; hint: string } | null {
    if (this.isReadOnly) return null;
    const message = this.spec.warning?.(this.address, this.options) ?? null;
    return message === null ? null : { code: 'warning', message, hint: '' };
  }

  /** Why the disk does not take what is recorded: stands until it does again. */
  get diskTrouble(): WireError | null {
    return this.isReadOnly ? null : (this.status?.recording.error ?? null);
  }

  /** How many options differ from their defaults. */
  get changedOptions(): number {
    return this.spec.fields.filter((field) => this.options[field.id] !== field.default).length;
  }

  /** Shows the messages with the field that goes to one of them. */
  goTo(): void {
    if (this.section !== 'connections') this.section = 'messages';
    this.messages.actions.isGoing = true;
  }

  setOption(id: string, value: OptionValue): void {
    this.options = { ...this.options, [id]: value };
  }

  /** Connects or listens; resolves when that has come to something. A failure stands in `error`. */
  open(): Promise<void> {
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** Ends the session, also one that is only just being made. */
  async close(): Promise<void> {
    this.#making.abort();
    if (this.session === null || this.isReadOnly) return;
    this.error = null;
    this.#note(await this.#client.call('session.close', { session: this.session }));
  }

  async toggle(): Promise<void> {
    await (this.isLive ? this.close() : this.open());
  }

  /** One action of the spec, at once or, when it needs something, after asking for it. */
  async act(action: string, peer: number | null = null): Promise<void> {
    if (this.session === null || this.#asks(action, peer, '')) return;
    this.error = null;
    this.#note(await this.#client.call('session.act', { session: this.session, action, peer }));
  }

  /** Sends a saved message by its place, if there is one. */
  sendSaved(index: number): void {
    const kept = this.isReadOnly ? undefined : this.preset.messages.list[index];
    if (kept !== undefined) void this.composer.sendSaved(kept.message);
  }

  async setReading(reading: boolean, peer: number | null = null): Promise<void> {
    if (this.session === null) return;
    this.#note(await this.#client.call('session.setReading', { session: this.session, peer, reading }));
  }

  /** The owner hands each status event of this tab's session here. */
  update(status: SessionStatus): void {
    const before = this.status?.state;
    this.status = status;
    if (status.state === 'failed' && before !== 'failed' && !this.isReadOnly) this.error = status.error;
    this.drop.update(this.spec, status);
    // It has come back by itself.
    if (status.state === 'open' && before === 'opening') this.error = null;
    this.messages.update(status);
    this.connections.update(status);
    this.composer.update(status);
    this.rates.update(status);
  }

  /** Takes up a session that the engine still has: the window was reloaded, or the closing of the tab undone. */
  async adopt(session: string): Promise<void> {
    this.session = session;
    await this.#watch();
  }

  /** Opens the recording of this tab (again). */
  async openRecorded(): Promise<void> {
    const { recorded } = this;
    if (recorded === null) return;
    recorded.state = 'opening';
    const opened = await this.#client.call('recordings.open', recorded.source);
    if (opened.ok) await this.takeRecorded(opened.value);
    else this.#recordedGone(opened.error);
  }

  /** The engine has opened the recording of this tab. */
  async takeRecorded(opened: Result<'recordings.open'>): Promise<void> {
    if (this.recorded === null) return;
    this.recorded.kinds = opened.kinds;
    this.recorded.error = null;
    this.recorded.state = 'open';
    await this.adopt(opened.session);
  }

  #recordedGone(error: WireError): void {
    if (this.recorded === null) return;
    this.recorded.error = error;
    this.recorded.state = 'gone';
  }

  /** How often the engine tells of this session. */
  async setPace(pace: Pace): Promise<void> {
    if (pace === this.#pace) return;
    this.#pace = pace;
    await this.#watch();
  }

  /** Ends the session and forgets its rows, which stay in History; the draft stays. */
  async forget(): Promise<void> {
    await this.#creating;
    const session = this.session;
    this.lost();
    if (session !== null) await this.#client.call('session.remove', { session });
  }

  /** The engine no longer has the session: there is nothing left of it to show. */
  lost(): void {
    this.rates.dispose();
    this.terminal.end();
    this.connections.reset();
    this.messages.peer = null;
    this.session = null;
    this.status = null;
    const gone = failure('gone', 'This recording is no longer open: it was deleted, or closed elsewhere.');
    this.#recordedGone(gone.error);
  }

  toDocument(): TabDocument {
    return {
      id: this.id,
      title: this.title,
      protocol: this.spec.id,
      address: this.address,
      options: this.options,
      session: this.session,
      recording: this.recorded?.source ?? null,
      composer: this.composer.toDocument(),
      ...this.preset.toDocument(),
      section: this.section,
      detail: this.detail.tab,
      level: this.messages.level,
      actions: this.asked.last,
      filter: this.messages.filter,
      row: this.messages.place,
      terminal: this.terminal.settings,
    };
  }

  async #open(): Promise<void> {
    this.error = null;
    this.drop.forget();
    // Who opens wants to see what comes of it.
    this.messages.follow(true);
    const { signal } = (this.#making = new AbortController());
    const session = await this.#ensureSession();
    if (session === null || signal.aborted) return;
    if (!showsWhatComes(this.section)) this.section = firstSection(this.spec);
    const opened = await this.#client.call('session.open', { session, config: this.#config() });
    if (opened.ok) this.update(opened.value.status);
    else this.#note(opened);
  }

  /** @returns whether the action needs something, for which it is asked now */
  #asks(id: string, peer: number | null, whom: string): boolean {
    const action = this.spec.actions.find((one) => one.id === id);
    if (action?.fields === undefined || action.fields.length === 0) return false;
    this.asked.ask(action, peer, whom);
    return true;
  }

  #config(): Params<'session.create'>['config'] {
    return { protocol: this.spec.id, address: this.address, options: this.options };
  }

  #note(outcome: Outcome<unknown>): void {
    // `cancelled` is what the person asked for.
    if (outcome.ok || outcome.error.code === 'cancelled') return;
    this.error = outcome.error;
  }

  async #watch(): Promise<void> {
    if (this.session === null) return;
    await this.#client.call('session.watch', { session: this.session, on: true, pace: this.#pace });
  }

  async #ensureSession(): Promise<string | null> {
    if (this.session !== null) return this.session;
    this.#creating ??= this.#create().finally(() => {
      this.#creating = null;
    });
    return this.#creating;
  }

  async #create(): Promise<string | null> {
    const preset = this.title === '' ? {} : { preset: this.title };
    const made = await this.#client.call('session.create', { config: this.#config(), ...preset });
    if (made.ok) await this.adopt(made.value.session);
    else this.error = made.error;
    return this.session;
  }
}
