import '@testing-library/jest-dom/vitest';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { RecordingSummary } from '../../src/shared/contract.ts';
import { failure, success } from '../../src/shared/errors.ts';
import { History as HistoryState } from '../../src/renderer/state/history.svelte.ts';
import { Notices } from '../../src/renderer/state/notices.svelte.ts';
import { Workbench } from '../../src/renderer/state/workbench.svelte.ts';
import History from '../../src/renderer/views/History.svelte';
import { settled } from '../support/fake-client.ts';
import { FakeLibrary, recordingSummary } from '../support/recording-samples.ts';

const info = (fileDialogs: boolean, reveal: boolean) => ({
  version: '1',
  runtime: 'test',
  platform: 'linux',
  capabilities: { fileDialogs, reveal, downloads: false },
});

async function shown(
  recordings: RecordingSummary[],
  capabilities: { fileDialogs: boolean; reveal: boolean } = { fileDialogs: false, reveal: true },
): Promise<{ library: FakeLibrary; workbench: Workbench }> {
  const library = new FakeLibrary(recordings);
  const workbench = new Workbench(library);
  workbench.info = info(capabilities.fileDialogs, capabilities.reveal);
  await workbench.history.load();
  render(History, { workbench });
  return { library, workbench };
}

const list = (): HTMLElement => screen.getByRole('list', { name: 'History' });
const line = (name: RegExp): HTMLElement => within(list()).getByRole('button', { name });

describe('the state of History', () => {
  it('reads the list anew when it has changed, once for many changes at a time', async () => {
    const library = new FakeLibrary([recordingSummary(1)]);
    const history = new HistoryState(library, new Notices());
    await history.load();
    for (let change = 0; change < 10; change += 1) library.emit('recordings.changed', {});
    await settled();
    expect(library.callsOf('recordings.list')).toHaveLength(3);
  });

  it('shows a new name at once, and the old one again when the engine refuses', async () => {
    const library = new FakeLibrary([recordingSummary(1)]);
    const notices = new Notices();
    const history = new HistoryState(library, notices);
    await history.load();
    library.answer('recordings.update', () => failure('busy', 'It is busy.'));
    const renaming = history.rename(recordingSummary(1), 'better');
    expect(history.recordings[0]?.name).toBe('better');
    await renaming;
    expect(history.recordings[0]?.name).toBe('');
    expect(notices.list[0]).toMatchObject({ text: 'It is busy.', tone: 'bad' });
  });

  it('brings a deleted recording back by Undo', async () => {
    const library = new FakeLibrary([recordingSummary(1)]);
    const notices = new Notices();
    const history = new HistoryState(library, notices);
    await history.load();
    await history.delete(recordingSummary(1));
    expect(history.recordings).toEqual([]);
    expect(notices.list[0]?.text).toBe('Deleted the recording device-1:9000.');
    notices.list[0]?.action?.run();
    await settled();
    expect(history.recordings).toHaveLength(1);
  });
});

