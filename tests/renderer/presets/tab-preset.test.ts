/** A tab and the file of its preset: saved, reverted, changed elsewhere, gone. */
import { describe, expect, it } from 'vitest';
import { failure } from '../../../src/shared/errors.ts';
import { savedMessageSchema, type Preset } from '../../../src/shared/preset.ts';
import { tabSchema, workspaceSchema } from '../../../src/shared/workspace.ts';
import type { SessionTab } from '../../../src/renderer/state/session-tab.svelte.ts';
import { Workbench } from '../../../src/renderer/state/workbench.svelte.ts';
import { settled } from '../../support/fake-client.ts';
import { FakeFolder, samplePreset } from '../../support/fake-folder.ts';

function need<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('there is none');
  return value;
}

const PATH = 'handshake.wb.yaml';

async function opened(preset: Preset = samplePreset('handshake')): Promise<{
  folder: FakeFolder;
  workbench: Workbench;
  tab: SessionTab;
}> {
  const folder = new FakeFolder({ [PATH]: preset });
  const workbench = new Workbench(folder);
  await workbench.folder.load();
  const tab = need(await workbench.folder.presetTabs.open(need(workbench.folder.presets.entries[0])));
  return { folder, workbench, tab };
}

describe('a tab of a preset', () => {
  it('is named like it and has nothing unsaved at first', async () => {
    const { tab } = await opened();
    expect(tab.name).toBe('handshake');
    expect(tab.address).toBe('127.0.0.1:9000');
    expect(tab.preset.isChanged).toBe(false);
  });

  it('has something unsaved once the address differs, and nothing when it is as it was', async () => {
    const { tab } = await opened();
    tab.address = 'elsewhere:1';
    expect(tab.preset.isChanged).toBe(true);
    tab.address = '127.0.0.1:9000';
    expect(tab.preset.isChanged).toBe(false);
  });

  it('does not take an option that a file spells out as its default for a change', async () => {
    const { tab } = await opened(samplePreset('spelled out', { options: { noDelay: false, timeout: 10 } }));
    expect(tab.preset.isChanged).toBe(false);
  });

  it('saves only options that differ from their defaults, and keeps those that it does not know', async () => {
    const preset = samplePreset('options', { options: { fromTheFuture: 'kept' } });
    const { folder, workbench, tab } = await opened(preset);
    tab.setOption('setNoDelay', true);
    await workbench.folder.presetTabs.save(tab);
    expect(tab.preset.isChanged).toBe(false);
    const [saved] = folder.callsOf('presets.save');
    expect(saved).toMatchObject({ path: PATH, preset: { options: { fromTheFuture: 'kept', setNoDelay: true } } });
    expect(Object.keys(need(folder.files.get(PATH)?.preset).options)).toHaveLength(2);
  });

  it('stays unsaved, and says why, when the disk is full', async () => {
    const { folder, workbench, tab } = await opened();
    folder.answer('presets.save', () => failure('storage-failed', 'The disk is full.'));
    tab.address = 'elsewhere:1';
    await workbench.folder.presetTabs.save(tab);
    expect(tab.preset.isChanged).toBe(true);
    expect(tab.preset.error?.message).toBe('The disk is full.');
    expect(tab.address).toBe('elsewhere:1');
  });

  it('goes back to what is saved', async () => {
    const { tab } = await opened();
    tab.address = 'elsewhere:1';
    tab.preset.notes = 'to be forgotten';
    await tab.preset.revert();
    expect(tab.address).toBe('127.0.0.1:9000');
    expect(tab.preset.notes).toBe('');
    expect(tab.preset.isChanged).toBe(false);
  });
});

