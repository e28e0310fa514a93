import { describe, expect, onTestFinished, test } from 'vitest';
import type { Driver } from '../../../src/drivers/driver.ts';
import type { Options } from '../../../src/drivers/spec.ts';
import { tcpClient } from '../../../src/drivers/tcp/client.ts';
import { tcpServer } from '../../../src/drivers/tcp/server.ts';
import { tcpClientSpec, tcpServerSpec } from '../../../src/drivers/tcp/spec.ts';
import { TELNET_ROWS_PER_READ } from '../../../src/shared/telnet-limits.ts';
import { FakeContext, type SeenRecord } from '../../support/fake-context.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';
import { dial, TcpOutside, type TcpRemote } from '../../support/tcp-remote.ts';

const never = new AbortController().signal;
const [IAC, DONT, DO, WONT, WILL, SB, SE] = [255, 254, 253, 252, 251, 250, 240];
const [ECHO, SGA, STATUS, TTYPE, NAWS] = [1, 3, 5, 24, 31];

async function client(options: Options): Promise<{ context: FakeContext; driver: Driver; remote: TcpRemote }> {
  const outside = await TcpOutside.listen('127.0.0.1');
  onTestFinished(() => outside.close());
  const context = new FakeContext(tcpClientSpec, outside.address);
  const driver = valueOf(tcpClient.create(context, options));
  onTestFinished(() => driver.close());
  valueOf(await driver.open(never));
  return { context, driver, remote: await outside.next() };
}

async function server(options: Options): Promise<{ context: FakeContext; remote: TcpRemote }> {
  const context = new FakeContext(tcpServerSpec, '127.0.0.1:0');
  const driver = valueOf(tcpServer.create(context, options));
  onTestFinished(() => driver.close());
  valueOf(await driver.open(never));
  const remote = await dial(context.ends.local ?? '');
  onTestFinished(() => remote.destroy());
  await context.untilRow('connection');
  return { context, remote };
}

function said({ kind, direction, meta }: SeenRecord): string {
  if (kind !== 'telnet') return `${kind} ${direction}`;
  return [direction, meta.verb, meta.option, meta.value].filter((part) => part !== undefined).join(' ');
}

/** The rows from the first read on. */
function conversation(context: FakeContext): readonly string[] {
  const from = context.records.findIndex(({ kind }) => kind === 'data');
  return context.records.slice(from).map(said);
}

