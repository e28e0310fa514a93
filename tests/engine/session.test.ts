import { afterEach, describe, expect, it } from 'vitest';
import { MemoryRecording } from '../../src/engine/memory-recording.ts';
import { Session } from '../../src/engine/session.ts';
import { failure, success, type Outcome } from '../../src/shared/errors.ts';
import { CLOSED_PEERS_KEPT } from '../../src/shared/limits.ts';
import { decodeRecords, type RecordView } from '../../src/shared/record.ts';
import { errorOf, turn, until, valueOf } from '../support/outcome.ts';
import { script, scriptedSpec, type Script, type ScriptedDriver } from '../support/scripted-driver.ts';

const config = { protocol: 'scripted', address: ' here ', options: {} };
const refused = failure('connection-refused', 'Connection refused by here (ECONNREFUSED).', 'Nothing listens there.');
const sessions: Session[] = [];
const bugs: unknown[] = [];

function make(prepare?: (driver: ScriptedDriver) => void): { session: Session; driver: Script } {
  const driver = script(prepare);
  const session = new Session('s', driver.module, config, new MemoryRecording(), (bug) => bugs.push(bug));
  sessions.push(session);
  return { session, driver };
}

async function opened(prepare?: (driver: ScriptedDriver) => void): ReturnType<typeof open> {
  return open(prepare);
}

async function open(
  prepare?: (driver: ScriptedDriver) => void,
): Promise<{ session: Session; driver: ScriptedDriver; all: Script }> {
  const { session, driver } = make(prepare);
  valueOf(await session.open(config));
  return { session, driver: driver.last, all: driver };
}

async function recordsOf(session: Session): Promise<RecordView[]> {
  return decodeRecords((await session.recorder.recording.read(0, 100_000, 1000)).rows);
}

/** `idle opening open …`, as the records tell it. */
async function statesOf(session: Session): Promise<unknown[]> {
  const records = await recordsOf(session);
  return records.filter((record) => record.kind === 1).map((record) => record.meta['to']);
}

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.dispose()));
  bugs.length = 0;
});

