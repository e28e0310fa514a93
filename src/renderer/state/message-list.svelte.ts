/**
 * The message list of one session: which rows there are, which are in view,
 * whether the tail is followed, what is selected. Its owner hands it every
 * status; rows are pulled, only those in view.
 *
 * While the tail is followed the list moves on when the new rows have come,
 * not when it hears of them: an empty row is never flashed.
 */
import { untrack } from 'svelte';
import type { Client } from '../../rpc/client.ts';
import type { RowRange, SessionStatus } from '../../shared/contract.ts';
import { failure, type Outcome, type WireError } from '../../shared/errors.ts';
import type { RecordView } from '../../shared/record.ts';
import { copyText } from './clipboard.ts';
import { MessageRows, type Arrival, type Wanted } from './message-rows.svelte.ts';
import { MessageSelection, rowTarget } from './message-selection.svelte.ts';
import { MessageView } from './message-view.svelte.ts';
import { readPayloadText } from './payload-reader.svelte.ts';
import { browserScheduler, type Scheduler } from './scheduler.ts';
import { VirtualList } from './virtual-list.svelte.ts';

/** Height of a row in px; the same as the token `--row`. */
export const ROW_PX = 24;

export interface MessageListOptions {
  readonly client: Client;
  /** The engine's session, or null while there is none. */
  readonly session: () => string | null;
  /** `kindTable(spec.kinds)` */
  readonly kinds: readonly string[];
  readonly scheduler?: Scheduler;
}

export class MessageList {
  readonly kinds: readonly string[];
  readonly scroll: VirtualList;
  readonly #client: Client;
  readonly #session: () => string | null;
  readonly #view: MessageView;
  readonly #rows: MessageRows;
  /** The rows of the view as the engine last told; null: not known yet. */
  #latest = $state.raw<RowRange | null>(null);
  #whole = $state.raw<RowRange>({ first: 0, end: 0 });
  #progress = $state.raw<{ readonly scanned: number; readonly total: number } | null>(null);
  #startedAt = $state(0);
  #following = $state(true);
  readonly #selection = new MessageSelection();
  #watchers = 0;
  /** The session that the rows belong to. */
  #shown: string | null = null;

