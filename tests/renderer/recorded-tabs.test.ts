import '@testing-library/jest-dom/vitest';
import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import type { SessionConfig } from '../../src/shared/contract.ts';
import { failure, success } from '../../src/shared/errors.ts';
import { emptyWorkspace, tabSchema, workspaceSchema, type Workspace } from '../../src/shared/workspace.ts';
import type { SessionTab } from '../../src/renderer/state/session-tab.svelte.ts';
import { Workbench } from '../../src/renderer/state/workbench.svelte.ts';
import RecordedView from '../../src/renderer/views/RecordedView.svelte';
import StatusBar from '../../src/renderer/views/StatusBar.svelte';
import TabStrip from '../../src/renderer/views/TabStrip.svelte';
import { settled } from '../support/fake-client.ts';
import { FakeLibrary, openedRecording, recordingSettings, recordingSummary } from '../support/recording-samples.ts';
import { recordingStatus, sessionStatus } from '../support/status-samples.ts';

const first = recordingSummary(1);
const source = { recording: first.recording };
const readStatus = sessionStatus({
  session: 'read-1',
  protocol: 'tcp-client',
  state: 'closed',
  readOnly: true,
  recording: recordingStatus({ id: first.recording, bytes: 1200 }),
});

function library(workspace: Workspace = emptyWorkspace()): FakeLibrary {
  const calls = new FakeLibrary([first, recordingSummary(2)]);
  calls.answer('app.info', () => failure('not-supported', 'No.'));
  calls.answer('workspace.load', () => success({ workspace, notice: null }));
  calls.answer('workspace.save', () => success({}));
  calls.answer('session.list', () => success({ sessions: [] }));
  calls.answer('settings.load', () => success({ recordings: recordingSettings, notice: null }));
  calls.answer('rows', () => success({ first: 0, end: 0, from: 0, rows: new Uint8Array(0) }));
  return calls;
}

async function loaded(calls: FakeLibrary): Promise<Workbench> {
  const workbench = new Workbench(calls);
  await workbench.load();
  return workbench;
}

function need<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('there is nothing');
  return value;
}

/** A workspace with one tab that shows the first recording. */
function remembered(): Workspace {
  const tab = tabSchema.parse({ id: 't1', protocol: 'tcp-client', address: 'device-1:9000', recording: source });
  return workspaceSchema.parse({ tabs: [tab], active: 't1' });
}

