import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Counters, PeerStatus, SessionStatus } from '../../src/shared/contract.ts';
import { failure, success } from '../../src/shared/errors.ts';
import { PEER_RATE_MS, PEERS_PER_CALL, PEERS_POLL_MS, TARGETS_SHOWN } from '../../src/shared/limits.ts';
import { Connections } from '../../src/renderer/state/connections.svelte.ts';
import { PeerRates } from '../../src/renderer/state/peer-rates.ts';
import type { Scheduler } from '../../src/renderer/state/scheduler.ts';
import { FakeCalls } from '../support/fake-calls.ts';
import { peerStatus, sessionStatus } from '../support/status-samples.ts';

/** Timers that run when the test says so. */
class HandScheduler implements Scheduler {
  waiting: { readonly ms: number; readonly run: () => void }[] = [];

  frame(run: () => void): () => void {
    return this.later(0, run);
  }

  later(ms: number, run: () => void): () => void {
    const item = { ms, run };
    this.waiting.push(item);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== item);
    };
  }

  runAll(): void {
    const due = this.waiting;
    this.waiting = [];
    for (const { run } of due) run();
  }
}

describe('Connections', () => {
  let peers: PeerStatus[];
  let client: FakeCalls;
  let scheduler: HandScheduler;
  let connections: Connections;

  const status = (session = 's1'): SessionStatus =>
    sessionStatus({
      session,
      peers: { total: peers.length, open: peers.filter((peer) => peer.state === 'open').length },
    });

  beforeEach(() => {
    peers = [1, 2, 3, 4].map((peer) => peerStatus({ peer, state: peer === 4 ? 'reset' : 'open' }));
    client = new FakeCalls().answer('peers', ({ from, count }) =>
      success({ total: peers.length, peers: peers.slice(from, from + count) }),
    );
    scheduler = new HandScheduler();
    connections = new Connections({ client, session: () => 's1', scheduler });
    connections.update(status());
  });

  it('asks for nothing while no grid is on screen', async () => {
    connections.update(status());
    await connections.refresh();
    expect(client.callsOf('peers')).toEqual([]);
    expect(scheduler.waiting).toEqual([]);
  });

  it('asks for the rows in view, and again when a status says that something changed', async () => {
    const unwatch = connections.watch();
    await connections.refresh();
    expect([...connections.rows.keys()]).toEqual([0, 1, 2, 3]);
    peers.push(peerStatus({ peer: 5 }));
    connections.update(status());
    connections.update(status());
    expect(scheduler.waiting).toHaveLength(1);
    scheduler.runAll();
    await vi.waitFor(() => {
      expect(connections.rows.size).toBe(5);
    });
    unwatch();
    connections.update(status());
    expect(scheduler.waiting).toEqual([]);
  });

  it('asks one question at a time and does not lose a wish meanwhile', async () => {
    connections.watch();
    const more = [connections.refresh(), connections.refresh()];
    expect(client.callsOf('peers')).toHaveLength(1);
    await Promise.all(more);
    expect(client.callsOf('peers')).toHaveLength(2);
  });

  it('never asks for more rows than one call may have, with ten thousand connections', async () => {
    peers = Array.from({ length: 10_000 }, (_, index) => peerStatus({ peer: index + 1 }));
    connections.update(status());
    connections.watch();
    connections.moveCursor(9_999);
    await connections.refresh();
    expect(connections.rows.get(9_999)?.peer).toBe(10_000);
    expect(connections.rows.size).toBeLessThan(100);
  });

  it('selects by row and follows the connection when its row moves', async () => {
    connections.watch();
    await connections.refresh();
    expect(connections.select(1)?.peer).toBe(2);
    peers = peers.slice(1).map((peer) => (peer.peer === 2 ? { ...peer, state: 'half-closed-remote' } : peer));
    await connections.refresh();
    expect(connections.selected).toMatchObject({ peer: 2, state: 'half-closed-remote' });
    expect(connections.select(null)).toBeNull();
  });

  it('keeps the selected connection up to date when it is out of view, also when rows above it have gone', async () => {
    peers = Array.from({ length: 2000 }, (_, index) => peerStatus({ peer: index + 1 }));
    connections.update(status());
    connections.watch();
    connections.moveCursor(900);
    await connections.refresh();
    expect(connections.select(900)?.peer).toBe(901);
    connections.moveCursor(1_999);
    peers = peers.map((peer) => (peer.peer === 901 ? { ...peer, facts: { bytesRead: 7 } } : peer));
    await connections.refresh();
    expect(connections.selected?.facts).toEqual({ bytesRead: 7 });
    peers = peers.slice(700).map((peer) => (peer.peer === 901 ? { ...peer, state: 'half-closed-remote' } : peer));
    await connections.refresh();
    expect(connections.selected).toMatchObject({ peer: 901, state: 'half-closed-remote' });
    peers = peers.map((peer) => (peer.peer === 901 ? { ...peer, state: 'reset' } : peer));
    await connections.refresh();
    expect(connections.selected?.state).toBe('reset');
  });

  it('takes a selected connection that the engine no longer remembers for closed', async () => {
    peers = Array.from({ length: 200 }, (_, index) => peerStatus({ peer: index + 1 }));
    connections.update(status());
    connections.watch();
    await connections.refresh();
    connections.select(0);
    connections.moveCursor(199);
    peers = peers.slice(10);
    await connections.refresh();
    expect(connections.selected).toMatchObject({ peer: 1, state: 'closed' });
  });

  it('looks again as soon as a status says so, also while it waits to look at a rate', async () => {
    const now = vi.spyOn(performance, 'now');
    const moved = (bytesIn: number) => ({ bytesIn, bytesOut: 0, messagesIn: 1, messagesOut: 0 });
    connections.watch();
    for (const [at, bytes] of [
      [1000, 0],
      [3000, 5000],
    ] as const) {
      now.mockReturnValue(at);
      peers = peers.map((peer) => ({ ...peer, counters: moved(bytes) }));
      await connections.refresh();
    }
    now.mockRestore();
    expect(scheduler.waiting.map(({ ms }) => ms)).toEqual([PEER_RATE_MS]);
    connections.update(status());
    expect(scheduler.waiting.map(({ ms }) => ms)).toEqual([PEERS_POLL_MS]);
    connections.update(status());
    expect(scheduler.waiting).toHaveLength(1);
  });

  it('forgets everything when it is reset, also an answer on its way', async () => {
    let session: string | null = 's1';
    connections = new Connections({ client, session: () => session, scheduler });
    connections.watch();
    connections.update(status());
    await connections.refresh();
    connections.select(0);
    connections.aimed = peers[0] ?? null;
    await connections.loadTargets();
    connections.update(status());
    const late = connections.refresh();
    session = null;
    connections.reset();
    await late;
    expect(connections).toMatchObject({ total: 0, open: 0, selected: null, aimed: null, targets: [], cursor: 0 });
    expect([connections.rows.size, connections.list.end, scheduler.waiting.length]).toEqual([0, 0, 0]);
  });

  it('asks about the new session when the old one went during a question', async () => {
    let session = 's1';
    connections = new Connections({ client, session: () => session, scheduler });
    connections.watch();
    session = 's2';
    connections.reset();
    connections.update(status('s2'));
    await connections.refresh();
    expect(client.callsOf('peers').at(-1)).toMatchObject({ session: 's2' });
    expect(connections.rows.size).toBe(4);
  });

  it('keeps the cursor within the rows', () => {
    connections.moveCursor(99);
    expect(connections.cursor).toBe(3);
    connections.moveCursor(-1);
    expect(connections.cursor).toBe(0);
    connections.moveCursor(3);
    peers = peers.slice(0, 2);
    connections.update(status());
    expect(connections.cursor).toBe(1);
  });

  it('closes an open connection with end, and one that has ended here at once', async () => {
    client.answer('session.act', () => success({}));
    await connections.close(peerStatus({ peer: 2, state: 'open' }));
    await connections.close(peerStatus({ peer: 3, state: 'half-closed-local' }));
    expect(client.callsOf('session.act')).toEqual([
      { session: 's1', action: 'end', peer: 2 },
      { session: 's1', action: 'destroy', peer: 3 },
    ]);
  });

  it('shows why something failed until the next thing works', async () => {
    client.answer('session.act', () => failure('not-open', 'The connection 127.0.0.1:50001 is closed.'));
    await connections.act('end', 1);
    expect(connections.problem?.code).toBe('not-open');
    client.answer('session.setReading', () => success({}));
    await connections.setReading(false, 1);
    expect(connections.problem).toBeNull();
    expect(client.callsOf('session.setReading')).toEqual([{ session: 's1', peer: 1, reading: false }]);
  });

  it('offers open connections as targets, also behind pages of closed ones, up to a limit', async () => {
    await connections.loadTargets();
    expect(connections.targets.map((peer) => peer.peer)).toEqual([1, 2, 3]);
    peers = Array.from({ length: 3 * PEERS_PER_CALL }, (_, index) =>
      peerStatus({ peer: index + 1, state: index < PEERS_PER_CALL ? 'closed' : 'open' }),
    );
    await connections.loadTargets();
    expect(connections.targets).toHaveLength(TARGETS_SHOWN);
    expect(connections.targets[0]?.peer).toBe(PEERS_PER_CALL + 1);
  });

  it('forgets selection and target with the session', async () => {
    connections.watch();
    await connections.refresh();
    connections.select(0);
    connections.aimed = peers[0] ?? null;
    expect(connections.target).toBe(1);
    connections.update(status('s2'));
    expect(connections.selected).toBeNull();
    expect(connections.target).toBeNull();
  });
});

