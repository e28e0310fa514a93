import assert from 'node:assert/strict';
import { CLOSE_GRACE_MS } from '../../src/shared/limits.ts';
import { errorOf, valueOf } from '../support/outcome.ts';
import { conversing, create, noise, serversOnly, stage, streamsOnly, wordsOf, type Case } from './fixture.ts';

const FLOOD = 32 * 1024 * 1024;

/** Fails when the driver takes as long as its own grace, which begins later. */
async function withinGrace(close: () => Promise<unknown>): Promise<void> {
  let isLate = false;
  const grace = setTimeout(() => (isLate = true), CLOSE_GRACE_MS);
  await close();
  clearTimeout(grace);
  assert.equal(isLate, false, 'it did not wait for its grace to pass');
}

export const closeCases: readonly Case[] = [
  {
    name: 'closes twice as well as once',
    only: conversing,
    async run(subject, fixture) {
      const { context, driver, remote } = await stage(subject, fixture);
      await Promise.all([driver.close(), driver.close()]);
      await driver.close();
      assert.deepEqual(context.closes, [null]);
      await remote.until(() => remote.hasEnded || remote.errno !== null, 'the end');
      remote.destroy();
    },
  },
  {
    name: 'can be closed without ever having been opened',
    async run(subject, fixture) {
      const { context, driver } = create(subject, fixture.address);
      await driver.close();
      assert.equal(errorOf(await driver.open(new AbortController().signal)).code, 'cancelled');
      assert.deepEqual(context.closes, []);
    },
  },
  {
    name: 'lets queued bytes leave when it closes',
    only: conversing,
    async run(subject, fixture) {
      const { context, driver, remote, peer } = await stage(subject, fixture);
      const bytes = noise(2 * 1024 * 1024, 29);
      const sending = driver.send(peer, bytes);
      await driver.close();
      valueOf(await sending);
      await remote.until(() => remote.hasEnded, 'FIN');
      assert.ok(remote.received.equals(bytes));
      assert.equal(context.of('end', 'out', peer).length, 1);
      assert.deepEqual(context.closes, [null]);
      remote.destroy();
    },
  },
  {
    name: 'closes also when the peer never reads',
    only: conversing,
    async run(subject, fixture) {
      const { context, driver, remote, peer } = await stage(subject, fixture);
      remote.pause();
      const sending = driver.send(peer, noise(FLOOD, 31));
      await driver.close();
      assert.equal(errorOf(await sending).code, 'connection-aborted');
      assert.deepEqual(context.closes, [null]);
      remote.destroy();
    },
  },
  {
    name: 'needs no grace when everything has left, although the peer stays',
    only: streamsOnly,
    async run(subject, fixture) {
      const { context, driver, remote, peer } = await stage(subject, fixture, { allowHalfOpen: true });
      const sending = driver.send(peer, Buffer.from('bye'));
      await withinGrace(() => driver.close());
      valueOf(await sending);
      await remote.until(() => remote.hasEnded, 'FIN');
      assert.equal(remote.isClosed, false);
      const row = context.of('close', undefined, peer)[0];
      assert.equal(row?.meta.unsent, undefined);
      remote.destroy();
    },
  },
  {
    name: 'waits no longer when it is closed a second time',
    only: conversing,
    async run(subject, fixture) {
      const { context, driver, remote, peer } = await stage(subject, fixture);
      remote.pause();
      const sending = driver.send(peer, noise(FLOOD, 37));
      await withinGrace(() => Promise.all([driver.close(), driver.close()]));
      assert.equal(errorOf(await sending).code, 'connection-aborted');
      assert.deepEqual(context.closes, [null]);
      remote.destroy();
    },
  },
  {
    name: 'refuses actions that it does not have, and peers that it never had',
    only: conversing,
    async run(subject, fixture) {
      const { driver, strike } = await stage(subject, fixture);
      const errors = [
        errorOf(await driver.act('dance', null)),
        errorOf(await driver.act(wordsOf(subject).destroy, 99)),
        errorOf(await driver.send(99, Buffer.from('x'))),
      ];
      assert.deepEqual(
        errors.map(({ code }) => code),
        ['not-supported', 'not-found', 'not-found'],
      );
      for (const { hint, message } of errors) assert.notEqual(hint, '', message);
      driver.pauseReading(99);
      driver.resumeReading(99);
      await strike();
    },
  },
  {
    name: 'refuses to send and to act before it is open and after it has closed',
    only: conversing,
    async run(subject, fixture) {
      const fresh = create(subject, fixture.address);
      assert.equal(errorOf(await fresh.driver.send(1, Buffer.from('x'))).code, 'not-open');
      assert.equal(errorOf(await fresh.driver.act(wordsOf(subject).destroy, null)).code, 'not-open');
      assert.deepEqual(fresh.driver.facts(1), {});

      const { context, driver, peer, strike } = await stage(subject, fixture);
      await strike();
      const rows = context.records.length;
      assert.equal(errorOf(await driver.send(peer, Buffer.from('x'))).code, 'not-open');
      for (const { id } of subject.module.spec.actions) {
        assert.equal(errorOf(await driver.act(id, null)).code, 'not-open', id);
      }
      driver.pauseReading(null);
      driver.resumeReading(null);
      assert.equal(context.records.length, rows, 'nothing is recorded after the end');
    },
  },
  {
    name: 'stops accepting, counts down, and ends with its last connection',
    only: serversOnly,
    async run(subject, fixture) {
      const { context, driver } = create(subject, fixture.address);
      valueOf(await driver.open(new AbortController().signal));
      const address = context.ends.local ?? '';
      const remotes = [await fixture.remote(address), await fixture.remote(address)];
      await context.until(() => context.peers.length === 2, 'both connections');
      const { stop, stopped } = wordsOf(subject);
      valueOf(await driver.act(stop, null));
      assert.equal(context.isClosing, true);
      const again = errorOf(await driver.act(stop, null));
      assert.equal(again.code, 'not-open');
      assert.notEqual(again.hint, '');
      await assert.rejects(fixture.remote(address), 'nobody is let in any more');
      for (const [index, remote] of remotes.entries()) {
        assert.deepEqual(context.closes, []);
        assert.equal(driver.facts(null).connections, 2 - index);
        await remote.write(Buffer.from('bye'));
        remote.end();
        await context.untilState(index + 1, 'closed');
      }
      await context.until(() => context.closes.length === 1, 'closed');
      const last = context.records.at(-1);
      assert.deepEqual([last?.kind, last?.peer], [stopped, 0]);
      await driver.close();
      assert.deepEqual(context.closes, [null]);
    },
  },
  {
    name: 'ends by itself when it stops accepting and has no connections',
    only: serversOnly,
    async run(subject, fixture) {
      const { context, driver } = create(subject, fixture.address);
      valueOf(await driver.open(new AbortController().signal));
      const { end, stop } = wordsOf(subject);
      assert.equal(errorOf(await driver.act(end, null)).code, 'not-open');
      valueOf(await driver.act(stop, null));
      await context.until(() => context.closes.length === 1, 'closed');
      assert.equal(context.isClosing, false);
      await driver.close();
      assert.deepEqual(context.closes, [null]);
    },
  },
  {
    name: 'ends one connection and leaves the others',
    only: serversOnly,
    async run(subject, fixture) {
      const { context, driver } = create(subject, fixture.address);
      valueOf(await driver.open(new AbortController().signal));
      const address = context.ends.local ?? '';
      const first = await fixture.remote(address);
      const second = await fixture.remote(address);
      await context.until(() => context.peers.length === 2, 'both connections');
      const { destroy, end } = wordsOf(subject);
      valueOf(await driver.act(destroy, 1));
      await context.untilState(1, 'closed');
      assert.equal(context.state(2), 'open');
      const ended = errorOf(await driver.send(1, Buffer.from('x')));
      assert.equal(ended.code, 'not-open');
      assert.notEqual(ended.hint, '');
      valueOf(await driver.send(2, Buffer.from('you stay')));
      await second.until(() => second.receivedLength === 8, 'the bytes');
      valueOf(await driver.act(end, null));
      await second.until(() => second.hasEnded, 'FIN');
      first.destroy();
      second.destroy();
      await driver.close();
    },
  },
];
