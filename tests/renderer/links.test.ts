/** Links and files from outside, in the window: what is asked, and that nothing happens without it. */
import '@testing-library/jest-dom/vitest';
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Handover } from '../../src/shared/app-contract.ts';
import type { Result } from '../../src/shared/contract.ts';
import { failure, success } from '../../src/shared/errors.ts';
import type { Preset } from '../../src/shared/preset.ts';
import { presetOfLink } from '../../src/renderer/state/links/link-preset.ts';
import { proposalOf } from '../../src/renderer/state/links/proposal.ts';
import { Workbench } from '../../src/renderer/state/workbench.svelte.ts';
import Handovers from '../../src/renderer/views/links/Handovers.svelte';
import { parseOpenLink } from '../../src/shared/open-link.ts';
import { settled } from '../support/fake-client.ts';
import { FakeFolder, samplePreset } from '../support/fake-folder.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

function look(presets: readonly Preset[], left: Result<'import.look'>['left'] = []): Result<'import.look'> {
  return {
    kind: 'Wirebench preset',
    presets: presets.map((preset) => ({ folder: '', preset })),
    environments: [],
    left,
  };
}

/** A window to which these have come. */
async function window(...handovers: readonly Handover[]): Promise<{ folder: FakeFolder; workbench: Workbench }> {
  const folder = new FakeFolder({ 'device/room.wb.yaml': samplePreset('Room') });
  let waiting = [...handovers];
  folder.answer('app.takeHandover', () => {
    const taken = waiting;
    waiting = [];
    return success({ handovers: taken, dropped: 0 });
  });
  const workbench = new Workbench(folder);
  await workbench.folder.load();
  await workbench.handovers.begin();
  render(Handovers, { workbench });
  await settled();
  return { folder, workbench };
}

const link = (query: string): Handover => ({ type: 'link', text: `wirebench://open?${query}` });

// Loaded when it is first needed; here that would cost the first test its time.
beforeAll(async () => {
  await import('../../src/renderer/views/links/OpenDialog.svelte');
});