describe('a tab with a recording', () => {
  it('is read only: it has no state of its own to open or to close', async () => {
    const calls = library();
    const workbench = await loaded(calls);
    const tab = need(await workbench.recordings.open(source));
    tab.update(readStatus);
    expect(tab.isReadOnly).toBe(true);
    expect(tab.composer.canSend).toBe(false);
    expect(tab.messages.following).toBe(false);
    await tab.close();
    expect(calls.callsOf('session.close')).toEqual([]);
    expect(tab.recorded?.kinds[5]).toBe('data');
  });

  it('is opened once, however often it is asked for', async () => {
    const calls = library();
    const workbench = await loaded(calls);
    const [tab] = await Promise.all([workbench.recordings.open(source), workbench.recordings.open(source)]);
    expect(await workbench.recordings.open(source)).toBe(tab);
    expect(workbench.tabs).toHaveLength(1);
  });

  it('is the tab of the session that still writes it', async () => {
    const calls = library();
    const workbench = await loaded(calls);
    const live = need(workbench.newTab('tcp-client'));
    live.session = 's1';
    live.update(sessionStatus({ recording: recordingStatus({ id: first.recording }) }));
    workbench.newTab('tcp-server');
    expect(await workbench.recordings.open(source)).toBe(live);
    expect(workbench.active).toBe(live);
    expect(calls.callsOf('recordings.open')).toEqual([]);
  });

  it('takes the place of a tab that waits for its undo: that one gives up its session first', async () => {
    const calls = library();
    const workbench = await loaded(calls);
    const closed = need(workbench.newTab('tcp-client'));
    closed.session = 's1';
    closed.update(sessionStatus({ state: 'closed', recording: recordingStatus({ id: first.recording }) }));
    workbench.closeTab(closed);
    expect(workbench.notices.list[0]?.text).toContain('Its recording is in History.');
    const tab = need(await workbench.recordings.open(source));
    expect(tab.isReadOnly).toBe(true);
    expect(calls.callsOf('session.remove')).toEqual([{ session: 's1' }]);
    expect(workbench.notices.list).toEqual([]);
  });

  it('from elsewhere takes the place of its closed tab too, which would end the session of both', async () => {
    const calls = library();
    const workbench = await loaded(calls);
    const elsewhere = { path: '/elsewhere/000001.wbr' };
    workbench.closeTab(need(await workbench.recordings.open(elsewhere)));
    expect(workbench.notices.list).toHaveLength(1);
    const again = need(await workbench.recordings.open(elsewhere));
    expect(workbench.tabs).toEqual([again]);
    expect(calls.callsOf('session.remove')).toHaveLength(1);
    // No notice is left that could end it later.
    expect(workbench.notices.list).toEqual([]);
  });

  it('says why it cannot be opened, in a notice and without a tab', async () => {
    const calls = library();
    calls.opened = failure('newer-recording', 'It is newer.', 'Get a newer version.');
    const workbench = await loaded(calls);
    expect(await workbench.recordings.open(source)).toBeNull();
    expect(workbench.tabs).toEqual([]);
    expect(workbench.notices.list[0]).toMatchObject({ text: 'It is newer. Get a newer version.', tone: 'bad' });
  });

  it('takes its new name from History', async () => {
    const workbench = await loaded(library());
    const tab = need(await workbench.recordings.open(source));
    await workbench.history.rename(need(workbench.history.find(first.recording)), 'the good one');
    expect(tab.name).toBe('the good one');
    expect(tab.fullName).toBe('Recording the good one');
  });

  it('is opened by its name when the window is loaded again, and ends only the sessions that nobody shows', async () => {
    const calls = library(remembered());
    const orphan = { ...readStatus, session: 'read-9' };
    calls.answer('session.list', () => success({ sessions: [readStatus, orphan] }));
    const workbench = await loaded(calls);
    expect(workbench.active?.session).toBe('read-1');
    expect(workbench.active?.recorded?.state).toBe('open');
    expect(calls.callsOf('session.remove')).toEqual([{ session: 'read-9' }]);
  });

  it('remembers a recording from elsewhere by its path', async () => {
    const workbench = await loaded(library());
    const tab = need(await workbench.recordings.open({ path: '/tmp/x/000001.wbr' }));
    expect(tab.toDocument().recording).toEqual({ path: '/tmp/x/000001.wbr' });
    expect(tab.recordingId).toBeNull();
  });

  it('of a protocol that this version does not know is read all the same', async () => {
    const calls = library();
    calls.opened = success(
      openedRecording({ config: { protocol: 'carrier-pigeon', address: 'roof', options: { speed: 3 } } }),
    );
    const tab = need(await (await loaded(calls)).recordings.open(source));
    expect(tab.spec).toMatchObject({ title: 'carrier-pigeon', tag: '?' });
    expect(tab.options).toEqual({ speed: 3 });
  });

  it('is closed with its session kept until the undo has lapsed', async () => {
    const calls = library();
    const workbench = await loaded(calls);
    const tab = need(await workbench.recordings.open(source));
    workbench.closeTab(tab);
    expect(workbench.notices.list[0]?.text).toBe('Closed Recording device-1:9000.');
    expect(calls.callsOf('session.remove')).toEqual([]);
    workbench.notices.dismiss(need(workbench.notices.list[0]).id);
    await settled();
    expect(calls.callsOf('session.remove')).toEqual([{ session: 'read-1' }]);
    workbench.reopenTab();
    await settled();
    expect(workbench.active?.recorded?.state).toBe('open');
  });
});

