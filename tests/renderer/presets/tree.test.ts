/** The tree of presets: its lines, its keys, and where things go. */
import { describe, expect, it } from 'vitest';
import type { PresetEntry } from '../../../src/shared/presets-contract.ts';
import { Notices } from '../../../src/renderer/state/notices.svelte.ts';
import { Presets } from '../../../src/renderer/state/presets/presets.svelte.ts';
import { childrenByFolder, foundPaths, searchText, treeLines } from '../../../src/renderer/state/presets/tree-lines.ts';
import { dropPlace, dropTarget, keyTarget } from '../../../src/renderer/state/presets/tree-moves.ts';
import { settled } from '../../support/fake-client.ts';
import { FakeFolder, samplePreset } from '../../support/fake-folder.ts';

function entry(path: string): PresetEntry {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const type = name.startsWith('f') ? 'folder' : 'preset';
  return { path, type, name, id: name, protocol: 'tcp-client', address: `${name}:1`, revision: '1', error: null };
}

const entries = ['f1', 'f1/a', 'f1/f2', 'f1/f2/b', 'c', 'd', 'f3'].map(entry);
const children = childrenByFolder(entries);
const onto = (path: string): PresetEntry => entries.find((item) => item.path === path) ?? entry(path);

function paths(found: ReadonlySet<string> | null, open: readonly string[]): string[] {
  return treeLines(entries, (folder) => open.includes(folder), found).map((line) => line.entry.path);
}

describe('the lines of the tree', () => {
  it('leave away what is in closed folders', () => {
    expect(paths(null, [])).toEqual(['f1', 'c', 'd', 'f3']);
    expect(paths(null, ['f1', 'f1/f2'])).toEqual(['f1', 'f1/a', 'f1/f2', 'f1/f2/b', 'c', 'd', 'f3']);
  });

  it('say level, place and number of siblings', () => {
    const [first, second] = treeLines(entries, () => true, null);
    expect(first).toMatchObject({ level: 1, position: 1, size: 4, isExpanded: true });
    expect(second).toMatchObject({ level: 2, position: 1, size: 2, isExpanded: null });
  });

  it('show what was found with the folders that lead there', () => {
    const texts = entries.map((item) => searchText(item, 'TCP client'));
    expect(paths(foundPaths(entries, texts, 'B:1'), [])).toEqual(['f1', 'f1/f2', 'f1/f2/b']);
    expect(paths(foundPaths(entries, texts, 'f2'), [])).toEqual(['f1', 'f1/f2', 'f1/f2/b']);
    expect(foundPaths(entries, texts, '  ')).toBeNull();
    expect(paths(foundPaths(entries, texts, 'nowhere'), [])).toEqual([]);
  });
});

describe('moving by a key', () => {
  it('goes up and down among siblings, and not over the edges', () => {
    expect(keyTarget(children, 'c', 'up')).toEqual({ folder: '', before: 'f1' });
    expect(keyTarget(children, 'c', 'down')).toEqual({ folder: '', before: 'f3' });
    expect(keyTarget(children, 'd', 'down')).toEqual({ folder: '', before: null });
    expect(keyTarget(children, 'f1', 'up')).toBeNull();
    expect(keyTarget(children, 'f3', 'down')).toBeNull();
  });

  it('goes out behind the folder, and into the nearest one', () => {
    expect(keyTarget(children, 'f1/f2/b', 'out')).toEqual({ folder: 'f1', before: null });
    expect(keyTarget(children, 'f1/a', 'out')).toEqual({ folder: '', before: 'c' });
    expect(keyTarget(children, 'c', 'out')).toBeNull();
    expect(keyTarget(children, 'c', 'in')).toEqual({ folder: 'f1', before: null });
    expect(keyTarget(children, 'd', 'in')).toEqual({ folder: 'f3', before: null });
    expect(keyTarget(children, 'f1/f2/b', 'in')).toBeNull();
  });
});

describe('dropping', () => {
  it('goes between lines at their edges, and into a folder at its middle', () => {
    expect(dropPlace(2, 24, 'preset')).toBe('before');
    expect(dropPlace(20, 24, 'preset')).toBe('after');
    expect(dropPlace(12, 24, 'folder')).toBe('in');
    expect(dropTarget(children, 'd', onto('f1/a'), 'before')).toEqual({ folder: 'f1', before: 'f1/a' });
    expect(dropTarget(children, 'd', onto('f1'), 'in')).toEqual({ folder: 'f1', before: null });
  });

  it('is refused into itself, and where it is already', () => {
    expect(dropTarget(children, 'f1', onto('f1/f2'), 'in')).toBeNull();
    expect(dropTarget(children, 'f1', onto('f1/a'), 'after')).toBeNull();
    expect(dropTarget(children, 'c', onto('d'), 'before')).toBeNull();
    expect(dropTarget(children, 'c', onto('f1'), 'after')).toBeNull();
    expect(dropTarget(children, 'f1/a', onto('f1'), 'in')).toBeNull();
  });
});

