import { describe, expect, it, vi } from 'vitest';
import { MessageList } from '../../src/renderer/state/message-list.svelte.ts';
import { FETCHES_IN_FLIGHT, ROWS_PER_CALL } from '../../src/shared/limits.ts';
import { dataRow, FakeClient, fakeKinds, FakeScheduler } from '../support/fake-client.ts';
import { listBench } from './list-bench.ts';

/** Row numbers in view that have their record. */
function loaded(list: MessageList): number[] {
  const { from, to } = list.scroll.visible;
  return Array.from({ length: to - from }, (_, index) => from + index).filter((row) => list.record(row)?.seq === row);
}

describe('MessageList', () => {
  it('shows the tail of a session, from a single call', async () => {
    const { client, list } = await listBench({ end: 1_000_000_000 });
    expect(list.scroll.visible.to).toBe(1_000_000_000);
    expect(loaded(list)).toHaveLength(10);
    expect(client.rowCalls).toHaveLength(1);
    expect(client.rowCalls[0]).toMatchObject({ view: null });
  });

  it('follows the tail as the session grows', async () => {
    const { client, list, tell } = await listBench({ end: 5 });
    client.end = 500;
    await tell();
    expect(list.following).toBe(true);
    expect(list.scroll.visible.to).toBe(500);
    expect(list.record(499)?.seq).toBe(499);
  });

  it('moves on only when the new rows have come, so that no empty row is seen', async () => {
    const { client, scheduler, list } = await listBench({ end: 100 });
    client.hold();
    client.end = 200;
    list.update(client.status());
    await scheduler.nextFrame();
    expect(list.scroll.end).toBe(100);
    expect(loaded(list)).toHaveLength(10);
    await client.releaseAll();
    expect(list.scroll.end).toBe(200);
    expect(loaded(list)).toHaveLength(10);
  });

  it('asks at most once a frame and has few calls on their way, however many statuses come', async () => {
    const { client, scheduler, list } = await listBench({ end: 100 });
    client.hold();
    const before = client.rowCalls.length;
    for (let frame = 0; frame < 20; frame += 1) {
      for (let status = 0; status < 5; status += 1) {
        client.end += 1_000;
        list.update(client.status());
      }
      const calls = client.rowCalls.length;
      await scheduler.nextFrame();
      expect(client.rowCalls.length - calls).toBeLessThanOrEqual(1);
    }
    expect(client.rowCalls.length - before).toBe(FETCHES_IN_FLIGHT);
    await client.releaseAll();
    await scheduler.rest();
    expect(list.scroll.end).toBe(client.end);
    expect(loaded(list)).toHaveLength(10);
  });

  it('never asks for more rows than one answer may have', async () => {
    const { client, list, scheduler } = await listBench({ end: 100_000 });
    list.scroll.resize(2600);
    list.follow(false);
    for (const row of [50_000, 50_090, 49_000, 10]) {
      list.scroll.centre(row);
      list.select(row);
      await scheduler.rest();
    }
    for (const call of client.rowCalls) expect(call.count).toBeLessThanOrEqual(ROWS_PER_CALL);
    expect(loaded(list).length).toBeGreaterThan(100);
  });

  it('fetches what is looked at now, not what was scrolled past', async () => {
    const { client, scheduler, list } = await listBench({ end: 1_000_000 });
    client.hold();
    list.follow(false);
    for (const row of [100_000, 200_000, 300_000, 400_000, 500_000]) {
      list.select(row);
      await scheduler.nextFrame();
    }
    await client.releaseAll();
    await scheduler.rest();
    expect(loaded(list)).toContain(500_000);
    expect(client.rowCalls.some((call) => call.from > 250_000 && call.from < 450_000)).toBe(false);
  });

  it('reads nothing while nobody looks, and the tail once somebody does', async () => {
    const client = new FakeClient({ end: 1_000 });
    const scheduler = new FakeScheduler();
    const list = new MessageList({ client, session: () => client.session, kinds: () => fakeKinds, scheduler });
    list.update(client.status());
    await scheduler.rest();
    expect(client.rowCalls).toHaveLength(0);
    expect(list.counts.total).toBe(1_000);
    const stop = list.watch();
    await scheduler.rest();
    expect(list.scroll.visible.to).toBe(1_000);
    stop();
    client.end = 2_000;
    list.update(client.status());
    await scheduler.rest();
    expect(client.rowCalls).toHaveLength(1);
  });

  it('stays where it is while the past is read', async () => {
    const { client, list, tell } = await listBench({ end: 1_000 });
    list.scroll.scrolled(1);
    list.select(500);
    await tell();
    const before = list.scroll.visible;
    client.end = 50_000;
    await tell();
    expect(list.following).toBe(false);
    expect(list.scroll.visible).toEqual(before);
    expect(list.counts).toEqual({ shown: 50_000, total: 50_000 });
  });

  it('follows again when the person scrolls to the end', async () => {
    const { list } = await listBench({ end: 1_000 });
    list.scroll.scrolled(10_000);
    expect(list.following).toBe(false);
    list.scroll.scrolled(1_000 * 24 - 240);
    expect(list.following).toBe(true);
  });

  it('returns to the tail by Follow, also when new rows have not come yet', async () => {
    const { client, list, scheduler, tell } = await listBench({ end: 1_000 });
    list.select(10);
    client.end = 90_000;
    await tell();
    expect(list.following).toBe(false);
    list.follow(true);
    await scheduler.rest();
    expect(list.scroll.visible.to).toBe(90_000);
    expect(loaded(list)).toHaveLength(10);
  });

  it('keeps following when a row of the tail is selected, until that row would leave the view', async () => {
    const { client, list, tell } = await listBench({ end: 100 });
    list.select(95);
    expect(list.following).toBe(true);
    client.end = 104;
    await tell();
    expect(list.following).toBe(true);
    expect(list.scroll.visible.to).toBe(104);
    client.end = 200;
    await tell();
    expect(list.following).toBe(false);
    expect(list.scroll.isVisible(95)).toBe(true);
    expect(list.selected?.seq).toBe(95);
  });

  it('shows a gap row for the oldest rows once they are gone', async () => {
    const { client, list, tell } = await listBench({ end: 1_000 });
    list.select(0);
    await tell();
    expect(list.record(0)?.seq).toBe(0);
    client.first = 400;
    client.end = 1_500;
    await tell();
    expect(list.scroll.visible.from).toBe(400);
    const gap = list.record(400);
    expect(gap !== null && list.kindOf(gap)).toBe('gap');
    expect(gap?.meta).toMatchObject({ count: 401 });
    expect(list.selected?.seq).toBe(0);
  });

  it('starts anew for another session', async () => {
    const { client, list, tell } = await listBench({ end: 1_000 });
    list.select(5);
    await tell();
    client.end = 3;
    client.startedAt = 77;
    await tell();
    expect(list.selected).toBeNull();
    expect(list.following).toBe(true);
    expect(list.scroll.visible).toEqual({ from: 0, to: 3 });
    expect(loaded(list)).toEqual([0, 1, 2]);
  });

  it('says why rows cannot be read, and asks again at the next status', async () => {
    const client = new FakeClient({ end: 10 });
    const scheduler = new FakeScheduler();
    let session: string | null = null;
    const list = new MessageList({ client, session: () => session, kinds: () => fakeKinds, scheduler });
    list.watch();
    list.update(client.status());
    await scheduler.rest();
    expect(client.rowCalls).toHaveLength(0);
    session = client.session;
    list.update(client.status());
    await scheduler.rest();
    expect(list.error).toBeNull();
    expect(list.record(9)?.seq).toBe(9);
  });
});