describe('the states of a session', () => {
  it('go from idle over opening and open to closed, and each step is a record', async () => {
    const { session, driver } = await opened();
    expect(session.status([]).state).toBe('open');
    await session.close();
    expect(driver.calls).toEqual(['open', 'close']);
    const records = await recordsOf(session);
    expect(records.map((record) => record.meta)).toEqual([
      { from: 'idle', to: 'opening' },
      { from: 'opening', to: 'open' },
      { from: 'open', to: 'closing' },
      { from: 'closing', to: 'closed' },
    ]);
    expect(records.map((record) => record.seq)).toEqual([0, 1, 2, 3]);
    expect(records.every((record, index) => record.time >= (records[index - 1]?.time ?? 0))).toBe(true);
  });

  it('end in failed when the driver refuses, with the error in answer, status and record', async () => {
    const { session } = make((driver) => (driver.onOpen = () => Promise.resolve(refused)));
    expect(await session.open(config)).toEqual(refused);
    expect(session.status([])).toMatchObject({ state: 'failed', error: refused.error });
    expect((await recordsOf(session)).at(-1)?.meta).toEqual({
      from: 'opening',
      to: 'failed',
      code: 'connection-refused',
      message: refused.error.message,
    });
  });

  it('end in failed when the options are bad', async () => {
    const { session, driver } = make();
    const bad = failure('bad-option', 'size must be a number.', '', { field: 'size' });
    const broken: Session = new Session(
      't',
      { ...driver.module, create: () => bad },
      config,
      new MemoryRecording(),
      () => undefined,
    );
    expect(await broken.open(config)).toEqual(bad);
    expect(broken.status([]).state).toBe('failed');
    expect(session.status([]).state).toBe('idle');
    await broken.dispose();
  });

  it('go to closed when the peer ends the connection', async () => {
    const { session, driver } = await opened();
    driver.context.closed(null);
    expect(await statesOf(session)).toEqual(['opening', 'open', 'closed']);
    expect(session.status([]).error).toBeNull();
  });

  it('go to failed when the connection breaks', async () => {
    const { session, driver } = await opened();
    const reset = failure('connection-reset', 'Connection reset by here (ECONNRESET).');
    driver.context.closed(reset.error);
    expect(session.status([])).toMatchObject({ state: 'failed', error: reset.error });
  });

  it('wait in closing while a server still has connections', async () => {
    const { session, driver } = await opened();
    driver.connect();
    driver.context.closing();
    expect(session.status([]).state).toBe('closing');
    driver.context.closed(null);
    expect(session.status([]).state).toBe('closed');
  });

  it('tell of an end that came before the answer of open, in the right order', async () => {
    const { session } = make((driver) => {
      driver.onOpen = () => {
        driver.context.closed(null);
        return Promise.resolve(success());
      };
    });
    expect(await session.open(config)).toEqual(success());
    expect(await statesOf(session)).toEqual(['opening', 'open', 'closed']);
  });

  it('allow opening again after an end: the recording goes on and peers get new numbers', async () => {
    const { session, all } = await opened((driver) => driver.connect());
    await session.close();
    const end = session.status([]).rows.end;
    valueOf(await session.open(config));
    expect(all.drivers).toHaveLength(2);
    expect(session.status([]).rows).toEqual({ first: 0, end: end + 2 });
    expect(session.peers(0, 10).peers.map(({ peer, state }) => [peer, state])).toEqual([
      [1, 'closed'],
      [2, 'open'],
    ]);
  });

  it('allow opening again after a failure, and the error is gone', async () => {
    const { session, driver } = make((made) => {
      if (driver.drivers.length === 1) made.onOpen = () => Promise.resolve(refused);
    });
    errorOf(await session.open(config));
    valueOf(await session.open(config));
    expect(session.status([])).toMatchObject({ state: 'open', error: null });
  });

  it('refuse to open twice', async () => {
    const { session, all } = await opened();
    expect(errorOf(await session.open(config)).code).toBe('already-open');
    expect(all.drivers).toHaveLength(1);
  });

  it('refuse another protocol in the same recording', async () => {
    const { session } = make();
    expect(errorOf(await session.open({ ...config, protocol: 'other' })).code).toBe('bad-request');
    expect(session.status([]).rows.end).toBe(0);
  });

  it('do nothing when something is closed that is not open', async () => {
    const { session } = make();
    await session.close();
    expect(session.status([]).state).toBe('idle');
  });
});

describe('closing while opening', () => {
  it('aborts the attempt; open answers cancelled and the session is closed, not failed', async () => {
    const { session } = make((driver) => {
      driver.onOpen = (signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            resolve(failure('cancelled', 'Gave up.'));
          });
        });
      driver.onClose = () => Promise.resolve();
    });
    const opening = session.open(config);
    expect(session.status([]).state).toBe('opening');
    await session.close();
    expect(errorOf(await opening).code).toBe('cancelled');
    expect(session.status([])).toMatchObject({ state: 'closed', error: null });
    expect(await statesOf(session)).toEqual(['opening', 'closing', 'closed']);
  });

  it('also ends a driver that does not answer the attempt', async () => {
    const { session } = make((driver) => {
      driver.onOpen = () => new Promise(() => undefined);
      driver.onClose = () => Promise.resolve();
    });
    const opening = session.open(config);
    await session.close();
    expect(errorOf(await opening).code).toBe('cancelled');
    valueOf(success(session.status([])));
    expect(session.status([]).state).toBe('closed');
  });

  it('ends a driver that had opened in the same moment', async () => {
    let resolveOpen: (outcome: Outcome) => void = () => undefined;
    const { session, driver } = make((made) => {
      made.onOpen = () => new Promise((resolve) => (resolveOpen = resolve));
    });
    const opening = session.open(config);
    const closing = session.close();
    resolveOpen(success());
    expect(errorOf(await opening).code).toBe('cancelled');
    await closing;
    expect(session.status([]).state).toBe('closed');
    expect(driver.last.calls).toContain('close');
  });
});

