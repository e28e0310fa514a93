import '@testing-library/jest-dom/vitest';
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { tcpClientSpec, tcpServerSpec } from '../../src/drivers/tcp/spec.ts';
import { webSocketClientSpec } from '../../src/drivers/websocket/client-spec.ts';
import { actionLabel, isOffered } from '../../src/renderer/format/action.ts';
import { dropOf } from '../../src/renderer/format/drop.ts';
import { Workbench } from '../../src/renderer/state/workbench.svelte.ts';
import DropBanner from '../../src/renderer/views/DropBanner.svelte';
import ReconnectBar from '../../src/renderer/views/ReconnectBar.svelte';
import type { SessionStatus } from '../../src/shared/contract.ts';
import { success } from '../../src/shared/errors.ts';
import type { ActionSpec } from '../../src/drivers/spec.ts';
import type { Meta } from '../../src/shared/record.ts';
import { FakeCalls } from '../support/fake-calls.ts';
import { sessionStatus } from '../support/status-samples.ts';

function status(part: Partial<SessionStatus>, facts: Meta = {}): SessionStatus {
  return sessionStatus({
    protocol: 'websocket-client',
    remote: '10.0.0.1:80',
    state: 'closed',
    ...part,
    facts: { ...facts },
  });
}

const closed = (closeCode: number, closeReason = '', endedBy = 'peer'): SessionStatus =>
  status({}, { closeCode, closeReason, endedBy });

const fin = (unanswered: number, bytesRead: number, part: Partial<SessionStatus> = {}): SessionStatus =>
  status({ protocol: 'tcp-client', ...part }, { endedBy: 'peer', unanswered, bytesRead, ...part.facts });

describe('the end of a WebSocket connection', () => {
  it('says who, the code, its name and the reason, and what to look at', () => {
    expect(dropOf(webSocketClientSpec, closed(1008, 'no token'))).toEqual({
      tone: 'bad',
      code: '1008',
      message: '10.0.0.1:80 closed the connection with 1008 Policy Violation: “no token”.',
      hint:
        'A message broke a rule of the endpoint that got it. ' +
        'Look at what was sent last, and at the login: token, subprotocol, Origin.',
    });
    expect(dropOf(webSocketClientSpec, closed(1012))).toMatchObject({ tone: 'warn' });
    expect(dropOf(webSocketClientSpec, closed(4321))?.hint).toContain('Its documentation says');
    expect(dropOf(webSocketClientSpec, closed(1005))).toMatchObject({ tone: 'info', code: '1005' });
  });

  it('says nothing of 1000, of what this side ended, of a server and of what lives', () => {
    expect(dropOf(webSocketClientSpec, closed(1000, 'bye'))).toBeNull();
    expect(dropOf(webSocketClientSpec, closed(1011, '', 'us'))).toBeNull();
    expect(dropOf(tcpServerSpec, closed(1011))).toBeNull();
    expect(dropOf(webSocketClientSpec, status({ state: 'open' }, { readyState: 'open' }))).toBeNull();
    expect(dropOf(webSocketClientSpec, status({ state: 'failed' }, { closeCode: 1006, endedBy: 'peer' }))).toBeNull();
  });
});

describe('the end of a TCP connection', () => {
  it('is a warning when what was sent last had no answer, and else only told', () => {
    expect(dropOf(tcpClientSpec, fin(12, 0))).toMatchObject({
      tone: 'warn',
      code: 'FIN',
      message: '10.0.0.1:80 ended the connection (FIN).',
    });
    expect(dropOf(tcpClientSpec, fin(12, 0))?.hint).toContain('No answer came to the last 12 B');
    expect(dropOf(tcpClientSpec, fin(0, 40))).toMatchObject({ tone: 'info' });
    expect(dropOf(tcpClientSpec, fin(0, 0))?.hint).toContain('Nothing had been said by either side');
  });

  it('is told also while this side may still send', () => {
    const half = fin(0, 40, { state: 'open', facts: { readyState: 'writeOnly' } });
    expect(dropOf(tcpClientSpec, half)?.message).toContain('this side may still send');
  });
});

