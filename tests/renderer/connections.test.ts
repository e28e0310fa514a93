import '@testing-library/jest-dom/vitest';
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { PeerStatus } from '../../src/shared/contract.ts';
import { failure, success } from '../../src/shared/errors.ts';
import { Connections } from '../../src/renderer/state/connections.svelte.ts';
import ConnectionsGrid from '../../src/renderer/views/ConnectionsGrid.svelte';
import SocketFacts from '../../src/renderer/views/SocketFacts.svelte';
import { FakeCalls } from '../support/fake-calls.ts';
import { messageSpec } from '../support/message-spec.ts';
import { sampleSpec } from '../support/sample-spec.ts';
import { peerStatus, sessionStatus } from '../support/status-samples.ts';

async function show(peers: PeerStatus[], spec = sampleSpec) {
  const client = new FakeCalls()
    .answer('peers', ({ from, count }) => success({ total: peers.length, peers: peers.slice(from, from + count) }))
    .answer('session.act', () => success({}))
    .answer('session.setReading', () => success({}));
  const connections = new Connections({ client, session: () => 's1', actions: spec.actions });
  const open = peers.filter((peer) => peer.state === 'open').length;
  connections.update(sessionStatus({ peers: { total: peers.length, open } }));
  const onselect = vi.fn();
  const oncompose = vi.fn();
  render(ConnectionsGrid, { connections, spec, onselect, oncompose });
  if (peers.length > 0) await screen.findByRole('row', { name: '127.0.0.1:50001' });
  return { client, connections, onselect, oncompose, user: userEvent.setup() };
}

const three = (): PeerStatus[] => [
  peerStatus({ peer: 1, counters: { bytesIn: 1800, bytesOut: 42, messagesIn: 1, messagesOut: 1 } }),
  peerStatus({ peer: 2, readingPaused: true }),
  peerStatus({ peer: 3, state: 'reset' }),
];
const row = (peer: number): HTMLElement => screen.getByRole('row', { name: `127.0.0.1:${50_000 + peer}` });

