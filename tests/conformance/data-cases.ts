import assert from 'node:assert/strict';
import type { Outcome } from '../../src/shared/errors.ts';
import { errorOf, turn, valueOf } from '../support/outcome.ts';
import { clientsOnly, create, noise, serversOnly, stage, streamsOnly, wordsOf, type Case } from './fixture.ts';

const MIB = 1024 * 1024;
const LARGE = 8 * MIB;
/** More than all buffers of a loopback connection together. */
const FLOOD = 32 * MIB;
/** Enough rounds of the event loop for bytes to come if they were going to. */
const ROUNDS = 300;
const MANY = 40;

async function rounds(): Promise<void> {
  for (let count = 0; count < ROUNDS; count += 1) await turn();
}

export const dataCases: readonly Case[] = [
  {
    name: 'sends bytes, and records them before the answer',
    async run(subject, fixture) {
      const { context, driver, remote, peer, strike } = await stage(subject, fixture);
      valueOf(await driver.send(peer, Buffer.from('ping')));
      await remote.until(() => remote.receivedLength === 4, 'ping');
      assert.equal(remote.received.toString(), 'ping');
      await remote.write(Buffer.from('pong'));
      await context.untilMessage('in', peer);
      const data = context.messages().map(({ direction, payload }) => [direction, String(payload)]);
      assert.deepEqual(data, [
        ['out', 'ping'],
        ['in', 'pong'],
      ]);
      if (streamsOnly(subject)) {
        assert.equal(driver.facts(peer).bytesRead, 4);
        assert.equal(driver.facts(peer).bytesWritten, 4);
      }
      await strike();
    },
  },
  {
    name: 'receives 8 MiB byte by byte as they were sent',
    async run(subject, fixture) {
      const { context, remote, peer, strike } = await stage(subject, fixture);
      const bytes = noise(LARGE, 5);
      await remote.write(bytes);
      await context.until(() => context.byteCount('in', peer) >= LARGE, '8 MiB');
      assert.ok(context.bytes('in', peer).equals(bytes));
      await strike();
    },
  },
  {
    name: 'sends 8 MiB byte by byte as they were given',
    async run(subject, fixture) {
      const { context, driver, remote, peer, strike } = await stage(subject, fixture);
      const bytes = noise(LARGE, 7);
      valueOf(await driver.send(peer, bytes));
      await remote.until(() => remote.receivedLength >= LARGE, '8 MiB');
      assert.ok(remote.received.equals(bytes));
      assert.ok(context.bytes('out', peer).equals(bytes));
      await strike();
    },
  },
  {
    name: 'takes an empty send',
    async run(subject, fixture) {
      const { driver, remote, peer, strike } = await stage(subject, fixture);
      valueOf(await driver.send(peer, new Uint8Array(0)));
      valueOf(await driver.send(peer, Buffer.from('x')));
      await remote.until(() => remote.receivedLength > 0, 'x');
      assert.equal(remote.received.toString(), 'x');
      await strike();
    },
  },
  {
    name: 'keeps the order of many sends that nobody waits for',
    async run(subject, fixture) {
      const { driver, remote, peer, strike } = await stage(subject, fixture);
      const texts = Array.from({ length: 500 }, (_, index) => `${index};`);
      const outcomes = await Promise.all(texts.map((text) => driver.send(peer, Buffer.from(text))));
      assert.ok(outcomes.every((outcome) => outcome.ok));
      const whole = texts.join('');
      await remote.until(() => remote.receivedLength >= whole.length, 'all of them');
      assert.equal(remote.received.toString(), whole);
      await strike();
    },
  },
  {
    name: 'shows back-pressure when the peer stops reading, and drains when it goes on',
    async run(subject, fixture) {
      const { context, driver, remote, peer, strike } = await stage(subject, fixture);
      remote.pause();
      const bytes = noise(FLOOD, 11);
      let outcome: Outcome | null = null;
      const sending = driver.send(peer, bytes).then((result) => (outcome = result));
      await rounds();
      assert.equal(outcome, null, 'a send that the peer does not take does not resolve');
      const write = context.of('write', 'none', peer)[0];
      assert.ok(Number(write?.meta.queued) > 0, 'the write row has the queued bytes');
      assert.ok(Number(driver.facts(peer).writableLength) > 0);
      assert.equal(context.of('drain').length, 0);
      remote.resume();
      valueOf(await sending);
      await context.untilRow('drain', 'none', peer);
      assert.ok(Number(context.of('drain')[0]?.meta.was) > 0, 'the drain row says how much was queued');
      await remote.until(() => remote.receivedLength >= FLOOD, 'all bytes');
      assert.ok(remote.received.equals(bytes));
      await strike();
    },
  },
  {
    name: 'stops reading, so that the peer feels it, and goes on',
    async run(subject, fixture) {
      const { context, driver, remote, peer, strike } = await stage(subject, fixture);
      driver.pauseReading(peer);
      driver.pauseReading(peer);
      assert.equal(context.of('pause', 'none', peer).length, 1, 'one row, although it was said twice');
      const bytes = noise(FLOOD, 13);
      let isTaken = false;
      const writing = remote.write(bytes).then(() => (isTaken = true));
      await rounds();
      assert.equal(context.byteCount('in', peer), 0);
      assert.equal(isTaken, false, 'the peer cannot get rid of its bytes');
      driver.resumeReading(peer);
      assert.equal(context.of('resume', 'none', peer).length, 1);
      await writing;
      await context.until(() => context.byteCount('in', peer) >= FLOOD, 'all bytes');
      assert.ok(context.bytes('in', peer).equals(bytes));
      await strike();
    },
  },
  {
    name: 'starts with reading stopped when that was asked before',
    async run(subject, fixture) {
      const { context, driver } = create(subject, fixture.address);
      driver.pauseReading(null);
      valueOf(await driver.open(new AbortController().signal));
      const remote = await fixture.remote(context.ends.local ?? '');
      await remote.write(Buffer.from('early'));
      await rounds();
      assert.equal(context.messages().length, 0);
      driver.resumeReading(null);
      await context.untilMessage('in', 1);
      assert.equal(context.bytes('in', 1).toString(), 'early');
      remote.destroy();
      await driver.close();
    },
  },
  {
    name: 'starts with reading stopped on connections that come after that was asked',
    only: serversOnly,
    async run(subject, fixture) {
      const { context, driver, remote, strike } = await stage(subject, fixture);
      driver.pauseReading(null);
      const later = await fixture.remote(context.ends.local ?? '');
      await later.write(Buffer.from('later'));
      await context.until(() => context.peers.length === 2, 'the second connection');
      await rounds();
      assert.equal(context.messages().length, 0);
      assert.equal(context.of('pause', 'none', 2).length, 1, 'a row says so');
      driver.resumeReading(null);
      await context.untilMessage('in', 2);
      const last = await fixture.remote(context.ends.local ?? '');
      await last.write(Buffer.from('last'));
      await context.untilMessage('in', 3);
      assert.equal(context.of('pause', 'none', 3).length, 0);
      later.destroy();
      last.destroy();
      assert.equal(remote.errno, null);
      await strike();
    },
  },
  {
    name: 'answers a send whose connection dies under it',
    async run(subject, fixture) {
      const { context, driver, remote, peer, strike } = await stage(subject, fixture);
      remote.pause();
      const sendings = [driver.send(peer, noise(FLOOD, 17)), driver.send(peer, Buffer.from('never'))];
      await rounds();
      if (subject.hasReset) remote.reset();
      else remote.destroy();
      for (const sending of sendings) {
        const error = errorOf(await sending);
        assert.ok(['connection-reset', 'broken-pipe'].includes(error.code), error.code);
        assert.notEqual(error.errno, undefined);
      }
      const unsent = Number(context.of(wordsOf(subject).closed, 'none', peer)[0]?.meta.unsent);
      const length = FLOOD + 'never'.length;
      assert.ok(streamsOnly(subject) ? unsent === length : unsent > length, String(unsent));
      await strike();
    },
  },
  {
    name: 'answers a send when its own side destroys the connection',
    async run(subject, fixture) {
      const { context, driver, remote, peer, strike } = await stage(subject, fixture);
      valueOf(await driver.send(peer, Buffer.from('taken')));
      remote.pause();
      const sending = driver.send(peer, noise(FLOOD, 19));
      await rounds();
      valueOf(await driver.act(wordsOf(subject).destroy, peer));
      const error = errorOf(await sending);
      assert.equal(error.code, 'connection-aborted');
      assert.notEqual(error.hint, '');
      const unsent = Number(context.of(wordsOf(subject).closed, 'none', peer)[0]?.meta.unsent);
      assert.ok(streamsOnly(subject) ? unsent === FLOOD : unsent > FLOOD, 'the last row says what did not leave');
      remote.resume();
      await strike();
    },
  },
  {
    name: 'serves many connections at once and mixes nothing up',
    only: serversOnly,
    async run(subject, fixture) {
      const { context, driver } = create(subject, fixture.address);
      valueOf(await driver.open(new AbortController().signal));
      const address = context.ends.local ?? '';
      const remotes = await Promise.all(Array.from({ length: MANY }, () => fixture.remote(address)));
      await context.until(() => context.peers.length === MANY, 'all connections');
      await Promise.all(remotes.map((remote, index) => remote.write(Buffer.from(`from ${index}`))));
      await context.until(() => context.messages('in').length === MANY, 'a word from each');
      for (const { id } of context.peers) valueOf(await driver.send(id, context.bytes('in', id)));
      await Promise.all(
        remotes.map((remote, index) =>
          remote.until(() => remote.received.toString() === `from ${index}`, 'its own word'),
        ),
      );
      assert.equal(driver.facts(null).connections, MANY);
      await driver.close();
      assert.ok(context.peers.every(({ id }) => context.state(id) === 'closed'));
      assert.deepEqual(context.closes, [null]);
      for (const remote of remotes) {
        await remote.until(() => remote.hasEnded, 'the end');
        remote.destroy();
      }
    },
  },
  {
    name: 'runs many times at once and mixes nothing up',
    only: clientsOnly,
    async run(subject, fixture) {
      const stages = [];
      for (let count = 0; count < MANY; count += 1) stages.push(await stage(subject, fixture));
      await Promise.all(stages.map(({ driver, peer }, index) => driver.send(peer, Buffer.from(`from ${index}`))));
      for (const [index, { remote, context, peer }] of stages.entries()) {
        await remote.until(() => remote.received.toString() === `from ${index}`, 'its own word');
        await remote.write(remote.received);
        await context.until(() => context.bytes('in', peer).toString() === `from ${index}`, 'the answer');
      }
      await Promise.all(stages.map(({ strike }) => strike()));
    },
  },
];
