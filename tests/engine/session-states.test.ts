import { afterEach, describe, expect, it } from 'vitest';
import { MemoryRecording } from '../../src/engine/memory-recording.ts';
import { Session } from '../../src/engine/session.ts';
import { Ending } from '../../src/shared/ending.ts';
import { failure, success, type Outcome } from '../../src/shared/errors.ts';
import { errorOf, valueOf } from '../support/outcome.ts';
import { recordsOf, scriptedConfig, SessionBench, statesOf } from '../support/session-bench.ts';

const refused = failure('connection-refused', 'Connection refused by here (ECONNREFUSED).', 'Nothing listens there.');
const bench = new SessionBench();

afterEach(() => bench.dispose());

describe('the states of a session', () => {
  it('go from idle over opening and open to closed, and each step is a record', async () => {
    const { session, driver } = await bench.open();
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
    const { session } = bench.make((driver) => (driver.onOpen = () => Promise.resolve(refused)));
    expect(await session.open(scriptedConfig)).toEqual(refused);
    expect(session.status([])).toMatchObject({ state: 'failed', error: refused.error });
    expect((await recordsOf(session)).at(-1)?.meta).toEqual({
      from: 'opening',
      to: 'failed',
      code: 'connection-refused',
      message: refused.error.message,
    });
  });

  it('end in failed when the options are bad', async () => {
    const { session, driver } = bench.make();
    const bad = failure('bad-option', 'size must be a number.', '', { field: 'size' });
    const broken: Session = new Session(
      't',
      { ...driver.module, create: () => bad },
      scriptedConfig,
      new MemoryRecording(),
      () => undefined,
    );
    expect(await broken.open(scriptedConfig)).toEqual(bad);
    expect(broken.status([]).state).toBe('failed');
    expect(session.status([]).state).toBe('idle');
    await broken.dispose();
  });

  it('go to closed when the peer ends the connection', async () => {
    const { session, driver } = await bench.open();
    driver.context.closed(null);
    expect(await statesOf(session)).toEqual(['opening', 'open', 'closed']);
    expect(session.status([]).error).toBeNull();
  });

  it('go to failed when the connection breaks', async () => {
    const { session, driver } = await bench.open();
    const reset = failure('connection-reset', 'Connection reset by here (ECONNRESET).');
    driver.context.closed(reset.error);
    expect(session.status([])).toMatchObject({ state: 'failed', error: reset.error });
  });

  it('wait in closing while a server still has connections', async () => {
    const { session, driver } = await bench.open();
    driver.connect();
    driver.context.closing();
    expect(session.status([]).state).toBe('closing');
    driver.context.closed(null);
    expect(session.status([]).state).toBe('closed');
  });

  it('tell of an end that came before the answer of open, in the right order', async () => {
    const { session } = bench.make((driver) => {
      driver.onOpen = () => {
        driver.context.closed(null);
        return Promise.resolve(success());
      };
    });
    expect(await session.open(scriptedConfig)).toEqual(success());
    expect(await statesOf(session)).toEqual(['opening', 'open', 'closed']);
  });

  it('allow opening again after an end: the recording goes on and peers get new numbers', async () => {
    const { session, all } = await bench.open((driver) => driver.connect());
    await session.close();
    const end = session.status([]).rows.end;
    valueOf(await session.open(scriptedConfig));
    expect(all.drivers).toHaveLength(2);
    expect(session.status([]).rows).toEqual({ first: 0, end: end + 2 });
    expect(session.peers(0, 10).peers.map(({ peer, state }) => [peer, state])).toEqual([
      [1, 'closed'],
      [2, 'open'],
    ]);
  });

  it('allow opening again after a failure, and the error is gone', async () => {
    const { session, driver } = bench.make((made) => {
      if (driver.drivers.length === 1) made.onOpen = () => Promise.resolve(refused);
    });
    errorOf(await session.open(scriptedConfig));
    valueOf(await session.open(scriptedConfig));
    expect(session.status([])).toMatchObject({ state: 'open', error: null });
  });

  it('refuse to open twice', async () => {
    const { session, all } = await bench.open();
    expect(errorOf(await session.open(scriptedConfig)).code).toBe('already-open');
    expect(all.drivers).toHaveLength(1);
  });

  it('refuse another protocol in the same recording', async () => {
    const { session } = bench.make();
    expect(errorOf(await session.open({ ...scriptedConfig, protocol: 'other' })).code).toBe('bad-request');
    expect(session.status([]).rows.end).toBe(0);
  });

  it('do nothing when something is closed that is not open', async () => {
    const { session } = bench.make();
    await session.close();
    expect(session.status([]).state).toBe('idle');
  });
});

