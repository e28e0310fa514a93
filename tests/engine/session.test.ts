import { afterEach, describe, expect, it } from 'vitest';
import { CLOSED_PEERS_KEPT, TARGETS_SHOWN } from '../../src/shared/limits.ts';
import { errorOf, turn, until, valueOf } from '../support/outcome.ts';
import { scriptedSpec } from '../support/scripted-driver.ts';
import { scriptedConfig, SessionBench } from '../support/session-bench.ts';

const bench = new SessionBench();

afterEach(() => bench.dispose());

describe('connections and counters', () => {
  it('count messages and bytes of the kinds that carry them, for the session and for each peer', async () => {
    const { session, driver } = await bench.open();
    const one = driver.connect('a:1');
    const two = driver.connect('b:2');
    driver.receive(one, 'hello');
    driver.receive(two, 'hi');
    driver.context.record('connect', 'in', one, new Uint8Array(99), null);
    valueOf(await session.send(one, { type: 'bytes', bytes: new Uint8Array(7) }, null));
    expect(session.status([]).counters).toEqual({ bytesIn: 7, bytesOut: 7, messagesIn: 2, messagesOut: 1 });
    expect(session.peers(0, 10).peers.map((peer) => peer.counters)).toEqual([
      { bytesIn: 5, bytesOut: 7, messagesIn: 1, messagesOut: 1 },
      { bytesIn: 2, bytesOut: 0, messagesIn: 1, messagesOut: 0 },
    ]);
  });

  it('keep the last facts of what has ended', async () => {
    const { session, driver } = await bench.open();
    const peer = driver.connect();
    driver.onFacts = (of) => ({ bytesRead: of === null ? 1 : 2 });
    driver.context.peerChanged(peer, 'reset');
    driver.onFacts = (of) => ({ bytesRead: of === null ? 3 : 4 });
    await session.close();
    expect(session.peers(0, 1).peers[0]).toMatchObject({ state: 'reset', facts: { bytesRead: 2 } });
    expect(session.status([]).facts).toEqual({ bytesRead: 3 });
  });

  it('never revive a connection that has ended', async () => {
    const { session, driver } = await bench.open();
    const peer = driver.connect();
    driver.context.peerChanged(peer, 'closed');
    driver.context.peerChanged(peer, 'open');
    expect(session.status([]).peers).toEqual({ total: 1, open: 0 });
    expect(session.peerName(peer)).toBe('127.0.0.1:1');
  });

  it('forget the connections that ended first, beyond the number that is kept', async () => {
    const { session, driver } = await bench.open();
    const staying = driver.connect();
    const peers = Array.from({ length: CLOSED_PEERS_KEPT + 3 }, () => driver.connect());
    for (const peer of peers) driver.context.peerChanged(peer, 'closed');
    expect(session.status([]).peers).toEqual({ total: CLOSED_PEERS_KEPT + 1, open: 1 });
    expect(session.peerName(peers[2] ?? 0)).toBeNull();
    expect(session.peerName(peers[3] ?? 0)).not.toBeNull();
    expect(session.peers(0, 2).peers.map((peer) => peer.peer)).toEqual([staying, peers[3]]);
    expect(session.peers(CLOSED_PEERS_KEPT, 5).peers).toHaveLength(1);
  });

  it('are found by their number or a part of their address while they are open, and counted beyond what is given', async () => {
    const { session, driver } = await bench.open();
    for (let number = 1; number <= TARGETS_SHOWN + 5; number += 1) driver.connect(`10.0.0.${number}:9000`);
    driver.context.peerChanged(3, 'closed');
    const found = (query: string): number[] => session.findPeers(query).peers.map(({ peer }) => peer);
    expect(found('10.0.0.77:')).toEqual([77]);
    expect(found(' 77 ')).toEqual([77]);
    expect(found('9')[0]).toBe(9);
    expect(found('9')).toHaveLength(TARGETS_SHOWN);
    expect(found('0.0.3:')).toEqual([]);
    expect(session.findPeers('9000').total).toBe(TARGETS_SHOWN + 4);
    expect(found('')).toHaveLength(TARGETS_SHOWN);
    expect(found('none')).toEqual([]);
  });

  it('show the addresses of the session', async () => {
    const { session, driver } = await bench.open();
    driver.context.endpoints({ local: '127.0.0.1:9', remote: null });
    expect(session.status([])).toMatchObject({ local: '127.0.0.1:9', remote: null });
  });

  it('hand the trimmed address and the options to the driver', async () => {
    const { driver } = await bench.open();
    expect(driver.context.address).toBe('here');
  });
});

