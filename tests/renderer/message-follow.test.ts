/** Following the tail: nothing that the browser does by itself ends it, whatever a person does to look back does. */
import { render, screen } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { describe, expect, it } from 'vitest';
import type { MessageList } from '../../src/renderer/state/message-list.svelte.ts';
import MessageGrid from '../../src/renderer/views/MessageGrid.svelte';
import { SCROLL_SETTLE_MS } from '../../src/shared/limits.ts';
import type { FakeClient, FakeScheduler } from '../support/fake-client.ts';
import { listBench } from './list-bench.ts';

/** The scrolling element of a list as a browser lays it out: its bar never stands further than the end. */
class Scroller {
  readonly element: HTMLElement;
  #height = 240;
  #top = 0;

  constructor(element: HTMLElement) {
    this.element = element;
    Object.defineProperty(element, 'clientHeight', { get: () => this.#height });
    Object.defineProperty(element, 'scrollTop', {
      get: () => this.#top,
      set: (top: number) => {
        this.moveTo(top);
      },
    });
  }

  get atEnd(): boolean {
    return this.#top >= this.#last;
  }

  /** The browser lays out anew at this height; nobody hears of it yet. */
  layOut(height: number): void {
    this.#height = height;
    this.moveTo(this.#top);
  }

  /** Also past the end, where the bar stops. */
  moveTo(top: number): void {
    this.#top = Math.max(0, Math.min(this.#last, top));
  }

  moveBy(way: number): void {
    this.moveTo(this.#top + way);
  }

  /** The scroll event of the next frame. */
  tell(): void {
    this.element.dispatchEvent(new Event('scroll'));
    flushSync();
  }

  wheel(deltaY: number, key?: 'ctrlKey' | 'shiftKey'): void {
    const event = new WheelEvent('wheel', { deltaY, bubbles: true });
    // happy-dom's wheel knows nothing of keys.
    if (key !== undefined) Object.defineProperty(event, key, { value: true });
    this.element.dispatchEvent(event);
  }

  pointer(type: 'pointerdown' | 'pointerup', on: Element, more: PointerEventInit = {}): void {
    on.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerType: 'mouse', button: 0, ...more }));
  }

  get #last(): number {
    const area = this.element.querySelector<HTMLElement>('.area');
    return Math.max(0, Number.parseFloat(area?.style.height ?? '0') - this.#height);
  }
}

interface Shown {
  readonly client: FakeClient;
  readonly list: MessageList;
  readonly scheduler: FakeScheduler;
  readonly scroller: Scroller;
  /** So many rows more, and all that follows. */
  readonly grow: (rows: number) => Promise<void>;
}

/** A list of a hundred rows in a view of ten, at its end and following. */
async function shown(): Promise<Shown> {
  const { client, list, scheduler, tell } = await listBench({ end: 100 });
  render(MessageGrid, { list, timeFormat: 'relative', ontimeformat: () => undefined });
  const element = screen.getByRole('grid', { name: 'Messages' }).querySelector<HTMLElement>('.scroller');
  if (element === null) throw new Error('the grid has no scrolling element');
  const scroller = new Scroller(element);
  const grow = async (rows: number): Promise<void> => {
    client.end += rows;
    await tell();
    flushSync();
  };
  await grow(1);
  expect([list.following, scroller.atEnd]).toEqual([true, true]);
  return { client, list, scheduler, scroller, grow };
}

describe('a list that follows its tail goes on', () => {
  it('when its view was higher for less than a frame, and the event comes late', async () => {
    const { list, scroller, grow } = await shown();
    scroller.layOut(272);
    scroller.layOut(240);
    scroller.tell();
    expect([list.following, list.scroll.visible.to, scroller.atEnd]).toEqual([true, 101, true]);
    await grow(3);
    expect([list.following, list.scroll.visible.to, scroller.atEnd]).toEqual([true, 104, true]);
  });

  it('when rows come between that and its event', async () => {
    const { list, scroller, grow } = await shown();
    scroller.layOut(272);
    scroller.layOut(240);
    await grow(5);
    scroller.tell();
    expect([list.following, list.scroll.visible.to, scroller.atEnd]).toEqual([true, 106, true]);
  });

  it('when rows come while its view is higher than it knows', async () => {
    const { list, scroller, grow } = await shown();
    scroller.layOut(272);
    await grow(5);
    scroller.layOut(240);
    scroller.tell();
    await grow(1);
    expect([list.following, list.scroll.visible.to, scroller.atEnd]).toEqual([true, 107, true]);
  });

  it.each([480, 272, 240.4, 239, 120, 24])('when its view becomes %d px high, told by the event', async (height) => {
    const { list, scroller, grow } = await shown();
    scroller.layOut(height);
    scroller.tell();
    expect([list.following, scroller.atEnd]).toEqual([true, true]);
    await grow(2);
    expect([list.following, list.scroll.visible.to, scroller.atEnd]).toEqual([true, 103, true]);
  });

  it('when its view becomes higher and lower, told by the observer before the event', async () => {
    const { list, scroller } = await shown();
    for (const height of [400, 96, 240]) {
      scroller.layOut(height);
      list.scroll.resize(height);
      flushSync();
      scroller.tell();
      expect([list.following, list.scroll.visible.to, scroller.atEnd]).toEqual([true, 101, true]);
    }
  });

  it('when the bar is set back by part of a pixel, or by a few', async () => {
    const { list, scroller, grow } = await shown();
    for (const way of [-0.6, -1.5, -3]) {
      scroller.moveBy(way);
      scroller.tell();
      expect(list.following).toBe(true);
    }
    await grow(1);
    expect([list.following, scroller.atEnd]).toEqual([true, true]);
  });

  it('when the wheel zooms, turns sideways, or turns where all rows are in view', async () => {
    const { list, scroller, grow } = await shown();
    scroller.wheel(-100, 'ctrlKey');
    scroller.wheel(-100, 'shiftKey');
    expect(list.following).toBe(true);
    scroller.layOut(4_000);
    scroller.tell();
    scroller.wheel(-100);
    await grow(1);
    expect(list.following).toBe(true);
  });

  it('when a row in view is clicked and the layout changes later', async () => {
    const { list, scroller } = await shown();
    const row = screen.getByRole('row', { name: /^#99/ });
    scroller.pointer('pointerdown', row);
    scroller.pointer('pointerup', row);
    scroller.layOut(272);
    scroller.layOut(240);
    scroller.tell();
    expect([list.following, list.selectedRow]).toEqual([true, 99]);
  });
});

describe('a list that follows its tail stops', () => {
  it('as soon as the wheel turns back, before anything has moved', async () => {
    const { list, scroller, grow } = await shown();
    scroller.wheel(-1);
    expect(list.following).toBe(false);
    const { visible } = list.scroll;
    await grow(10);
    expect([list.following, list.scroll.visible]).toEqual([false, visible]);
  });

  it('when the bar is dragged, also after it was let go before the event', async () => {
    const first = await shown();
    first.scroller.pointer('pointerdown', first.scroller.element);
    first.scroller.moveBy(-50);
    first.scroller.tell();
    expect(first.list.following).toBe(false);

    first.list.follow(true);
    flushSync();
    first.scroller.pointer('pointerup', first.scroller.element);
    first.scroller.pointer('pointerdown', first.scroller.element);
    first.scroller.pointer('pointerup', first.scroller.element);
    first.scroller.moveBy(-50);
    first.scroller.tell();
    expect(first.list.following).toBe(false);
  });

  it('when a finger pulls the rows down', async () => {
    const { list, scroller } = await shown();
    const touch = (type: string, clientY: number): void => {
      const touches = [new Touch({ identifier: 1, target: scroller.element, clientY })];
      scroller.element.dispatchEvent(new TouchEvent(type, { touches }));
    };
    touch('touchstart', 100);
    touch('touchmove', 100);
    expect(list.following).toBe(true);
    touch('touchmove', 104);
    expect(list.following).toBe(false);
  });

  it('when Shift and the space bar scroll back', async () => {
    const { list, scroller } = await shown();
    scroller.element.dispatchEvent(new KeyboardEvent('keydown', { key: 'x' }));
    expect(list.following).toBe(true);
    scroller.element.dispatchEvent(new KeyboardEvent('keydown', { key: ' ', shiftKey: true }));
    expect(list.following).toBe(false);
  });

  it('when a script moves the bar further than any layout does', async () => {
    const { list, scroller } = await shown();
    scroller.moveTo(100);
    scroller.tell();
    expect(list.following).toBe(false);
  });
});

describe('a list that does not follow', () => {
  it('begins when the bar comes down to the end, or the wheel turns on there', async () => {
    const { list, scroller } = await shown();
    scroller.wheel(-200);
    scroller.moveBy(-200);
    scroller.tell();
    expect(list.following).toBe(false);
    scroller.moveBy(200);
    scroller.tell();
    expect(list.following).toBe(true);
    list.follow(false);
    scroller.wheel(1);
    expect(list.following).toBe(true);
  });

  it('does not pull the bar back that a hand has moved, however late the event comes', async () => {
    const { list, scheduler, scroller } = await shown();
    scroller.pointer('pointerdown', scroller.element);
    scroller.moveBy(-200);
    scroller.tell();
    scroller.moveBy(200);
    await scheduler.advance(SCROLL_SETTLE_MS);
    flushSync();
    expect(scroller.atEnd).toBe(true);
    scroller.tell();
    expect([list.following, scroller.atEnd]).toEqual([true, true]);
  });

  it('does not begin because its view has grown to the end', async () => {
    const { list, scroller } = await shown();
    scroller.wheel(-20);
    scroller.moveBy(-20);
    scroller.tell();
    scroller.layOut(300);
    scroller.layOut(240);
    scroller.tell();
    expect(list.following).toBe(false);
  });
});
