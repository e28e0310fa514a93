/** Import and export in the window: what is looked at, what is said, what is written. */
import '@testing-library/jest-dom/vitest';
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../../src/shared/contract.ts';
import { failure, success } from '../../../src/shared/errors.ts';
import { Workbench } from '../../../src/renderer/state/workbench.svelte.ts';
import ImportDialog from '../../../src/renderer/views/exchange/ImportDialog.svelte';
import { settled } from '../../support/fake-client.ts';
import { FakeFolder, samplePreset } from '../../support/fake-folder.ts';

const found: Result<'import.look'> = {
  kind: 'Postman collection',
  presets: [
    { folder: 'api', preset: samplePreset('room', { protocol: 'websocket-client', address: 'ws://a:secret@b/' }) },
  ],
  environments: [],
  left: [{ where: 'GET /users', why: 'It is an HTTP request.' }],
};

async function window(): Promise<{ folder: FakeFolder; workbench: Workbench }> {
  const folder = new FakeFolder({ device: 'folder' });
  folder.answer('import.look', () => success(found));
  folder.answer('import.run', () => success({ paths: ['api/room.wb.yaml'], environments: [] }));
  const workbench = new Workbench(folder);
  await workbench.folder.load();
  return { folder, workbench };
}

describe('the import', () => {
  const user = userEvent.setup();

  it('shows what comes and what is left before anything is written', async () => {
    const { folder, workbench } = await window();
    render(ImportDialog, { workbench });
    workbench.folder.exchange.importer.show('device');
    const dialog = await screen.findByRole('dialog', { name: 'Import' });
    await user.click(within(dialog).getByRole('radio', { name: 'Pasted text' }));
    await user.click(within(dialog).getByRole('textbox', { name: 'Text to import' }));
    await user.paste('{ "info": {} }');
    const list = await within(dialog).findByRole('list', { name: 'What comes' });
    expect(list).toHaveTextContent('api/room');
    expect(list).not.toHaveTextContent('secret');
    expect(within(dialog).getByRole('list', { name: 'Left out' })).toHaveTextContent('It is an HTTP request.');
    expect(folder.callsOf('import.run')).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Import 1 preset' }));
    expect(folder.callsOf('import.run')).toEqual([
      { source: { type: 'text', text: '{ "info": {} }' }, folder: 'device' },
    ]);
    expect(workbench.notices.list[0]?.text).toBe('Imported 1 preset and 0 environments.');
  });

  it('stays with the reason when it is refused', async () => {
    const { folder, workbench } = await window();
    folder.answer('import.look', () => failure('bad-import', 'This is nothing that is known.'));
    const { importer } = workbench.folder.exchange;
    importer.show('');
    importer.setFrom('text');
    importer.text = '???';
    await importer.look();
    expect(importer.canRun).toBe(false);
    expect(importer.error?.code).toBe('bad-import');
    expect(importer.isOpen).toBe(true);
  });

  it('shows only what was found of the text as it is now', async () => {
    const { folder, workbench } = await window();
    const { importer } = workbench.folder.exchange;
    let release = (): void => undefined;
    folder.answer(
      'import.look',
      () =>
        new Promise((resolve) => {
          release = () => {
            resolve(success(found));
          };
        }),
    );
    importer.show('');
    importer.setFrom('text');
    importer.text = 'first';
    const looking = importer.look();
    await settled();
    importer.text = '';
    importer.typed();
    release();
    await looking;
    expect(importer.found).toBeNull();
  });
});

describe('a command line in the address', () => {
  it('becomes a session that is not opened; what was not understood is said', async () => {
    const { folder, workbench } = await window();
    const tab = workbench.newTab('tcp-client', { address: 'websocat ws://b/' });
    if (tab === null) throw new Error('there is no tab');
    await workbench.folder.exchange.importCommand(tab);
    expect(workbench.tabs).toHaveLength(1);
    expect(workbench.active?.spec.id).toBe('websocket-client');
    expect(workbench.notices.list[0]?.text).toContain('It is an HTTP request.');
    expect(folder.callsOf('session.open')).toEqual([]);
  });

  it('of several lines, or too long for the box, is imported when it is pasted; everything else goes into the box', async () => {
    const { folder, workbench } = await window();
    const { exchange } = workbench.folder;
    const tab = workbench.newTab('tcp-client');
    if (tab === null) throw new Error('there is no tab');
    expect(exchange.takePasted(tab, '127.0.0.1:9\n')).toBe(false);
    expect(exchange.takePasted(tab, 'two\nlines')).toBe(false);
    expect(exchange.takePasted(tab, 'nc 127.0.0.1 9\n')).toBe(false);
    const line = `websocat \\\n  ws://b/`;
    expect(exchange.takePasted(tab, line)).toBe(true);
    expect(exchange.takePasted(tab, `websocat -H 'X: ${'x'.repeat(3000)}' ws://b/`)).toBe(true);
    await settled();
    expect(folder.callsOf('import.look')[0]).toEqual({ source: { type: 'text', text: line } });
    expect(workbench.active?.spec.id).toBe('websocket-client');
  });

  it('gets a tab of its own when the tab holds a draft', async () => {
    const { workbench } = await window();
    const tab = workbench.newTab('tcp-client', { address: 'websocat ws://b/' });
    if (tab === null) throw new Error('there is no tab');
    tab.composer.typed = 'half a sentence';
    await workbench.folder.exchange.importCommand(tab);
    expect(workbench.tabs).toHaveLength(2);
    expect(tab.composer.typed).toBe('half a sentence');
  });
});

describe('the export', () => {
  it('asks the system where to, and says how much it was', async () => {
    const { folder, workbench } = await window();
    workbench.info = {
      version: '1',
      runtime: 'test',
      platform: 'linux',
      capabilities: { fileDialogs: true, reveal: false, downloads: false },
    };
    folder.answer('file.chooseSave', () => success({ path: '/tmp/device.yaml' }));
    folder.answer('presets.export', () => success({ presets: 2, bytes: 2048 }));
    workbench.folder.exchange.exporter.show('device', 'de/vice');
    await settled();
    expect(folder.callsOf('file.chooseSave')).toEqual([{ name: 'de vice.wirebench' }]);
    expect(folder.callsOf('presets.export')).toEqual([{ path: 'device', file: '/tmp/device.yaml' }]);
    expect(workbench.notices.list[0]?.text).toBe('Exported 2 presets, 2.0 KB, without secrets.');
  });
});

describe('copying as a command', () => {
  it('is offered for what the protocol can be', async () => {
    const { workbench } = await window();
    const tab = workbench.newTab('websocket-client');
    if (tab === null) throw new Error('there is no tab');
    const labels = workbench.folder.exchange
      .copyItems(tab)
      .map((item) => (item.type === 'separator' ? '' : item.label));
    expect(labels).toEqual(['Copy as websocat', 'Copy as wscat', 'Copy as Node code', 'Copy as Python code']);
  });
});
