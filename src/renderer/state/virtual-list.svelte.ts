/**
 * A list of fixed-height rows of which only those in view exist in the
 * document. It knows which rows are in view and keeps the scroll bar of its
 * element in line; what is in the rows is the owner's.
 *
 * The rows stand in a pane that is pinned (`position: sticky`) over the tall
 * scroll area, so that what is seen never runs ahead of what is drawn.
 */
import { untrack } from 'svelte';
import { ROWS_OVERSCAN, SCROLL_SETTLE_MS } from '../../shared/limits.ts';
import { browserScheduler, type Scheduler } from './scheduler.ts';
import { ScrollHand, type Turn } from './scroll-hand.ts';
import {
  areaHeight,
  centreOffset,
  lastOffset,
  lastScrollTop,
  mustAlign,
  revealOffset,
  rowsInView,
  scrolledOffset,
  scrollTopOf,
  type Extent,
} from './virtual-scroll.ts';

/** Rows of a view that has not been measured yet. */
const UNMEASURED_ROWS = 20;

/** Rows whose place is counted from one base: their `top` stays a small number and changes only every so many rows. */
const BASE_ROWS = 4096;

/** A movement of the bar that this list has not made. */
export interface BarMove {
  /** False when it may as well be the browser's: one that ends near the end, with no hand on the bar. */
  readonly isDeliberate: boolean;
  readonly turn: Turn;
}

export interface VirtualListOptions {
  /** px */
  readonly rowHeight: number;
  readonly scheduler?: Scheduler;
  /** Called after the bar was moved. */
  readonly onscroll?: (move: BarMove) => void;
  /** Called when a person turns the wheel (or the like) where there is more to see, or on at the end. */
  readonly onturn?: (turn: Turn) => void;
  /** Called after the height of the view has changed. */
  readonly onresize?: () => void;
}

export class VirtualList {
  readonly rowHeight: number;
  readonly #scheduler: Scheduler;
  readonly #onscroll: ((move: BarMove) => void) | undefined;
  readonly #onresize: (() => void) | undefined;
  #first = $state(0);
  #end = $state(0);
  /** The top edge of the view in px from row 0: rows keep their place when the first ones go. */
  #top = $state(0);
  /** px */
  #viewport = $state(0);
  /** Rises when the bar is to be moved once the document is up to date. */
  #alignments = $state(0);
  #element: HTMLElement | null = null;
  readonly #hand: ScrollHand;
  /** Where the bar stood when it was last read or set. */
  #scrollTop = 0;
  #cancelSettle: (() => void) | null = null;