describe('the keys of MessageList', () => {
  it('move the selection by rows and pages and to both ends', async () => {
    const { list, scheduler } = await listBench({ end: 1_000_000_000 });
    expect(list.move('ArrowUp')).toBe(true);
    expect(list.selectedRow).toBe(999_999_999);
    list.move('ArrowUp');
    expect(list.selectedRow).toBe(999_999_998);
    list.move('Home');
    await scheduler.rest();
    expect([list.selectedRow, list.scroll.visible.from, list.following]).toEqual([0, 0, false]);
    expect(list.selected?.seq).toBe(0);
    list.move('PageDown');
    expect(list.selectedRow).toBe(list.scroll.pageRows);
    list.move('ArrowUp');
    list.move('End');
    await scheduler.rest();
    expect([list.selectedRow, list.following]).toEqual([999_999_999, true]);
    list.move('ArrowDown');
    expect(list.selectedRow).toBe(999_999_999);
    expect(list.move('x')).toBe(false);
  });

  it('after End the tail is followed, although a row is selected', async () => {
    const { client, list, tell } = await listBench({ end: 100 });
    list.move('End');
    client.end = 5_000;
    await tell();
    expect(list.following).toBe(true);
    expect(list.scroll.visible.to).toBe(5_000);
  });

  it('do nothing in an empty list', async () => {
    const { list } = await listBench();
    expect(list.move('ArrowDown')).toBe(false);
  });
});

describe('copying from MessageList', () => {
  it('puts the whole payload on the clipboard, not only what the row shows', async () => {
    const long = 'x'.repeat(5_000);
    const { list, scheduler } = await listBench({ end: 3, row: (seq) => dataRow(seq, long) });
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue(undefined);
    list.select(1);
    await scheduler.rest();
    expect(await list.copySelected()).toEqual({ ok: true, value: 5_000 });
    expect(write).toHaveBeenCalledWith(long);
    write.mockRestore();
  });

  it('says so when the clipboard refuses or the record is gone', async () => {
    const { client, list, scheduler } = await listBench({ end: 3, row: (seq) => dataRow(seq, 'y'.repeat(900)) });
    expect(await list.copySelected()).toMatchObject({ ok: false });
    list.select(1);
    await scheduler.rest();
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('no focus'));
    expect(await list.copySelected()).toMatchObject({ ok: false, error: { code: 'not-supported' } });
    write.mockRestore();
    client.isGone = true;
    expect(await list.copySelected()).toMatchObject({ ok: false, error: { code: 'gone' } });
  });
});
