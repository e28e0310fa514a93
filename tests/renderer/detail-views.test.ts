import '@testing-library/jest-dom/vitest';
import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { Detail } from '../../src/renderer/state/detail.svelte.ts';
import DetailView from '../../src/renderer/views/Detail.svelte';
import { decodeRecord, encodeRecord, kindTable, type RecordView } from '../../src/shared/record.ts';
import { dataRow, eventRow, FakeClient, fakeKinds, settled, type FakeRow } from '../support/fake-client.ts';

function recordOf(row: FakeRow): RecordView {
  const decoded = decodeRecord(encodeRecord(row.head, row.meta, row.payload, 320), 0);
  if (decoded === null) throw new Error('not a record');
  return decoded.record;
}

async function show(
  row: FakeRow | null,
  tab: Detail['tab'] = 'Text',
  kinds: readonly string[] = fakeKinds,
): Promise<{ client: FakeClient; detail: Detail }> {
  const client = new FakeClient({ end: 10, row: (seq) => row ?? dataRow(seq) });
  const detail = new Detail({ client, session: () => client.session, kinds: () => kinds });
  detail.tab = tab;
  const record = row === null ? null : recordOf(row);
  render(DetailView, { detail, record, startedAt: 0, peerName: () => '127.0.0.1:9000' });
  await settled();
  flushSync();
  return { client, detail };
}

const region = (): HTMLElement => screen.getByRole('region', { name: 'Detail' });

describe('the region Detail', () => {
  it('says what to do while nothing is selected', async () => {
    await show(null);
    expect(region()).toHaveTextContent('Select a row to see its bytes.');
  });

  it('names number, kind, length, time and peer', async () => {
    await show({ ...dataRow(4), payload: new TextEncoder().encode('x'.repeat(1448)) });
    expect(region()).toHaveTextContent('#4');
    expect(region()).toHaveTextContent('↓ data');
    expect(region()).toHaveTextContent('1 448 B · 0.004000 s · from 127.0.0.1:9000');
  });

  it('has the tabs Text, JSON and Hex, and arrow keys between them', async () => {
    const { detail } = await show(dataRow(3, '{"a":1}'));
    expect(screen.getAllByRole('tab').map((tab) => tab.textContent.trim())).toEqual(['Text', 'JSON', 'Hex']);
    expect(screen.getByRole('tab', { name: 'Text' })).toHaveAttribute('aria-selected', 'true');
    await fireEvent.keyDown(screen.getByRole('tab', { name: 'Text' }), { key: 'ArrowRight' });
    expect(detail.tab).toBe('JSON');
    expect(screen.getByRole('tabpanel', { name: 'JSON' })).toHaveTextContent('"a": 1');
  });

  it('has the tab Frame for what was a frame', async () => {
    const kinds = kindTable(['text']);
    const row = { ...dataRow(3, 'hello'), head: { ...dataRow(3).head, kind: kinds.indexOf('text') } };
    await show({ ...row, meta: { frames: 1, compressed: 7 } }, 'Frame', kinds);
    const panel = screen.getByRole('tabpanel', { name: 'Frame' });
    expect(
      within(panel)
        .getAllByRole('term')
        .map((term) => term.textContent.trim()),
    ).toEqual(['opcode', 'FIN', 'RSV1 RSV2 RSV3', 'mask', 'length', 'decompressed', 'head']);
    expect(panel).toHaveTextContent('0x1 text');
    expect(panel).toHaveTextContent('c1 87 ·· ·· ·· ··');
    expect(panel).toHaveTextContent('140 % on the wire');
  });

  it('says what the code of a close means, and has the tab Frame also for an empty one', async () => {
    const kinds = kindTable(['close']);
    const head = { ...dataRow(4).head, kind: kinds.indexOf('close') };
    await show({ head, meta: { code: 1005 }, payload: new Uint8Array(0) }, 'Text', kinds);
    expect(region()).toHaveTextContent('1005');
    expect(region()).toHaveTextContent('RFC 6455 §7.4.1');
    expect(screen.getAllByRole('tab').map((tab) => tab.textContent.trim())).toEqual(['Frame']);
  });

  it('shows text with its escapes', async () => {
    await show(dataRow(3, 'OK 0042\r\n'));
    expect(screen.getByRole('tabpanel', { name: 'Text' })).toHaveTextContent('OK 0042\\r\\n');
  });

  it('offers more of a long text', async () => {
    await show(dataRow(3, 'z'.repeat(300_000)));
    await fireEvent.click(screen.getByRole('button', { name: /^Show 38 KB more$/ }));
    await settled();
    flushSync();
    expect(screen.queryByRole('button', { name: /more$/ })).not.toBeInTheDocument();
  });

  it('says in words why a payload is no JSON', async () => {
    await show(dataRow(3, 'hello'), 'JSON');
    expect(screen.getByRole('tabpanel')).toHaveTextContent('Not JSON: a value is expected, at character 1.');
  });

  it('shows the facts of an event by name', async () => {
    await show(eventRow(2, 'connect', { local: '127.0.0.1:51234', bytes: 65536, ready: true }));
    expect(screen.getByText('local').nextElementSibling).toHaveTextContent('127.0.0.1:51234');
    expect(screen.getByText('bytes').nextElementSibling).toHaveTextContent('65 536');
    expect(screen.queryByRole('tab')).not.toBeInTheDocument();
  });

  it('says so when the payload is gone', async () => {
    const client = new FakeClient({ end: 10, row: (seq) => dataRow(seq, 'y'.repeat(5_000)) });
    client.isGone = true;
    const detail = new Detail({ client, session: () => client.session, kinds: () => fakeKinds });
    render(DetailView, { detail, record: recordOf(dataRow(3, 'y'.repeat(5_000))), startedAt: 0 });
    await settled();
    flushSync();
    expect(screen.getByRole('alert')).toHaveTextContent('Record 3 is no longer kept.');
  });

  it('copies and says what', async () => {
    await show(dataRow(3, 'hello'));
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue(undefined);
    await fireEvent.click(screen.getByRole('button', { name: 'Copy as hex' }));
    await vi.waitFor(() => {
      expect(screen.getByRole('status')).toHaveTextContent('5 B copied as hex');
    });
    expect(write).toHaveBeenCalledWith('68 65 6c 6c 6f');
    write.mockRestore();
  });
});