describe('History', () => {
  it('says what will be there while it is empty', async () => {
    await shown([]);
    expect(screen.getByText(/Every session is recorded/)).toBeInTheDocument();
    expect(screen.queryByRole('searchbox', { name: 'Search history' })).toBeNull();
  });

  it('says why there is nothing when the folder cannot be read, or when there is none', async () => {
    const library = new FakeLibrary([]);
    library.answer('recordings.list', () =>
      success({
        recordings: [],
        total: 0,
        bytes: 0,
        folder: null,
        error: failure('permission-denied', 'No way.').error,
      }),
    );
    const workbench = new Workbench(library);
    await workbench.history.load();
    const { unmount } = render(History, { workbench });
    expect(screen.getByRole('alert')).toHaveTextContent('No way.');
    unmount();
    library.answer('recordings.list', () => success({ recordings: [], total: 0, bytes: 0, folder: null, error: null }));
    await workbench.history.load();
    render(History, { workbench });
    expect(screen.getByText(/kept in memory only/)).toBeInTheDocument();
  });

  it('opens a recording by a click in a read-only tab', async () => {
    const { workbench, library } = await shown([recordingSummary(1)]);
    await fireEvent.click(line(/^device-1:9000, TCP client/));
    await settled();
    expect(library.callsOf('recordings.open')).toEqual([{ recording: recordingSummary(1).recording }]);
    expect(workbench.active?.isReadOnly).toBe(true);
    expect(line(/^device-1/)).toHaveAttribute('aria-current', 'page');
  });

  it('has one line in the order of Tab, and the arrow keys, Home and End move between them', async () => {
    await shown([1, 2, 3].map((number) => recordingSummary(number)));
    const user = userEvent.setup();
    line(/^device-1/).focus();
    await user.keyboard('{ArrowDown}');
    await waitFor(() => {
      expect(line(/^device-2/)).toHaveFocus();
    });
    expect(line(/^device-1/)).toHaveAttribute('tabindex', '-1');
    await user.keyboard('{End}');
    await waitFor(() => {
      expect(line(/^device-3/)).toHaveFocus();
    });
  });

  it('keeps what is typed for a name while the list is read anew', async () => {
    const { library, workbench } = await shown([recordingSummary(1)]);
    const user = userEvent.setup();
    line(/^device-1/).focus();
    await user.keyboard('{F2}');
    await user.keyboard('the good');
    library.recordings = [recordingSummary(1, { bytes: 9000 })];
    await workbench.history.load();
    await settled();
    await user.keyboard(' one{Enter}');
    expect(library.callsOf('recordings.update')).toMatchObject([{ name: 'the good one' }]);
  });

  it('renames in place: F2, Enter takes the name, Escape leaves it', async () => {
    const { library } = await shown([recordingSummary(1)]);
    const user = userEvent.setup();
    line(/^device-1/).focus();
    await user.keyboard('{F2}');
    const field = screen.getByRole('textbox', { name: 'Name of the recording' });
    expect(field).toHaveFocus();
    await user.type(field, 'login fails{Enter}');
    await waitFor(() => {
      expect(line(/^login fails/)).toHaveFocus();
    });
    expect(library.callsOf('recordings.update')).toEqual([
      { recording: recordingSummary(1).recording, name: 'login fails' },
    ]);
    await user.keyboard('{F2}');
    await user.type(screen.getByRole('textbox', { name: 'Name of the recording' }), '!{Escape}');
    await waitFor(() => {
      expect(line(/^login fails,/)).toHaveFocus();
    });
    expect(library.callsOf('recordings.update')).toHaveLength(1);
  });

  it('has a menu for each recording, with Reveal only where the host can', async () => {
    await shown([recordingSummary(1)], { fileDialogs: false, reveal: false });
    await userEvent.setup().click(within(list()).getByRole('button', { name: 'Actions for device-1:9000' }));
    const lines = screen.getAllByRole('menuitem').map((item) => item.textContent.trim());
    const starts = ['Open', 'Rename', 'Pin', 'Export…', 'Delete'];
    expect(lines.map((text, index) => text.startsWith(starts[index] ?? '?'))).toEqual(starts.map(() => true));
  });

  it('pins from the menu, which a right click opens too', async () => {
    const { library } = await shown([recordingSummary(1)]);
    await fireEvent.contextMenu(line(/^device-1/), { button: 2, clientX: 10, clientY: 10 });
    await userEvent.setup().click(screen.getByRole('menuitem', { name: /^Pin/ }));
    await waitFor(() => {
      expect(line(/pinned$/)).toBeInTheDocument();
    });
    expect(library.callsOf('recordings.update')).toEqual([
      { recording: recordingSummary(1).recording, isPinned: true },
    ]);
  });

  it('does not offer to delete what is being written, nor to open what cannot be read', async () => {
    const error = { code: 'newer-recording', message: 'It is newer.', hint: '' } as const;
    await shown([recordingSummary(1, { state: 'live' }), recordingSummary(2, { state: 'unreadable', error })]);
    const user = userEvent.setup();
    await user.click(within(list()).getByRole('button', { name: /^Actions for device-1/ }));
    expect(screen.getByRole('menuitem', { name: /^Delete/ })).toHaveAttribute('aria-disabled', 'true');
    await user.keyboard('{Escape}');
    await waitFor(() => {
      expect(screen.queryByRole('menu')).toBeNull();
    });
    await user.click(within(list()).getByRole('button', { name: /^Actions for device-2/ }));
    expect(screen.getByRole('menuitem', { name: /^Open/ })).toHaveAttribute('aria-disabled', 'true');
    expect(screen.getByText(/unreadable/)).toHaveAttribute('title', 'It is newer.');
  });

  it('deletes by the Delete key and moves on to the next recording', async () => {
    const { workbench } = await shown([1, 2].map((number) => recordingSummary(number)));
    line(/^device-1/).focus();
    await userEvent.setup().keyboard('{Delete}');
    await waitFor(() => {
      expect(line(/^device-2/)).toHaveFocus();
    });
    expect(within(list()).queryByRole('button', { name: /^device-1/ })).toBeNull();
    expect(workbench.notices.list[0]?.action?.label).toBe('Undo');
  });

  it('has a search box when there are many, and few elements for a thousand', async () => {
    const { workbench } = await shown(Array.from({ length: 1000 }, (_, number) => recordingSummary(number)));
    expect(within(list()).getAllByRole('listitem').length).toBeLessThan(60);
    await fireEvent.input(screen.getByRole('searchbox', { name: 'Search history' }), {
      target: { value: 'device-999' },
    });
    expect(workbench.history.found).toHaveLength(1);
    expect(line(/^device-999/)).toBeInTheDocument();
    workbench.history.query = 'nothing like it';
    await settled();
    expect(screen.getByText('No recording matches.')).toBeInTheDocument();
  });

  it('shows what all recordings take, and where they are', async () => {
    await shown([recordingSummary(1), recordingSummary(2)]);
    expect(screen.getByTitle('/data/recordings')).toHaveTextContent('2.4 KB · /data/recordings');
  });

  it('asks for a path where the host has no file dialog, and opens what is there', async () => {
    const { library } = await shown([]);
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'Open recording…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Open recording' });
    await user.type(within(dialog).getByRole('textbox'), '/tmp/a.wbr{Enter}');
    await settled();
    expect(library.callsOf('recordings.open')).toEqual([{ path: '/tmp/a.wbr' }]);
  });

  it('uses the file dialog where there is one', async () => {
    const { library } = await shown([], { fileDialogs: true, reveal: true });
    library.answer('file.choose', () => success({ path: '/chosen/000001.wbr' }));
    await fireEvent.click(screen.getByRole('button', { name: 'Open recording…' }));
    await vi.waitFor(() => {
      expect(library.callsOf('recordings.open')).toEqual([{ path: '/chosen/000001.wbr' }]);
    });
  });
});
