import '@testing-library/jest-dom/vitest';
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionStatus } from '../../src/shared/contract.ts';
import { success } from '../../src/shared/errors.ts';
import { Workbench } from '../../src/renderer/state/workbench.svelte.ts';
import ReconnectBar from '../../src/renderer/views/ReconnectBar.svelte';
import StatusBar from '../../src/renderer/views/StatusBar.svelte';
import { FakeCalls } from '../support/fake-calls.ts';
import { sessionStatus } from '../support/status-samples.ts';

const NOW = 1_700_000_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function bench(status: Partial<SessionStatus>) {
  const client = new FakeCalls()
    .answer('rows', () => success({ first: 0, end: 0, from: 0, rows: new Uint8Array(0) }))
    .answer('session.open', () => success({ status: sessionStatus({ protocol: 'websocket-client' }) }))
    .answer('session.close', () => success({}));
  const workbench = new Workbench(client);
  const tab = workbench.newTab('websocket-client', { address: 'ws://127.0.0.1:9000' });
  if (tab === null) throw new Error('no tab');
  tab.session = 's1';
  tab.update(sessionStatus({ protocol: 'websocket-client', state: 'closed', ...status }));
  return { client, workbench, tab, user: userEvent.setup({ advanceTimers: vi.advanceTimersByTime.bind(vi) }) };
}

const waiting = { attempt: 2, limit: 10, at: NOW + 3_000 };

describe('ReconnectBar', () => {
  it('counts the seconds down', () => {
    const { workbench, tab } = bench({ reconnect: waiting });
    render(ReconnectBar, { workbench, tab });
    const bar = screen.getByRole('group', { name: 'Reconnecting' });
    expect(bar).toHaveTextContent('Reconnecting in 3 s (attempt 2 of 10)');
    vi.advanceTimersByTime(1_400);
    flushSync();
    expect(bar).toHaveTextContent('Reconnecting in 2 s (attempt 2 of 10)');
    vi.advanceTimersByTime(5_000);
    flushSync();
    expect(bar).toHaveTextContent('Reconnecting now (attempt 2 of 10)');
  });

  it('connects at once, or stops', async () => {
    const { client, workbench, tab, user } = bench({ reconnect: waiting });
    render(ReconnectBar, { workbench, tab });
    await user.click(screen.getByRole('button', { name: 'Stop reconnecting' }));
    expect(client.callsOf('session.close')).toHaveLength(1);
    await user.click(screen.getByRole('button', { name: 'Connect now' }));
    await vi.waitFor(() => {
      expect(client.callsOf('session.open')).toHaveLength(1);
    });
  });

  it('is not there while nothing waits', () => {
    const { workbench, tab } = bench({});
    render(ReconnectBar, { workbench, tab });
    expect(screen.queryByRole('group')).toBeNull();
  });

  it('leaves no error of an attempt once the session is open again', () => {
    const error = { code: 'connection-refused', message: 'Refused.', hint: '' } as const;
    const { tab } = bench({ state: 'failed', error, reconnect: waiting });
    expect(tab.error?.message).toBe('Refused.');
    tab.update(sessionStatus({ protocol: 'websocket-client', state: 'opening' }));
    tab.update(sessionStatus({ protocol: 'websocket-client', state: 'open' }));
    expect(tab.error).toBeNull();
  });
});

describe('StatusBar of a WebSocket', () => {
  it('tells of the next attempt', () => {
    const { workbench, tab } = bench({ reconnect: waiting });
    render(StatusBar, { workbench, tab });
    expect(screen.getByText('Reconnecting in 3 s (attempt 2 of 10)')).toBeVisible();
  });

  it('has the round-trip time, and that pongs are withheld', () => {
    const { workbench, tab } = bench({ state: 'open', facts: { roundTrip: 0.8, holdPongs: true } });
    render(StatusBar, { workbench, tab });
    expect(screen.getByText('rtt 0.8 ms')).toBeVisible();
    expect(screen.getByText('pongs withheld')).toBeVisible();
  });
});