describe('the hex view', () => {
  const grid = (): HTMLElement => screen.getByRole('grid', { name: 'Bytes' });
  const selected = (): (string | null)[] =>
    within(grid())
      .getAllByRole('gridcell', { selected: true })
      .map((cell) => cell.textContent);

  it('shows offset, sixteen bytes and their ASCII in a line', async () => {
    await show(dataRow(3, '{"temp":21.4,"rpm":1480}\n'), 'Hex');
    const line = within(grid()).getAllByRole('row')[1];
    expect(line).toHaveTextContent(/00000010/);
    expect(line).toHaveTextContent(/"?:1480}·$/);
    expect(within(grid()).getAllByRole('gridcell')).toHaveLength(25);
  });

  it('selects bytes by click and by keys and shows the numbers there', async () => {
    const { detail } = await show(dataRow(3, '{"temp":21.4,"rpm":1480}\n'), 'Hex');
    const bytes = within(grid()).getAllByRole('gridcell');
    await fireEvent.pointerDown(bytes[1] ?? grid(), { button: 0 });
    expect(selected()).toEqual(['22']);
    await fireEvent.keyDown(grid(), { key: 'ArrowLeft' });
    expect(detail.caret).toBe(0);
    const numbers = screen.getByRole('group', { name: 'Numbers at byte 0' });
    expect(numbers).toHaveTextContent('31 522');
    expect(numbers).toHaveTextContent('8 827');
    await fireEvent.keyDown(grid(), { key: 'ArrowRight', shiftKey: true });
    expect(selected()).toEqual(['7b', '22']);
    await fireEvent.keyDown(grid(), { key: 'a', ctrlKey: true });
    expect(selected()).toHaveLength(25);
  });

  it('holds few lines of a payload of 16 MiB and reads where it scrolls to', async () => {
    const payload = new Uint8Array(16 * 1024 * 1024).fill(0x5a);
    const { client } = await show({ ...dataRow(3), payload }, 'Hex');
    expect(within(grid()).getAllByRole('row').length).toBeLessThan(50);
    expect(client.payloadCalls).toHaveLength(1);
    await fireEvent.keyDown(grid(), { key: 'End', ctrlKey: true });
    await settled();
    flushSync();
    expect(within(grid()).getByText('00fffff0')).toBeInTheDocument();
    expect(selected()).toEqual(['5a']);
    const read = client.payloadCalls.reduce((sum, call) => sum + call.length, 0);
    expect(read).toBeLessThan(payload.length / 10);
  });
});