describe('the presets of the folder', () => {
  async function listed(): Promise<{ folder: FakeFolder; presets: Presets; notices: Notices }> {
    const folder = new FakeFolder({
      device: 'folder',
      'device/handshake.wb.yaml': samplePreset('handshake'),
      'device/login.wb.yaml': samplePreset('login'),
      'room.wb.yaml': samplePreset('room', { protocol: 'websocket-client' }),
      'torn.wb.yaml': 'broken',
    });
    const notices = new Notices();
    const presets = new Presets(folder, notices);
    await presets.loadFolder();
    return { folder, presets, notices };
  }

  const names = (presets: Presets): string[] => presets.tree.lines.map((line) => line.entry.name);

  it('are moved by keys, and the keys stay on what was moved', async () => {
    const { presets } = await listed();
    presets.tree.select('device/login.wb.yaml');
    const login = presets.tree.line?.entry;
    if (login === undefined) throw new Error('there is no login');
    await presets.moveBy(login, 'up');
    expect(names(presets)).toEqual(['device', 'login', 'handshake', 'room', 'torn.wb.yaml']);
    expect(presets.tree.line?.entry.name).toBe('login');
    await presets.moveBy(presets.tree.line?.entry ?? login, 'out');
    expect(presets.tree.line?.entry.path).toBe('login.wb.yaml');
    expect(names(presets)).toEqual(['device', 'handshake', 'login', 'room', 'torn.wb.yaml']);
  });

  it('keep the keys on a preset that somebody else moves', async () => {
    const { folder, presets } = await listed();
    presets.tree.type('r', 1000);
    const room = folder.files.get('room.wb.yaml')?.preset;
    if (room == null) throw new Error('there is no room');
    folder.files.delete('room.wb.yaml');
    folder.writeOutside('lobby.wb.yaml', { ...room, name: 'lobby' });
    await settled();
    expect(presets.tree.line?.entry.name).toBe('lobby');
  });

  it('come back by Undo after a deletion, which says how many went with a folder', async () => {
    const { presets, notices } = await listed();
    const [device] = presets.entries;
    if (device === undefined) throw new Error('there is no folder');
    await presets.delete(device);
    expect(names(presets)).toEqual(['room', 'torn.wb.yaml']);
    expect(notices.list[0]?.text).toBe('Deleted device and 2 presets in it.');
    notices.list[0]?.action?.run();
    await expect.poll(() => names(presets).includes('handshake')).toBe(true);
  });

  it('let a new folder be named at once, and keep it open under its new name', async () => {
    const { presets } = await listed();
    await presets.createFolder('');
    expect(presets.tree.renaming).toBe('New folder');
    presets.tree.setOpen('New folder', false);
    const made = presets.entries.find(({ name }) => name === 'New folder');
    if (made === undefined) throw new Error('there is no new folder');
    await presets.rename(made, 'chat');
    expect(presets.tree.line?.entry.path).toBe('chat');
    expect(presets.tree.folders).toEqual({ chat: false });
  });

  it('are gone through by letters', async () => {
    const { presets } = await listed();
    presets.tree.type('r', 1000);
    expect(presets.tree.line?.entry.name).toBe('room');
    presets.tree.type('l', 5000);
    expect(presets.tree.line?.entry.name).toBe('login');
    presets.tree.type('o', 5100);
    expect(presets.tree.line?.entry.name).toBe('login');
  });

  it('fold and unfold by the arrow keys', async () => {
    const { presets } = await listed();
    presets.tree.move('ArrowLeft');
    expect(names(presets)).toEqual(['device', 'room', 'torn.wb.yaml']);
    presets.tree.move('ArrowRight');
    presets.tree.move('ArrowRight');
    expect(presets.tree.line?.entry.name).toBe('handshake');
    presets.tree.move('ArrowLeft');
    expect(presets.tree.line?.entry.name).toBe('device');
    presets.tree.move('End');
    expect(presets.tree.line?.entry.name).toBe('torn.wb.yaml');
  });
});

describe('ten thousand presets', () => {
  it('are searched within a frame or two', async () => {
    const folder = new FakeFolder(
      Object.fromEntries(
        Array.from({ length: 10_000 }, (_, index) => [`p${index}.wb.yaml`, samplePreset(`preset ${index}`)]),
      ),
    );
    const presets = new Presets(folder, new Notices());
    await presets.loadFolder();
    expect(presets.tree.lines).toHaveLength(10_000);
    for (const query of ['9', '99', '999']) {
      presets.tree.query = query;
      expect(presets.tree.lines.length).toBeGreaterThan(0);
    }
    expect(presets.tree.lines.map((line) => line.entry.name)).toContain('preset 9990');
  });
});
