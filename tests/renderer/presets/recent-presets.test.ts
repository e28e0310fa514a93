/** Presets that were opened lately, and workspace folders that are remembered. */
import '@testing-library/jest-dom/vitest';
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { Workbench } from '../../../src/renderer/state/workbench.svelte.ts';
import FoldersDialog from '../../../src/renderer/views/presets/FoldersDialog.svelte';
import Welcome from '../../../src/renderer/views/Welcome.svelte';
import { emptyWorkspace, workspaceSchema } from '../../../src/shared/workspace.ts';
import { failure, success } from '../../../src/shared/errors.ts';
import { FakeFolder, samplePreset } from '../../support/fake-folder.ts';

const HERE = '/home/you/plant-floor';

function folderWith(): FakeFolder {
  return new FakeFolder({
    device: 'folder',
    'device/handshake.wb.yaml': samplePreset('handshake'),
    'room.wb.yaml': samplePreset('room', { protocol: 'websocket-client', address: 'ws://anna:pw@h/' }),
  });
}

async function window(folder: FakeFolder): Promise<Workbench> {
  const workbench = new Workbench(folder);
  await workbench.folder.load();
  return workbench;
}

describe('the first page', () => {
  const user = userEvent.setup();

  it('offers the presets of the folder while none was opened, and then those that were, newest first', async () => {
    const workbench = await window(folderWith());
    render(Welcome, { workbench });
    const first = screen.getByRole('list', { name: 'Presets in plant-floor' });
    expect(first).toHaveTextContent('device / handshake');
    expect(first).not.toHaveTextContent('pw');
    await user.click(within(first).getByRole('button', { name: /handshake/ }));
    expect(workbench.active?.name).toBe('handshake');
    const room = workbench.folder.presets.presets[1];
    if (room !== undefined) await workbench.folder.presetTabs.open(room);
    const recent = await screen.findByRole('list', { name: 'Recent presets' });
    expect(
      within(recent)
        .getAllByRole('button')
        .map((one) => one.textContent),
    ).toEqual([expect.stringContaining('room'), expect.stringContaining('device / handshake')]);
    expect(workbench.folder.recent.list.map(({ folder, path }) => [folder, path])).toEqual([
      [HERE, 'room.wb.yaml'],
      [HERE, 'device/handshake.wb.yaml'],
    ]);
  });

  it('opens a preset that is clicked before the folder has been read, and keeps it', async () => {
    const workbench = new Workbench(folderWith());
    const recent = {
      folder: HERE,
      path: 'room.wb.yaml',
      id: 'room',
      name: 'room',
      protocol: 'websocket-client',
      at: 1,
    };
    workbench.folder.recent.list = [recent];
    const { presets } = workbench.folder;
    const loading = presets.loadFolder();
    while (presets.root !== HERE) await Promise.resolve();
    await workbench.folder.recent.open(recent);
    await loading;
    expect(workbench.active?.name).toBe('room');
    expect(workbench.folder.recent.list.map(({ name }) => name)).toEqual(['room']);
  });

  it('opens a preset of another folder together with its folder', async () => {
    const folder = folderWith();
    const workbench = await window(folder);
    workbench.folder.recent.list = [
      {
        folder: '/elsewhere',
        path: 'moved/handshake.wb.yaml',
        id: 'handshake',
        name: 'old',
        protocol: 'tcp-client',
        at: 1,
      },
    ];
    const [recent] = workbench.folder.recent.list;
    if (recent !== undefined) await workbench.folder.recent.open(recent);
    expect(folder.callsOf('folder.open')).toEqual([{ path: '/elsewhere' }]);
    // Found by its id, wherever it is by now.
    expect(workbench.active?.preset.link?.path).toBe('device/handshake.wb.yaml');
  });

  it('takes one that is gone off the list, and keeps one whose folder is only away', async () => {
    const folder = folderWith();
    const workbench = await window(folder);
    const gone = { folder: HERE, path: 'gone.wb.yaml', id: 'gone', name: 'gone', protocol: 'tcp-client', at: 1 };
    const away = { ...gone, folder: '/media/stick', name: 'away' };
    workbench.folder.recent.list = [gone, away];
    folder.answer('folder.open', () => failure('file-not-found', 'There is no such folder.'));
    await workbench.folder.recent.open(gone);
    await workbench.folder.recent.open(away);
    expect(workbench.folder.recent.list).toEqual([away]);
    expect(workbench.tabs).toHaveLength(0);
  });

  it('is remembered, also by a document of an earlier version', () => {
    expect(emptyWorkspace().recentPresets).toEqual([]);
    const { recentPresets, ...earlier } = emptyWorkspace();
    expect(workspaceSchema.parse(earlier).recentPresets).toEqual(recentPresets);
  });
});

describe('the workspace folders', () => {
  const user = userEvent.setup();

  it('are listed, opened and forgotten', async () => {
    const folder = folderWith();
    const current = { path: HERE, name: 'Plant floor' };
    const other = { path: '/home/you/chat', name: 'Chat' };
    folder.answer('folder.current', () => success({ current, error: null, remembered: [other] }));
    folder.answer('folder.forget', () => success({ current, error: null, remembered: [] }));
    const workbench = await window(folder);
    render(FoldersDialog, { workbench });
    workbench.folder.choice.manage();
    const list = await screen.findByRole('list', { name: 'Workspace folders' });
    expect(
      within(list)
        .getAllByRole('listitem')
        .map((one) => one.textContent),
    ).toEqual([expect.stringContaining('Plant floor'), expect.stringContaining('/home/you/chat')]);
    await user.click(within(list).getByRole('button', { name: 'Forget Chat' }));
    expect(folder.callsOf('folder.forget')).toEqual([{ path: '/home/you/chat' }]);
    expect(within(list).getAllByRole('listitem')).toHaveLength(1);
  });

  it('say in the list why one cannot be opened', async () => {
    const folder = folderWith();
    folder.answer('folder.open', () => failure('file-not-found', 'There is no such folder.'));
    const workbench = await window(folder);
    render(FoldersDialog, { workbench });
    workbench.folder.choice.manage();
    await user.type(await screen.findByRole('textbox', { name: 'Path of a folder' }), '/nowhere{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('There is no such folder.');
    expect(workbench.folder.choice.isOpen).toBe(true);
  });
});