  constructor(options: MessageListOptions) {
    const scheduler = options.scheduler ?? browserScheduler;
    this.kinds = options.kinds;
    this.#client = options.client;
    this.#session = options.session;
    this.scroll = new VirtualList({
      rowHeight: ROW_PX,
      scheduler,
      onscroll: () => {
        this.#following = this.scroll.atEnd;
        this.#rows.kick();
      },
      onresize: () => {
        this.#rows.kick();
      },
    });
    this.#view = new MessageView({
      client: options.client,
      session: options.session,
      scheduler,
      onchange: () => {
        this.#viewChanged();
      },
    });
    this.#rows = new MessageRows({
      client: options.client,
      session: options.session,
      view: () => this.#view.id,
      scheduler,
      wanted: () => this.#wanted(),
      onarrival: (arrival) => {
        this.#arrived(arrival);
      },
      onlost: () => {
        this.#view.lost();
      },
    });
  }

  /** As typed; see shared/filter.ts. */
  get filter(): string {
    return this.#view.filter;
  }

  set filter(text: string) {
    this.#view.filter = text;
  }

  /** Lists only this connection; null: all. */
  get peer(): number | null {
    return this.#view.peer;
  }

  set peer(peer: number | null) {
    this.#view.peer = peer;
  }

  /** What is wrong with the filter, or null. */
  get filterError(): WireError | null {
    return this.#view.error;
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
    const shown = this.#latest === null ? 0 : this.#latest.end - this.#latest.first;
    return { shown: this.#view.id === null ? total : shown, total };
  });

  /** Why rows cannot be read, or null. */
  get error(): WireError | null {
    return this.#rows.error;
  }

  /** Wall clock at time 0, ms since 1970. */
  get startedAt(): number {
    return this.#startedAt;
  }

  get following(): boolean {
    return this.#following;
  }

  /** Sticks to the tail from now on, or stays where it is. */
  follow(on: boolean): void {
    this.#following = on;
    if (!on) return;
    this.#selection.holds = false;
    this.#catchUp();
  }

  /** Row number of the selection; null when nothing is selected or its row in this view is not known. */
  get selectedRow(): number | null {
    return this.#selection.row;
  }

  /** The selected record, also when it is no longer listed or kept. */
  get selected(): RecordView | null {
    return this.#selection.record;
  }

  isSelected(row: number): boolean {
    return this.#selection.has(row, this.#rows.record(row));
  }

  record(row: number): RecordView | null {
    return this.#rows.record(row);
  }

  kindOf(record: RecordView): string {
    return this.kinds[record.kind] ?? `kind ${record.kind}`;
  }

  /** The owner hands every status of the session here. May be called in an effect. */
  update(status: SessionStatus): void {
    untrack(() => {
      this.#update(status);
    });
  }

  #update(status: SessionStatus): void {
    const isAnother = status.session !== this.#shown || status.startedAt !== this.#startedAt;
    if (isAnother || status.rows.end < this.#whole.end) this.#restart(status);
    this.#whole = status.rows;
    const id = this.#view.id;
    if (id === null) {
      this.#progress = null;
      if (!this.#view.opening) this.#ranged(status.rows);
      return;
    }
    const view = status.views.find((other) => other.view === id);
    // A status that was made before the view says nothing of it.
    if (view === undefined) return;
    this.#progress = view.scanned < view.total ? { scanned: view.scanned, total: view.total } : null;
    this.#ranged({ first: view.first, end: view.end });
  }

  /** Rows are read only while somebody looks: a list in a tab behind costs nothing. @returns ends the watching */
  watch(): () => void {
    this.#watchers += 1;
    this.#rows.kick();
    return () => {
      this.#watchers -= 1;
    };
  }

  /** Selects a row and shows it. It then stays in view: the list stops following before it would scroll away. */
  select(row: number): void {
    this.#choose(row);
    this.#selection.holds = true;
  }

  clearSelection(): void {
    this.#selection.clear();
  }

  /** Moves the selection by a key; End also follows the tail. @returns false when the key does not move it */
  move(key: string): boolean {
    const { first, end, visible, pageRows } = this.scroll;
    if (end === first) return false;
    const start = this.#following ? end - 1 : visible.from;
    const target = rowTarget(key, { first, end, selected: this.#selection.row, start, pageRows });
    if (target === null) return false;
    this.select(target);
    if (key === 'End') this.follow(true);
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

  #choose(row: number): void {
    const chosen = Math.max(this.scroll.first, Math.min(this.scroll.end - 1, row));
    this.#selection.set(chosen, this.#rows.record(chosen));
    this.scroll.reveal(chosen);
    this.#following = this.#following && this.scroll.atEnd;
    this.#rows.kick();
  }

  #restart(status: SessionStatus): void {
    this.#shown = status.session;
    this.#startedAt = status.startedAt;
    this.#rows.clear();
    this.#selection.clear();
    this.#following = true;
    this.#latest = null;
    this.scroll.setRange(0, 0);
    this.#view.restart();
  }

  #viewChanged(): void {
    const all = this.#view.id === null;
    this.#rows.clear();
    this.#progress = null;
    this.scroll.setRange(0, 0);
    this.#latest = all ? this.#whole : null;
    // In the whole session a row's number is its `seq`: the selected record is found again among its neighbours.
    const seq = all ? (this.#selection.record?.seq ?? null) : null;
    const row = seq !== null && seq >= this.#whole.first ? seq : null;
    this.#selection.moved(row);
    if (row !== null) {
      this.#following = false;
      this.scroll.setRange(this.#whole.first, this.#whole.end);
      this.scroll.centre(row);
    } else if (all && !this.#following) {
      this.scroll.setRange(this.#whole.first, this.#whole.end);
    }
    this.#rows.kick();
  }

  #ranged(range: RowRange): void {
    if (range.first !== this.#latest?.first) this.#rows.dropThrough(range.first);
    this.#latest = range;
    if (!this.#following || range.end === range.first) this.scroll.setRange(range.first, range.end);
    this.#catchUp();
  }

  /** Shows the tail as far as its rows have come, and asks for the rest. */
  #catchUp(): void {
    const latest = this.#latest;
    if (this.#following && latest !== null && this.#isHere(latest.end - 1)) this.#showTail(latest);
    this.#rows.kick();
  }

  #isHere(row: number): boolean {
    return this.#rows.record(row) !== null;
  }

  #showTail(range: RowRange): void {
    const { row, holds } = this.#selection;
    this.scroll.setRange(range.first, range.end);
    if (holds && row !== null && this.scroll.wouldHideAtEnd(row)) this.#following = false;
    else if (!this.scroll.atEnd) this.scroll.scrollToEnd();
  }

  #wanted(): Wanted | null {
    if (this.#watchers === 0) return null;
    const latest = this.#latest;
    const screen = Math.ceil(this.scroll.viewport / ROW_PX) + 1;
    if (latest === null) {
      // Nothing is known of a new view: any answer tells its range.
      const start = { from: 0, to: screen };
      return this.#view.id === null ? null : { need: start, reach: start };
    }
    const within = (from: number, to: number): { from: number; to: number } => {
      const start = Math.max(latest.first, Math.min(from, latest.end));
      return { from: start, to: Math.max(start, Math.min(to, latest.end)) };
    };
    // One row more above: the first Δ is counted from it.
    const tail = within(latest.end - screen - 1, latest.end);
    if (this.#following) return { need: tail, reach: tail };
    const { from, to } = this.scroll.visible;
    const half = Math.ceil(screen / 2);
    return { need: within(from - half, to + half), reach: within(from - 2 * screen, to + 2 * screen) };
  }

  #arrived(arrival: Arrival): void {
    const { first, end, from, count } = arrival;
    const latest = this.#latest;
    // An answer with rows may be older than the newest status; one without them says that there are none.
    if (latest === null || (count === 0 && end < latest.end)) this.#ranged({ first, end });
    else if (first > latest.first) this.#ranged({ first, end: latest.end });
    this.#selection.fill((row) => this.#rows.record(row));
    // Also when newer rows are known by now: the list goes on, however slow the answers are.
    const shown = from + count;
    if (this.#following && shown >= this.scroll.end)
      this.#showTail({ first: this.#latest?.first ?? first, end: shown });
  }
}
