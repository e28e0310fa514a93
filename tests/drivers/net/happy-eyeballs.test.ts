import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectInTurn, inTurns, type Target } from '../../../src/drivers/net/happy-eyeballs.ts';
import { tcpClientSpec } from '../../../src/drivers/tcp/spec.ts';
import { ATTEMPT_TIMEOUT_MS } from '../../../src/shared/limits.ts';
import { FakeContext } from '../../support/fake-context.ts';
import { leavingNothing } from '../../support/leaks.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';
import { SilentServer } from '../../support/silent-server.ts';
import { freeAddress, hostAndPort, TcpOutside } from '../../support/tcp-remote.ts';

const four = (address: string) => ({ address, family: 4 });
const six = (address: string) => ({ address, family: 6 });

const dial = ({ address, port }: Target): Socket => connect({ host: address, port, autoSelectFamily: false });

function rows(context: FakeContext): unknown[] {
  return context.records.map(({ kind, meta }) => [kind, meta.address, meta.code ?? meta.ms ?? null]);
}

describe('inTurns', () => {
  const order = (addresses: Parameters<typeof inTurns>[0]): string[] =>
    inTurns(addresses, 80).map(({ address }) => address);

  test('takes the families by turns, beginning with that of the first address', () => {
    expect(order([six('::1'), six('::2'), six('::3'), four('1.1.1.1'), four('2.2.2.2')])).toEqual([
      '::1',
      '1.1.1.1',
      '::2',
      '2.2.2.2',
      '::3',
    ]);
    expect(order([four('1.1.1.1'), six('::1'), four('2.2.2.2')])).toEqual(['1.1.1.1', '::1', '2.2.2.2']);
  });

  test('tries each address once', () => {
    expect(order([four('1.1.1.1'), four('1.1.1.1'), four('2.2.2.2')])).toEqual(['1.1.1.1', '2.2.2.2']);
  });

  test('has nothing to try without addresses', () => {
    expect(order([])).toEqual([]);
  });
});

describe('connectInTurn', () => {
  /** A server on 127.0.0.1 whose port is closed on ::1. */
  async function onFourOnly(): Promise<{ outside: TcpOutside; port: number }> {
    const outside = await TcpOutside.listen('127.0.0.1');
    onTestFinished(() => outside.close());
    return { outside, port: hostAndPort(outside.address).port };
  }

  test('goes on with the next address when one refuses, and tells each step', async () => {
    const { outside, port } = await onFourOnly();
    const context = new FakeContext(tcpClientSpec, '');
    await leavingNothing(async () => {
      const targets = inTurns([six('::1'), four('127.0.0.1')], port);
      const socket = valueOf(await connectInTurn('both.test', targets, dial, context, new AbortController().signal));
      expect(socket.remoteAddress).toBe('127.0.0.1');
      expect(['ready', 'error', 'connect'].map((event) => socket.listenerCount(event))).toEqual([0, 0, 0]);
      socket.destroy();
      (await outside.next()).destroy();
    });
    expect(rows(context)).toEqual([
      ['connectionAttempt', '::1', null],
      ['connectionAttemptFailed', '::1', 'ECONNREFUSED'],
      ['connectionAttempt', '127.0.0.1', null],
    ]);
  });

  test('names every attempt when all fail', async () => {
    const { port } = hostAndPort(await freeAddress('127.0.0.1'));
    const context = new FakeContext(tcpClientSpec, '');
    await leavingNothing(async () => {
      const targets = inTurns([six('::1'), four('127.0.0.1')], port);
      const error = errorOf(await connectInTurn('both.test', targets, dial, context, new AbortController().signal));
      expect(error).toMatchObject({
        code: 'connection-refused',
        errno: 'ECONNREFUSED',
        message: `No connection to both.test:${port}, all 2 addresses failed (::1: ECONNREFUSED, 127.0.0.1: ECONNREFUSED).`,
        hint: 'Nothing is listening on that port.',
      });
    });
    expect(context.of('connectionAttemptFailed')).toHaveLength(2);
  });

  test('names the address beside the name when there is only one', async () => {
    const { port } = hostAndPort(await freeAddress('127.0.0.1'));
    const context = new FakeContext(tcpClientSpec, '');
    const targets = inTurns([four('127.0.0.1')], port);
    const error = errorOf(await connectInTurn('one.test', targets, dial, context, new AbortController().signal));
    expect(error.message).toBe(`Connection refused by one.test:${port} at 127.0.0.1 (ECONNREFUSED).`);
  });

  test('says so when a name has no address of the family', async () => {
    const context = new FakeContext(tcpClientSpec, '');
    const error = errorOf(await connectInTurn('none.test', [], dial, context, new AbortController().signal));
    expect(error.code).toBe('host-not-found');
    expect(error.message).toContain('none.test');
  });

  describe('with an address that never answers', () => {
    async function silentThen(): Promise<{ silent: Target; good: Target; outside: TcpOutside }> {
      const server = await SilentServer.start();
      onTestFinished(() => server.stop());
      const outside = await TcpOutside.listen('127.0.0.1');
      onTestFinished(() => outside.close());
      const target = (address: string): Target => ({
        address: '127.0.0.1',
        port: hostAndPort(address).port,
        family: 4,
      });
      return { silent: target(server.address), good: target(outside.address), outside };
    }

    test('tries the next after the attempt time-out', async () => {
      const { silent, good, outside } = await silentThen();
      const context = new FakeContext(tcpClientSpec, '');
      await leavingNothing(async () => {
        const stop = new AbortController().signal;
        const socket = valueOf(await connectInTurn('slow.test', [silent, good], dial, context, stop));
        expect(socket.remotePort).toBe(good.port);
        socket.destroy();
        (await outside.next()).destroy();
      });
      expect(rows(context)).toEqual([
        ['connectionAttempt', '127.0.0.1', null],
        ['connectionAttemptTimeout', '127.0.0.1', ATTEMPT_TIMEOUT_MS],
        ['connectionAttempt', '127.0.0.1', null],
      ]);
    });

    test('gives up at once when it is stopped, and leaves no handle', async () => {
      const { silent, good } = await silentThen();
      const context = new FakeContext(tcpClientSpec, '');
      await leavingNothing(async () => {
        const stop = new AbortController();
        const connecting = connectInTurn('slow.test', [silent, good], dial, context, stop.signal);
        setImmediate(() => stop.abort());
        expect(errorOf(await connecting).code).toBe('cancelled');
      });
      expect(rows(context)).toEqual([['connectionAttempt', '127.0.0.1', null]]);
    });
  });
});