describe('PeerRates', () => {
  const counters = (part: Partial<Counters>): Counters => ({
    bytesIn: 0,
    bytesOut: 0,
    messagesIn: 0,
    messagesOut: 0,
    ...part,
  });

  it('measures over whole spans and not over each look', () => {
    const rates = new PeerRates();
    const look = (bytesIn: number, messagesOut: number, at: number) =>
      rates.sample([peerStatus({ counters: counters({ bytesIn, messagesOut }) })], at)[0];
    expect(look(0, 0, 0)).toEqual({ bytesPerSecond: 0, messagesPerSecond: 0 });
    expect(look(500, 5, 500)).toEqual({ bytesPerSecond: 0, messagesPerSecond: 0 });
    expect(look(3000, 30, 1500)).toEqual({ bytesPerSecond: 2000, messagesPerSecond: 20 });
    expect(look(3000, 30, 1600)).toEqual({ bytesPerSecond: 2000, messagesPerSecond: 20 });
    expect(look(3000, 30, 2500)).toEqual({ bytesPerSecond: 0, messagesPerSecond: 0 });
  });

  it('forgets a connection that is out of view', () => {
    const rates = new PeerRates();
    rates.sample([peerStatus({ peer: 1 })], 0);
    rates.sample([peerStatus({ peer: 2 })], 1000);
    const [rate] = rates.sample([peerStatus({ peer: 1, counters: counters({ bytesIn: 1000 }) })], 2000);
    expect(rate?.bytesPerSecond).toBe(0);
  });
});
