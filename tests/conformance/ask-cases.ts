import assert from 'node:assert/strict';
import { errorOf, valueOf } from '../support/outcome.ts';
import { askingOnly, create, type Case } from './fixture.ts';

export const askCases: readonly Case[] = [
  {
    name: 'asks, is open with the first answer, and has closed by itself when all is answered',
    only: askingOnly,
    async run(subject, fixture) {
      const { context, driver } = create(subject, fixture.address);
      valueOf(await driver.open(new AbortController().signal));
      await context.until(({ closes }) => closes.length > 0, 'the end');
      assert.deepEqual(context.closes, [null]);
      assert.notEqual(context.messages('out', 1).length, 0);
      assert.notEqual(context.messages('in', 1).length, 0);
      assert.equal(context.ends.remote, context.peer(1).remote);
      assert.deepEqual(context.peer(1).states, ['open', 'closed']);
      assert.notDeepEqual(driver.facts(null), {});
      assert.notDeepEqual(driver.facts(1), {});
      assert.deepEqual(driver.facts(99), {});
      const rows = context.records.length;
      await Promise.all([driver.close(), driver.close()]);
      await driver.close();
      assert.deepEqual([context.closes, context.records.length], [[null], rows]);
    },
  },
  {
    name: 'stops asking when it is closed before all is answered',
    only: askingOnly,
    async run(subject, fixture) {
      const address = (await fixture.halfSilent?.()) ?? fixture.address;
      const { context, driver } = create(subject, address, { types: 'A, AAAA, MX' });
      valueOf(await driver.open(new AbortController().signal));
      assert.deepEqual(context.closes, []);
      const rows = context.records.length;
      await driver.close();
      assert.deepEqual(context.closes, [null]);
      assert.deepEqual(context.peer(1).states, ['open', 'closed']);
      assert.equal(context.records.length, rows, 'nothing is recorded after the end');
    },
  },
  {
    name: 'refuses to send and to act',
    only: askingOnly,
    async run(subject, fixture) {
      const { context, driver } = create(subject, fixture.address);
      valueOf(await driver.open(new AbortController().signal));
      for (const error of [errorOf(await driver.send(1, Buffer.from('x'))), errorOf(await driver.act('dance', null))]) {
        assert.equal(error.code, 'not-supported');
        assert.notEqual(error.hint, '');
      }
      driver.pauseReading(null);
      driver.resumeReading(null);
      await driver.close();
      assert.deepEqual(context.closes, [null]);
    },
  },
];
