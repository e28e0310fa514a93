import '@testing-library/jest-dom/vitest';
import { fireEvent, render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { ExportProgress } from '../../src/shared/contract.ts';
import { failure, success } from '../../src/shared/errors.ts';
import { Exporter } from '../../src/renderer/state/exporter.svelte.ts';
import { MessageList } from '../../src/renderer/state/message-list.svelte.ts';
import { Notices } from '../../src/renderer/state/notices.svelte.ts';
import ExportDialog from '../../src/renderer/views/ExportDialog.svelte';
import { FakeCalls } from '../support/fake-calls.ts';
import { settled } from '../support/fake-client.ts';
import { sessionStatus } from '../support/status-samples.ts';

interface Bench {
  readonly calls: FakeCalls;
  readonly notices: Notices;
  readonly list: MessageList;
  readonly exporter: Exporter;
}

function bench(canReveal = true, canDownload = false): Bench {
  const calls = new FakeCalls()
    .answer('export.start', () => success({ export: 7 }))
    .answer('export.cancel', () => success({}))
    .answer('export.reveal', () => success({}))
    .answer('file.chooseSave', () => success({ path: '/chosen/out.jsonl' }))
    .answer('file.stat', () => failure('file-not-found', 'There is no such file.'))
    .answer('view.open', () => success({ view: 1 }));
  const notices = new Notices();
  const session = (): string => 's1';
  const list = new MessageList({ client: calls, session, kinds: () => [] });
  const startedAt = new Date(2026, 0, 2, 3, 4, 5).getTime();
  list.update(sessionStatus({ startedAt, rows: { first: 0, end: 1000 } }));
  const exporter = new Exporter({
    client: calls,
    notices,
    session,
    messages: list,
    name: () => '[::1]:9000 / «echo»',
    canReveal: () => canReveal,
    canDownload: () => canDownload,
    folder: { current: '/home/me/' },
  });
  return { calls, notices, list, exporter };
}

function progress(part: Partial<ExportProgress> = {}): ExportProgress {
  const base = { export: 7, session: 's1', path: '/tmp/out.jsonl', looked: 10, total: 1000, records: 9, bytes: 900 };
  return { ...base, state: 'running', error: null, ...part };
}

describe('an export', () => {
  it('asks for everything in the chosen format', async () => {
    const { calls, exporter } = bench();
    exporter.open();
    exporter.path = ' /tmp/out.jsonl ';
    await exporter.start();
    expect(calls.callsOf('export.start')).toEqual([
      { session: 's1', filter: '', peer: null, format: 'jsonl', direction: null, path: '/tmp/out.jsonl' },
    ]);
    expect(exporter.progress).toMatchObject({ looked: 0, total: 1000 });
  });

  it('asks for the filtered view when there is one, and names the direction of raw bytes', async () => {
    const { calls, exporter, list } = bench();
    list.filter = ' dir:in ';
    list.peer = 3;
    exporter.open();
    expect(exporter.scope).toBe('view');
    exporter.setFormat('raw');
    exporter.direction = 'out';
    exporter.path = '/tmp/out.bin';
    await exporter.start();
    expect(calls.callsOf('export.start')).toEqual([
      { session: 's1', filter: 'dir:in', peer: 3, format: 'raw', direction: 'out', path: '/tmp/out.bin' },
    ]);
  });

  it('proposes a name that every system takes, with the ending of its format', () => {
    const { exporter } = bench();
    expect(exporter.suggestedName).toBe('1-9000-echo-20260102-030405.jsonl');
    exporter.path = '/tmp/x.jsonl';
    exporter.setFormat('text');
    expect(exporter.path).toBe('/tmp/x.txt');
    expect(exporter.suggestedName).toMatch(/\.txt$/);
  });

  it('says that there is no file to write to before it asks', async () => {
    const { calls, exporter } = bench();
    await exporter.start();
    expect(exporter.error).toMatchObject({ code: 'bad-request', field: 'path' });
    expect(calls.callsOf('export.start')).toEqual([]);
  });

  it('replaces a file that is there already only when asked twice, or when the system has asked', async () => {
    const { calls, exporter } = bench();
    calls.answer('file.stat', () => success({ size: 1200 }));
    exporter.path = '/tmp/out.jsonl';
    await exporter.start();
    expect(exporter.error?.message).toBe('There is a file /tmp/out.jsonl already, of 1.2 KB.');
    expect(calls.callsOf('export.start')).toEqual([]);
    await exporter.start();
    expect(calls.callsOf('export.start')).toHaveLength(1);
    exporter.take(progress({ state: 'done' }));
    await exporter.choose();
    await exporter.start();
    expect(calls.callsOf('export.start')).toHaveLength(2);
  });

  it('proposes the folder of the export before, also of another tab', () => {
    const { exporter } = bench();
    exporter.open();
    expect(exporter.path).toBe('/home/me/1-9000-echo-20260102-030405.jsonl');
  });

  it('says why it could not begin', async () => {
    const { calls, exporter } = bench();
    calls.answer('export.start', () => failure('permission-denied', 'No way.'));
    exporter.path = '/closed/x';
    await exporter.start();
    expect(exporter.error?.message).toBe('No way.');
    expect(exporter.isRunning).toBe(false);
  });

  it('tells of its end in a notice, with Reveal where the host can', async () => {
    const { calls, notices, exporter } = bench();
    exporter.open();
    exporter.path = '/tmp/out.jsonl';
    await exporter.start();
    exporter.take(progress());
    expect(exporter.progress?.looked).toBe(10);
    exporter.take(progress({ state: 'done', records: 1000, bytes: 12_000 }));
    expect(exporter.isOpen).toBe(false);
    expect(notices.list[0]?.text).toBe('Exported 1\u2009000 rows, 12 KB, to /tmp/out.jsonl.');
    notices.list[0]?.action?.run();
    expect(calls.callsOf('export.reveal')).toEqual([{ export: 7 }]);
    const without = bench(false);
    without.exporter.path = '/tmp/out.jsonl';
    await without.exporter.start();
    without.exporter.take(progress({ state: 'done', records: 1 }));
    expect(without.notices.list[0]).toMatchObject({ text: 'Exported 1 row, 900 B, to /tmp/out.jsonl.', action: null });
  });

  it('is downloaded by the browser where that is possible, unless a path is asked for', async () => {
    const { calls, notices, exporter } = bench(false, true);
    const fetched: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      fetched.push(`${this.getAttribute('href') ?? ''} as ${this.download}`);
    });
    exporter.open();
    await exporter.start();
    const name = '1-9000-echo-20260102-030405.jsonl';
    expect(calls.callsOf('export.start')).toMatchObject([{ path: null, name }]);
    exporter.take(progress({ state: 'done', path: name, download: 'abc' }));
    expect(fetched).toEqual([`/download/abc as ${name}`]);
    expect(notices.list[0]?.text).toBe(`Exported 9 rows, 900 B; the browser downloads ${name}.`);
    exporter.target = 'path';
    exporter.path = '~/out.jsonl';
    await exporter.start();
    expect(calls.callsOf('export.start')[1]).toMatchObject({ path: '~/out.jsonl' });
    vi.restoreAllMocks();
  });

  it('says in plain words what will be written', () => {
    const { list, exporter } = bench();
    expect(exporter.words).toBe('All 1\u2009000 rows of the session.');
    list.filter = 'hello';
    exporter.open();
    expect(exporter.words).toMatch(/^The .* rows that pass “hello”\. .* others are left out\.$/);
    exporter.scope = 'all';
    expect(exporter.words).toBe('All 1\u2009000 rows of the session, whatever the filter shows.');
    exporter.format = 'raw';
    expect(exporter.words).toBe('The bytes that came, all of them.');
  });

  it('does not call it a filter when the list shows messages and not their frames', () => {
    const { list, exporter } = bench();
    list.update(sessionStatus({ rows: { first: 0, end: 1000 }, hasFrames: true }));
    exporter.open();
    expect(exporter).toMatchObject({ scope: 'view', narrowed: '' });
    expect(exporter.words).toMatch(/^The .* rows of the list, as it is now\. Not: the frames/);
    exporter.scope = 'all';
    expect(exporter.words).toMatch(/^All .* rows of the session, also the frames/);
  });

  it('takes progress that comes before the answer, and none of another export', async () => {
    const { calls, notices, exporter } = bench();
    calls.answer('export.start', () => {
      exporter.take(progress({ export: 6, state: 'failed' }));
      exporter.take(progress({ state: 'done' }));
      return success({ export: 7 });
    });
    exporter.path = '/tmp/out.jsonl';
    await exporter.start();
    expect(exporter.isRunning).toBe(false);
    expect(notices.list.map(({ tone }) => tone)).toEqual(['calm']);
  });

  it('says how it failed in the dialog, and in a notice when that is closed', async () => {
    const { notices, exporter } = bench();
    const error = { code: 'disk-full', message: 'The disk is full.', hint: 'Make room.' } as const;
    exporter.open();
    exporter.path = '/tmp/out.jsonl';
    await exporter.start();
    exporter.take(progress({ state: 'failed', error }));
    expect(exporter.error).toEqual(error);
    expect(notices.list).toEqual([]);
    await exporter.start();
    exporter.isOpen = false;
    exporter.take(progress({ state: 'failed', error }));
    expect(notices.list[0]).toMatchObject({ text: 'The disk is full. Make room.', tone: 'bad' });
  });
});