describe('closing twice', () => {
  it('gives up a driver that does not end', async () => {
    const { session, driver } = await opened((made) => (made.onClose = () => new Promise(() => undefined)));
    const peer = driver.connect();
    const first = session.close();
    const second = session.close();
    await Promise.all([first, second]);
    expect(session.status([]).state).toBe('closed');
    expect(driver.calls.filter((call) => call === 'close')).toHaveLength(2);
    driver.receive(peer, 'too late');
    driver.context.closed(null);
    driver.context.endpoints({ local: 'x', remote: 'y' });
    expect((await recordsOf(session)).at(-1)?.meta['to']).toBe('closed');
    expect(session.peers(0, 1).peers[0]?.state).toBe('closed');
  });

  it('answers whoever waits for a driver that was given up', async () => {
    const { session, driver } = await opened((made) => {
      made.onClose = () => new Promise(() => undefined);
      made.onSend = () => new Promise(() => undefined);
    });
    driver.connect();
    const sending = session.send(null, { type: 'bytes', bytes: new Uint8Array(1) }, null);
    await Promise.all([session.close(), session.close()]);
    expect(errorOf(await sending).code).toBe('cancelled');
  });
});

describe('a driver that throws', () => {
  const bug = new Error('boom');

  it('in open fails the session with internal', async () => {
    const { session } = make((driver) => (driver.onOpen = () => Promise.reject(bug)));
    expect(errorOf(await session.open(config))).toMatchObject({ code: 'internal' });
    expect(session.status([])).toMatchObject({ state: 'failed', error: { code: 'internal' } });
    expect(bugs).toEqual([bug]);
  });

  it.each(['send', 'act', 'reading', 'facts', 'kind'] as const)('in %s fails the session, once', async (where) => {
    const { session, driver } = await opened();
    const peer = driver.connect();
    const fail = (): never => {
      throw bug;
    };
    if (where === 'send') {
      driver.onSend = fail;
      const outcome = await session.send(peer, { type: 'bytes', bytes: new Uint8Array(1) }, null);
      expect(errorOf(outcome).code).toBe('internal');
    } else if (where === 'act') {
      driver.onAct = fail;
      expect(errorOf(await session.act('end', peer)).code).toBe('internal');
    } else if (where === 'reading') {
      driver.onReading = fail;
      expect(errorOf(session.setReading(null, false)).code).toBe('internal');
    } else if (where === 'facts') {
      driver.onFacts = fail;
      session.status([]);
    } else {
      driver.context.record('no-such-kind', 'in', peer, null, null);
    }
    expect(session.status([])).toMatchObject({ state: 'failed', error: { code: 'internal' } });
    expect(bugs).toHaveLength(1);
    expect(driver.calls).toContain('close');
    driver.onFacts = () => ({});
    valueOf(await session.open(config));
  });

  it('in close fails the session and frees it', async () => {
    const { session } = await opened((driver) => (driver.onClose = () => Promise.reject(bug)));
    await session.close();
    expect(session.status([])).toMatchObject({ state: 'failed', error: { code: 'internal' } });
  });
});

describe('connections and counters', () => {
  it('count messages and bytes of the kinds that carry them, for the session and for each peer', async () => {
    const { session, driver } = await opened();
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
    const { session, driver } = await opened();
    const peer = driver.connect();
    driver.onFacts = (of) => ({ bytesRead: of === null ? 1 : 2 });
    driver.context.peerChanged(peer, 'reset');
    driver.onFacts = (of) => ({ bytesRead: of === null ? 3 : 4 });
    await session.close();
    expect(session.peers(0, 1).peers[0]).toMatchObject({ state: 'reset', facts: { bytesRead: 2 } });
    expect(session.status([]).facts).toEqual({ bytesRead: 3 });
  });

  it('never revive a connection that has ended', async () => {
    const { session, driver } = await opened();
    const peer = driver.connect();
    driver.context.peerChanged(peer, 'closed');
    driver.context.peerChanged(peer, 'open');
    expect(session.status([]).peers).toEqual({ total: 1, open: 0 });
    expect(session.peerName(peer)).toBe('127.0.0.1:1');
  });

  it('forget the connections that ended first, beyond the number that is kept', async () => {
    const { session, driver } = await opened();
    const staying = driver.connect();
    const peers = Array.from({ length: CLOSED_PEERS_KEPT + 3 }, () => driver.connect());
    for (const peer of peers) driver.context.peerChanged(peer, 'closed');
    expect(session.status([]).peers).toEqual({ total: CLOSED_PEERS_KEPT + 1, open: 1 });
    expect(session.peerName(peers[2] ?? 0)).toBeNull();
    expect(session.peerName(peers[3] ?? 0)).not.toBeNull();
    expect(session.peers(0, 2).peers.map((peer) => peer.peer)).toEqual([staying, peers[3]]);
    expect(session.peers(CLOSED_PEERS_KEPT, 5).peers).toHaveLength(1);
  });

  it('show the addresses of the session', async () => {
    const { session, driver } = await opened();
    driver.context.endpoints({ local: '127.0.0.1:9', remote: null });
    expect(session.status([])).toMatchObject({ local: '127.0.0.1:9', remote: null });
  });

  it('hand the trimmed address and the options to the driver', async () => {
    const { driver } = await opened();
    expect(driver.context.address).toBe('here');
  });
});