describe('a file that is changed elsewhere', () => {
  it('is taken at once when nothing of the tab would be lost', async () => {
    const { folder, tab } = await opened();
    folder.writeOutside(PATH, samplePreset('handshake', { address: 'moved:7', notes: 'new' }));
    await settled();
    expect(tab.address).toBe('moved:7');
    expect(tab.preset.notes).toBe('new');
    expect(tab.preset.isChanged).toBe(false);
    expect(tab.preset.trouble).toBeNull();
  });

  it('asks when the tab has changes of its own, and keeps them', async () => {
    const { folder, tab } = await opened();
    tab.address = 'mine:1';
    folder.writeOutside(PATH, samplePreset('handshake', { address: 'theirs:2' }));
    await settled();
    expect(tab.preset.trouble?.type).toBe('changed');
    expect(tab.address).toBe('mine:1');
  });

  it('is written over after “Keep mine”, and not before', async () => {
    const { folder, workbench, tab } = await opened();
    tab.address = 'mine:1';
    folder.writeOutside(PATH, samplePreset('handshake', { address: 'theirs:2' }));
    await settled();
    await workbench.folder.presetTabs.save(tab);
    expect(folder.files.get(PATH)?.preset?.address).toBe('theirs:2');
    tab.preset.keepMine();
    expect(tab.preset.trouble).toBeNull();
    expect(tab.preset.isChanged).toBe(true);
    await workbench.folder.presetTabs.save(tab);
    expect(folder.files.get(PATH)?.preset?.address).toBe('mine:1');
  });

  it('is taken by “Take theirs”', async () => {
    const { folder, workbench, tab } = await opened();
    tab.address = 'mine:1';
    folder.writeOutside(PATH, samplePreset('handshake', { address: 'theirs:2' }));
    await settled();
    workbench.folder.presetTabs.takeTheirs(tab);
    expect(tab.address).toBe('theirs:2');
    expect(tab.preset.isChanged).toBe(false);
  });

  it('can be of another protocol: then another tab takes the place of the tab', async () => {
    const { folder, workbench, tab } = await opened();
    folder.writeOutside(PATH, samplePreset('handshake', { protocol: 'tcp-server', address: '0.0.0.0:1' }));
    await settled();
    workbench.folder.presetTabs.takeTheirs(tab);
    expect(workbench.tabs).toHaveLength(1);
    expect(need(workbench.active).spec.id).toBe('tcp-server');
    expect(need(workbench.active).preset.isChanged).toBe(false);
  });

  it('is no conflict when both made the same change', async () => {
    const { folder, tab } = await opened();
    tab.address = 'same:1';
    folder.writeOutside(PATH, samplePreset('handshake', { address: 'same:1' }));
    await settled();
    expect(tab.preset.trouble).toBeNull();
    expect(tab.preset.isChanged).toBe(false);
  });

  it('is noticed at saving, too, when the event has not come yet', async () => {
    const { folder, workbench, tab } = await opened();
    tab.address = 'mine:1';
    folder.answer('presets.list', () => failure('storage-failed', 'Later.'));
    folder.writeOutside(PATH, samplePreset('handshake', { address: 'theirs:2' }));
    await settled();
    expect(tab.preset.trouble).toBeNull();
    await workbench.folder.presetTabs.save(tab);
    expect(tab.preset.trouble?.type).toBe('changed');
    expect(folder.files.get(PATH)?.preset?.address).toBe('theirs:2');
  });

  it('is followed to where it was moved, by its id', async () => {
    const { folder, tab } = await opened();
    const preset = need(folder.files.get(PATH)?.preset);
    folder.files.delete(PATH);
    folder.writeOutside('device/other.wb.yaml', preset);
    await settled();
    expect(tab.preset.link?.path).toBe('device/other.wb.yaml');
    expect(tab.preset.trouble).toBeNull();
  });
});

describe('a file that is gone', () => {
  it('leaves the tab as it is, says so, and can be saved again', async () => {
    const { folder, workbench, tab } = await opened();
    folder.removeOutside(PATH);
    await settled();
    expect(tab.preset.trouble?.type).toBe('gone');
    expect(tab.address).toBe('127.0.0.1:9000');
    await workbench.folder.presetTabs.save(tab);
    expect(tab.preset.trouble).toBeNull();
    expect(folder.files.get(PATH)?.preset?.name).toBe('handshake');
  });

  it('is no trouble any more when it comes back', async () => {
    const { folder, tab } = await opened();
    const preset = need(folder.files.get(PATH)?.preset);
    folder.removeOutside(PATH);
    await settled();
    folder.writeOutside(PATH, preset);
    await settled();
    expect(tab.preset.trouble).toBeNull();
  });
});

describe('a restart', () => {
  /** The tab as a new window makes it of what was remembered. */
  async function again(folder: FakeFolder, tab: Pick<SessionTab, 'toDocument'>): Promise<SessionTab> {
    const workspace = workspaceSchema.parse({ tabs: [JSON.parse(JSON.stringify(tab.toDocument()))] });
    folder.answer('workspace.load', () => ({ ok: true, value: { workspace, notice: null } }));
    const workbench = new Workbench(folder);
    await workbench.load();
    await settled();
    return need(workbench.tabs[0]);
  }

  it('finds the preset, its messages and no change', async () => {
    const message = { name: 'login', content: 'LOGIN' };
    const { folder, tab } = await opened(presetWith([message]));
    const found = await again(folder, tab);
    expect(found.preset.link?.path).toBe(PATH);
    expect(found.preset.messages.values).toMatchObject([message]);
    expect(found.preset.isChanged).toBe(false);
  });

  it('finds unsaved messages and options again, as unsaved', async () => {
    const { folder, tab } = await opened(presetWith([{ name: 'login', content: 'LOGIN' }]));
    tab.preset.messages.add(tab.composer.toMessage('ping'));
    tab.address = 'changed:1';
    const found = await again(folder, tab);
    expect(found.address).toBe('changed:1');
    expect(found.preset.messages.values.map(({ name }) => name)).toEqual(['login', 'ping']);
    expect(found.preset.isChanged).toBe(true);
    expect(found.preset.trouble).toBeNull();
  });

  it('does not bring removed messages back', async () => {
    const { folder, tab } = await opened(presetWith([{ name: 'login', content: 'LOGIN' }]));
    tab.preset.messages.remove(need(tab.preset.messages.list[0]).key);
    const found = await again(folder, tab);
    expect(found.preset.messages.values).toEqual([]);
    expect(found.preset.isChanged).toBe(true);
  });

  it('takes what was changed in the file meanwhile, or asks when the tab was changed as well', async () => {
    const { folder, tab } = await opened();
    folder.writeOutside(PATH, samplePreset('handshake', { address: 'theirs:2' }));
    const document = tab.toDocument();
    const plain = await again(folder, tab);
    expect(plain.address).toBe('theirs:2');
    tab.address = 'mine:1';
    const unsaved = { ...tab.toDocument(), preset: { ...need(document.preset), isChanged: true } };
    const changed = await again(folder, { toDocument: () => unsaved });
    expect(changed.address).toBe('mine:1');
    expect(changed.preset.trouble?.type).toBe('changed');
  });

  it('loads documents from before there were presets', () => {
    const document = tabSchema.parse({ id: 'a', protocol: 'tcp-client', address: 'x:1' });
    expect(document).toMatchObject({ preset: null, messages: null, notes: null });
  });

  it('keeps messages of a tab that has no file yet', async () => {
    const folder = new FakeFolder();
    const workbench = new Workbench(folder);
    const tab = need(workbench.newTab('tcp-client'));
    tab.preset.messages.add(tab.composer.toMessage('kept'));
    const found = await again(folder, tab);
    expect(found.preset.messages.values.map(({ name }) => name)).toEqual(['kept']);
    expect(found.preset.isChanged).toBe(false);
  });
});

