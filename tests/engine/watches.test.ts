import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Client } from '../../src/rpc/client.ts';
import type { SessionStatus } from '../../src/shared/contract.ts';
import { EVENT_BACKLOG_BYTES, STATUS_BACKGROUND_MS, STATUS_INTERVAL_MS } from '../../src/shared/limits.ts';
import { decodeRecords } from '../../src/shared/record.ts';
import { engineBench, type EngineBench } from '../support/engine-bench.ts';
import { errorOf, turn, until, valueOf } from '../support/outcome.ts';

const config = { protocol: 'scripted', address: 'here', options: {} };
const benches: EngineBench[] = [];

function bench(): EngineBench {
  const made = engineBench();
  benches.push(made);
  return made;
}

async function openSession(client: Client): Promise<string> {
  const { session } = valueOf(await client.call('session.create', { config }));
  valueOf(await client.call('session.open', { session, config }));
  return session;
}

afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(benches.splice(0).map((one) => one.dispose()));
});

describe('an engine, watched by windows', () => {
  it('tells watchers the status at once and when it changes, until they turn away', async () => {
    const { connect, driver } = bench();
    const client = connect();
    const session = await openSession(client);
    const seen: SessionStatus[] = [];
    client.on('session.status', (status) => seen.push(status));
    valueOf(await client.call('session.watch', { session, on: true }));
    expect(seen).toHaveLength(1);
    const peer = driver.last.connect();
    driver.last.receive(peer, 'x');
    await until(() => seen.at(-1)?.counters.bytesIn === 1, 'the counters');
    valueOf(await client.call('session.watch', { session, on: true }));
    valueOf(await client.call('session.watch', { session, on: false }));
    const before = seen.length;
    driver.last.receive(peer, 'y');
    await turn();
    await turn();
    expect(seen).toHaveLength(before);
  });

  it('tells of what is watched in the background seldom, and of what comes into view at once', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { connect, driver } = bench();
    const client = connect();
    const session = await openSession(client);
    const peer = driver.last.connect();
    const seen: SessionStatus[] = [];
    client.on('session.status', (status) => seen.push(status));
    const runFor = async (ms: number): Promise<number> => {
      const before = seen.length;
      for (let time = 0; time < ms; time += STATUS_INTERVAL_MS) {
        driver.last.receive(peer, 'x');
        await vi.advanceTimersByTimeAsync(STATUS_INTERVAL_MS);
      }
      return seen.length - before;
    };
    valueOf(await client.call('session.watch', { session, on: true, pace: 'background' }));
    expect(seen).toHaveLength(1);
    expect(await runFor(4 * STATUS_BACKGROUND_MS)).toBeLessThanOrEqual(5);
    expect(seen.length).toBeGreaterThan(3);
    const before = seen.length;
    valueOf(await client.call('session.watch', { session, on: true, pace: 'live' }));
    expect(seen).toHaveLength(before + 1);
    expect(await runFor(4 * STATUS_BACKGROUND_MS)).toBeGreaterThan(30);
    await vi.advanceTimersByTimeAsync(STATUS_BACKGROUND_MS);
    expect(seen.at(-1)?.counters.messagesIn).toBe(
      valueOf(await client.call('session.list', {})).sessions[0]?.counters.messagesIn,
    );
    valueOf(await client.call('session.watch', { session, on: false }));
    expect(await runFor(4 * STATUS_BACKGROUND_MS)).toBe(0);
  });

  it('spares a window that does not read, and tells it the newest status when it does again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { driver, engine, connect } = bench();
    const maker = connect();
    const session = await openSession(maker);
    const peer = driver.last.connect();
    const window = { backlog: 0 };
    const seen: unknown[] = [];
    const closed: (() => void)[] = [];
    const handlers = engine.handlers({
      get backlog() {
        return window.backlog;
      },
      emit: (_, payload) => seen.push(payload),
      onClosed: (listener) => closed.push(listener),
    });
    valueOf(await handlers['session.watch']({ session, on: true }));
    window.backlog = EVENT_BACKLOG_BYTES + 1;
    const before = seen.length;
    for (let count = 0; count < 50; count += 1) {
      driver.last.receive(peer, 'x');
      await vi.advanceTimersByTimeAsync(STATUS_INTERVAL_MS);
    }
    expect(seen).toHaveLength(before);
    window.backlog = EVENT_BACKLOG_BYTES;
    await vi.advanceTimersByTimeAsync(2 * STATUS_INTERVAL_MS);
    expect(seen.slice(before)).toMatchObject([{ session, counters: { messagesIn: 50 } }]);
    for (const listener of closed) listener();
    driver.last.receive(peer, 'x');
    await vi.advanceTimersByTimeAsync(STATUS_BACKGROUND_MS);
    expect(seen).toHaveLength(before + 1);
  });

  it('tells everybody who watches a session that it was removed, and nobody else', async () => {
    const { connect } = bench();
    const [one, two, three] = [connect(), connect(), connect()];
    const session = await openSession(one);
    const seen: string[] = [];
    for (const [name, client] of Object.entries({ one, two, three })) {
      client.on('session.removed', (event) => seen.push(`${name} ${event.session === session ? 'it' : 'another'}`));
    }
    for (const client of [one, two]) valueOf(await client.call('session.watch', { session, on: true }));
    valueOf(await three.call('session.watch', { session, on: true }));
    valueOf(await three.call('session.watch', { session, on: false }));
    valueOf(await two.call('session.remove', { session }));
    await turn();
    expect(seen.sort()).toEqual(['one it', 'two it']);
  });

  it('tells of no removed sessions when it ends itself', async () => {
    const { connect, engine } = bench();
    const client = connect();
    const session = await openSession(client);
    valueOf(await client.call('session.watch', { session, on: true }));
    let removed = 0;
    client.on('session.removed', () => (removed += 1));
    await engine.dispose();
    await turn();
    expect(removed).toBe(0);
  });

  it('tells in the status when a view had to be given up', async () => {
    const { connect, driver } = bench();
    const client = connect();
    const session = await openSession(client);
    const seen: SessionStatus[] = [];
    client.on('session.status', (status) => seen.push(status));
    valueOf(await client.call('session.watch', { session, on: true }));
    driver.last.receive(driver.last.connect(), `${'a'.repeat(60)}!`);
    valueOf(await client.call('view.open', { session, filter: '/^(a+)+$/', peer: null }));
    await until(() => typeof seen.at(-1)?.views[0]?.error?.message === 'string', 'the error');
    expect(seen.at(-1)?.views[0]?.error?.code).toBe('bad-filter');
  });

  it('keeps filtered views apart by window, and tells each window of its own', async () => {
    const { connect, driver } = bench();
    const [left, right] = [connect(), connect()];
    const session = await openSession(left);
    const peer = driver.last.connect();
    for (const text of ['ping', 'pong', 'ping']) driver.last.receive(peer, text);
    const { view } = valueOf(await left.call('view.open', { session, filter: 'ping', peer: null }));
    const seen: SessionStatus[] = [];
    left.on('session.status', (status) => seen.push(status));
    valueOf(await left.call('session.watch', { session, on: true }));
    await until(() => seen.at(-1)?.views[0]?.end === 2, 'the matches');
    expect(seen.at(-1)?.views).toEqual([{ view, first: 0, end: 2, scanned: 5, total: 5, error: null }]);
    const found = valueOf(await left.call('rows', { session, view, from: 0, count: 10 }));
    expect(decodeRecords(found.rows).map((row) => row.seq)).toEqual([2, 4]);
    expect(errorOf(await right.call('rows', { session, view, from: 0, count: 10 })).code).toBe('not-found');
    expect(valueOf(await right.call('session.list', {})).sessions[0]?.views).toEqual([]);
    expect(errorOf(await right.call('view.close', { session, view })).code).toBe('not-found');
    expect(errorOf(await left.call('view.open', { session, filter: '"', peer: null })).code).toBe('bad-filter');
    valueOf(await left.call('view.close', { session, view }));
    expect(errorOf(await left.call('rows', { session, view, from: 0, count: 1 })).code).toBe('not-found');
  });

  it('ends the views and watches of a window with it, and nothing else', async () => {
    const { connect, driver, engine } = bench();
    const [left, right] = [connect(), connect()];
    const session = await openSession(left);
    valueOf(await left.call('view.open', { session, filter: 'x', peer: null }));
    valueOf(await left.call('session.watch', { session, on: true }));
    left.close();
    driver.last.receive(driver.last.connect(), 'x');
    await turn();
    expect(valueOf(await right.call('session.list', {})).sessions).toMatchObject([{ state: 'open', views: [] }]);
    expect(engine.liveSessions).toBe(1);
    expect(errorOf(await left.call('app.info', {})).code).toBe('disconnected');
  });

  it('lets go of a removed session in every window', async () => {
    const { connect } = bench();
    const [left, right] = [connect(), connect()];
    const session = await openSession(left);
    const { view } = valueOf(await right.call('view.open', { session, filter: '', peer: null }));
    valueOf(await right.call('session.watch', { session, on: true }));
    valueOf(await left.call('session.remove', { session }));
    expect(errorOf(await right.call('rows', { session, view, from: 0, count: 1 })).code).toBe('not-found');
    expect(errorOf(await right.call('session.close', { session })).code).toBe('not-found');
  });
});
