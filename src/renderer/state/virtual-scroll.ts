/**
 * The arithmetic of a list that is longer than a browser's tallest element.
 *
 * `offset` is where the top edge of the view is, in px of the whole list;
 * `scrollTop` is where the scroll bar is, in px of the scroll area. Up to
 * SCROLL_AREA_PX they are the same. A longer list has a scaled area:
 *
 *   scrollTop  0 ── exact ──┬───── scaled ─────┬── exact ── last
 *   offset     0 ── exact ──┴──────────────────┴── exact ── last
 *
 * Near both ends one px is one px, so that there is always room to scroll on.
 * In between, a short movement (a wheel notch, a key, a finger) moves the
 * content by as many px, and only a long one (the thumb was dragged) goes
 * through the scale. One px of a dragged thumb is more than a view height as
 * long as the view is lower than √SCROLL_AREA_PX ≈ 2800 px, so that the two
 * cannot be mistaken for each other. After short movements `scrollTop` and
 * `offset` drift apart; the owner brings the bar in line when it rests, or
 * when `mustAlign` says that an end is near.
 */
import { SCROLL_AREA_PX, SCROLL_EXACT_PX } from '../../shared/limits.ts';

export interface Extent {
  readonly rows: number;
  /** px */
  readonly rowHeight: number;
  /** Height of the view in px. */
  readonly viewport: number;
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}

function contentHeight(extent: Extent): number {
  return extent.rows * extent.rowHeight;
}

/** Height of the scroll area, px. */
export function areaHeight(extent: Extent): number {
  return Math.min(contentHeight(extent), SCROLL_AREA_PX);
}

/** The offset at which the last row is the lowest of the view. */
export function lastOffset(extent: Extent): number {
  return Math.max(0, contentHeight(extent) - extent.viewport);
}

export function lastScrollTop(extent: Extent): number {
  return Math.max(0, areaHeight(extent) - extent.viewport);
}

/** Length of one exact part, px. */
function exactPart(extent: Extent): number {
  return Math.min(SCROLL_EXACT_PX, lastScrollTop(extent) / 4);
}

function isScaled(extent: Extent): boolean {
  return contentHeight(extent) > SCROLL_AREA_PX;
}

/** Where the scroll bar belongs for an offset. Rises with it. */
export function scrollTopOf(extent: Extent, offset: number): number {
  const last = lastOffset(extent);
  const at = clamp(offset, 0, last);
  if (!isScaled(extent)) return at;
  const exact = exactPart(extent);
  const lastTop = lastScrollTop(extent);
  if (at <= exact) return at;
  if (last - at <= exact) return lastTop - (last - at);
  return exact + ((at - exact) / (last - 2 * exact)) * (lastTop - 2 * exact);
}

/** The offset that belongs to a place of the scroll bar: the inverse of `scrollTopOf`. */
export function offsetOf(extent: Extent, scrollTop: number): number {
  const lastTop = lastScrollTop(extent);
  const at = clamp(scrollTop, 0, lastTop);
  if (!isScaled(extent)) return at;
  const exact = exactPart(extent);
  const last = lastOffset(extent);
  if (at <= exact) return at;
  if (lastTop - at <= exact) return last - (lastTop - at);
  return exact + ((at - exact) / (lastTop - 2 * exact)) * (last - 2 * exact);
}

/** The offset after a person moved the scroll bar from `before` to `after`. */
export function scrolledOffset(extent: Extent, offset: number, before: number, after: number): number {
  if (after <= 0) return 0;
  if (after >= lastScrollTop(extent) - 0.5) return lastOffset(extent);
  const moved = after - before;
  if (Math.abs(moved) > extent.viewport) return offsetOf(extent, after);
  return clamp(offset + moved, 0, lastOffset(extent));
}

/**
 * True when the bar has drifted and stands so close to an end that it would
 * stop there before the content does.
 */
export function mustAlign(extent: Extent, offset: number, scrollTop: number): boolean {
  if (Math.abs(scrollTopOf(extent, offset) - scrollTop) <= 1) return false;
  const margin = 4 * extent.viewport;
  const above = scrollTop < margin && offset > scrollTop;
  const left = lastScrollTop(extent) - scrollTop;
  return above || (left < margin && lastOffset(extent) - offset > left);
}

/** The least movement that shows a row whole. */
export function revealOffset(extent: Extent, offset: number, row: number): number {
  const top = row * extent.rowHeight;
  const bottom = top + extent.rowHeight;
  if (top < offset) return clamp(top, 0, lastOffset(extent));
  if (bottom > offset + extent.viewport) return clamp(bottom - extent.viewport, 0, lastOffset(extent));
  return clamp(offset, 0, lastOffset(extent));
}

/** The offset at which a row stands in the middle of the view. */
export function centreOffset(extent: Extent, row: number): number {
  return clamp((row + 0.5) * extent.rowHeight - extent.viewport / 2, 0, lastOffset(extent));
}

/** Rows that are at least partly in view: from `from` to `to - 1`. */
export function rowsInView(extent: Extent, offset: number): { readonly from: number; readonly to: number } {
  const from = clamp(Math.floor(offset / extent.rowHeight), 0, extent.rows);
  const to = clamp(Math.ceil((offset + extent.viewport) / extent.rowHeight), from, extent.rows);
  return { from, to };
}
