import { expect, onTestFinished, test } from 'vitest';
import { memoryServer } from '../../../src/drivers/memory/server.ts';
import { FakeContext } from '../../support/fake-context.ts';
import { dialMemory } from '../../support/memory-remote.ts';
import { valueOf } from '../../support/outcome.ts';

test('a memory server can echo, and ends when its peer has ended', async () => {
  const context = new FakeContext(memoryServer.spec, 'echo');
  const driver = valueOf(memoryServer.create(context, { echo: true, allowHalfOpen: true }));
  onTestFinished(() => driver.close());
  valueOf(await driver.open(new AbortController().signal));
  const remote = await dialMemory('echo');
  await remote.write(Buffer.from('again'));
  remote.end();
  await remote.until(() => remote.hasEnded, 'the end');
  expect(remote.received.toString()).toBe('again');
  await context.untilState(1, 'closed');
});