describe('a client that answers', () => {
  test('names each option, answers in one piece, and keeps the bytes as they came', async () => {
    const { context, remote } = await client({ telnet: 'answer' });
    const asked = Buffer.from([IAC, DO, TTYPE, IAC, WILL, ECHO, IAC, WILL, STATUS, 104, 105]);
    await remote.write(asked);
    const answer = Buffer.from([IAC, WILL, TTYPE, IAC, DO, ECHO, IAC, DONT, STATUS]);
    await remote.until(() => remote.receivedLength === answer.length, 'the answer');
    expect(remote.received).toEqual(answer);
    expect(context.bytes('in', 1)).toEqual(asked);
    expect(context.bytes('out', 1)).toEqual(answer);
    expect(conversation(context)).toEqual([
      'data in',
      'in DO TERMINAL-TYPE',
      'out WILL TERMINAL-TYPE',
      'in WILL ECHO',
      'out DO ECHO',
      'in WILL STATUS',
      'out DONT STATUS',
      'data out',
    ]);
    expect(context.of('telnet', 'in')[0]?.meta).toEqual({ verb: 'DO', option: 'TERMINAL-TYPE', code: TTYPE });
  });

  test('understands an option that comes in two reads', async () => {
    const { context, remote } = await client({ telnet: 'answer' });
    await remote.write(Buffer.from([120, IAC]));
    await context.until(() => context.byteCount('in', 1) === 2, 'the first read');
    expect(context.of('telnet')).toEqual([]);
    await remote.write(Buffer.from([WILL, SGA]));
    await context.untilRow('telnet', 'out');
    expect(conversation(context)).toEqual([
      'data in',
      'data in',
      'in WILL SUPPRESS-GO-AHEAD',
      'out DO SUPPRESS-GO-AHEAD',
      'data out',
    ]);
  });

  test('tells the size of the window as soon as it is wanted, and when it changes', async () => {
    const { context, driver, remote } = await client({ telnet: 'answer' });
    valueOf(await driver.act('naws', 1, { columns: 100, rows: 30 }));
    expect(context.of('data', 'out')).toEqual([]);
    await remote.write(Buffer.from([IAC, DO, NAWS]));
    await remote.until(() => remote.receivedLength === 12, 'the size');
    expect([...remote.received]).toEqual([IAC, WILL, NAWS, IAC, SB, NAWS, 0, 100, 0, 30, IAC, SE]);
    valueOf(await driver.act('naws', null, { columns: 255, rows: 256 }));
    await remote.until(() => remote.receivedLength === 22, 'the new size');
    expect([...remote.received.subarray(12)]).toEqual([IAC, SB, NAWS, 0, IAC, 255, 1, 0, IAC, SE]);
    expect(context.of('telnet', 'out').at(-1)?.meta).toEqual({
      verb: 'SB',
      option: 'NAWS',
      code: NAWS,
      columns: 255,
      rows: 256,
    });
  });

  test('sends what a person sends as it is', async () => {
    const { driver, remote } = await client({ telnet: 'answer' });
    valueOf(await driver.send(1, Buffer.from([IAC, DO, ECHO, 13])));
    await remote.until(() => remote.receivedLength === 4, 'the bytes');
    expect([...remote.received]).toEqual([IAC, DO, ECHO, 13]);
  });

  test('does not take the answer to what a person has sent for a request', async () => {
    const { context, driver, remote } = await client({ telnet: 'answer' });
    valueOf(await driver.send(1, Buffer.from([IAC, WILL, SGA, IAC, DO, STATUS])));
    await remote.write(Buffer.from([IAC, DO, SGA, IAC, WONT, STATUS]));
    await context.until(() => context.of('telnet', 'in').length === 2, 'both answers');
    expect(context.of('telnet', 'out')).toEqual([]);
    expect(context.byteCount('out', 1)).toBe(6);
  });

  test('does not answer when it sends no more', async () => {
    const { context, driver, remote } = await client({ telnet: 'answer', allowHalfOpen: true });
    valueOf(await driver.act('end', 1));
    await remote.until(() => remote.hasEnded, 'its end');
    await remote.write(Buffer.from([IAC, WILL, ECHO]));
    await context.untilRow('telnet', 'in');
    expect(context.of('telnet', 'out')).toEqual([]);
    expect(remote.receivedLength).toBe(0);
    expect(errorOf(await driver.act('naws', 1, { columns: 80, rows: 24 })).code).toBe('not-open');
  });

  test('stops reading from a peer that asks and never reads', async () => {
    const { context, remote } = await client({ telnet: 'answer' });
    const last = (): SeenRecord | undefined => context.records.at(-1);
    remote.pause();
    // Each answer is longer than its question, so that they fill what the system takes on the way.
    const question = Buffer.from([IAC, SB, TTYPE, 1, IAC, SE]);
    const writing = remote.write(Buffer.concat([Buffer.from([IAC, DO, TTYPE]), Buffer.alloc(6_000_000, question)]));
    await context.until(() => last()?.kind === 'pause', 'reading to stop');
    expect(last()?.meta).toEqual({ by: 'telnet' });
    remote.resume();
    await context.until(() => last()?.kind === 'resume', 'reading to go on');
    expect(last()?.meta).toEqual({ by: 'telnet' });
    remote.destroy();
    await writing.catch(() => undefined);
  });

  test('makes no more rows of one read than somebody could look at', async () => {
    const { context, remote } = await client({ telnet: 'answer' });
    await remote.write(Buffer.alloc(30_000, Buffer.from([IAC, 241])));
    await context.until(() => context.byteCount('in', 1) === 30_000, 'all of it');
    const [...reads] = context.of('data', 'in');
    expect(context.of('telnet', 'in').length).toBeLessThanOrEqual(TELNET_ROWS_PER_READ * reads.length);
    const left = context.of('telnet', 'none').reduce((sum, { meta }) => sum + Number(meta.left), 0);
    expect(context.of('telnet', 'in').length + left).toBe(15_000);
  });
});

test('a client without the option leaves negotiation to the person', async () => {
  const { context, driver, remote } = await client({});
  await remote.write(Buffer.from([IAC, WILL, ECHO]));
  await context.untilMessage('in', 1);
  expect(conversation(context)).toEqual(['data in']);
  const error = errorOf(await driver.act('naws', 1, { columns: 80, rows: 24 }));
  expect([error.code, error.hint]).toEqual(['not-supported', 'Set the option telnet to answer, then open anew.']);
});

describe('a server that answers', () => {
  test('learns terminal and size of its client', async () => {
    const { context, remote } = await server({ telnet: 'answer' });
    await remote.write(Buffer.from([IAC, WILL, TTYPE, IAC, WILL, NAWS, IAC, DO, ECHO]));
    const answer = [IAC, DO, TTYPE, IAC, SB, TTYPE, 1, IAC, SE, IAC, DO, NAWS, IAC, WONT, ECHO];
    await remote.until(() => remote.receivedLength === answer.length, 'the answers');
    expect([...remote.received]).toEqual(answer);
    await remote.write(Buffer.from([IAC, SB, TTYPE, 0, 86, 84, IAC, SE, IAC, SB, NAWS, 0, 80, 0, 24, IAC, SE]));
    await context.until(() => context.of('telnet', 'in').length === 5, 'both');
    expect(
      context
        .of('telnet', 'in')
        .slice(3)
        .map(({ meta }) => meta),
    ).toEqual([
      { verb: 'SB', option: 'TERMINAL-TYPE', code: TTYPE, value: 'IS VT' },
      { verb: 'SB', option: 'NAWS', code: NAWS, columns: 80, rows: 24 },
    ]);
  });

  test('echoes data alone, so that two of them never talk for ever', async () => {
    const { context, remote } = await server({ telnet: 'answer', behaviour: 'echo' });
    await remote.write(Buffer.from([97, IAC, WILL, STATUS, IAC, IAC, 13, 0]));
    await remote.until(() => remote.receivedLength === 8, 'answer and echo');
    expect([...remote.received]).toEqual([IAC, DONT, STATUS, 97, IAC, IAC, 13, 0]);
    expect(conversation(context)).toEqual(['data in', 'in WILL STATUS', 'out DONT STATUS', 'data out', 'data out']);
  });
});
