import { afterEach, describe, expect, it } from 'vitest';
import type { Session } from '../../src/engine/session.ts';
import { failure, success } from '../../src/shared/errors.ts';
import { kindTable } from '../../src/shared/record.ts';
import { reconnectDelay, reconnectFields, reconnectPlan } from '../../src/shared/reconnect.ts';
import { errorOf, valueOf } from '../support/outcome.ts';
import { scriptedSpec, type Script, type ScriptedDriver } from '../support/scripted-driver.ts';
import { recordsOf, scriptedConfig, SessionBench } from '../support/session-bench.ts';
import { Watch } from '../support/watch.ts';

const bench = new SessionBench();
const refused = failure('connection-refused', 'Connection refused.');
const kinds = kindTable(scriptedSpec.kinds);

afterEach(async () => {
  expect(bench.bugs).toEqual([]);
  await bench.dispose();
});

function configOf(options: Record<string, string | number>): typeof scriptedConfig {
  return { ...scriptedConfig, options: { reconnect: 'lost', reconnectDelay: 1, ...options } };
}

/** Resolves when the session is as wanted; it is looked at whenever its status changes. */
function watched(session: Session): (condition: () => boolean, what: string) => Promise<void> {
  const watch = new Watch();
  session.onStatus(() => {
    watch.touch();
  });
  return (condition, what) => watch.until(condition, what);
}

async function opened(
  options: Record<string, string | number>,
  prepare?: (driver: ScriptedDriver, number: number) => void,
): Promise<{ session: Session; driver: Script; until: ReturnType<typeof watched> }> {
  let made = 0;
  const { session, driver } = bench.make((one) => {
    made += 1;
    prepare?.(one, made);
  });
  const until = watched(session);
  valueOf(await session.open(configOf(options)));
  return { session, driver, until };
}

const state = (session: Session): string => session.status([]).state;