describe('stopping to read', () => {
  it('is passed on for one connection and for all, and is shown', async () => {
    const { session, driver } = await opened();
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

  it('holds for connections that come later', async () => {
    const { session, driver } = await opened();
    valueOf(session.setReading(null, false));
    const peer = driver.connect();
    await turn();
    expect(driver.calls).toContain(`pause ${peer}`);
    expect(session.peers(0, 1).peers[0]?.readingPaused).toBe(true);
  });

  it('is refused where nothing is open', async () => {
    const { session } = make();
    expect(errorOf(session.setReading(null, false)).code).toBe('not-open');
    const { session: live, driver } = await opened();
    expect(errorOf(live.setReading(5, false)).code).toBe('not-found');
    const peer = driver.connect();
    driver.context.peerChanged(peer, 'closed');
    expect(errorOf(live.setReading(peer, false)).code).toBe('not-open');
  });
});

describe('actions', () => {
  it('reach the driver for one connection or for all', async () => {
    const { session, driver } = await opened();
    const peer = driver.connect();
    valueOf(await session.act('end', peer));
    valueOf(await session.act('end', null));
    valueOf(await session.act('stop', null));
    expect(driver.calls).toEqual(['open', `act end ${peer}`, 'act end all', 'act stop all']);
  });

  it('still work while the last connections of a server end', async () => {
    const { session, driver } = await opened();
    const peer = driver.connect();
    driver.context.closing();
    valueOf(await session.act('end', peer));
  });

  it.each(['toString', '__proto__', 'constructor', 'nothing', ''])('refuse the unknown name "%s"', async (name) => {
    const { session, driver } = await opened();
    expect(errorOf(await session.act(name, null)).code).toBe('bad-request');
    expect(driver.calls).toEqual(['open']);
  });

  it('refuse what is for the whole session when one connection is named', async () => {
    const { session, driver } = await opened();
    expect(errorOf(await session.act('stop', driver.connect())).code).toBe('bad-request');
  });

  it('are not possible before the session is open', async () => {
    const { session } = make();
    expect(errorOf(await session.act('end', null)).code).toBe('not-open');
  });
});

describe('the status', () => {
  it('is told at once when something changes, and then not for each change', async () => {
    const { session, driver } = await opened();
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
    const { session, driver } = await opened();
    let told = 0;
    const off = session.onStatus(() => (told += 1));
    off();
    driver.connect();
    await turn();
    expect(told).toBe(0);
  });

  it('counts time from the first opening, not from when the tab was made', async () => {
    const { session } = make();
    const made = session.status([]).startedAt;
    await until(() => Date.now() > made, 'the clock to go on');
    valueOf(await session.open(config));
    expect(session.status([]).startedAt).toBeGreaterThan(made);
    const started = session.status([]).startedAt;
    await session.close();
    valueOf(await session.open(config));
    expect(session.status([]).startedAt).toBe(started);
  });

  it('names the protocol', () => {
    expect(make().session.status([]).protocol).toBe(scriptedSpec.id);
  });
});
