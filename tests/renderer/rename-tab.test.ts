import '@testing-library/jest-dom/vitest';
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { renameTab } from '../../src/renderer/state/rename-tab.ts';
import type { SessionTab } from '../../src/renderer/state/session-tab.svelte.ts';
import { Workbench } from '../../src/renderer/state/workbench.svelte.ts';
import TabStrip from '../../src/renderer/views/TabStrip.svelte';
import { success } from '../../src/shared/errors.ts';
import { FakeLibrary, recordingSummary } from '../support/recording-samples.ts';
import { recordingStatus, sessionStatus } from '../support/status-samples.ts';

const recording = recordingSummary(1);

async function bench(): Promise<{ workbench: Workbench; tab: SessionTab; library: FakeLibrary }> {
  const library = new FakeLibrary([recording]);
  library.answer('rows', () => success({ first: 0, end: 0, from: 0, rows: new Uint8Array(0) }));
  const workbench = new Workbench(library);
  await workbench.history.load();
  const tab = workbench.newTab('tcp-client', { address: '10.0.0.7:9000' });
  if (tab === null) throw new Error('no tab');
  return { workbench, tab, library };
}

describe('renaming a tab', () => {
  it('gives it a name of its own, and its address again without one', async () => {
    const { workbench, tab } = await bench();
    await renameTab(workbench, tab, ' pump ');
    expect(tab).toMatchObject({ title: 'pump', name: 'pump', fullName: 'pump' });
    expect(tab.toDocument().title).toBe('pump');
    await renameTab(workbench, tab, '');
    expect(tab.name).toBe('10.0.0.7:9000');
    await renameTab(workbench, tab, '10.0.0.7:9000');
    expect(tab.title).toBe('');
  });

  it('names in History what the tab records, also what has only just begun', async () => {
    const { workbench, tab, library } = await bench();
    library.answer('recordings.update', () => success({}));
    tab.session = 's1';
    for (const [id, name] of [
      [recording.recording, 'pump'],
      ['20260101-000000-00000099', 'valve'],
    ] as const) {
      tab.update(sessionStatus({ protocol: 'tcp-client', recording: recordingStatus({ id }) }));
      await renameTab(workbench, tab, name);
      expect(library.callsOf('recordings.update').at(-1)).toEqual({ recording: id, name });
    }
  });

  it('records under the name when it is opened later', async () => {
    const { workbench, tab, library } = await bench();
    await renameTab(workbench, tab, 'pump');
    await tab.open();
    expect(library.callsOf('session.create')).toMatchObject([{ preset: 'pump' }]);
  });
});

describe('the strip of tabs', () => {
  it('renames by a double click, by F2 and from the menu, and gives the focus back', async () => {
    const { workbench, tab } = await bench();
    render(TabStrip, { workbench });
    const user = userEvent.setup();
    const one = (): HTMLElement => screen.getByRole('tab');
    const field = (): HTMLElement => screen.getByRole('textbox', { name: 'Name of the tab' });

    await user.dblClick(one());
    expect(field()).toHaveFocus();
    expect(field()).toHaveValue('10.0.0.7:9000');
    await user.clear(field());
    await user.type(field(), 'pump{Enter}');
    await waitFor(() => {
      expect(one()).toHaveFocus();
    });
    expect(one()).toHaveAccessibleName('pump');

    await user.keyboard('{F2}');
    await user.type(field(), 'nothing{Escape}');
    await waitFor(() => {
      expect(one()).toHaveFocus();
    });
    expect(tab.title).toBe('pump');

    await fireEvent.contextMenu(one(), { button: 2, clientX: 10, clientY: 10 });
    expect(screen.getByRole('menuitem', { name: /^Close others/ })).toHaveAttribute('aria-disabled', 'true');
    await user.click(screen.getByRole('menuitem', { name: /^Rename/ }));
    await waitFor(() => {
      expect(field()).toHaveFocus();
    });
  });
});
