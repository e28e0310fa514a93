/** The keys of the whole window, and where the focus goes. */
import '@testing-library/jest-dom/vitest';
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { tick } from 'svelte';
import { beforeAll, describe, expect, it } from 'vitest';
import { success } from '../../src/shared/errors.ts';
import App from '../../src/renderer/App.svelte';
import { LaterViews } from '../../src/renderer/later-views.svelte.ts';
import { holdEarlyKeys } from '../../src/renderer/state/early-keys.ts';
import { Workbench } from '../../src/renderer/state/workbench.svelte.ts';
import { FakeCalls } from '../support/fake-calls.ts';

const later = new LaterViews();
beforeAll(() => later.load());

function open(tabs: number): Workbench {
  const client = new FakeCalls().answer('rows', () => success({ first: 0, end: 0, from: 0, rows: new Uint8Array(0) }));
  const workbench = new Workbench(client);
  for (let tab = 0; tab < tabs; tab += 1) workbench.newTab('tcp-client', { title: `tab ${tab + 1}` });
  workbench.loaded = true;
  render(App, { workbench, later });
  return workbench;
}

const user = userEvent.setup();
const press = async (keys: string): Promise<void> => {
  await user.keyboard(keys);
  await tick();
};
const tab = (name: string): HTMLElement => screen.getByRole('tab', { name });

describe('the focus', () => {
  it('goes to the tab that a key brings to the front', async () => {
    open(3);
    await user.click(screen.getByRole('textbox', { name: 'Message' }));
    await press('{Control>}{Tab}{/Control}');
    expect(tab('tab 1')).toHaveFocus();
    await press('{Control>}2{/Control}');
    expect(tab('tab 2')).toHaveFocus();
  });

  it('stays where it is when a key leads nowhere', async () => {
    open(1);
    const message = screen.getByRole('textbox', { name: 'Message' });
    await user.click(message);
    await press('{Control>}{Tab}{/Control}{Control>}9{/Control}{Control>}{Shift>}T{/Shift}{/Control}');
    expect(message).toHaveFocus();
  });

  it('goes to the neighbour of a closed tab, to the tab that Undo brings back, and to the welcome page', async () => {
    open(2);
    await user.click(screen.getByRole('textbox', { name: 'Message' }));
    await press('{Control>}w{/Control}');
    expect(tab('tab 1')).toHaveFocus();
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(tab('tab 2')).toHaveFocus();
    await user.click(screen.getByRole('button', { name: 'Close tab 2' }));
    expect(tab('tab 1')).toHaveFocus();
    await press('{Control>}w{/Control}');
    expect(screen.getByRole('button', { name: /^Try the echo demo/ })).toHaveFocus();
  });

  it('goes to the messages when an alert is dismissed, to the tab when a notice is', async () => {
    const workbench = open(2);
    const active = workbench.active;
    if (active !== null) active.error = { code: 'internal', message: 'It broke.', hint: '' };
    await tick();
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    await tick();
    expect(screen.getByRole('grid', { name: 'Messages' })).toHaveFocus();
    workbench.notices.show('Something.', {});
    await tick();
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(tab('tab 2')).toHaveFocus();
  });

  it('goes to the address of a session that the welcome page opens', async () => {
    open(0);
    await user.click(screen.getByRole('button', { name: 'TCP client' }));
    expect(screen.getByRole('textbox', { name: 'Address' })).toHaveFocus();
  });
});

describe('the shortcuts of the window', () => {
  it('rest while a dialog is open', async () => {
    const workbench = open(2);
    await press('{Control>}/{/Control}');
    expect(screen.getByRole('dialog')).toBeInTheDocument();
    await press('{Control>}w{/Control}{Control>}1{/Control}{Control>}b{/Control}{Control>}t{/Control}');
    expect([workbench.tabs.length, workbench.active?.title, workbench.sidebar, workbench.newMenuOpen]).toEqual([
      2,
      'tab 2',
      true,
      false,
    ]);
    await press('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('wait for the window when they are pressed too early, in their order', async () => {
    const release = holdEarlyKeys();
    await press('{Control>}b{/Control}{Control>}1{/Control}{Control>}w{/Control}');
    const workbench = open(2);
    await press('{Control>}t{/Control}');
    expect([workbench.tabs.length, workbench.sidebar, workbench.newMenuOpen]).toEqual([2, true, false]);
    release();
    expect(workbench.tabs.map(({ title }) => title)).toEqual(['tab 2']);
    expect([workbench.sidebar, workbench.newMenuOpen]).toEqual([false, true]);
    await tick();
    await press('{Escape}');
    await press('{Control>}b{/Control}');
    expect(workbench.sidebar).toBe(true);
  });
});