describe('the view of a recording', () => {
  const usual: SessionConfig = { protocol: 'tcp-client', address: 'device-1:9000', options: { setNoDelay: true } };

  async function shown(config = usual): Promise<{ calls: FakeLibrary; workbench: Workbench; tab: SessionTab }> {
    const calls = library();
    calls.opened = success(openedRecording({ config }));
    const workbench = await loaded(calls);
    const tab = need(await workbench.recordings.open(source));
    tab.update(readStatus);
    render(RecordedView, { workbench, tab });
    return { calls, workbench, tab };
  }

  it('has neither Connect nor a composer, and says why', async () => {
    await shown();
    expect(screen.getByText(/^This is a recording:/)).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Connect' })).toBeNull();
    expect(screen.queryByRole('textbox', { name: 'Message' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Stop reading' })).toBeNull();
    expect(screen.getByRole('grid', { name: 'Messages' })).toBeInTheDocument();
    expect(screen.getByText('Nothing was recorded')).toBeInTheDocument();
  });

  it('shows the options as facts', async () => {
    await shown();
    await fireEvent.click(screen.getByRole('tab', { name: 'Options' }));
    const table = screen.getByRole('table', { name: 'Options of the session' });
    expect(within(table).getByRole('button', { name: /: true$/ })).toBeInTheDocument();
    expect(screen.queryByRole('switch')).toBeNull();
  });

  it('shows no passwords', async () => {
    const options = { authName: 'anna', authPassword: 'secret', authToken: '' };
    await shown({ protocol: 'websocket-client', address: 'ws://anna:secret@host/', options });
    await fireEvent.click(screen.getByRole('tab', { name: 'Options' }));
    expect(screen.getByRole('button', { name: 'Copy password: •••' })).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Copy token:' })).toBeInTheDocument();
    expect(document.body).not.toHaveTextContent('secret');
  });

  it('opens a new tab with the same settings', async () => {
    const { workbench } = await shown();
    await fireEvent.click(screen.getByRole('button', { name: 'Connect again with these settings' }));
    expect(workbench.active).toMatchObject({ isReadOnly: false, address: 'device-1:9000', session: null });
    expect(workbench.active?.options.setNoDelay).toBe(true);
  });

  it('says when it has gone, and tries again', async () => {
    const { calls, tab } = await shown();
    calls.emit('session.removed', { session: 'read-1' });
    expect(await screen.findByText('This recording cannot be shown')).toBeInTheDocument();
    expect(tab.recorded?.state).toBe('gone');
    calls.opened = failure('not-found', 'There is no such recording.');
    await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('There is no such recording.')).toBeInTheDocument();
    calls.opened = success(openedRecording());
    await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await vi.waitFor(() => {
      expect(screen.queryByText('This recording cannot be shown')).toBeNull();
    });
  });

  it('is marked as a recording in its tab and in the status bar', async () => {
    const { workbench, tab } = await shown();
    render(TabStrip, { workbench });
    render(StatusBar, { workbench, tab });
    expect(screen.getByRole('tab', { name: 'Recording device-1:9000' })).toHaveTextContent('recording');
    expect(screen.getByRole('status', { name: 'Session status' })).toHaveTextContent('recording, read only');
  });
});

describe('the state of the disk', () => {
  async function shown(part: Parameters<typeof recordingStatus>[0]): Promise<SessionTab> {
    const workbench = await loaded(library());
    const tab = need(workbench.newTab('tcp-client'));
    tab.session = 's1';
    tab.update(sessionStatus({ protocol: 'tcp-client', recording: recordingStatus(part) }));
    render(StatusBar, { workbench, tab });
    return tab;
  }

  it('says nothing while all is well but how much is recorded', async () => {
    await shown({ bytes: 12_000_000 });
    expect(screen.getByText('recording 12 MB')).toBeInTheDocument();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('stands when the disk is behind, with what happens and what to do', async () => {
    await shown({ isBehind: true, waiting: 34_000_000 });
    expect(screen.getByRole('alert')).toHaveTextContent(
      /disk behind: The disk is too slow\. Reading is paused.*settings/,
    );
    expect(screen.getByText('34 MB waiting')).toBeInTheDocument();
  });

  it('stands when the disk refuses, also as an alert of the tab with the remedy', async () => {
    const error = { code: 'disk-full', message: 'The disk is full.', hint: 'Make room.' } as const;
    const tab = await shown({ error });
    expect(screen.getByRole('alert')).toHaveTextContent('not recording: The disk is full. Make room.');
    expect(tab.diskTrouble).toEqual(error);
  });

  it('is named when recordings are in memory only', async () => {
    await shown({ storage: 'memory' });
    expect(screen.getByTitle(/^only the newest part is kept/)).toHaveTextContent('in memory only');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('is named with the reason when the folder cannot be written', async () => {
    const error = { code: 'storage-failed', message: 'It is a file.', hint: 'Remove it.' } as const;
    await shown({ storage: 'memory', error });
    expect(screen.getByRole('alert')).toHaveTextContent(
      /in memory only: only the newest part.*It is a file\. Remove it\./,
    );
  });

  it('stays for a while when it has gone, so that it does not flicker', async () => {
    const tab = await shown({ isBehind: true });
    vi.useFakeTimers();
    tab.update(sessionStatus({ protocol: 'tcp-client', recording: recordingStatus() }));
    await settled();
    expect(screen.getByRole('alert')).toBeInTheDocument();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(screen.queryByRole('alert')).toBeNull();
    vi.useRealTimers();
  });
});
