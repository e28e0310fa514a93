/** Passwords that would stand in a preset's file: the window says so, and makes secret variables of them. */
import '@testing-library/jest-dom/vitest';
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { SessionTab } from '../../../src/renderer/state/session-tab.svelte.ts';
import { Workbench } from '../../../src/renderer/state/workbench.svelte.ts';
import PlainSecrets from '../../../src/renderer/views/presets/PlainSecrets.svelte';
import { failure } from '../../../src/shared/errors.ts';
import { FakeFolder } from '../../support/fake-folder.ts';

async function window(address: string): Promise<{ folder: FakeFolder; workbench: Workbench; tab: SessionTab }> {
  const folder = new FakeFolder().environment('', []);
  const workbench = new Workbench(folder);
  await workbench.folder.load();
  const tab = workbench.newTab('websocket-client', { address });
  if (tab === null) throw new Error('there is no tab');
  return { folder, workbench, tab };
}

describe('a session with passwords in it', () => {
  const user = userEvent.setup();

  it('says so quietly, until they are secret variables, whose values are in no file', async () => {
    const { folder, workbench, tab } = await window('wss://anna:s3cret@chat.test/?token=t0ken');
    tab.setOption('headers', 'X: 1\nAuthorization: Bearer s3cret');
    const { container } = render(PlainSecrets, { workbench, tab, name: 'Chat room' });
    expect(screen.getByRole('note')).toHaveTextContent(
      'Would be readable in the file: password in the address, token in the query and header authorization.',
    );
    await user.click(screen.getByRole('button', { name: 'Make them secret variables' }));
    expect(tab.address).toBe('wss://anna:{{Chat-room-password}}@chat.test/?token={{Chat-room-token}}');
    expect(tab.options.headers).toBe('X: 1\nAuthorization: Bearer {{Chat-room-password}}');
    expect(container.textContent).toBe('');
    expect(folder.callsOf('secrets.set')).toEqual([
      { path: '', name: 'Chat-room-password', value: 's3cret' },
      { path: '', name: 'Chat-room-token', value: 't0ken' },
    ]);
    expect(JSON.stringify(folder.callsOf('environments.save'))).not.toMatch(/s3cret|t0ken/);
    expect(workbench.notices.list[0]?.text).toContain('in the key store');
  });

  it('takes a name that is free, in the chosen environment', async () => {
    const { folder, workbench, tab } = await window('wss://anna:pw@chat.test/');
    folder.environment('', [{ name: 'chat.test-password', value: 'x', isSecret: false }]);
    folder.environment('environments/lab.wb.yaml', []);
    folder.chosen = 'environments/lab.wb.yaml';
    await workbench.folder.environments.load();
    await workbench.folder.secrets.keep(tab, tab.name);
    expect(tab.address).toBe('wss://anna:{{chat.test-password-2}}@chat.test/');
    expect(folder.callsOf('secrets.set')).toMatchObject([{ path: 'environments/lab.wb.yaml' }]);
  });

  it('keeps them where they are when the variable cannot be saved', async () => {
    const { folder, workbench, tab } = await window('wss://anna:pw@chat.test/');
    folder.answer('environments.save', () => failure('storage-failed', 'The disk is full.'));
    await workbench.folder.secrets.keep(tab, 'x');
    expect(tab.address).toBe('wss://anna:pw@chat.test/');
    expect(workbench.notices.list[0]?.text).toContain('The disk is full.');
  });

  it('says it no more when the person lets it stand, until something else is there', async () => {
    const { workbench, tab } = await window('wss://anna:pw@chat.test/');
    render(PlainSecrets, { workbench, tab, name: 'Chat', canDismiss: true });
    await user.click(screen.getByRole('button', { name: 'Let it stand' }));
    expect(screen.queryByRole('note')).toBeNull();
    tab.setOption('authToken', 'abc');
    expect(await screen.findByRole('note')).toHaveTextContent('token');
  });
});
