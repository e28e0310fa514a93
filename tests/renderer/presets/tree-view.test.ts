/** The sidebar's tree of presets, by role and name. */
import '@testing-library/jest-dom/vitest';
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { Workbench } from '../../../src/renderer/state/workbench.svelte.ts';
import Sidebar from '../../../src/renderer/views/Sidebar.svelte';
import { settled } from '../../support/fake-client.ts';
import { FakeFolder, samplePreset } from '../../support/fake-folder.ts';

const user = userEvent.setup();

async function shown(): Promise<{ folder: FakeFolder; workbench: Workbench }> {
  const folder = new FakeFolder({
    device: 'folder',
    'device/handshake.wb.yaml': samplePreset('handshake'),
    'room.wb.yaml': samplePreset('room', { protocol: 'websocket-client', address: 'ws://a:secret@b/' }),
    'torn.wb.yaml': 'broken',
  });
  const workbench = new Workbench(folder);
  await workbench.folder.load();
  render(Sidebar, { workbench });
  return { folder, workbench };
}

const tree = (): HTMLElement => screen.getByRole('tree', { name: 'Presets' });
const item = (name: RegExp): HTMLElement => screen.getByRole('treeitem', { name });

describe('the tree', () => {
  it('names its items with protocol, level and place', async () => {
    await shown();
    expect(item(/^device, folder/)).toHaveAttribute('aria-expanded', 'true');
    expect(item(/^handshake, TCP client$/)).toHaveAttribute('aria-level', '2');
    expect(item(/^room, WebSocket client$/)).toHaveAttribute('aria-posinset', '2');
    expect(item(/^torn.*line 3, column 7/)).toBeInTheDocument();
  });

  it('shows no password of an address', async () => {
    await shown();
    expect(item(/^room/).title).toContain('ws://a:•••@b/');
  });

  it('opens by Enter, in a new tab with the command key', async () => {
    const { workbench } = await shown();
    tree().focus();
    await user.keyboard('room{Enter}');
    await settled();
    expect(workbench.tabs.map(({ name }) => name)).toEqual(['room']);
    await user.keyboard('{Control>}{Enter}{/Control}');
    await settled();
    expect(workbench.tabs).toHaveLength(2);
    expect(item(/^room/)).toHaveAttribute('aria-current', 'page');
  });

  it('closes and opens a folder by a click, which is remembered', async () => {
    const { workbench } = await shown();
    await user.click(item(/^device/));
    expect(screen.queryByRole('treeitem', { name: /^handshake/ })).toBeNull();
    expect(workbench.folder.presets.tree.folders).toEqual({ device: false });
  });

  it('renames in place and goes on with the keys', async () => {
    const { workbench } = await shown();
    tree().focus();
    await user.keyboard('room{F2}');
    expect(screen.getByRole('textbox', { name: 'Name of room' })).toHaveFocus();
    await user.keyboard('lobby{Enter}');
    await settled();
    expect(item(/^lobby/)).toHaveAttribute('aria-selected', 'true');
    expect(tree()).toHaveFocus();
    expect(workbench.folder.presets.entries.map(({ name }) => name)).toContain('lobby');
  });

  it('marks what is not saved', async () => {
    const { workbench } = await shown();
    await user.click(item(/^room/));
    await settled();
    const { active } = workbench;
    if (active === null) throw new Error('there is no tab');
    active.address = 'ws://elsewhere/';
    await settled();
    expect(item(/^room, WebSocket client, unsaved changes/)).toBeInTheDocument();
  });

  it('says what is wrong with a broken file', async () => {
    const { workbench } = await shown();
    await user.click(item(/^torn/));
    expect(workbench.notices.list[0]?.text).toContain('line 3, column 7');
  });

  it('is filtered while something is searched, from where Enter opens the first', async () => {
    const { workbench } = await shown();
    const search = screen.getByRole('searchbox', { name: 'Search presets' });
    await user.type(search, 'hand');
    expect(screen.queryByRole('treeitem', { name: /^room/ })).toBeNull();
    await user.keyboard('{Enter}');
    await settled();
    expect(workbench.active?.name).toBe('handshake');
    await user.keyboard('{Escape}');
    expect(item(/^room/)).toBeInTheDocument();
  });

  it('has a menu by the menu key', async () => {
    const { folder } = await shown();
    tree().focus();
    await user.keyboard('room');
    tree().dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }));
    await user.click(await screen.findByRole('menuitem', { name: 'Duplicate' }));
    await settled();
    expect([...folder.files.keys()]).toContain('room copy.wb.yaml');
  });
});