describe('closing while opening', () => {
  it('aborts the attempt; open answers cancelled and the session is closed, not failed', async () => {
    const { session } = bench.make((driver) => {
      driver.onOpen = (signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            resolve(failure('cancelled', 'Gave up.'));
          });
        });
      driver.onClose = () => Promise.resolve();
    });
    const opening = session.open(scriptedConfig);
    expect(session.status([]).state).toBe('opening');
    await session.close();
    expect(errorOf(await opening).code).toBe('cancelled');
    expect(session.status([])).toMatchObject({ state: 'closed', error: null });
    expect(await statesOf(session)).toEqual(['opening', 'closing', 'closed']);
  });

  it('also ends a driver that does not answer the attempt', async () => {
    const { session } = bench.make((driver) => {
      driver.onOpen = () => new Promise(() => undefined);
      driver.onClose = () => Promise.resolve();
    });
    const opening = session.open(scriptedConfig);
    await session.close();
    expect(errorOf(await opening).code).toBe('cancelled');
    expect(session.status([]).state).toBe('closed');
  });

  it('ends a driver that had opened in the same moment', async () => {
    let resolveOpen: (outcome: Outcome) => void = () => undefined;
    const { session, driver } = bench.make((made) => {
      made.onOpen = () => new Promise((resolve) => (resolveOpen = resolve));
    });
    const opening = session.open(scriptedConfig);
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
    const { session, driver } = await bench.open((made) => (made.onClose = () => new Promise(() => undefined)));
    const peer = driver.connect();
    const first = session.close();
    const second = session.close();
    await Promise.all([first, second]);
    expect(session.status([]).state).toBe('closed');
    expect(driver.calls.filter((call) => call === 'close')).toHaveLength(2);
    driver.receive(peer, 'too late');
    driver.context.closed(null);
    driver.context.endpoints({ local: 'x', remote: 'y' });
    expect((await recordsOf(session)).at(-1)?.meta.to).toBe('closed');
    expect(session.peers(0, 1).peers[0]?.state).toBe('closed');
  });

  it('answers whoever waits for a driver that was given up', async () => {
    const { session, driver } = await bench.open((made) => {
      made.onClose = () => new Promise(() => undefined);
      made.onSend = () => new Promise(() => undefined);
    });
    driver.connect();
    const sending = session.send(null, { type: 'bytes', bytes: new Uint8Array(1) }, null);
    await Promise.all([session.close(), session.close()]);
    expect(errorOf(await sending).code).toBe('cancelled');
  });

  it('is told by a second close that nothing is waited for when the session is ended for good', async () => {
    const { session, driver } = await bench.open((made) => {
      // As a driver with queued bytes does: the first call waits for them.
      const ending = new Ending();
      made.onClose = () => {
        if (made.calls.filter((call) => call === 'close').length === 2) {
          made.context.closed(null);
          ending.reached();
        }
        return ending.promise;
      };
    });
    await session.dispose();
    expect(driver.calls).toEqual(['open', 'close', 'close']);
  });
});

describe('a driver that throws', () => {
  const bug = new Error('boom');

  it('in open fails the session with internal', async () => {
    const { session } = bench.make((driver) => (driver.onOpen = () => Promise.reject(bug)));
    expect(errorOf(await session.open(scriptedConfig))).toMatchObject({ code: 'internal' });
    expect(session.status([])).toMatchObject({ state: 'failed', error: { code: 'internal' } });
    expect(bench.bugs).toEqual([bug]);
  });

  it.each(['send', 'act', 'reading', 'facts', 'kind'] as const)('in %s fails the session, once', async (where) => {
    const { session, driver } = await bench.open();
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
    expect(bench.bugs).toHaveLength(1);
    expect(driver.calls).toContain('close');
    driver.onFacts = () => ({});
    valueOf(await session.open(scriptedConfig));
  });

  it('in close fails the session and frees it', async () => {
    const { session } = await bench.open((driver) => (driver.onClose = () => Promise.reject(bug)));
    await session.close();
    expect(session.status([])).toMatchObject({ state: 'failed', error: { code: 'internal' } });
  });
});
