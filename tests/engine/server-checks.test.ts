import { afterEach, describe, expect, it } from 'vitest';
import type { CheckListener, CheckServer, DriverModule } from '../../src/drivers/driver.ts';
import { webSocketClient } from '../../src/drivers/websocket/client.ts';
import { SessionValues } from '../../src/engine/environments/session-values.ts';
import { ServerCheck } from '../../src/engine/server-check.ts';
import type { Client } from '../../src/rpc/client.ts';
import { CHECK_RESULTS_PER_EVENT, CHECKS_AT_ONCE } from '../../src/shared/check-limits.ts';
import { checkProgress, type CheckedCase, type CheckProgress } from '../../src/shared/checks.ts';
import { failure, success, type Outcome } from '../../src/shared/errors.ts';
import { EVENT_BACKLOG_BYTES } from '../../src/shared/limits.ts';
import { engineBench, type EngineBench } from '../support/engine-bench.ts';
import { leavingNothing } from '../support/leaks.ts';
import { errorOf, until, valueOf } from '../support/outcome.ts';
import { script } from '../support/scripted-driver.ts';
import { Watch } from '../support/watch.ts';
import { listening } from '../support/websocket-server.ts';

const config = { protocol: 'scripted', address: ' ws://there/ ', options: { size: 2 } };

function checked(place: number): CheckedCase {
  const words = { title: 'A case', rfc: 'RFC 6455 §5.2', sent: 'text “a”', expected: 'echo “a”' };
  return { id: `case-${place}`, group: 'Framing', ...words, verdict: 'passed', why: '', happened: '← text “a”', place };
}

/** A check that does what a test tells it to. */
class ScriptedCheck {
  readonly asked: { readonly address: string; readonly options: unknown }[] = [];
  readonly listeners: CheckListener[] = [];
  readonly stops: AbortSignal[] = [];
  /** Ends the oldest one that runs. */
  readonly ends: ((outcome: Outcome) => void)[] = [];
  readonly check: CheckServer = (address, options, listener, stop) => {
    this.asked.push({ address, options });
    this.listeners.push(listener);
    this.stops.push(stop);
    return new Promise((resolve) => {
      this.ends.push(resolve);
      stop.addEventListener('abort', () => resolve(success()));
    });
  };
  readonly module: DriverModule = { ...script().module, check: this.check };

  get listener(): CheckListener {
    const listener = this.listeners.at(-1);
    if (listener === undefined) throw new Error('Nothing was begun');
    return listener;
  }
}

/** What a window hears of its checks. */
class Heard {
  readonly events: CheckProgress[] = [];
  readonly watch = new Watch();

  constructor(client: Client) {
    client.on('check.progress', (progress) => {
      this.events.push(progress);
      this.watch.touch();
    });
  }

  get results(): CheckedCase[] {
    return this.events.flatMap(({ results }) => results);
  }

  async ended(): Promise<CheckProgress> {
    await this.watch.until(() => this.events.some(({ state }) => state !== 'running'), 'the end of the check');
    const last = this.events.at(-1);
    if (last === undefined) throw new Error('There was no event');
    return last;
  }
}

const benches: EngineBench[] = [];

function bench(...drivers: readonly DriverModule[]): EngineBench {
  const made = engineBench(drivers.length === 0 ? {} : { drivers });
  benches.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(benches.splice(0).map((one) => one.dispose()));
});

