import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areaHeight,
  centreOffset,
  lastOffset,
  lastScrollTop,
  mustAlign,
  offsetOf,
  revealOffset,
  rowsInView,
  scrolledOffset,
  scrollTopOf,
  type Extent,
} from '../../src/renderer/state/virtual-scroll.ts';
import { SCROLL_AREA_PX } from '../../src/shared/limits.ts';

const rowHeight = 24;
const extents = fc.record<Extent>({
  rows: fc.oneof(
    fc.integer({ min: 0, max: 1000 }),
    fc.integer({ min: 0, max: 2_000_000 }),
    fc.integer({ min: 0, max: 1e12 }),
  ),
  rowHeight: fc.constantFrom(20, 24),
  viewport: fc.integer({ min: 24, max: 2600 }),
});
const shares = fc.double({ min: 0, max: 1, noNaN: true });

/** Rounding of doubles at the size of the list. */
function tolerance(extent: Extent): number {
  return 1e-6 + lastOffset(extent) * 1e-9;
}

describe('the scroll arithmetic', () => {
  it('never makes the scroll area taller than a browser can place', () => {
    fc.assert(fc.property(extents, (extent) => areaHeight(extent) <= SCROLL_AREA_PX));
  });

  it('leads from an offset to the scroll bar and back', () => {
    fc.assert(
      fc.property(extents, shares, (extent, share) => {
        const offset = lastOffset(extent) * share;
        expect(Math.abs(offsetOf(extent, scrollTopOf(extent, offset)) - offset)).toBeLessThanOrEqual(tolerance(extent));
      }),
    );
  });

  it('rises with the offset and stays within the scroll area', () => {
    fc.assert(
      fc.property(extents, shares, shares, (extent, one, other) => {
        const last = lastOffset(extent);
        const [low, high] = [Math.min(one, other) * last, Math.max(one, other) * last];
        expect(scrollTopOf(extent, low)).toBeLessThanOrEqual(scrollTopOf(extent, high) + 1e-6);
        expect(scrollTopOf(extent, low)).toBeGreaterThanOrEqual(0);
        expect(scrollTopOf(extent, high)).toBeLessThanOrEqual(lastScrollTop(extent) + 1e-6);
      }),
    );
  });

  it('shows the first row at the top and the last row at the end of the bar', () => {
    fc.assert(
      fc.property(
        extents.filter((extent) => extent.rows > 0),
        (extent) => {
          expect(rowsInView(extent, offsetOf(extent, 0)).from).toBe(0);
          expect(rowsInView(extent, offsetOf(extent, lastScrollTop(extent))).to).toBe(extent.rows);
          expect(scrolledOffset(extent, 0, 0, lastScrollTop(extent))).toBe(lastOffset(extent));
        },
      ),
    );
  });

  it('reaches any row: a jump of the bar, then steps of less than a view', () => {
    fc.assert(
      fc.property(
        extents.filter((extent) => extent.rows > 0),
        shares,
        (extent, share) => {
          const row = Math.min(extent.rows - 1, Math.floor(extent.rows * share));
          const wanted = revealOffset(extent, 0, row);
          // The browser places the bar at whole px only.
          let bar = Math.round(scrollTopOf(extent, wanted));
          let offset = scrolledOffset(extent, 0, 0, bar);
          const pxPerPx = lastOffset(extent) / Math.max(1, lastScrollTop(extent));
          expect(Math.abs(offset - wanted)).toBeLessThanOrEqual(2 * pxPerPx + extent.viewport);
          for (let step = 0; step < 3000 && Math.abs(offset - wanted) > 1; step += 1) {
            const move = Math.sign(wanted - offset) * Math.min(extent.viewport, Math.ceil(Math.abs(wanted - offset)));
            const next = bar + move;
            if (next <= 0 || next >= lastScrollTop(extent)) break;
            offset = scrolledOffset(extent, offset, bar, next);
            bar = next;
          }
          const shown = rowsInView(extent, revealOffset(extent, offset, row));
          expect(row).toBeGreaterThanOrEqual(shown.from);
          expect(row).toBeLessThan(shown.to);
        },
      ),
    );
  });

  it('moves the content by exactly as many px as a short movement has, however long the list is', () => {
    const extent = { rows: 1e9, rowHeight, viewport: 600 };
    const offset = 5e8 * rowHeight;
    const bar = scrollTopOf(extent, offset);
    expect(scrolledOffset(extent, offset, bar, bar + 100)).toBe(offset + 100);
    expect(scrolledOffset(extent, offset, bar, bar - 600)).toBe(offset - 600);
  });

  it('jumps in proportion when the thumb is dragged', () => {
    const extent = { rows: 1e9, rowHeight, viewport: 600 };
    const half = scrolledOffset(extent, 0, 0, lastScrollTop(extent) / 2);
    expect(half / lastOffset(extent)).toBeCloseTo(0.5, 6);
  });

  it('asks for the bar to be brought in line before it stops short of the content', () => {
    const extent = { rows: 1e9, rowHeight, viewport: 600 };
    const middle = 5e8 * rowHeight;
    expect(mustAlign(extent, middle, scrollTopOf(extent, middle))).toBe(false);
    expect(mustAlign(extent, middle, scrollTopOf(extent, middle) - 5000)).toBe(false);
    expect(mustAlign(extent, middle, 700)).toBe(true);
    expect(mustAlign(extent, middle, lastScrollTop(extent) - 700)).toBe(true);
  });

  it('scrolls no further than needed to show a row, and not at all when it is in view', () => {
    const extent = { rows: 1000, rowHeight, viewport: 240 };
    expect(revealOffset(extent, 240, 12)).toBe(240);
    expect(revealOffset(extent, 240, 9)).toBe(9 * rowHeight);
    expect(revealOffset(extent, 240, 25)).toBe(26 * rowHeight - 240);
    expect(centreOffset(extent, 500)).toBe(500.5 * rowHeight - 120);
  });

  it('has one place for a list that fits its view', () => {
    const extent = { rows: 3, rowHeight, viewport: 240 };
    expect(lastOffset(extent)).toBe(0);
    expect(scrolledOffset(extent, 0, 0, 0)).toBe(0);
    expect(rowsInView(extent, 0)).toEqual({ from: 0, to: 3 });
  });
});
