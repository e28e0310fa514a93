import '@testing-library/jest-dom/vitest';
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { success } from '../../src/shared/errors.ts';
import { ADDRESS_CHARACTERS, RATE_SAMPLES } from '../../src/shared/limits.ts';
import type { SessionTab } from '../../src/renderer/state/session-tab.svelte.ts';
import { Workbench } from '../../src/renderer/state/workbench.svelte.ts';
import AddressBar from '../../src/renderer/views/AddressBar.svelte';
import NewSessionMenu from '../../src/renderer/views/NewSessionMenu.svelte';
import Sparkline from '../../src/renderer/views/Sparkline.svelte';
import StatusBar from '../../src/renderer/views/StatusBar.svelte';
import type { SessionStatus } from '../../src/shared/contract.ts';
import { FakeCalls } from '../support/fake-calls.ts';
import { sessionStatus } from '../support/status-samples.ts';

function bench(): { workbench: Workbench; tab: SessionTab } {
  const client = new FakeCalls().answer('rows', () => success({ first: 0, end: 0, from: 0, rows: new Uint8Array(0) }));
  const workbench = new Workbench(client);
  const tab = workbench.newTab('tcp-client', { address: '127.0.0.1:9000' });
  if (tab === null) throw new Error('no tab');
  return { workbench, tab };
}

describe('StatusBar', () => {
  const shown = (status: Partial<SessionStatus>): HTMLElement => {
    const { workbench, tab } = bench();
    tab.session = 's1';
    tab.update(sessionStatus({ protocol: 'tcp-client', state: 'closed', ...status }));
    render(StatusBar, { workbench, tab });
    return screen.getByRole('status', { name: 'Session status' });
  };

  it('names both ends', () => {
    expect(shown({ local: '127.0.0.1:51234', remote: '127.0.0.1:9000' })).toHaveTextContent(
      '127.0.0.1:51234 → 127.0.0.1:9000',
    );
  });

  it('names the remote end alone where the own one has no name', () => {
    const text = shown({ local: null, remote: '/tmp/a.sock' }).textContent;
    expect(text).toContain('/tmp/a.sock');
    expect(text).not.toContain('→');
  });
});

describe('Sparkline', () => {
  const points = (line: Element | null): number[][] =>
    (line?.getAttribute('points') ?? '').split(' ').map((point) => point.split(',').map(Number));

  it('goes over its whole width from the first sample, with silence before it', () => {
    const { container } = render(Sparkline, { samples: [{ in: 100, out: 0 }] });
    const drawn = points(container.querySelector('.in'));
    expect(drawn).toHaveLength(RATE_SAMPLES);
    expect([drawn[0], drawn.at(-2)?.[1], drawn.at(-1)]).toEqual([[0, 9], 9, [90, 17]]);
    expect(points(container.querySelector('.out')).every((point) => point[1] === 9)).toBe(true);
  });

  it('draws nothing outside of its width when it is full', () => {
    const samples = Array.from({ length: RATE_SAMPLES }, (_, index) => ({ in: index, out: 1 }));
    const { container } = render(Sparkline, { samples });
    expect(points(container.querySelector('.in')).every(([x = -1]) => x >= 0 && x <= 90)).toBe(true);
  });
});

describe('AddressBar', () => {
  it('tells the keys of its button and takes no more than the engine does', () => {
    render(AddressBar, bench());
    expect(screen.getByRole('button', { name: 'Connect' })).toHaveAttribute('title', 'Connect (Ctrl+⏎)');
    expect(screen.getByRole('textbox', { name: 'Address' })).toHaveAttribute('maxlength', String(ADDRESS_CHARACTERS));
  });
});

describe('NewSessionMenu', () => {
  it('tells its keys, and holds what is near with the keys of each', async () => {
    const { workbench } = bench();
    render(NewSessionMenu, { workbench });
    const button = screen.getByRole('button', { name: 'New session' });
    expect(button).toHaveAttribute('title', 'New session (Ctrl+T)');
    await userEvent.setup().click(button);
    expect(screen.getByRole('menuitem', { name: /^Reopen closed tab/ })).toHaveTextContent('Ctrl+Shift+T');
    await userEvent.setup().click(screen.getByRole('menuitem', { name: /^Keyboard shortcuts/ }));
    expect(workbench.sheetOpen).toBe(true);
  });
});
