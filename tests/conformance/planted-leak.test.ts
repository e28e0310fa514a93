/** The suite must fail for a driver that leaves something behind: here are drivers that do. */
import { createServer, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Driver, DriverModule } from '../../src/drivers/driver.ts';
import { success } from '../../src/shared/errors.ts';
import type { Case, Subject } from './fixture.ts';
import { cases, runCase } from './suite.ts';
import { memoryClientSubject, tcpClientSubject, tcpServerSubject } from './subjects.ts';

/** The same driver, with its `close` replaced. */
function withClose(subject: Subject, close: (driver: Driver) => Promise<void>): Subject {
  const module: DriverModule = {
    spec: subject.module.spec,
    create(context, options) {
      const made = subject.module.create(context, options);
      if (!made.ok) return made;
      const driver = made.value;
      return success<Driver>({
        open: (signal) => driver.open(signal),
        send: (peer, bytes) => driver.send(peer, bytes),
        act: (action, peer) => driver.act(action, peer),
        pauseReading: (peer) => driver.pauseReading(peer),
        resumeReading: (peer) => driver.resumeReading(peer),
        facts: (peer) => driver.facts(peer),
        close: () => close(driver),
      });
    },
  };
  return { ...subject, module };
}

function caseNamed(name: string): Case {
  const found = cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`The suite has no case "${name}"`);
  return found;
}

const opens = caseNamed('leaves no listener on the signal');

test('the suite passes for a wrapped driver that leaves nothing', async () => {
  await runCase(
    opens,
    withClose(tcpClientSubject('127.0.0.1'), (driver) => driver.close()),
  );
});

test('the suite fails when close() leaves a timer', async () => {
  const subject = withClose(memoryClientSubject, async (driver) => {
    await driver.close();
    const timer = setTimeout(() => undefined, 60_000);
    onTestFinished(() => clearTimeout(timer));
  });
  await expect(runCase(opens, subject)).rejects.toThrow(/Leaked:\n {2}Timeout .*planted-leak\.test\.ts/);
});

test('the suite fails when close() leaves a server', async () => {
  const subject = withClose(memoryClientSubject, async (driver) => {
    await driver.close();
    const server = await new Promise<Server>((resolve) => {
      const made = createServer().listen(0, '127.0.0.1', () => resolve(made));
    });
    onTestFinished(() => void server.close());
  });
  await expect(runCase(opens, subject)).rejects.toThrow(/Leaked:[^]*TCPSERVERWRAP[^]*TCPServerWrap/);
});

test('the suite fails when a server is never closed', async () => {
  const subject = withClose(tcpServerSubject('127.0.0.1'), (driver) => {
    onTestFinished(() => driver.close());
    return Promise.resolve();
  });
  await expect(runCase(opens, subject)).rejects.toThrow(/Leaked:[^]*TCPSERVERWRAP/);
});

test('the suite fails when close() leaves a listener on the process', async () => {
  const listener = (): void => undefined;
  onTestFinished(() => void process.off('warning', listener));
  const subject = withClose(memoryClientSubject, async (driver) => {
    await driver.close();
    process.on('warning', listener);
  });
  await expect(runCase(opens, subject)).rejects.toThrow(/process\.on\('warning'\)/);
});
