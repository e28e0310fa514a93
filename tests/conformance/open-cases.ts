import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { FakeContext } from '../support/fake-context.ts';
import { errorOf, valueOf } from '../support/outcome.ts';
import { clientsOnly, conversing, create, serversOnly, stage, streamsOnly, wordsOf, type Case } from './fixture.ts';

/** Long enough for any lookup, short enough for a test. */
const SHORT_MS = 40;

export const openCases: readonly Case[] = [
  {
    name: 'opens, tells both ends, and closes',
    only: conversing,
    async run(subject, fixture) {
      const { context, remote, driver, peer, strike } = await stage(subject, fixture);
      const { role } = subject.module.spec;
      const seen = context.peer(peer);
      if (role === 'client') {
        assert.deepEqual(context.ends, { local: seen.local === '' ? null : seen.local, remote: seen.remote });
        assert.equal(seen.remote, fixture.remoteName ?? fixture.address);
        assert.deepEqual(context.of('connect')[0]?.meta, { local: seen.local, remote: seen.remote });
        assert.equal(context.of(wordsOf(subject).ready).length, 1);
      } else {
        assert.equal(context.ends.remote, null);
        assert.equal(seen.remote, remote.name);
        assert.equal(seen.local, context.ends.local);
        assert.equal(context.of('listening').length, 1);
        assert.deepEqual(context.of('connection')[0]?.meta, { local: seen.local, remote: seen.remote });
      }
      assert.notDeepEqual(driver.facts(null), {});
      const { bytesRead } = driver.facts(peer);
      assert.ok(streamsOnly(subject) ? bytesRead === 0 : Number(bytesRead) > 0);
      assert.deepEqual(driver.facts(99), {});
      await strike();
      assert.equal(context.state(peer), 'closed');
      assert.deepEqual(context.closes, [null]);
      assert.equal(context.of(wordsOf(subject).closed, undefined, peer).length, 1);
    },
  },
  {
    name: 'says what refused it, with errno and remedy, and never calls closed',
    async run(subject, fixture) {
      const { context, driver } = create(subject, fixture.refused.address);
      const error = errorOf(await driver.open(new AbortController().signal));
      assert.equal(error.code, fixture.refused.code);
      assert.equal(error.errno, fixture.refused.errno);
      assert.ok(error.message.includes(fixture.refused.peer), error.message);
      assert.ok(error.message.endsWith(` (${fixture.refused.errno}).`), error.message);
      assert.notEqual(error.hint, '');
      assert.equal(context.of('error').length, 1);
      assert.equal(context.of('error')[0]?.meta.code, fixture.refused.errno);
      await driver.close();
      assert.deepEqual(context.closes, []);
    },
  },
  {
    name: 'refuses an address that is none, in its field',
    async run(subject) {
      const { context, driver } = create(subject, 'a b\u0000c');
      const error = errorOf(await driver.open(new AbortController().signal));
      assert.equal(error.code, 'bad-address');
      assert.equal(error.field, 'address');
      await driver.close();
      assert.deepEqual([context.records, context.closes], [[], []]);
    },
  },
  {
    name: 'refuses an option that it does not have',
    run(subject, fixture) {
      const context = new FakeContext(subject.module.spec, fixture.address);
      const error = errorOf(subject.module.create(context, { surprise: true }));
      assert.equal(error.code, 'bad-option');
      assert.equal(error.field, 'surprise');
      assert.ok(error.hint.includes(subject.module.spec.fields[0]?.id ?? '?'), 'it says which ones there are');
      return Promise.resolve();
    },
  },
  {
    name: 'does not open when it was cancelled before',
    async run(subject, fixture) {
      const { context, driver } = create(subject, fixture.address);
      const controller = new AbortController();
      controller.abort();
      assert.equal(errorOf(await driver.open(controller.signal)).code, 'cancelled');
      await driver.close();
      assert.deepEqual([context.peers, context.closes], [[], []]);
    },
  },
  {
    name: 'gives up at once when it is cancelled while opening',
    async run(subject, fixture) {
      const { context, driver } = create(subject, (await fixture.silent?.()) ?? fixture.address);
      const controller = new AbortController();
      const opening = driver.open(controller.signal);
      if (fixture.silent !== undefined) await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      assert.equal(errorOf(await opening).code, 'cancelled');
      assert.deepEqual(context.closes, []);
      await driver.close();
    },
  },
  {
    name: 'gives up when it is closed while opening',
    async run(subject, fixture) {
      const { context, driver } = create(subject, (await fixture.silent?.()) ?? fixture.address);
      const opening = driver.open(new AbortController().signal);
      await Promise.all([driver.close(), driver.close()]);
      assert.equal(errorOf(await opening).code, 'cancelled');
      assert.deepEqual(context.closes, []);
    },
  },
  {
    name: 'leaves no listener on the signal',
    async run(subject, fixture) {
      const controller = new AbortController();
      const { driver } = create(subject, fixture.address);
      valueOf(await driver.open(controller.signal));
      assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
      await driver.close();
      const refused = create(subject, fixture.refused.address);
      errorOf(await refused.driver.open(controller.signal));
      assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
    },
  },
  {
    name: 'gives up after its connect time-out',
    only: clientsOnly,
    async run(subject, fixture) {
      assert.ok(fixture.silent !== undefined, 'a client has a silent place');
      const address = await fixture.silent();
      const { option, code } = subject.timeout ?? { option: 'connectTimeout', code: 'connection-timed-out' };
      const { context, driver } = create(subject, address, { [option]: SHORT_MS });
      const error = errorOf(await driver.open(new AbortController().signal));
      assert.equal(error.code, code);
      assert.equal(error.errno, 'ETIMEDOUT');
      assert.ok(error.message.includes(address.replace(/^ws:\/\/|\/$/g, '')), error.message);
      assert.equal(context.of('error')[0]?.meta.code, 'ETIMEDOUT');
      await driver.close();
    },
  },
  {
    name: 'frees its address, so that it can listen there again',
    only: serversOnly,
    async run(subject, fixture) {
      const first = create(subject, fixture.address);
      valueOf(await first.driver.open(new AbortController().signal));
      const address = first.context.ends.local ?? '';
      const second = create(subject, address);
      assert.equal(errorOf(await second.driver.open(new AbortController().signal)).code, 'address-in-use');
      await first.driver.close();
      const third = create(subject, address);
      valueOf(await third.driver.open(new AbortController().signal));
      assert.equal(third.context.ends.local, address);
      await third.driver.close();
    },
  },
];