function bench(protocol: string) {
  const client = new FakeCalls()
    .answer('rows', () => success({ first: 0, end: 0, from: 0, rows: new Uint8Array(0) }))
    .answer('session.open', () => success({ status: status({ state: 'opening' }) }));
  const workbench = new Workbench(client);
  const tab = workbench.newTab(protocol, { address: 'ws://10.0.0.1' });
  if (tab === null) throw new Error('no tab');
  tab.session = 's1';
  tab.update(status({ state: 'open' }, { readyState: 'open' }));
  return { workbench, tab };
}

describe('the banner of a tab', () => {
  it('stands until it is dismissed or the session is opened again', async () => {
    const { workbench, tab } = bench('websocket-client');
    render(DropBanner, { tab });
    expect(screen.queryByRole('alert')).toBeNull();
    tab.update(closed(1011, 'boom'));
    expect(await screen.findByRole('alert')).toHaveTextContent('1011 Internal Error: “boom”.');
    await userEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByRole('alert')).toBeNull();
    tab.update(closed(1011, 'boom'));
    expect(screen.queryByRole('alert')).toBeNull();
    await workbench.connect(tab);
    tab.update(closed(1011, 'boom'));
    expect(await screen.findByRole('alert')).toHaveTextContent('boom');
  });

  it('is quiet about what is as it should be', async () => {
    const { tab } = bench('tcp-client');
    render(DropBanner, { tab });
    tab.update(fin(0, 40));
    expect(await screen.findByRole('status')).toHaveTextContent('ended the connection (FIN)');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('leaves it to the bar while the session comes back, which says why it was lost, also after attempts', async () => {
    const { workbench, tab } = bench('websocket-client');
    const reconnect = { attempt: 1, limit: 10, at: Date.now() + 60_000 };
    render(DropBanner, { tab });
    render(ReconnectBar, { workbench, tab });
    tab.update({ ...closed(1012, 'deploy'), reconnect });
    const bar = await screen.findByRole('group', { name: 'Reconnecting' });
    expect(bar).toHaveTextContent('closed the connection with 1012 Service Restart: “deploy”. Reconnecting in');
    expect(screen.queryByRole('alert')).toBeNull();
    tab.update(status({ state: 'opening' }));
    const error = { code: 'connection-refused', message: 'Refused.', hint: '' } as const;
    tab.update({ ...status({ state: 'failed', error }), reconnect });
    expect(await screen.findByRole('group', { name: 'Reconnecting' })).toHaveTextContent('1012 Service Restart');
    tab.update(status({ state: 'opening' }));
    tab.update(status({ state: 'open' }, { readyState: 'open' }));
    expect(tab.drop).toMatchObject({ current: null, reason: '' });
  });

  it('does not say in the bar what stands in the alert', async () => {
    const { workbench, tab } = bench('tcp-client');
    render(ReconnectBar, { workbench, tab });
    const error = { code: 'connection-reset', message: 'Connection reset.', hint: '' } as const;
    tab.update({ ...status({ state: 'failed', error }), reconnect: { attempt: 1, limit: 0, at: Date.now() + 60_000 } });
    expect(tab.drop.reason).toBe('Connection reset.');
    expect(await screen.findByRole('group', { name: 'Reconnecting' })).not.toHaveTextContent('Connection reset');
  });
});

describe('the menu of socket calls', () => {
  const actions: readonly ActionSpec[] = webSocketClientSpec.actions;
  const offered = (facts: Meta): string[] =>
    actions
      .filter((action) => action.menu === 'socket' && isOffered(action, facts))
      .map((action) => actionLabel(action));

  it('has only the one of withholding and answering that does something now', () => {
    expect(offered({ holdPongs: false })).toContain('Withhold pongs');
    expect(offered({ holdPongs: false })).not.toContain('Answer pings');
    expect(offered({ holdPongs: true })).toContain('Answer pings');
    expect(offered({ holdPongs: true })).not.toContain('Withhold pongs');
    expect(offered({})).toEqual(expect.arrayContaining(['Withhold pongs', 'Answer pings']));
  });
});