describe('checking a server', () => {
  it('tells the window in pieces what is found out, and how it ended', async () => {
    const scripted = new ScriptedCheck();
    const client = bench(scripted.module).connect();
    const heard = new Heard(client);
    const { check } = valueOf(await client.call('check.start', { config }));
    expect(scripted.asked).toEqual([{ address: 'ws://there/', options: { size: 2 } }]);

    const { listener } = scripted;
    listener.began(300);
    listener.about('It echoes.');
    listener.result(checked(7));
    await heard.watch.until(() => heard.events.length > 0, 'the first event');
    expect(heard.events).toEqual([
      {
        ...{ check, state: 'running', total: 300, about: 'It echoes.', results: [checked(7)], error: null },
        address: 'ws://there/',
      },
    ]);
    for (let place = 8; place < 8 + 2.5 * CHECK_RESULTS_PER_EVENT; place += 1) listener.result(checked(place));
    scripted.ends[0]?.(success());
    expect(await heard.ended()).toMatchObject({ check, state: 'done', error: null });
    expect(heard.results.map(({ place }) => place)).toEqual(Array.from({ length: 251 }, (_, index) => 7 + index));
    expect(Math.max(...heard.events.map(({ results }) => results.length))).toBe(CHECK_RESULTS_PER_EVENT);
    expect(errorOf(await client.call('check.cancel', { check })).code).toBe('not-found');
  });

  it('says why there is no server to check', async () => {
    const scripted = new ScriptedCheck();
    const client = bench(scripted.module).connect();
    const heard = new Heard(client);
    valueOf(await client.call('check.start', { config }));
    const refused = failure('connection-refused', 'Connection refused by there.');
    scripted.ends[0]?.(refused);
    expect(await heard.ended()).toMatchObject({ state: 'failed', error: refused.error, results: [] });
  });

  it('ends when it is cancelled, by the window that has begun it', async () => {
    const scripted = new ScriptedCheck();
    const { connect } = bench(scripted.module);
    const client = connect();
    const heard = new Heard(client);
    const { check } = valueOf(await client.call('check.start', { config }));
    scripted.listener.result(checked(0));
    expect(errorOf(await connect().call('check.cancel', { check })).code).toBe('not-found');
    expect(scripted.stops[0]?.aborted).toBe(false);
    valueOf(await client.call('check.cancel', { check }));
    expect(scripted.stops[0]?.aborted).toBe(true);
    expect(await heard.ended()).toMatchObject({ state: 'cancelled', error: null });
    expect(heard.results).toEqual([checked(0)]);
  });

  it('ends with its window, and with the engine', async () => {
    const scripted = new ScriptedCheck();
    const { connect, engine } = bench(scripted.module);
    const client = connect();
    valueOf(await client.call('check.start', { config }));
    client.close();
    await until(() => scripted.stops[0]?.aborted === true, 'the end of the check');

    const other = connect();
    valueOf(await other.call('check.start', { config }));
    await engine.dispose();
    expect(scripted.stops[1]?.aborted).toBe(true);
    expect(errorOf(await other.call('check.start', { config })).code).toBe('not-open');
  });

  it('is refused where there is nothing to check, and when enough of them run', async () => {
    const scripted = new ScriptedCheck();
    const plain = bench().connect();
    expect(errorOf(await plain.call('check.start', { config })).code).toBe('not-supported');
    expect(errorOf(await plain.call('check.start', { config: { ...config, protocol: 'none' } })).code).toBe(
      'not-found',
    );
    const client = bench(scripted.module).connect();
    for (let count = 0; count < CHECKS_AT_ONCE; count += 1) valueOf(await client.call('check.start', { config }));
    const busy = errorOf(await client.call('check.start', { config }));
    expect(busy).toMatchObject({ code: 'busy', message: `${CHECKS_AT_ONCE} checks are running.` });
    const heard = new Heard(client);
    scripted.ends[0]?.(success());
    await heard.ended();
    valueOf(await client.call('check.start', { config }));
  });

  it('answers a bug as an error, and reports it', async () => {
    const bug = new Error('a bug');
    const { connect, bugs } = bench({ ...script().module, check: () => Promise.reject(bug) });
    const client = connect();
    const heard = new Heard(client);
    valueOf(await client.call('check.start', { config }));
    expect((await heard.ended()).error?.code).toBe('internal');
    expect(bugs).toEqual([bug]);
  });

  it('leaves nothing out for a window that does not read, and tells it later', async () => {
    const scripted = new ScriptedCheck();
    const events: CheckProgress[] = [];
    const watch = new Watch();
    let backlog = EVENT_BACKLOG_BYTES + 1;
    const link = {
      emit: (_name: string, payload: unknown) => {
        events.push(checkProgress.parse(payload));
        watch.touch();
      },
      get backlog() {
        return backlog;
      },
      onClosed: () => undefined,
    };
    const running = new ServerCheck({
      id: 1,
      link,
      check: scripted.check,
      config,
      values: new SessionValues(),
      report: () => undefined,
    });
    await until(() => scripted.listeners.length > 0);
    scripted.listener.result(checked(0));
    backlog = 0;
    scripted.listener.result(checked(1));
    await watch.until(() => events.length > 0, 'the first event');
    expect(events.map(({ results }) => results.length)).toEqual([2]);
    await running.stop();
    expect(events.at(-1)?.state).toBe('cancelled');
  });

  it('resolves placeholders as a session does, and hides the secrets in what it tells', async () => {
    const scripted = new ScriptedCheck();
    const events: CheckProgress[] = [];
    const values = new SessionValues({
      lookup: () =>
        Promise.resolve((name) => (name === 'token' ? { value: 'very-secret', isSecret: true } : undefined)),
    });
    const link = {
      emit: (_name: string, payload: unknown) => events.push(checkProgress.parse(payload)),
      backlog: 0,
      onClosed: () => undefined,
    };
    const given = { ...config, address: 'ws://there/{{token}}' };
    const running = new ServerCheck({
      id: 1,
      link,
      check: scripted.check,
      config: given,
      values,
      report: () => undefined,
    });
    await until(() => scripted.listeners.length > 0);
    expect(scripted.asked[0]?.address).toBe('ws://there/very-secret');
    scripted.listener.about('It is at very-secret.');
    scripted.listener.result({ ...checked(0), why: 'Not at very-secret.', happened: '← very-secret' });
    scripted.ends[0]?.(failure('connection-refused', 'Refused at very-secret.'));
    await running.ended;
    expect(JSON.stringify(events)).not.toContain('very-secret');
    expect(events.at(-1)?.error?.message).toBe('Refused at •••.');

    const unknown = { ...config, address: 'ws://{{nowhere}}/' };
    const other = new ServerCheck({
      id: 2,
      link,
      check: scripted.check,
      config: unknown,
      values,
      report: () => undefined,
    });
    await other.ended;
    expect(events.at(-1)).toMatchObject({ check: 2, state: 'failed', error: { code: 'unknown-variable' } });
    expect(scripted.asked).toHaveLength(1);
  });

  it('leaves no connection when it is cancelled in the midst of a real one', async () => {
    const { address } = await listening({ behaviour: 'echo' });
    await leavingNothing(async () => {
      const made = engineBench({ drivers: [webSocketClient] });
      const client = made.connect();
      const heard = new Heard(client);
      const here = { protocol: 'websocket-client', address: `ws://${address}/`, options: {} };
      const { check } = valueOf(await client.call('check.start', { config: here }));
      await heard.watch.until(() => heard.results.length > 0, 'a result');
      valueOf(await client.call('check.cancel', { check }));
      expect((await heard.ended()).state).toBe('cancelled');
      expect(heard.results.length).toBeLessThan(500);
      await made.dispose();
    });
  });

  it('says what is wrong with an address, before it connects', async () => {
    const client = bench(webSocketClient).connect();
    const heard = new Heard(client);
    valueOf(
      await client.call('check.start', { config: { protocol: 'websocket-client', address: 'nowhere', options: {} } }),
    );
    expect((await heard.ended()).error?.code).toBe('bad-address');
  });
});