describe('ConnectionsGrid', () => {
  it('lists the connections by address with state and counters', async () => {
    await show(three());
    const grid = screen.getByRole('grid', { name: 'Connections' });
    expect(grid).toHaveAttribute('aria-rowcount', '4');
    expect(
      within(row(1))
        .getAllByRole('gridcell')
        .slice(0, 2)
        .map((cell) => cell.textContent.trim()),
    ).toEqual(['1 127.0.0.1:50001', 'open']);
    expect(row(1)).toHaveTextContent('1.8 KB');
    expect(within(row(2)).getByRole('img', { name: 'reading stopped' })).toBeInTheDocument();
    expect(row(3)).toHaveTextContent('reset');
    expect(screen.getByText('2 connected of 3')).toBeVisible();
  });

  it('has a column for each fact that the protocol wants to be seen', async () => {
    await show([peerStatus({ peer: 1, facts: { path: '/chat', subprotocol: 'chat.v2' } })], messageSpec);
    const heads = screen.getAllByRole('columnheader').map((head) => head.textContent.trim());
    expect(heads.slice(0, 4)).toEqual(['connection', 'path', 'subprotocol', 'state']);
    expect(within(row(1)).getByRole('gridcell', { name: '/chat' })).toBeVisible();
    expect(within(row(1)).getByRole('gridcell', { name: 'chat.v2' })).toBeVisible();
  });

  it('closes a connection in the way of the protocol', async () => {
    const { client, connections } = await show([peerStatus({ peer: 1 })], messageSpec);
    await connections.close(peerStatus({ peer: 1 }));
    await connections.close(peerStatus({ peer: 1, state: 'half-closed-local' }));
    expect(client.callsOf('session.act')).toMatchObject([{ action: 'close' }, { action: 'terminate' }]);
  });

  it('says so when there are none', async () => {
    await show([]);
    expect(screen.getByText('No connections yet')).toBeVisible();
    expect(screen.getByRole('button', { name: 'End all' })).toBeDisabled();
  });

  it('selects a row by a click and lets go of it by another', async () => {
    const { onselect, user } = await show(three());
    await user.click(row(2));
    expect(onselect).toHaveBeenLastCalledWith(2);
    expect(row(2)).toHaveAttribute('aria-selected', 'true');
    await user.click(row(2));
    expect(onselect).toHaveBeenLastCalledWith(null);
    expect(row(2)).toHaveAttribute('aria-selected', 'false');
  });

  it('is worked by arrows, Enter and Escape', async () => {
    const { onselect, user } = await show(three());
    screen.getByRole('grid').focus();
    await user.keyboard('{ArrowDown}');
    expect(screen.getByRole('grid')).toHaveAttribute('aria-activedescendant', row(2).id);
    await user.keyboard('{Enter}');
    expect(onselect).toHaveBeenLastCalledWith(2);
    await user.keyboard('{Escape}');
    expect(onselect).toHaveBeenLastCalledWith(null);
    await user.keyboard('{End}');
    expect(screen.getByRole('grid')).toHaveAttribute('aria-activedescendant', row(3).id);
  });

  it('does to one connection what its buttons say', async () => {
    const { client, connections, oncompose, onselect, user } = await show(three());
    await user.click(within(row(1)).getByRole('button', { name: 'End 127.0.0.1:50001' }));
    await user.click(within(row(2)).getByRole('button', { name: 'Reset 127.0.0.1:50002' }));
    expect(client.callsOf('session.act')).toEqual([
      { session: 's1', action: 'end', peer: 1 },
      { session: 's1', action: 'resetAndDestroy', peer: 2 },
    ]);
    await user.click(within(row(2)).getByRole('button', { name: 'Send to 127.0.0.1:50002' }));
    expect(connections.target).toBe(2);
    expect(oncompose).toHaveBeenCalledOnce();
    expect(onselect).not.toHaveBeenCalled();
  });

  it('holds the rest in the menu of a row', async () => {
    const { client, user } = await show(three());
    await user.click(within(row(2)).getByRole('button', { name: 'More for 127.0.0.1:50002' }));
    await user.click(screen.getByRole('menuitem', { name: /Resume reading/ }));
    await user.click(within(row(1)).getByRole('button', { name: 'More for 127.0.0.1:50001' }));
    await user.click(screen.getByRole('menuitem', { name: /Destroy/ }));
    expect(client.callsOf('session.setReading')).toEqual([{ session: 's1', peer: 2, reading: true }]);
    expect(client.callsOf('session.act')).toEqual([{ session: 's1', action: 'destroy', peer: 1 }]);
  });

  it('offers nothing to do with a connection that is over', async () => {
    await show(three());
    for (const name of ['Send to', 'End', 'Reset']) {
      expect(within(row(3)).getByRole('button', { name: `${name} 127.0.0.1:50003` })).toBeDisabled();
    }
  });

  it('closes the selected connection, and ends or resets all', async () => {
    const { client, user } = await show(three());
    expect(screen.getByRole('button', { name: 'Close connection' })).toBeDisabled();
    await user.click(row(1));
    await user.click(screen.getByRole('button', { name: 'Close connection' }));
    await user.click(screen.getByRole('button', { name: 'End all' }));
    await user.click(screen.getByRole('button', { name: 'Reset all' }));
    expect(client.callsOf('session.act')).toMatchObject([
      { action: 'end', peer: 1 },
      { action: 'end', peer: null },
      { action: 'resetAndDestroy', peer: null },
    ]);
  });

  it('aims the composer at all', async () => {
    const { connections, oncompose, user } = await show(three());
    connections.aimed = peerStatus({ peer: 1 });
    await user.click(screen.getByRole('button', { name: 'Message all' }));
    expect(connections.target).toBeNull();
    expect(oncompose).toHaveBeenCalledOnce();
  });

  it('shows in place why something failed', async () => {
    const { client, user } = await show(three());
    client.answer('session.act', () => failure('not-open', 'The connection 127.0.0.1:50001 is closed.'));
    await user.click(within(row(1)).getByRole('button', { name: 'End 127.0.0.1:50001' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('The connection 127.0.0.1:50001 is closed.');
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('draws only the rows in view of ten thousand', async () => {
    const { client } = await show(Array.from({ length: 10_000 }, (_, index) => peerStatus({ peer: index + 1 })));
    expect(screen.getAllByRole('row').length).toBeLessThan(100);
    for (const call of client.callsOf('peers'))
      expect(call).toHaveProperty(
        'count',
        expect.toSatisfy((count: number) => count <= 100),
      );
  });
});

describe('SocketFacts', () => {
  it('lists the facts by their own names, of the session and of the connection', () => {
    render(SocketFacts, {
      session: { listening: true, maxConnections: null },
      connection: { name: '127.0.0.1:50001', facts: { bytesRead: 42 } },
    });
    const session = screen.getByRole('table', { name: 'Session' });
    expect(within(session).getByRole('row', { name: /listening/ })).toHaveTextContent('true');
    expect(within(session).getByRole('row', { name: /maxConnections/ })).toHaveTextContent('null');
    expect(screen.getByRole('table', { name: 'Connection 127.0.0.1:50001' })).toHaveTextContent('bytesRead');
  });

  it('copies a value by a click and says so', async () => {
    const user = userEvent.setup();
    render(SocketFacts, { session: { remotePort: 9000 } });
    await user.click(screen.getByRole('button', { name: 'Copy remotePort: 9000' }));
    expect(await screen.findByText('copied')).toBeVisible();
    expect(await navigator.clipboard.readText()).toBe('9000');
  });

  it('says so while there is no socket', () => {
    render(SocketFacts, { session: {} });
    expect(screen.getByText('No socket yet')).toBeVisible();
  });
});
