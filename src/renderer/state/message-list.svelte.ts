/**
 * The message list of one session: its filter, what is selected, and the rows
 * that are in view. Its owner hands it every status.
 */
import { untrack } from 'svelte';
import type { Client } from '../../rpc/client.ts';
import type { RowRange, SessionStatus } from '../../shared/contract.ts';
import { failure, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { FRAME_KIND } from '../../shared/filter.ts';
import type { RecordView } from '../../shared/record.ts';
import { copyText } from './clipboard.ts';
import { MessageRange } from './message-range.svelte.ts';
import { MessageSelection, rowTarget, type RowSpan } from './message-selection.svelte.ts';
import { MessageView, type RowLevel } from './message-view.svelte.ts';
import { readPayloadText } from './payload-reader.svelte.ts';
import { RowActions } from './row-actions.svelte.ts';
import { browserScheduler, type Scheduler } from './scheduler.ts';
import type { VirtualList } from './virtual-list.svelte.ts';

export interface MessageListOptions {
  readonly client: Client;
  /** The engine's session, or null while there is none. */
  readonly session: () => string | null;
  /** Names of the kinds: `kindTable(spec.kinds)`, or those of a recording. */
  readonly kinds: () => readonly string[];
  /** Whether new rows are followed from the beginning; true by default. */
  readonly beginsAtTail?: boolean;
  readonly scheduler?: Scheduler;
}

export class MessageList {
  readonly #kinds: () => readonly string[];
  readonly #client: Client;
  readonly #session: () => string | null;
  readonly #view: MessageView;
  readonly #range: MessageRange;
  readonly #selection = new MessageSelection();
  readonly actions: RowActions;
  #whole = $state.raw<RowRange>({ first: 0, end: 0 });
  #progress = $state.raw<{ readonly scanned: number; readonly total: number } | null>(null);
  /** Why the engine has given the view up. */
  #failure = $state.raw<WireError | null>(null);
  /** Rows that the view leaves out, when it has last looked through all of them. */
  #leftOut = $state(0);
  #startedAt = $state(0);
  /** The session that the rows belong to. */
  #shown: string | null = null;
  /** The record that was selected before the window was loaded anew, until its row is there. */
  #remembered = $state<number | null>(null);

  constructor(options: MessageListOptions) {
    const scheduler = options.scheduler ?? browserScheduler;
    this.#kinds = options.kinds;
    this.#client = options.client;
    this.#session = options.session;
    this.#view = new MessageView({
      client: options.client,
      session: options.session,
      scheduler,
      onchange: () => {
        this.#viewChanged();
      },
    });
    this.#range = new MessageRange({
      client: options.client,
      session: options.session,
      view: () => this.#view.id,
      scheduler,
      beginsAtTail: options.beginsAtTail ?? true,
      held: () => (this.#selection.holds ? this.#selection.row : null),
      onrows: () => {
        this.#selection.fill((row) => this.#range.record(row));
      },
    });
    this.actions = new RowActions({
      client: options.client,
      session: options.session,
      scheduler,
      view: () => this.#view.id,
      whole: () => this.#whole,
      startedAt: () => this.#startedAt,
      span: () => this.selectedSpan,
      copyPayload: async () => (this.selected?.payloadLength === 0 ? success(null) : this.copySelected()),
      selectAll: () => {
        this.selectAll();
      },
      otherPeer: () => {
        const peer = this.selected?.peer ?? 0;
        return peer === 0 || peer === this.peer ? null : peer;
      },
      showOnly: (peer) => {
        this.peer = peer;
      },
      show: (row) => {
        this.show(row);
      },
    });
  }

  /** Selects a row and brings it into the middle. */
  show(row: number): void {
    this.#range.centre(row);
    this.select(row);
  }

  get scroll(): VirtualList {
    return this.#range.scroll;
  }

  /** As typed; see shared/filter.ts. */
  get filter(): string {
    return this.#view.filter;
  }

  set filter(text: string) {
    this.#view.filter = text;
  }

  /** The filter that the rows in view have passed: with what the level leaves out. */
  get query(): string {
    return this.#view.query;
  }

  /** Whether the protocol has frames, so that there is a choice. */
  get hasLevels(): boolean {
    return this.#kinds().includes(FRAME_KIND);
  }

  /** Whether messages are listed, or the frames that they were on the wire. */
  get level(): RowLevel {
    return this.#view.level;
  }

  set level(level: RowLevel) {
    this.#view.level = level;
  }

  /**
   * Rows that are not listed because of the level alone: frames among messages, or messages that stand there as their
   * frames. 0 while a filter leaves out others as well.
   */
  get leftOut(): number {
    const isNarrowed = this.filter.trim() !== '' || this.peer !== null;
    return isNarrowed || this.#view.id === null ? 0 : this.#leftOut;
  }

  /** Lists only this connection; null: all. */
  get peer(): number | null {
    return this.#view.peer;
  }

  set peer(peer: number | null) {
    this.#view.peer = peer;
  }

  /** What is wrong with the filter, or why the engine has given it up; or null. */
  get filterError(): WireError | null {
    return this.#view.error ?? this.#failure;
  }

  get isFiltered(): boolean {
    return this.#view.isFiltered;
  }

  /** How far the engine has looked through the session for the filter, in records; null when it is through. */
  get progress(): { readonly scanned: number; readonly total: number } | null {
    return this.#view.opening ? { scanned: 0, total: this.#whole.end - this.#whole.first } : this.#progress;
  }

  /** Rows of the view, and of the whole session. */
  readonly counts = $derived.by(() => {
    const total = this.#whole.end - this.#whole.first;
    return { shown: this.#view.id === null ? total : this.#range.count, total };
  });

  /** Why rows cannot be read, or null; also null when that is the filter's fault. */
  get error(): WireError | null {
    return this.#failure === null ? this.#range.error : null;
  }

  /** Wall clock at time 0, ms since 1970. */
  get startedAt(): number {
    return this.#startedAt;
  }

  get following(): boolean {
    return this.#range.following;
  }

  /** Sticks to the tail from now on, or stays where it is. */
  follow(on: boolean): void {
    if (on) {
      this.#selection.holds = false;
      this.#remembered = null;
    }
    this.#range.follow(on);
  }

  /** The `seq` of the selected record, for another time; null: none is. */
  readonly place = $derived.by(() => this.selected?.seq ?? this.#remembered);

  /** Selects this record again when the rows that it was selected in are back. */
  remember(seq: number | null): void {
    this.#remembered = seq;
  }

  /** Row number of the selection; null when nothing is selected or its row in this view is not known. */
  get selectedRow(): number | null {
    return this.#selection.row;
  }

  /** The selected record, also when it is no longer listed or kept. */
  get selected(): RecordView | null {
    return this.#selection.record;
  }

  /** All selected rows that are still there, by row number; null when that is none or not known. */
  get selectedSpan(): RowSpan | null {
    const { span } = this.#selection;
    if (span === null) return null;
    const from = Math.max(span.from, this.scroll.first);
    return from > span.to ? null : { from, to: span.to };
  }

  isSelected(row: number): boolean {
    return this.#selection.has(row, this.#range.record(row));
  }

  record(row: number): RecordView | null {
    return this.#range.record(row);
  }

  kindOf(record: RecordView): string {
    return this.#kinds()[record.kind] ?? `kind ${record.kind}`;
  }

  /** The owner hands every status of the session here. May be called in an effect. */
  update(status: SessionStatus): void {
    untrack(() => {
      this.#update(status);
    });
  }

  /** Rows are read only while somebody looks: a list in a tab behind costs nothing. @returns ends the watching */
  watch(): () => void {
    return this.#range.watch();
  }

  /**
   * Selects a row and shows it. It then stays in view: the list stops following before it would scroll away.
   * @param extend selects everything from where selecting began up to this row
   */
  select(row: number, extend = false): void {
    const chosen = Math.max(this.scroll.first, Math.min(this.scroll.end - 1, row));
    this.#selection[extend ? 'extend' : 'set'](chosen, this.#range.record(chosen));
    this.#range.reveal(chosen);
    this.#selection.holds = true;
  }

  /** Selects all rows of the view that there are now. What is in view stays. */
  selectAll(): void {
    const { first, end } = this.scroll;
    if (end === first) return;
    if (this.#selection.row === null) this.select(this.scroll.visible.from);
    this.#selection.spread({ from: first, to: end - 1 });
  }

  clearSelection(): void {
    this.#selection.clear();
  }

  /**
   * Moves the selection by a key, or its one end; End also follows the tail.
   * @returns false when the key does not move it
   */
  move(key: string, extend = false): boolean {
    const { first, end, visible, pageRows } = this.scroll;
    if (end === first) return false;
    const start = this.following ? end - 1 : visible.from;
    const target = rowTarget(key, { first, end, selected: this.#selection.row, start, pageRows });
    if (target === null) return false;
    this.select(target, extend);
    if (key === 'End' && !extend) this.follow(true);
    return true;
  }

  /** Puts the whole payload of the selected row on the clipboard, as text. @returns its length in bytes */
  async copySelected(): Promise<Outcome<number>> {
    const record = this.#selection.record;
    const session = this.#session();
    if (record === null || session === null) return failure('not-found', 'No row is selected.');
    const text = await readPayloadText(this.#client, session, record);
    if (!text.ok) return text;
    const copied = await copyText(text.value);
    return copied.ok ? { ok: true, value: record.payloadLength } : copied;
  }

  #update(status: SessionStatus): void {
    const isAnother = status.session !== this.#shown || status.startedAt !== this.#startedAt;
    if (isAnother || status.rows.end < this.#whole.end) this.#restart(status);
    this.#whole = status.rows;
    this.#view.hasFrames = status.hasFrames;
    const id = this.#view.id;
    if (id === null) {
      this.#progress = null;
      if (this.#view.opening) return;
      this.#range.update(status.rows);
      this.#goBack(status.rows);
      return;
    }
    const view = status.views.find((other) => other.view === id);
    // A status that was made before the view says nothing of it.
    if (view === undefined) return;
    this.#failure = view.error;
    const isLooking = view.error === null && view.scanned < view.total;
    this.#progress = isLooking ? { scanned: view.scanned, total: view.total } : null;
    if (!isLooking) this.#leftOut = status.rows.end - status.rows.first - (view.end - view.first);
    this.#range.update({ first: view.first, end: view.end });
    if (!isLooking) this.#goBack(status.rows);
  }

  /** To the record that was selected before, if it is still kept. @param rows of the whole session */
  #goBack({ first, end }: RowRange): void {
    const seq = this.#remembered;
    if (seq === null || end === first) return;
    this.#remembered = null;
    if (seq >= first && seq < end) void this.actions.goTo(String(seq), null);
  }

  #restart(status: SessionStatus): void {
    this.#shown = status.session;
    this.#startedAt = status.startedAt;
    this.#failure = null;
    this.#selection.clear();
    this.#range.restart();
    this.#view.restart();
  }

  #viewChanged(): void {
    const all = this.#view.id === null;
    this.#progress = null;
    this.#failure = null;
    this.#leftOut = 0;
    // In the whole session a row's number is its `seq`: the selected record is found again among its neighbours.
    const seq = all ? (this.#selection.record?.seq ?? null) : null;
    const row = seq !== null && seq >= this.#whole.first ? seq : null;
    this.#selection.moved(row);
    this.#range.change(all ? this.#whole : null, row);
  }
}