describe('a session that connects again', () => {
  it('does so after a loss, with a gap row before all rows of its new life that tells how long it was away, and sends what it was told to', async () => {
    const { session, driver, until } = await opened({ reconnectMessages: 'login\n\nsubscribe' }, (one) => {
      one.onOpen = () => {
        one.connect();
        return Promise.resolve(success());
      };
    });
    driver.last.context.closed(null);
    await until(() => driver.last.calls.includes('send 2 9'), 'the second message');
    expect(driver.drivers).toHaveLength(2);
    expect(state(session)).toBe('open');
    const rows = (await recordsOf(session)).map(({ kind, meta, payload }) => {
      return { kind: kinds[kind], meta, text: Buffer.from(payload).toString() };
    });
    const gap = rows.find(({ kind }) => kind === 'gap');
    expect(gap?.meta).toMatchObject({ reason: 'disconnected', attempts: 1 });
    expect(gap?.meta.ms).toBeGreaterThanOrEqual(0);
    expect(
      rows.slice(rows.findIndex(({ kind }) => kind === 'gap') - 1).map(({ kind, meta }) => meta.to ?? kind),
    ).toEqual(['closed', 'gap', 'opening', 'open', 'data', 'data']);
    expect(rows.filter(({ kind }) => kind === 'data').map(({ text }) => text)).toEqual(['login', 'subscribe']);
    expect(session.status([]).reconnect).toBeNull();
  });

  it('goes on through attempts that fail, each behind a gap row, and starts counting anew after each success', async () => {
    const { session, driver, until } = await opened({ reconnectLimit: 3 }, (one, number) => {
      if (number === 2 || number === 3) one.onOpen = () => Promise.resolve(refused);
    });
    driver.last.context.closed(null);
    await until(() => driver.drivers.length === 4 && state(session) === 'open', 'the fourth life');
    driver.last.context.closed(refused.error);
    await until(() => driver.drivers.length === 5 && state(session) === 'open', 'the fifth life');
    const gaps = (await recordsOf(session)).filter(({ kind }) => kinds[kind] === 'gap');
    expect(gaps.map(({ meta }) => meta.attempts)).toEqual([1, 2, 3, 1]);
  });

  it('gives up after as many attempts as it may make, and says so', async () => {
    const { session, driver, until } = await opened({ reconnectLimit: 2 }, (one, number) => {
      if (number > 1) one.onOpen = () => Promise.resolve(refused);
    });
    driver.last.context.closed(null);
    await until(() => driver.drivers.length === 3 && state(session) === 'failed', 'the last attempt');
    const notes = (await recordsOf(session)).filter(({ kind }) => kinds[kind] === 'note');
    expect(notes.map(({ meta }) => meta.message)).toEqual(['Not connected again: 2 attempts have failed.']);
    expect(session.status([]).reconnect).toBeNull();
  });

  it('tells which attempt comes and when, and is stopped by close()', async () => {
    const { session, driver, until } = await opened({ reconnectDelay: 600_000, reconnectMaxDelay: 600_000 });
    const before = Date.now();
    driver.last.context.closed(null);
    await until(() => session.status([]).reconnect !== null, 'the countdown');
    const status = session.status([]).reconnect;
    expect(status).toMatchObject({ attempt: 1, limit: 10 });
    expect(status?.at).toBeGreaterThanOrEqual(before + 600_000);
    valueOf(await session.close());
    expect(session.status([]).reconnect).toBeNull();
    expect(driver.drivers).toHaveLength(1);
  });

  it('connects at once when a person opens it meanwhile', async () => {
    const { session, driver, until } = await opened({ reconnectDelay: 600_000, reconnectMaxDelay: 600_000 });
    driver.last.context.closed(null);
    await until(() => session.status([]).reconnect !== null, 'the countdown');
    valueOf(await session.open(configOf({})));
    expect(session.status([]).reconnect).toBeNull();
    expect(driver.drivers).toHaveLength(2);
  });

  it('does nothing when a person has closed it, by the button or by an action', async () => {
    const closed = await opened({});
    await closed.session.close();
    expect(closed.session.status([]).reconnect).toBeNull();
    const ended = await opened({}, (one) => {
      one.onAct = () => {
        one.context.closed(null);
        return Promise.resolve(success());
      };
    });
    valueOf(await ended.session.act('end', null));
    await ended.until(() => state(ended.session) === 'closed', 'its end');
    expect(ended.session.status([]).reconnect).toBeNull();
    expect(ended.driver.drivers).toHaveLength(1);
  });

  it('tries a first attempt again only when it was told to', async () => {
    const fail = (one: ScriptedDriver): void => {
      one.onOpen = () => Promise.resolve(refused);
    };
    const once = bench.make(fail);
    expect(errorOf(await once.session.open(configOf({}))).code).toBe('connection-refused');
    expect(once.session.status([]).reconnect).toBeNull();
    const always = bench.make(fail);
    const until = watched(always.session);
    expect(errorOf(await always.session.open(configOf({ reconnect: 'always', reconnectLimit: 1 }))).code).toBe(
      'connection-refused',
    );
    await until(() => always.driver.drivers.length === 2 && state(always.session) === 'failed', 'the second attempt');
  });

  it('does not try again what cannot succeed', async () => {
    const { session } = bench.make((one) => {
      one.onOpen = () => Promise.resolve(failure('bad-address', 'No address.'));
    });
    expect(errorOf(await session.open(configOf({ reconnect: 'always' }))).code).toBe('bad-address');
    expect(session.status([]).reconnect).toBeNull();
  });
});

describe('a plan to connect again', () => {
  const defaults = Object.fromEntries(reconnectFields.map((field) => [field.id, field.default]));

  it('is none by default, and without the options', () => {
    expect(reconnectPlan(defaults)).toBeNull();
    expect(reconnectPlan({})).toBeNull();
  });

  it('doubles its delay up to the longest', () => {
    const plan = reconnectPlan({ ...defaults, reconnect: 'lost', reconnectDelay: 500, reconnectMaxDelay: 3000 });
    const delays = [1, 2, 3, 4, 2000].map((attempt) => plan && reconnectDelay(plan, attempt));
    expect(delays).toEqual([500, 1000, 2000, 3000, 3000]);
  });
});
