import assert from 'node:assert/strict';
import { errorOf, valueOf } from '../support/outcome.ts';
import { noise, stage, streamsOnly, withReset, wordsOf, type Case } from './fixture.ts';

/** More than all buffers of a loopback connection together. */
const FLOOD = 32 * 1024 * 1024;
const IDLE_MS = 30;
/** Longer than any test. */
const LONG_IDLE_MS = 600_000;

export const endCases: readonly Case[] = [
  {
    name: 'may still send after the peer has ended',
    only: streamsOnly,
    async run(subject, fixture) {
      const { context, driver, remote, peer } = await stage(subject, fixture, { allowHalfOpen: true });
      remote.end();
      await context.untilState(peer, 'half-closed-remote');
      assert.equal(context.of('end', 'in', peer)[0]?.meta.halfOpen, true);
      valueOf(await driver.send(peer, Buffer.from('still here')));
      await remote.until(() => remote.received.toString() === 'still here', 'the bytes');
      assert.equal(remote.hasEnded, false);
      valueOf(await driver.act('end', peer));
      await context.untilState(peer, 'closed');
      await remote.until(() => remote.hasEnded && remote.isClosed, 'the end');
      await driver.close();
      assert.deepEqual(context.closes, [null]);
    },
  },
  {
    name: 'may still receive after it has ended',
    only: streamsOnly,
    async run(subject, fixture) {
      const { context, driver, remote, peer } = await stage(subject, fixture, { allowHalfOpen: true });
      valueOf(await driver.send(peer, Buffer.from('last words')));
      valueOf(await driver.act('end', peer));
      await context.untilState(peer, 'half-closed-local');
      assert.equal(context.of('end', 'out', peer).length, 1);
      await remote.until(() => remote.hasEnded, 'FIN');
      assert.equal(remote.received.toString(), 'last words');
      const error = errorOf(await driver.send(peer, Buffer.from('too late')));
      assert.equal(error.code, 'not-open');
      assert.match(error.message, /: this side has ended \(FIN\)/);
      assert.equal(errorOf(await driver.act('end', peer)).code, 'not-open');
      await remote.write(Buffer.from('I hear you'));
      await context.untilRow('data', 'in', peer);
      assert.equal(context.bytes('in', peer).toString(), 'I hear you');
      remote.end();
      await context.untilState(peer, 'closed');
      assert.equal(context.of('data', 'out').length, 1, 'what was refused is not recorded');
      assert.equal(context.of('close', undefined, peer)[0]?.meta.hadError, false);
      await driver.close();
      assert.deepEqual(context.closes, [null]);
    },
  },
  {
    name: 'ends together with the peer when allowHalfOpen is off',
    only: streamsOnly,
    async run(subject, fixture) {
      const { context, driver, remote, peer } = await stage(subject, fixture, { allowHalfOpen: false });
      await remote.write(Buffer.from('bye'));
      remote.end();
      await context.untilState(peer, 'closed');
      assert.equal(context.of('end', 'in', peer)[0]?.meta.halfOpen, false);
      assert.equal(context.of('end', 'out', peer)[0]?.meta.auto, 'allowHalfOpen');
      assert.equal(context.bytes('in', peer).toString(), 'bye');
      await remote.until(() => remote.hasEnded, 'FIN');
      await driver.close();
      assert.deepEqual(context.closes, [null]);
    },
  },
  {
    name: 'sends everything that waits before its end',
    only: streamsOnly,
    async run(subject, fixture) {
      const { context, driver, remote, peer } = await stage(subject, fixture, { allowHalfOpen: true });
      const bytes = noise(4 * 1024 * 1024, 23);
      const sending = driver.send(peer, bytes);
      valueOf(await driver.act('end', peer));
      valueOf(await sending);
      await remote.until(() => remote.hasEnded, 'FIN');
      assert.ok(remote.received.equals(bytes));
      remote.end();
      await context.untilState(peer, 'closed');
      await driver.close();
    },
  },
  {
    name: 'shows that the peer has ended while its own end waits behind queued bytes',
    only: streamsOnly,
    async run(subject, fixture) {
      const { context, driver, remote, peer } = await stage(subject, fixture, { allowHalfOpen: true });
      remote.pause();
      const sending = driver.send(peer, noise(FLOOD, 59));
      valueOf(await driver.act('end', peer));
      remote.end();
      await context.untilState(peer, 'half-closed-remote');
      assert.equal(context.of('end', 'in', peer)[0]?.meta.halfOpen, false);
      assert.equal(context.of('end', 'out', peer).length, 1);
      remote.resume();
      valueOf(await sending);
      await context.untilState(peer, 'closed');
      assert.deepEqual(context.peer(peer).states, ['open', 'half-closed-remote', 'closed']);
      await driver.close();
    },
  },
  {
    name: 'says who has ended when it can send no more',
    only: streamsOnly,
    async run(subject, fixture) {
      const { context, driver, remote, peer } = await stage(subject, fixture, { allowHalfOpen: false });
      remote.pause();
      const sending = driver.send(peer, noise(FLOOD, 61));
      remote.end();
      await context.untilState(peer, 'half-closed-remote');
      const error = errorOf(await driver.send(peer, Buffer.from('too late')));
      assert.deepEqual([error.code, error.errno], ['not-open', 'ERR_STREAM_WRITE_AFTER_END']);
      assert.match(error.message, /: the peer has ended \(FIN\), and with allowHalfOpen off this side ends too \(/);
      assert.match(error.hint, /allowHalfOpen/);
      remote.resume();
      valueOf(await sending);
      await context.untilState(peer, 'closed');
      await driver.close();
    },
  },
  {
    name: 'shows a reset by the peer with its name',
    only: withReset,
    async run(subject, fixture) {
      const { context, driver, remote, peer } = await stage(subject, fixture);
      await remote.write(Buffer.from('and'));
      await context.untilMessage('in', peer);
      remote.reset();
      await context.untilState(peer, 'reset');
      const row = context.of('error', 'none', peer)[0];
      assert.equal(row?.meta.code, 'ECONNRESET');
      assert.ok(String(row.meta.message).includes(context.peer(peer).remote), String(row.meta.message));
      assert.equal(context.of(wordsOf(subject).closed, undefined, peer)[0]?.meta.hadError, true);
      if (subject.module.spec.role === 'client') {
        assert.deepEqual(
          context.closes.map((error) => error?.code),
          ['connection-reset'],
        );
      } else {
        assert.deepEqual(context.closes, [], 'a server goes on');
      }
      await driver.close();
      assert.equal(context.closes.length, 1);
    },
  },
  {
    name: 'resets, so that the peer sees it',
    only: withReset,
    async run(subject, fixture) {
      const { context, driver, remote, peer } = await stage(subject, fixture);
      valueOf(await driver.act('resetAndDestroy', peer));
      assert.equal(context.of('resetAndDestroy', 'out', peer).length, 1);
      await remote.until(() => remote.errno === 'ECONNRESET', 'ECONNRESET at the other end');
      await context.untilState(peer, 'reset');
      await driver.close();
      assert.deepEqual(context.closes, [null], 'what the person asked for is no failure');
    },
  },
  {
    name: 'says that there is no reset here',
    only: (subject) => !subject.hasReset,
    async run(subject, fixture) {
      const { driver, peer, strike } = await stage(subject, fixture);
      assert.equal(errorOf(await driver.act('resetAndDestroy', peer)).code, 'not-supported');
      await strike();
    },
  },
  {
    name: 'destroys',
    async run(subject, fixture) {
      const { context, driver, remote, peer } = await stage(subject, fixture);
      valueOf(await driver.act(wordsOf(subject).destroy, null));
      await context.untilState(peer, 'closed');
      assert.equal(context.of(wordsOf(subject).destroy, 'out', peer).length, 1);
      await remote.until(() => remote.hasEnded || remote.errno !== null, 'the end');
      await driver.close();
      assert.deepEqual(context.closes, [null]);
      remote.destroy();
    },
  },
  {
    name: 'tells an idle time-out and stays open',
    async run(subject, fixture) {
      const { context, driver, remote, peer, strike } = await stage(subject, fixture, { setTimeout: IDLE_MS });
      await context.untilRow('timeout', 'none', peer);
      assert.equal(context.of('timeout')[0]?.meta.ms, IDLE_MS);
      assert.equal(context.state(peer), 'open');
      valueOf(await driver.send(peer, Buffer.from('awake')));
      await remote.until(() => remote.receivedLength === 5, 'awake');
      await strike();
    },
  },
  {
    name: 'leaves no idle timer behind',
    async run(subject, fixture) {
      const { driver, remote, peer, strike } = await stage(subject, fixture, { setTimeout: LONG_IDLE_MS });
      valueOf(await driver.send(peer, Buffer.from('x')));
      await remote.until(() => remote.receivedLength === 1, 'x');
      await strike();
    },
  },
];