describe('the window', () => {
  const user = userEvent.setup();

  it('shows what a link would open, and opens an idle tab when that is wanted', async () => {
    const { folder, workbench } = await window(
      link(
        'protocol=websocket-client&address=wss://anna:hunter2@a.test/%7B%7Btoken%7D%7D&option.subprotocols=chat&message=hi',
      ),
    );
    const dialog = await screen.findByRole('dialog', { name: 'Open link' });
    expect(dialog).toHaveTextContent('WebSocket client');
    expect(dialog).toHaveTextContent('wss://anna:•••@a.test/{{token}}');
    expect(dialog).not.toHaveTextContent('hunter2');
    expect(dialog).toHaveTextContent('chat');
    expect(dialog).toHaveTextContent('{{token}}: without a value here');
    expect(dialog).toHaveTextContent('1, none is sent by itself');
    expect(workbench.tabs).toHaveLength(0);
    await user.click(within(dialog).getByRole('button', { name: 'Open' }));
    expect(workbench.tabs).toHaveLength(1);
    expect(workbench.active?.address).toBe('wss://anna:hunter2@a.test/{{token}}');
    expect(workbench.active?.session).toBeNull();
    expect(folder.callsOf('session.create')).toEqual([]);
  });

  it('asks about one after the other, and Cancel opens nothing', async () => {
    const { workbench } = await window(
      link('protocol=tcp-client&address=one:1'),
      link('protocol=tcp-client&address=two:2'),
    );
    const first = await screen.findByRole('dialog', { name: 'Open link' });
    expect(first).toHaveTextContent('one:1');
    await user.click(within(first).getByRole('button', { name: 'Cancel' }));
    await settled();
    expect(await screen.findByRole('dialog', { name: 'Open link' })).toHaveTextContent('two:2');
    await user.keyboard('{Escape}');
    await settled();
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    expect(workbench.tabs).toHaveLength(0);
  });

  it('names the variables and secrets of the workspace that would be given away', () => {
    const scope = new Map([
      ['token', { name: 'token', value: '', isSecret: true, path: '', origin: 'Workspace', isSet: true }],
      ['host', { name: 'host', value: 'h', isSecret: false, path: '', origin: 'Workspace', isSet: true }],
    ]);
    const preset = samplePreset('x', { address: '{{host}}/{{token}}/{{nobody}}/{{host}}' });
    expect(proposalOf(preset, scope).variables).toEqual([
      { name: 'host', isSecret: false, isSet: true },
      { name: 'token', isSecret: true, isSet: true },
      { name: 'nobody', isSecret: false, isSet: false },
    ]);
  });

  it('opens a preset of the workspace folder as by a click, and one that a link names after asking', async () => {
    const { workbench } = await window(
      { type: 'preset', path: '/home/you/plant-floor/device/room.wb.yaml' },
      link('preset=device/room.wb.yaml'),
    );
    expect(workbench.folder.presets.root).toBe('/home/you/plant-floor');
    expect(workbench.tabs.map(({ title }) => title)).toEqual(['Room']);
    const dialog = await screen.findByRole('dialog', { name: 'Open link' });
    expect(dialog).toHaveTextContent('A link to device/room.wb.yaml');
    await user.click(within(dialog).getByRole('button', { name: 'Open' }));
    await settled();
    expect(workbench.active?.title).toBe('Room');
    expect(workbench.active?.preset.link?.path).toBe('device/room.wb.yaml');
  });

  it('says when a link names a preset that is not there', async () => {
    const { workbench } = await window(link('preset=device/gone.wb.yaml'));
    expect(workbench.notices.list[0]?.text).toContain('device/gone.wb.yaml');
  });

  it('shows a preset from elsewhere first, and gives what is more than one to the import', async () => {
    const { folder, workbench } = await window();
    folder.answer('import.look', ({ source }) =>
      success(
        look(
          [samplePreset('Alone', { address: 'evil\u202e.test:1' })],
          source.type === 'file' && source.path.includes('many') ? [{ where: 'x', why: 'y' }] : [],
        ),
      ),
    );
    workbench.handovers.drop('/elsewhere/alone.wirebench');
    const dialog = await screen.findByRole('dialog', { name: 'Open preset' });
    expect(dialog).toHaveTextContent('/elsewhere/alone.wirebench');
    expect(dialog).toHaveTextContent('evil\\u{202e}.test:1');
    await user.click(within(dialog).getByRole('button', { name: 'Cancel' }));
    workbench.handovers.drop('/elsewhere/many.json');
    await settled(60);
    expect(workbench.folder.exchange.importer).toMatchObject({ isOpen: true, path: '/elsewhere/many.json' });
    expect(workbench.tabs).toHaveLength(0);
  });

  it('says what is wrong with the rest', async () => {
    const { folder, workbench } = await window({ type: 'other', path: '/a/photo.png' }, link('run=rm'), {
      type: 'recovered',
      reason: 'crashed',
    });
    folder.answer('import.look', () => failure('bad-import', 'This is nothing that is known.'));
    workbench.handovers.drop('/a/b.json');
    await settled(60);
    const said = workbench.notices.list.map(({ text }) => text).join('\n');
    expect(said).toContain('/a/photo.png is neither a recording');
    expect(said).toContain('a part that is not known: run');
    expect(said).toContain('The window had crashed (crashed)');
    expect(said).toContain('This is nothing that is known.');
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });
});

describe('a link', () => {
  const preset = (query: string): ReturnType<typeof presetOfLink> => {
    const parsed = valueOf(parseOpenLink(`wirebench://open?${query}`));
    if (parsed.type !== 'session') throw new Error('not a session');
    return presetOfLink(parsed);
  };

  it('has options of the types of the protocol, those that are as by default left out', () => {
    const made = valueOf(preset('protocol=tcp-client&address=a:1&option.setNoDelay=true&option.setTimeout=500'));
    expect(made).toMatchObject({
      protocol: 'tcp-client',
      address: 'a:1',
      name: 'a:1',
      options: { setNoDelay: true, setTimeout: 500 },
    });
    expect(valueOf(preset('protocol=tcp-client&option.setNoDelay=false')).options).toEqual({});
  });

  it.each([
    'protocol=gopher',
    'protocol=tcp-client&option.nothing=1',
    'protocol=tcp-client&option.constructor=1',
    'protocol=tcp-client&option.setNoDelay=yes',
    'protocol=tcp-client&option.setTimeout=-1',
    'protocol=tcp-client&option.setTimeout=1e3',
    'protocol=tcp-server&option.behaviour=format-disk',
  ])('is refused with %s', (query) => {
    expect(errorOf(preset(query)).code).toBe('bad-link');
  });
});
