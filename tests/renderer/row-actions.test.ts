import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GoToField } from '../../src/renderer/state/row-actions.svelte.ts';
import { FILTER_DEBOUNCE_MS } from '../../src/shared/limits.ts';
import { eventRow, dataRow } from '../support/fake-client.ts';
import { listBench } from './list-bench.ts';

const copied: string[] = [];

beforeEach(() => {
  copied.length = 0;
  vi.stubGlobal('navigator', {
    platform: 'Linux x86_64',
    clipboard: {
      writeText: (text: string) => {
        copied.push(text);
        return Promise.resolve();
      },
    },
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('several selected rows', () => {
  it('reach from where selecting began to where the keys are', async () => {
    const { list } = await listBench({ end: 100 });
    list.select(50);
    for (const key of ['ArrowDown', 'ArrowDown']) list.move(key, true);
    expect(list.selectedSpan).toEqual({ from: 50, to: 52 });
    for (let step = 0; step < 4; step += 1) list.move('ArrowUp', true);
    expect(list.selectedSpan).toEqual({ from: 48, to: 50 });
    expect([47, 48, 50, 51].map((row) => list.isSelected(row))).toEqual([false, true, true, false]);
    list.move('ArrowUp');
    expect(list.selectedSpan).toEqual({ from: 47, to: 47 });
  });

  it('reach to both ends of ten million rows in two keys', async () => {
    const { list } = await listBench({ end: 10_000_000 });
    list.select(5_000_000);
    list.move('Home', true);
    expect(list.selectedSpan).toEqual({ from: 0, to: 5_000_000 });
    list.move('End', true);
    expect(list.selectedSpan).toEqual({ from: 5_000_000, to: 9_999_999 });
    expect(list.following).toBe(false);
  });

  it('are all rows by one key, while the list stays where it is', async () => {
    const { list, tell } = await listBench({ end: 10_000_000 });
    list.select(5_000_000);
    await tell();
    const { visible } = list.scroll;
    list.selectAll();
    expect(list.actions.selected).toBe(10_000_000);
    expect(list.scroll.visible).toEqual(visible);
    expect(list.selected?.seq).toBe(5_000_000);
  });

  it('end with the view in which they were selected', async () => {
    const { list, scheduler, tell } = await listBench({ end: 1000 });
    list.selectAll();
    list.filter = 'x';
    await scheduler.advance(FILTER_DEBOUNCE_MS);
    await tell();
    expect(list.selectedSpan).toBeNull();
  });

  it('do not count rows that are no longer kept', async () => {
    const { client, list, tell } = await listBench({ end: 100 });
    list.selectAll();
    client.first = 40;
    await tell();
    expect(list.selectedSpan).toEqual({ from: 40, to: 99 });
  });
});

describe('copying', () => {
  it('gives a line for each of several rows', async () => {
    const { client, list } = await listBench({ end: 100 });
    list.select(10);
    list.select(12, true);
    await list.actions.copy();
    expect(client.textCalls).toEqual([{ session: client.session, view: null, from: 10, count: 3, as: 'text' }]);
    expect(copied).toEqual(['text of 3 from 10']);
    expect(list.actions.said).toBe('3 rows copied as text');
  });

  it('gives the payload of one row, and a line for an event, which has none', async () => {
    const { list, tell } = await listBench({ end: 2, row: (seq) => (seq === 0 ? eventRow(0, 'connect') : dataRow(1)) });
    list.select(1);
    await tell();
    await list.actions.copy();
    list.select(0);
    await tell();
    await list.actions.copy();
    expect(copied).toEqual(['message 1\n', 'text of 1 from 0']);
  });

  it('says how much there was when the clipboard gets only a part', async () => {
    const { list } = await listBench({ end: 5000 });
    list.selectAll();
    await list.actions.copyAs('hex');
    expect(list.actions.said).toBe(
      '1\u2009000 of 5\u2009000 rows copied as hex: the clipboard gets at most 17 MB. Export has no limit.',
    );
  });

  it('takes the rows of the filtered view', async () => {
    const { client, list, scheduler, tell } = await listBench({ end: 1000 });
    list.filter = 'x';
    await scheduler.advance(FILTER_DEBOUNCE_MS);
    await tell();
    list.selectAll();
    await list.actions.copyAs('jsonl');
    expect(client.textCalls).toEqual([{ session: client.session, view: 1, from: 0, count: 100, as: 'jsonl' }]);
  });

  it('says why the clipboard did not take it, and forgets what it said after a while', async () => {
    const { list, scheduler } = await listBench({ end: 10 });
    vi.stubGlobal('navigator', { clipboard: { writeText: () => Promise.reject(new Error('no focus')) } });
    list.selectAll();
    await list.actions.copyAs('text');
    expect(list.actions.said).toContain('no focus');
    await scheduler.advance(60_000);
    expect(list.actions.said).toBe('');
  });
});

describe('the menu of selected rows', () => {
  it('lists the connection of the row alone, where there are others', async () => {
    const { client, list, tell } = await listBench({ end: 100 });
    list.select(5);
    await tell();
    const labels = (): string[] => list.actions.menu.flatMap((item) => (item.type === 'separator' ? [] : [item.label]));
    expect(labels()).toContain('Only this connection');
    const only = list.actions.menu.find((item) => item.type !== 'separator' && item.label === 'Only this connection');
    if (only !== undefined && only.type !== 'separator') only.onselect();
    await tell();
    expect(client.viewOpens).toEqual([{ session: client.session, filter: '', peer: 1 }]);
    expect(labels()).not.toContain('Only this connection');
  });
});

describe('going to a row', () => {
  it('selects it in the middle of the list and stops following', async () => {
    const { list, tell } = await listBench({ end: 10_000_000 });
    const gone = await list.actions.goTo('5 000 000', null);
    await tell();
    expect(gone).toEqual({ ok: true, value: 5_000_000 });
    expect(list.selected?.seq).toBe(5_000_000);
    expect(list.following).toBe(false);
    const { from, to } = list.scroll.visible;
    expect(Math.abs((from + to) / 2 - 5_000_000)).toBeLessThanOrEqual(2);
  });

  it('finds a time in a filtered view by the engine', async () => {
    const { client, list, scheduler, tell } = await listBench({ end: 1000 });
    list.filter = 'x';
    await scheduler.advance(FILTER_DEBOUNCE_MS);
    await tell();
    const gone = await list.actions.goTo('+0.5', null);
    await tell();
    expect(client.findCalls).toEqual([{ session: client.session, view: 1, at: { time: 500_000_000 } }]);
    expect(gone).toEqual({ ok: true, value: 50 });
    expect(list.selected?.seq).toBe(500);
  });

  it('says which rows there are when there is no such row', async () => {
    const { client, list } = await listBench({ end: 1000 });
    const gone = await list.actions.goTo('1000', null);
    expect(gone).toMatchObject({ ok: false, error: { message: 'Rows run from 0 to 999.' } });
    expect(client.findCalls).toEqual([]);
  });

  it('says so while there are no rows', async () => {
    const { list } = await listBench();
    expect(await list.actions.goTo('1', null)).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });

  it('keeps its field with what is wrong, until something else is typed', async () => {
    const { list } = await listBench({ end: 10 });
    list.actions.isGoing = true;
    const field = new GoToField(list.actions, () => null);
    field.type('soon');
    expect(await field.submit()).toBe(false);
    expect(field.error?.message).toContain('soon');
    field.type('3');
    expect(field.error).toBeNull();
    expect(await field.submit()).toBe(true);
    expect(list.actions.isGoing).toBe(false);
    expect(list.selectedRow).toBe(3);
  });
});
