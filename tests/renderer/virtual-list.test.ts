import { describe, expect, it } from 'vitest';
import { VirtualList } from '../../src/renderer/state/virtual-list.svelte.ts';
import { SCROLL_AREA_PX } from '../../src/shared/limits.ts';

function list(end: number, viewport = 240): VirtualList {
  const made = new VirtualList({ rowHeight: 24 });
  made.resize(viewport);
  made.setRange(0, end);
  return made;
}

/** Row numbers that are drawn, in order. */
function drawn(made: VirtualList): number[] {
  return made.slots.filter((row) => row >= 0).sort((one, other) => one - other);
}

describe('VirtualList', () => {
  it('draws the rows in view and a few around them, whatever the length', () => {
    for (const end of [1_000, 1_000_000, 1_000_000_000]) {
      const made = list(end);
      made.centre(end / 2);
      expect(made.isVisible(end / 2)).toBe(true);
      expect(drawn(made).length).toBeLessThanOrEqual(20);
      expect(drawn(made).length).toBeGreaterThanOrEqual(made.visible.to - made.visible.from);
      expect(made.areaHeight).toBeLessThanOrEqual(SCROLL_AREA_PX);
    }
  });

  it('keeps a row in its slot while it is in view', () => {
    const made = list(1_000);
    made.reveal(500);
    const before = made.slots;
    made.reveal(501);
    const moved = made.slots.filter((row, slot) => row !== before[slot]);
    expect(moved).toHaveLength(1);
  });

  it('places rows next to each other, within the view', () => {
    const made = list(1_000_000_000);
    made.centre(123_456_789);
    const { from, to } = made.visible;
    const tops = drawn(made)
      .filter((row) => row >= from && row < to)
      .map((row) => made.place(row) + made.shift);
    expect(tops[0]).toBeGreaterThan(-24);
    expect(tops[0]).toBeLessThanOrEqual(0);
    for (const [index, top] of tops.entries()) expect(top).toBe((tops[0] ?? 0) + index * 24);
  });

  it('keeps the same rows in view by number when the oldest go', () => {
    const made = list(1_000_000);
    made.centre(500_000);
    const before = made.visible;
    made.setRange(300_000, 1_200_000);
    expect(made.visible).toEqual(before);
  });

  it('shows the oldest row that is left when those in view are gone', () => {
    const made = list(1_000_000);
    made.centre(500_000);
    made.setRange(800_000, 1_200_000);
    expect(made.visible.from).toBe(800_000);
  });

  it('stays at the end when the view grows or shrinks', () => {
    const made = list(1_000);
    made.scrollToEnd();
    made.resize(480);
    expect(made.atEnd).toBe(true);
    expect(made.visible.to).toBe(1_000);
    made.resize(120);
    expect(made.visible.to).toBe(1_000);
  });

  it('moves by rows on a wheel notch and through the whole on a drag', () => {
    const made = list(1_000_000_000);
    made.scrolled(100);
    expect(made.visible.from).toBe(4);
    made.scrolled(4_000_000);
    expect(made.visible.from).toBeGreaterThan(400_000_000);
    const middle = made.visible.from;
    made.scrolled(4_000_120);
    expect(made.visible.from).toBe(middle + 5);
    made.scrolled(SCROLL_AREA_PX);
    expect(made.atEnd).toBe(true);
  });

  it('does not take its own movement of the bar for the person’s', () => {
    let scrolls = 0;
    const made = new VirtualList({
      rowHeight: 24,
      onscroll: () => {
        scrolls += 1;
      },
    });
    made.setRange(0, 1_000);
    made.scrolled(0);
    expect(scrolls).toBe(0);
    made.scrolled(48);
    expect(scrolls).toBe(1);
  });

  it('says which rows would leave the view at the end', () => {
    const made = list(100);
    expect(made.wouldHideAtEnd(89)).toBe(true);
    expect(made.wouldHideAtEnd(90)).toBe(false);
  });
});