  constructor(options: VirtualListOptions) {
    this.rowHeight = options.rowHeight;
    this.#scheduler = options.scheduler ?? browserScheduler;
    this.#onscroll = options.onscroll;
    this.#onresize = options.onresize;
    this.#hand = new ScrollHand((turn) => {
      if (turn === 'on' || this.#offset > 0) options.onturn?.(turn);
    });
    this.#viewport = UNMEASURED_ROWS * options.rowHeight;
  }

  get first(): number {
    return this.#first;
  }

  get end(): number {
    return this.#end;
  }

  readonly #extent = $derived.by<Extent>(() => ({
    rows: this.#end - this.#first,
    rowHeight: this.rowHeight,
    viewport: this.#viewport,
  }));

  get #offset(): number {
    return this.#top - this.#first * this.rowHeight;
  }

  /** Height of the scroll area, px. */
  readonly areaHeight = $derived(areaHeight(this.#extent));

  get viewport(): number {
    return this.#viewport;
  }

  /** True when the last row is in view. */
  get atEnd(): boolean {
    return this.#offset >= lastOffset(this.#extent) - 1;
  }

  /** Row numbers in view, also in part: from `from` to `to - 1`. */
  readonly visible = $derived.by(() => {
    const { from, to } = rowsInView(this.#extent, this.#offset);
    return { from: from + this.#first, to: to + this.#first };
  });

  /** Rows that fit whole: how far Page Up and Page Down go. */
  get pageRows(): number {
    return Math.max(1, Math.floor(this.#viewport / this.rowHeight) - 1);
  }

  /**
   * Row numbers to draw, by slot; -1 is an empty slot. A row stays in its slot
   * while it is in view, so that scrolling by one row redraws one row.
   */
  readonly slots = $derived.by<readonly number[]>(() => {
    const count = Math.ceil(this.#viewport / this.rowHeight) + 1 + 2 * ROWS_OVERSCAN;
    const start = Math.max(this.#first, this.visible.from - ROWS_OVERSCAN);
    const slots = Array.from({ length: count }, () => -1);
    for (let row = start; row < Math.min(this.#end, start + count); row += 1) slots[row % count] = row;
    return slots;
  });

  readonly #base = $derived(Math.floor(this.visible.from / BASE_ROWS) * BASE_ROWS);

  /** Place of a row within the moving layer, px. */
  place(row: number): number {
    return (row - this.#base) * this.rowHeight;
  }

  /** How far the moving layer is shifted against the pane, px. */
  readonly shift = $derived.by(() => Math.round(this.#base * this.rowHeight - this.#top));

  slotOf(row: number): number {
    return row % this.slots.length;
  }

  isVisible(row: number): boolean {
    return row >= this.visible.from && row < this.visible.to;
  }

  /** True when a row would be above the view if the view were at the end. */
  wouldHideAtEnd(row: number): boolean {
    return (row - this.#first) * this.rowHeight < lastOffset(this.#extent);
  }

  /** Rows now run from `first` to `end - 1`. What is in view stays in view, by row number, as far as it still exists. */
  setRange(first: number, end: number): void {
    untrack(() => {
      if (first === this.#first && end === this.#end) return;
      const top = this.#top;
      this.#first = first;
      this.#end = end;
      this.#moveTo(top - first * this.rowHeight);
      this.#settleLater(false);
    });
  }

  scrollToStart(): void {
    this.#place(() => 0);
  }

  scrollToEnd(): void {
    this.#place(lastOffset);
  }

  /** Scrolls just as far as needed to show a row whole. */
  reveal(row: number): void {
    this.#place((extent) => revealOffset(extent, this.#offset, row - this.#first));
  }

  centre(row: number): void {
    this.#place((extent) => centreOffset(extent, row - this.#first));
  }

  /** The height of the view has changed, px. */
  resize(height: number): void {
    untrack(() => {
      if (height <= 0 || height === this.#viewport) return;
      const wasAtEnd = this.atEnd;
      this.#viewport = height;
      this.#place((extent) => (wasAtEnd ? lastOffset(extent) : this.#offset));
      this.#onresize?.();
    });
  }

  /** The scroll bar is now at `scrollTop`. Does nothing when that is where this list has put it. */
  scrolled(scrollTop: number): void {
    if (Math.abs(scrollTop - this.#scrollTop) < 0.5) return;
    const isHeld = this.#hand.take();
    const turn = scrollTop < this.#scrollTop ? 'back' : 'on';
    // A view that was higher for a moment leaves the bar short of the end, by no more than the window is high:
    // when the event comes, the view may have its old height again.
    const isDeliberate = isHeld || lastScrollTop(this.#extent) - scrollTop > window.innerHeight;
    this.#moveTo(scrolledOffset(this.#extent, this.#offset, this.#scrollTop, scrollTop));
    this.#scrollTop = scrollTop;
    if (mustAlign(this.#extent, this.#offset, scrollTop)) this.#alignLater();
    else this.#settleLater(true);
    this.#onscroll?.({ isDeliberate, turn });
  }

  /** Attachment for the scrolling element (`{@attach list.attach}`). */
  readonly attach = (element: HTMLElement): (() => void) => {
    this.#element = element;
    const onScroll = (): void => {
      if (element.clientHeight > 0 && element.clientHeight !== this.#viewport) {
        // A view that has grown moves its bar by itself, before the observer hears of it: that was not the person.
        this.resize(element.clientHeight);
        this.#scrollTop = element.scrollTop;
      } else {
        this.scrolled(element.scrollTop);
      }
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    const letGo = this.#hand.attach(element);
    const observer = new ResizeObserver(() => {
      this.resize(element.clientHeight);
    });
    observer.observe(element);
    this.resize(element.clientHeight);
    this.#alignLater();

    let aligned = -1;
    let height = 0;
    // Runs after the document has the new height of the scroll area.
    $effect(() => {
      const shrunk = this.areaHeight < height;
      height = this.areaHeight;
      if (aligned !== this.#alignments) {
        aligned = this.#alignments;
        untrack(() => {
          this.#align(element);
        });
      } else if (shrunk) {
        // The browser may have moved the bar; that was not the person.
        this.#scrollTop = element.scrollTop;
      }
    });
    return () => {
      element.removeEventListener('scroll', onScroll);
      letGo();
      observer.disconnect();
      this.#cancelSettle?.();
      this.#cancelSettle = null;
      this.#element = null;
    };
  };

  #moveTo(offset: number): void {
    const within = Math.max(0, Math.min(lastOffset(this.#extent), offset));
    this.#top = this.#first * this.rowHeight + within;
  }

  /** Moves the view, and the bar with it. */
  #place(offset: (extent: Extent) => number): void {
    untrack(() => {
      this.#moveTo(offset(this.#extent));
      this.#alignLater();
    });
  }

  #alignLater(): void {
    untrack(() => {
      this.#alignments += 1;
    });
  }

  #align(element: HTMLElement): void {
    const wanted = scrollTopOf(this.#extent, this.#offset);
    if (Math.abs(wanted - element.scrollTop) >= 1) element.scrollTop = wanted;
    this.#scrollTop = element.scrollTop;
  }

  /** Brings the bar in line once it rests. A person's movement puts that off, a change of the range does not. */
  #settleLater(restart: boolean): void {
    if (this.#element === null || (this.#cancelSettle !== null && !restart)) return;
    this.#cancelSettle?.();
    this.#cancelSettle = this.#scheduler.later(SCROLL_SETTLE_MS, () => {
      this.#cancelSettle = null;
      // It has moved, and the event is only on its way: to bring it in line would take it out of the hand.
      if (Math.abs((this.#element?.scrollTop ?? 0) - this.#scrollTop) >= 0.5) this.#settleLater(true);
      else this.#alignLater();
    });
  }
}
