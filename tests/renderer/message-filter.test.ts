import { describe, expect, it } from 'vitest';
import { FILTER_DEBOUNCE_MS } from '../../src/shared/limits.ts';
import { settled } from '../support/fake-client.ts';
import { listBench, type ListBench } from './list-bench.ts';

describe('the filter of MessageList', () => {
  async function type(setting: ListBench, text: string): Promise<void> {
    setting.list.filter = text;
    await setting.scheduler.advance(FILTER_DEBOUNCE_MS);
    await setting.tell();
  }

  it('opens one view after a pause in typing', async () => {
    const setting = await listBench({ end: 1_000 });
    const { client, list, scheduler } = setting;
    for (const text of ['d', 'di', 'dir', 'dir:in']) {
      list.filter = text;
      await scheduler.advance(FILTER_DEBOUNCE_MS / 3);
    }
    expect(client.viewOpens).toHaveLength(0);
    await scheduler.advance(FILTER_DEBOUNCE_MS);
    await setting.tell();
    expect(client.viewOpens).toEqual([{ session: client.session, filter: 'dir:in', peer: null }]);
    expect(list.counts).toEqual({ shown: 100, total: 1_000 });
    expect(list.record(99)?.seq).toBe(990);
  });

  it('closes the view when the filter is emptied, and shows all rows at once', async () => {
    const setting = await listBench({ end: 1_000 });
    await type(setting, 'x');
    await type(setting, '');
    expect(setting.client.views.size).toBe(0);
    expect(setting.list.counts.shown).toBe(1_000);
    expect(setting.list.record(999)?.seq).toBe(999);
  });

  it('shows what is wrong with a filter and keeps the rows', async () => {
    const setting = await listBench({ end: 1_000 });
    await type(setting, 'bad');
    expect(setting.list.filterError?.code).toBe('bad-filter');
    expect(setting.list.scroll.visible.to).toBe(1_000);
    await type(setting, 'good');
    expect(setting.list.filterError).toBeNull();
    expect(setting.list.scroll.visible.to).toBe(100);
  });

  it('counts what the level alone leaves out, and nothing while a filter does so as well', async () => {
    const setting = await listBench({ end: 1_000 });
    const { client, list, scheduler } = setting;
    list.update(client.status({ hasFrames: true }));
    await scheduler.rest();
    await settled();
    expect(list.leftOut).toBe(0);
    const [view] = client.views.keys();
    if (view === undefined) throw new Error('no view was opened');
    const see = (scanned: number): void => {
      const views = [{ view, first: 0, end: 100, scanned, total: 1_000, error: null }];
      list.update(client.status({ hasFrames: true, views }));
    };
    see(400);
    expect(list.leftOut).toBe(0);
    see(1_000);
    expect(list.leftOut).toBe(900);
    list.filter = 'x';
    expect(list.leftOut).toBe(0);
    list.filter = '';
    expect(list.leftOut).toBe(900);
    list.peer = 3;
    expect(list.leftOut).toBe(0);
  });

  it('leaves out the rows of frames, or the messages that have such rows, once there are any', async () => {
    const { client, list, scheduler, tell } = await listBench({ end: 1_000 });
    const { session } = client;
    const see = async (): Promise<void> => {
      list.update(client.status({ hasFrames: true }));
      await scheduler.rest();
    };
    list.level = 'frames';
    await tell();
    expect(client.viewOpens).toEqual([]);
    await see();
    expect(client.viewOpens).toEqual([{ session, filter: '-is:framed', peer: null }]);
    list.level = 'messages';
    await see();
    list.filter = 'hello';
    await scheduler.advance(FILTER_DEBOUNCE_MS);
    await see();
    expect(client.viewOpens.slice(1).map(({ filter }) => filter)).toEqual(['-kind:frame', '-kind:frame hello']);
  });

  it('closes a view that came too late', async () => {
    const setting = await listBench({ end: 1_000 });
    const { client, list, scheduler } = setting;
    client.hold();
    list.filter = 'first';
    await scheduler.advance(FILTER_DEBOUNCE_MS);
    list.filter = 'second';
    await scheduler.advance(FILTER_DEBOUNCE_MS);
    expect(list.progress).not.toBeNull();
    await client.releaseAll();
    await setting.tell();
    expect([...client.views.values()]).toEqual(['second|']);
    expect(list.progress).toBeNull();
  });

  it('lists one connection alone, with or without words', async () => {
    const setting = await listBench({ end: 1_000 });
    setting.list.peer = 7;
    await settled();
    await setting.tell();
    expect(setting.client.viewOpens).toEqual([{ session: setting.client.session, filter: '', peer: 7 }]);
    expect(setting.list.counts.shown).toBe(100);
    setting.list.peer = null;
    await setting.tell();
    expect(setting.list.counts.shown).toBe(1_000);
  });

  it('shows how far the engine has looked', async () => {
    const setting = await listBench({ end: 1_000 });
    await type(setting, 'x');
    const view = { view: 1, first: 0, end: 4, scanned: 250, total: 1_000, error: null };
    setting.list.update(setting.client.status({ views: [view] }));
    expect(setting.list.progress).toEqual({ scanned: 250, total: 1_000 });
    expect(setting.list.counts.shown).toBe(4);
  });

  it('keeps the selected record, and finds it among its neighbours when the filter goes', async () => {
    const setting = await listBench({ end: 100_000 });
    await type(setting, 'x');
    setting.list.select(3);
    await setting.scheduler.rest();
    expect(setting.list.selected?.seq).toBe(30);
    await type(setting, '');
    expect(setting.list.selectedRow).toBe(30);
    expect(setting.list.scroll.isVisible(30)).toBe(true);
    expect(setting.list.following).toBe(false);
    expect(setting.list.isSelected(30)).toBe(true);
  });

  it('still marks the selected record in a filtered view', async () => {
    const setting = await listBench({ end: 100 });
    setting.list.select(90);
    await type(setting, 'x');
    expect(setting.list.isSelected(9)).toBe(true);
    expect(setting.list.isSelected(8)).toBe(false);
  });

  it('says why when the engine has given the view up, and looks on no further', async () => {
    const setting = await listBench({ end: 1_000 });
    await type(setting, 'x');
    const error = { code: 'bad-filter', message: 'It takes too long on record 7.', hint: '' } as const;
    const view = { view: 1, first: 0, end: 4, scanned: 7, total: 1_000, error };
    setting.list.update(setting.client.status({ views: [view] }));
    expect(setting.list.filterError).toEqual(error);
    expect(setting.list.progress).toBeNull();
    expect(setting.list.error).toBeNull();
    await type(setting, 'y');
    await setting.tell();
    expect(setting.list.filterError).toBeNull();
  });

  it('stays as it is when the engine does not know the view', async () => {
    const setting = await listBench({ end: 1_000 });
    await type(setting, 'x');
    setting.client.views.clear();
    setting.list.select(0);
    await setting.scheduler.rest();
    expect(setting.list.error?.code).toBe('not-found');
    expect(setting.client.rowCalls.every((call, index) => index === 0 || call.view === 1 || call.view === null)).toBe(
      true,
    );
    expect(setting.client.viewOpens).toHaveLength(1);
  });
});