describe('another workspace folder', () => {
  it('leaves the tab with its own, to which saving does not go', async () => {
    const { folder, workbench, tab } = await opened();
    folder.answer('folder.current', () => ({
      ok: true,
      value: { current: { path: '/elsewhere', name: 'elsewhere' }, error: null, remembered: [] },
    }));
    folder.files.clear();
    folder.emit('folder.changed', {});
    await settled();
    expect(tab.preset.trouble).toEqual({ type: 'elsewhere', folder: '/home/you/plant-floor' });
    await workbench.folder.presetTabs.save(tab);
    expect(folder.callsOf('presets.save')).toEqual([]);
    expect(workbench.folder.presetTabs.dialog.isOpen).toBe(true);
  });
});

describe('saving a new preset', () => {
  it('asks for name and folder, and belongs to the file from then on', async () => {
    const folder = new FakeFolder({ device: 'folder' });
    const workbench = new Workbench(folder);
    await workbench.folder.load();
    const tab = need(workbench.newTab('tcp-client', { address: 'a:1' }));
    const { presetTabs, presets } = workbench.folder;
    await presetTabs.save(tab);
    expect(presetTabs.dialog.isOpen).toBe(true);
    presetTabs.dialog.name = '  ';
    await presetTabs.confirm();
    expect(presetTabs.dialog.error?.field).toBe('name');
    presetTabs.dialog.name = 'login';
    presetTabs.dialog.folder = 'device';
    await presetTabs.confirm();
    expect(presetTabs.dialog.isOpen).toBe(false);
    expect(tab.preset.link?.path).toBe('device/login.wb.yaml');
    expect(tab.name).toBe('login');
    expect(presets.tree.line?.entry.name).toBe('login');
  });

  it('stays asked while the engine refuses', async () => {
    const folder = new FakeFolder();
    folder.answer('presets.create', () => failure('storage-failed', 'The folder cannot be written.'));
    const workbench = new Workbench(folder);
    const tab = need(workbench.newTab('tcp-client'));
    const { presetTabs } = workbench.folder;
    presetTabs.saveAs(tab);
    await presetTabs.confirm();
    expect(presetTabs.dialog.isOpen).toBe(true);
    expect(presetTabs.dialog.error?.code).toBe('storage-failed');
  });
});

describe('opening a preset', () => {
  it('takes the place of an empty tab, and of no other', async () => {
    const folder = new FakeFolder({ 'a.wb.yaml': samplePreset('a'), 'b.wb.yaml': samplePreset('b') });
    const workbench = new Workbench(folder);
    await workbench.folder.load();
    const [a, b] = workbench.folder.presets.entries;
    workbench.newTab('tcp-server');
    await workbench.folder.presetTabs.open(need(a));
    expect(workbench.tabs.map(({ name }) => name)).toEqual(['a']);
    await workbench.folder.presetTabs.open(need(b));
    expect(workbench.tabs.map(({ name }) => name)).toEqual(['a', 'b']);
    await workbench.folder.presetTabs.open(need(a));
    expect(workbench.tabs).toHaveLength(2);
    expect(need(workbench.active).name).toBe('a');
    await workbench.folder.presetTabs.open(need(a), true);
    expect(workbench.tabs).toHaveLength(3);
  });

  it('says so when its protocol is not known', async () => {
    const folder = new FakeFolder({ 'a.wb.yaml': samplePreset('a', { protocol: 'carrier-pigeon' }) });
    const workbench = new Workbench(folder);
    await workbench.folder.load();
    expect(await workbench.folder.presetTabs.open(need(workbench.folder.presets.entries[0]))).toBeNull();
    expect(workbench.notices.list[0]?.text).toContain('carrier-pigeon');
  });
});

function presetWith(messages: { name: string; content: string }[]): Preset {
  return samplePreset('handshake', { messages: messages.map((message) => savedMessageSchema.parse(message)) });
}