describe('stopping to read', () => {
  it('is passed on for one connection and for all, and is shown', async () => {
    const { session, driver } = await bench.open();
    const peer = driver.connect();
    valueOf(session.setReading(peer, false));
    expect(session.peers(0, 1).peers[0]?.readingPaused).toBe(true);
    expect(session.status([]).readingPaused).toBe(false);
    valueOf(session.setReading(null, false));
    expect(session.status([]).readingPaused).toBe(true);
    valueOf(session.setReading(null, true));
    expect(session.peers(0, 1).peers[0]?.readingPaused).toBe(false);
    expect(driver.calls).toEqual(['open', `pause ${peer}`, 'pause all', 'resume all']);
  });

  it('is shown for connections that come later, which the driver itself begins with reading stopped', async () => {
    const { session, driver } = await bench.open();
    valueOf(session.setReading(null, false));
    driver.connect();
    await turn();
    expect(session.peers(0, 1).peers[0]?.readingPaused).toBe(true);
    expect(driver.calls).toEqual(['open', 'pause all']);
  });

  it('is refused where nothing is open', async () => {
    const { session } = bench.make();
    expect(errorOf(session.setReading(null, false)).code).toBe('not-open');
    const { session: live, driver } = await bench.open();
    expect(errorOf(live.setReading(5, false)).code).toBe('not-found');
    const peer = driver.connect();
    driver.context.peerChanged(peer, 'closed');
    expect(errorOf(live.setReading(peer, false)).code).toBe('not-open');
  });
});

describe('actions', () => {
  it('reach the driver for one connection or for all', async () => {
    const { session, driver } = await bench.open();
    const peer = driver.connect();
    valueOf(await session.act('end', peer));
    valueOf(await session.act('end', null));
    valueOf(await session.act('stop', null));
    expect(driver.calls).toEqual(['open', `act end ${peer}`, 'act end all', 'act stop all']);
  });

  it('still work while the last connections of a server end', async () => {
    const { session, driver } = await bench.open();
    const peer = driver.connect();
    driver.context.closing();
    valueOf(await session.act('end', peer));
  });

  it.each(['toString', '__proto__', 'constructor', 'nothing', ''])('refuse the unknown name "%s"', async (name) => {
    const { session, driver } = await bench.open();
    expect(errorOf(await session.act(name, null)).code).toBe('bad-request');
    expect(driver.calls).toEqual(['open']);
  });

  it('refuse what is for the whole session when one connection is named', async () => {
    const { session, driver } = await bench.open();
    expect(errorOf(await session.act('stop', driver.connect())).code).toBe('bad-request');
  });

  it('are not possible before the session is open', async () => {
    const { session } = bench.make();
    expect(errorOf(await session.act('end', null)).code).toBe('not-open');
  });
});

describe('the status', () => {
  it('is told at once when something changes, and then not for each change', async () => {
    const { session, driver } = await bench.open();
    const peer = driver.connect();
    await turn();
    let told = 0;
    const ends: number[] = [];
    session.onStatus(() => {
      told += 1;
      ends.push(session.status([]).rows.end);
    });
    for (let count = 0; count < 1000; count += 1) driver.receive(peer, 'x');
    await until(() => ends.at(-1) === session.status([]).rows.end, 'the last change to be told');
    expect(told).toBeLessThanOrEqual(2);
  });

  it('is not told when the listener has gone', async () => {
    const { session, driver } = await bench.open();
    let told = 0;
    const off = session.onStatus(() => (told += 1));
    off();
    driver.connect();
    await turn();
    expect(told).toBe(0);
  });

  it('counts time from the first opening, not from when the tab was made', async () => {
    const { session } = bench.make();
    const made = session.status([]).startedAt;
    await until(() => Date.now() > made, 'the clock to go on');
    valueOf(await session.open(scriptedConfig));
    expect(session.status([]).startedAt).toBeGreaterThan(made);
    const started = session.status([]).startedAt;
    await session.close();
    valueOf(await session.open(scriptedConfig));
    expect(session.status([]).startedAt).toBe(started);
  });

  it('names the protocol', () => {
    expect(bench.make().session.status([]).protocol).toBe(scriptedSpec.id);
  });
});
