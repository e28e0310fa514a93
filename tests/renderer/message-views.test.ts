import '@testing-library/jest-dom/vitest';
import { fireEvent, render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { flushSync } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { MessageList } from '../../src/renderer/state/message-list.svelte.ts';
import MessageGrid from '../../src/renderer/views/MessageGrid.svelte';
import MessageToolbar from '../../src/renderer/views/MessageToolbar.svelte';
import { FILTER_DEBOUNCE_MS, ROWS_OVERSCAN } from '../../src/shared/limits.ts';
import {
  dataRow,
  eventRow,
  FakeClient,
  fakeKinds,
  FakeScheduler,
  kindNumber,
  settled,
  type FakeRow,
} from '../support/fake-client.ts';

function conversation(seq: number): FakeRow {
  if (seq === 0) return eventRow(seq, 'lookup', { host: 'localhost', address: '127.0.0.1', family: 4 });
  if (seq === 1) return eventRow(seq, 'error', { message: 'Connection refused by 127.0.0.1:9 (ECONNREFUSED).' });
  const row = dataRow(seq, 'hello world\n');
  return { ...row, head: { ...row.head, direction: seq % 2 === 0 ? 'in' : 'out', kind: kindNumber('data') } };
}

async function setup(
  end: number,
  row = conversation,
): Promise<{ client: FakeClient; list: MessageList; tell: () => Promise<void> }> {
  const client = new FakeClient({ end, row });
  const scheduler = new FakeScheduler();
  const list = new MessageList({ client, session: () => client.session, kinds: () => fakeKinds, scheduler });
  list.watch();
  const tell = async (): Promise<void> => {
    await scheduler.advance(FILTER_DEBOUNCE_MS);
    list.update(client.status());
    await scheduler.rest();
    flushSync();
  };
  await tell();
  return { client, list, tell };
}

const gridProps = { timeFormat: 'relative', ontimeformat: () => undefined } as const;
const grid = (): HTMLElement => screen.getByRole('grid', { name: 'Messages' });
const cells = (row: HTMLElement): (string | null)[] =>
  within(row)
    .getAllByRole('gridcell')
    .map((cell) => cell.textContent);

describe('the grid of messages', () => {
  it('has rows whose names say number, direction, kind, length and preview', async () => {
    const { list } = await setup(4);
    render(MessageGrid, { list, ...gridProps });
    expect(screen.getByRole('row', { name: '#3 out data 12 bytes hello world\\n' })).toBeInTheDocument();
    expect(screen.getByRole('row', { name: /^#0 lookup localhost → 127\.0\.0\.1/ })).toBeInTheDocument();
    expect(screen.getByRole('row', { name: /^#1 error Connection refused/ })).toBeInTheDocument();
    expect(grid()).toHaveAttribute('aria-rowcount', '5');
    expect(screen.getByRole('row', { name: /^#3/ })).toHaveAttribute('aria-rowindex', '5');
  });

  it('shows time, difference, direction, kind, length and preview', async () => {
    const { list } = await setup(4);
    render(MessageGrid, { list, ...gridProps });
    expect(cells(screen.getByRole('row', { name: /^#3/ }))).toEqual([
      '3',
      '0.003000',
      '+0.001000',
      '↑',
      'data',
      '12',
      'hello world\\n',
    ]);
  });

  it('marks a failure with a shape and not only with a colour', async () => {
    const { list } = await setup(4);
    render(MessageGrid, { list, ...gridProps });
    expect(cells(screen.getByRole('row', { name: /^#1/ }))).toContain('▲');
  });

  it('has few rows in the document for a session of a billion', async () => {
    const { list } = await setup(1_000_000_000);
    render(MessageGrid, { list, ...gridProps });
    expect(screen.getAllByRole('row').length).toBeLessThan(50);
    expect(screen.getByRole('row', { name: /^#999999999 / })).toBeInTheDocument();
  });

  it('reuses the elements of its rows when it scrolls', async () => {
    const { list, tell } = await setup(1_000);
    render(MessageGrid, { list, ...gridProps });
    const before = new Set(screen.getAllByRole('row'));
    list.select(900);
    await tell();
    expect(screen.getAllByRole('row').filter((row) => !before.has(row)).length).toBeLessThanOrEqual(ROWS_OVERSCAN + 1);
    expect(screen.getByRole('row', { name: /^#900 / })).toHaveAttribute('aria-selected', 'true');
  });

  it('shows what is no longer kept as one band', async () => {
    const { client, list, tell } = await setup(1_000);
    list.select(0);
    client.first = 400;
    await tell();
    render(MessageGrid, { list, ...gridProps });
    const gap = screen.getByRole('row', { name: /^#400 gap 401 records/ });
    expect(cells(gap)).toHaveLength(1);
    expect(gap).toHaveTextContent(/not kept/);
  });

  it('selects by click and by keys, and names the selected row to screen readers', async () => {
    const { list, tell } = await setup(100);
    const onopen = vi.fn();
    render(MessageGrid, { list, ...gridProps, onopen });
    await fireEvent.pointerDown(screen.getByRole('row', { name: /^#95 / }), { button: 0 });
    expect(list.selectedRow).toBe(95);
    await fireEvent.keyDown(grid(), { key: 'ArrowUp' });
    await tell();
    const row = screen.getByRole('row', { name: /^#94 / });
    expect(row).toHaveAttribute('aria-selected', 'true');
    expect(grid()).toHaveAttribute('aria-activedescendant', row.id);
    await fireEvent.keyDown(grid(), { key: 'Enter' });
    expect(onopen).toHaveBeenCalledOnce();
    await fireEvent.keyDown(grid(), { key: 'Escape' });
    expect(list.selected).toBeNull();
    expect(grid()).not.toHaveAttribute('aria-activedescendant');
  });

  it('copies the selected payload and says so', async () => {
    const { list } = await setup(10);
    render(MessageGrid, { list, ...gridProps });
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue(undefined);
    list.select(4);
    await fireEvent.keyDown(grid(), { key: 'c', ctrlKey: true });
    await vi.waitFor(() => {
      expect(screen.getByRole('status')).toHaveTextContent('12 B copied as text');
    });
    expect(write).toHaveBeenCalledWith('hello world\n');
    write.mockRestore();
  });

  it('changes the form of times by a click on the head of their column', async () => {
    const { list } = await setup(4);
    const ontimeformat = vi.fn();
    const { rerender } = render(MessageGrid, { list, timeFormat: 'relative', ontimeformat });
    await fireEvent.click(screen.getByRole('button', { name: 'Time: Seconds since the session began' }));
    expect(ontimeformat).toHaveBeenCalledWith('delta');
    await rerender({ timeFormat: 'delta' });
    expect(cells(screen.getByRole('row', { name: /^#3/ }))).toEqual([
      '3',
      '+0.001000',
      '↑',
      'data',
      '12',
      'hello world\\n',
    ]);
    await fireEvent.click(screen.getByRole('button', { name: 'Time: Seconds since the row above' }));
    expect(ontimeformat).toHaveBeenLastCalledWith('clock');
  });

  it('selects several rows by Shift and a click, and all by a key', async () => {
    const { list, tell } = await setup(100);
    render(MessageGrid, { list, ...gridProps });
    expect(grid()).toHaveAttribute('aria-multiselectable', 'true');
    await fireEvent.pointerDown(screen.getByRole('row', { name: /^#90 / }), { button: 0 });
    await fireEvent.pointerDown(screen.getByRole('row', { name: /^#93 / }), { button: 0, shiftKey: true });
    await tell();
    expect(screen.getAllByRole('row', { selected: true })).toHaveLength(4);
    // A right click on one of them leaves them selected; on another it selects that one.
    await fireEvent.pointerDown(screen.getByRole('row', { name: /^#91 / }), { button: 2 });
    expect(list.selectedSpan).toEqual({ from: 90, to: 93 });
    await fireEvent.pointerDown(screen.getByRole('row', { name: /^#95 / }), { button: 2 });
    expect(list.selectedSpan).toEqual({ from: 95, to: 95 });
    await fireEvent.keyDown(grid(), { key: 'a', ctrlKey: true });
    expect(list.selectedSpan).toEqual({ from: 0, to: 99 });
  });

  it('opens a menu of the selected rows, and copies by it what the engine gives', async () => {
    const { client, list } = await setup(100);
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal('navigator', { platform: 'Linux x86_64', clipboard: { writeText } });
    try {
      render(MessageGrid, { list, ...gridProps });
      list.select(95);
      grid().focus();
      await fireEvent.contextMenu(grid());
      await fireEvent.click(await screen.findByRole('menuitem', { name: /^Copy as hex/ }));
      await vi.waitFor(() => {
        expect(screen.getByRole('status')).toHaveTextContent('1 row copied as hex');
      });
      expect(client.textCalls).toEqual([{ session: client.session, view: null, from: 95, count: 1, as: 'hex' }]);
      expect(writeText).toHaveBeenCalledWith('hex of 1 from 95');
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('has a column for the connection on a server', async () => {
    const { list } = await setup(4);
    render(MessageGrid, { list, ...gridProps, peerName: (peer: number) => `127.0.0.1:5000${peer}` });
    expect(screen.getByRole('columnheader', { name: 'peer' })).toBeInTheDocument();
    expect(cells(screen.getByRole('row', { name: /^#3/ }))).toContain('127.0.0.1:50001');
  });

  it('follows the tail in the document', async () => {
    const { client, list, tell } = await setup(10);
    render(MessageGrid, { list, ...gridProps });
    client.end = 5_000;
    await tell();
    expect(screen.getByRole('row', { name: /^#4999 / })).toBeInTheDocument();
    expect(screen.queryByRole('row', { name: /^#9 / })).not.toBeInTheDocument();
  });
});

describe('the toolbar of messages', () => {
  const search = (): HTMLElement => screen.getByRole('searchbox', { name: 'Filter messages' });

  it('filters, counts and shows what is wrong in its place', async () => {
    const { list, tell } = await setup(1_000);
    render(MessageToolbar, { list });
    expect(screen.getByText('1 000 of 1 000')).toBeInTheDocument();
    await fireEvent.input(search(), { target: { value: 'bad' } });
    await tell();
    expect(screen.getByRole('alert')).toHaveTextContent('The filter is bad. Write a good one.');
    expect(search()).toHaveAttribute('aria-invalid', 'true');
    await fireEvent.input(search(), { target: { value: 'good' } });
    await tell();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    expect(screen.getByText('100 of 1 000')).toBeInTheDocument();
    await fireEvent.keyDown(search(), { key: 'Escape' });
    await tell();
    expect(search()).toHaveValue('');
    expect(screen.getByText('1 000 of 1 000')).toBeInTheDocument();
  });

  it('says that frames are not among the messages, and leads to them', async () => {
    const { client, list } = await setup(14);
    render(MessageToolbar, { list });
    list.update(client.status({ hasFrames: true }));
    await settled();
    expect(list.query).toBe('-kind:frame');
    const shown = (view: number, end: number): void => {
      const views = [{ view, first: 0, end, scanned: 14, total: 14, error: null }];
      list.update(client.status({ hasFrames: true, views }));
      flushSync();
    };
    shown([...client.views.keys()][0] ?? 0, 13);
    expect(screen.getByText('13 rows')).toBeInTheDocument();
    await fireEvent.click(screen.getByRole('button', { name: '1 frame not shown' }));
    expect(list.level).toBe('frames');
    await settled();
    expect(client.views.size).toBe(1);
    shown([...client.views.keys()][0] ?? 0, 12);
    expect(screen.getByText('2 messages as frames')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /not shown/ })).not.toBeInTheDocument();
  });

  it('shows how far a scan has come', async () => {
    const { client, list, tell } = await setup(1_000);
    render(MessageToolbar, { list });
    await fireEvent.input(search(), { target: { value: 'rare' } });
    await tell();
    list.update(client.status({ views: [{ view: 1, first: 0, end: 2, scanned: 420, total: 1_000, error: null }] }));
    flushSync();
    expect(screen.getByRole('progressbar', { name: 'Filter progress' })).toHaveAttribute('value', '0.42');
    expect(screen.getByText(/42 % ·\s+2 of 1/)).toBeInTheDocument();
    await fireEvent.click(screen.getByRole('button', { name: 'Stop searching' }));
    await tell();
    expect(client.viewCloses).toEqual([{ session: client.session, view: 1 }]);
    expect(list.filter).toBe('');
  });

  it('says how many rows are selected, with a menu of what can be done with them', async () => {
    const { list } = await setup(1_000);
    render(MessageToolbar, { list });
    expect(screen.queryByRole('button', { name: 'Copy selected rows' })).toBeNull();
    list.selectAll();
    flushSync();
    const button = screen.getByRole('button', { name: 'Copy selected rows' });
    expect(button).toHaveTextContent('1 000 selected');
    await userEvent.setup().click(button);
    expect(screen.getByRole('menuitem', { name: /^Copy as JSON Lines/ })).toBeInTheDocument();
  });

  it('says by the search box why a filter was given up, and looks no longer', async () => {
    const { client, list, tell } = await setup(1_000);
    render(MessageToolbar, { list });
    await fireEvent.input(search(), { target: { value: '/^(a+)+$/' } });
    await tell();
    const error = { code: 'bad-filter', message: 'It takes too long on record 7.', hint: 'Avoid that.' } as const;
    list.update(client.status({ views: [{ view: 1, first: 0, end: 0, scanned: 7, total: 1_000, error }] }));
    flushSync();
    expect(screen.getByRole('alert')).toHaveTextContent('It takes too long on record 7. Avoid that.');
    expect(search()).toHaveAttribute('aria-invalid', 'true');
    expect(screen.queryByRole('progressbar')).not.toBeInTheDocument();
  });

  it('follows and lets go', async () => {
    const { list } = await setup(1_000);
    render(MessageToolbar, { list });
    const follow = screen.getByRole('button', { name: 'Follow' });
    expect(follow).toHaveAttribute('aria-pressed', 'true');
    await fireEvent.click(follow);
    expect(list.following).toBe(false);
    expect(follow).toHaveAttribute('aria-pressed', 'false');
  });

  it('names the one connection that is listed, and shows all again', async () => {
    const { list } = await setup(10);
    list.peer = 3;
    render(MessageToolbar, { list, peerName: () => '127.0.0.1:51240' });
    await fireEvent.click(screen.getByRole('button', { name: '127.0.0.1:51240 only' }));
    expect(list.peer).toBeNull();
  });
});
