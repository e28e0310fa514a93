/**
 * The rows of a message list: which there are, which are in view, and whether
 * the tail is followed. Rows are pulled, only those in view.
 *
 * While the tail is followed the list moves on when the new rows have come,
 * not when it hears of them: an empty row is never flashed.
 */
import type { Client } from '../../rpc/client.ts';
import type { RowRange } from '../../shared/contract.ts';
import type { WireError } from '../../shared/errors.ts';
import type { RecordView } from '../../shared/record.ts';
import { MessageRows, type Arrival, type Wanted } from './message-rows.svelte.ts';
import type { Scheduler } from './scheduler.ts';
import { VirtualList } from './virtual-list.svelte.ts';

/** Height of a row in px; the same as the token `--row`. */
const ROW_PX = 24;

export interface MessageRangeOptions {
  readonly client: Client;
  readonly session: () => string | null;
  readonly view: () => number | null;
  readonly scheduler: Scheduler;
  /** Whether the tail of a session is followed from the beginning. */
  readonly beginsAtTail: boolean;
  /** The row that must not leave the view by itself, or null: following the tail ends before it would. */
  readonly held: () => number | null;
  /** Called when rows have come. */
  readonly onrows: () => void;
}

export class MessageRange {
  readonly scroll: VirtualList;
  readonly #options: MessageRangeOptions;
  readonly #rows: MessageRows;
  /** The rows of the view as the engine last told; null: not known yet. */
  #latest = $state.raw<RowRange | null>(null);
  #following = $state(false);
  #watchers = 0;

  constructor(options: MessageRangeOptions) {
    this.#options = options;
    this.#following = options.beginsAtTail;
    this.scroll = new VirtualList({
      rowHeight: ROW_PX,
      scheduler: options.scheduler,
      onscroll: ({ isDeliberate, turn }) => {
        // Only a person ends the following, and only going on to the end begins it.
        if (this.#following && !isDeliberate) this.scroll.scrollToEnd();
        else if (this.#following || turn === 'on') this.#following = this.scroll.atEnd;
        this.#rows.kick();
      },
      onturn: (turn) => {
        if (turn === 'back') this.#following = false;
        else if (this.scroll.atEnd) this.follow(true);
      },
      onresize: () => {
        if (this.#following) this.scroll.scrollToEnd();
        this.#rows.kick();
      },
    });
    this.#rows = new MessageRows({
      client: options.client,
      session: options.session,
      view: options.view,
      scheduler: options.scheduler,
      wanted: () => this.#wanted(),
      onarrival: (arrival) => {
        this.#arrived(arrival);
      },
    });
  }

  /** How many rows there are, as the engine last told. */
  get count(): number {
    return this.#latest === null ? 0 : this.#latest.end - this.#latest.first;
  }

  get following(): boolean {
    return this.#following;
  }

  /** Why rows cannot be read, or null. */
  get error(): WireError | null {
    return this.#rows.error;
  }

  /** The record in a row, or null while it is on its way. */
  record(row: number): RecordView | null {
    return this.#rows.record(row);
  }

  /** Sticks to the tail from now on, or stays where it is. */
  follow(on: boolean): void {
    this.#following = on;
    if (on) this.#catchUp();
  }

  /** Rows are read only while somebody looks. @returns ends the watching */
  watch(): () => void {
    this.#watchers += 1;
    this.#rows.kick();
    return () => {
      this.#watchers -= 1;
    };
  }

  /** Scrolls just as far as needed to show a row; follows on only when that is still at the end. */
  reveal(row: number): void {
    this.scroll.reveal(row);
    this.#following = this.#following && this.scroll.atEnd;
    this.#rows.kick();
  }

  /** Brings a row into the middle of the view and stays there. */
  centre(row: number): void {
    this.#following = false;
    if (this.#latest !== null) this.scroll.setRange(this.#latest.first, this.#latest.end);
    this.scroll.centre(row);
    this.#rows.kick();
  }

  /** Another session: nothing is known of it. */
  restart(): void {
    this.#rows.clear();
    this.#following = this.#options.beginsAtTail;
    this.#latest = null;
    this.scroll.setRange(0, 0);
  }

  /**
   * Another view of the same session.
   * @param range its rows, or null when they are not known yet
   * @param centre the row to stand in the middle; null: follow or stay at the start, as before
   */
  change(range: RowRange | null, centre: number | null): void {
    this.#rows.clear();
    this.scroll.setRange(0, 0);
    this.#latest = range;
    if (centre !== null) this.#following = false;
    if (range !== null && !this.#following) this.scroll.setRange(range.first, range.end);
    if (centre !== null) this.scroll.centre(centre);
    this.#rows.kick();
  }

  /** The rows that there are now. */
  update(range: RowRange): void {
    if (range.first !== this.#latest?.first) this.#rows.dropThrough(range.first);
    this.#latest = range;
    if (!this.#following || range.end === range.first) this.scroll.setRange(range.first, range.end);
    this.#catchUp();
  }

  /** Shows the tail as far as its rows have come, and asks for the rest. */
  #catchUp(): void {
    const latest = this.#latest;
    if (this.#following && latest !== null && this.#rows.record(latest.end - 1) !== null) this.#showTail(latest);
    this.#rows.kick();
  }

  #showTail(range: RowRange): void {
    const held = this.#options.held();
    this.scroll.setRange(range.first, range.end);
    if (held !== null && this.scroll.wouldHideAtEnd(held)) this.#following = false;
    else if (!this.scroll.atEnd) this.scroll.scrollToEnd();
  }

  #wanted(): Wanted | null {
    if (this.#watchers === 0) return null;
    const latest = this.#latest;
    const screen = Math.ceil(this.scroll.viewport / ROW_PX) + 1;
    if (latest === null) {
      // Nothing is known of a new view: any answer tells its range.
      const start = { from: 0, to: screen };
      return this.#options.view() === null ? null : { need: start, reach: start };
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
    if (latest === null || (count === 0 && end < latest.end)) this.update({ first, end });
    else if (first > latest.first) this.update({ first, end: latest.end });
    this.#options.onrows();
    // Also when newer rows are known by now: the list goes on, however slow the answers are.
    const shown = from + count;
    if (this.#following && shown >= this.scroll.end)
      this.#showTail({ first: this.#latest?.first ?? first, end: shown });
  }
}