describe('the dialog of an export', () => {
  it('goes from the choices over progress to the cancelled end', async () => {
    const { calls, exporter, notices } = bench();
    render(ExportDialog, { exporter, dialogs: false });
    exporter.open();
    const user = userEvent.setup();
    expect(await screen.findByRole('dialog', { name: 'Export' })).toBeInTheDocument();
    expect(screen.getByRole('radio', { name: 'Filtered view' })).toBeDisabled();
    expect(screen.queryByRole('button', { name: 'Choose…' })).toBeNull();
    await user.click(screen.getByRole('radio', { name: 'Raw bytes' }));
    await user.click(screen.getByRole('radio', { name: '↑ Sent' }));
    await user.clear(screen.getByRole('textbox', { name: 'File' }));
    await user.type(screen.getByRole('textbox', { name: 'File' }), '/tmp/out.bin{Enter}');
    expect(await screen.findByRole('progressbar', { name: 'Export progress' })).toBeInTheDocument();
    exporter.take(progress({ looked: 250, bytes: 5000 }));
    await settled();
    expect(screen.getByRole('status')).toHaveTextContent('250 of 1 000 rows looked at · 9 written · 5.0 KB');
    await user.click(screen.getByRole('button', { name: 'Cancel export' }));
    expect(calls.callsOf('export.cancel')).toEqual([{ export: 7 }]);
    exporter.take(progress({ state: 'cancelled' }));
    expect(notices.list[0]?.text).toContain('cancelled');
  });

  it('takes the place from the dialog of the system where there is one', async () => {
    const { calls, exporter } = bench();
    render(ExportDialog, { exporter, dialogs: true });
    exporter.open();
    await fireEvent.click(await screen.findByRole('button', { name: 'Choose…' }));
    await vi.waitFor(() => {
      expect(screen.getByRole('textbox', { name: 'File' })).toHaveValue('/chosen/out.jsonl');
    });
    expect(calls.callsOf('file.chooseSave')).toEqual([{ name: '1-9000-echo-20260102-030405.jsonl' }]);
  });
});
