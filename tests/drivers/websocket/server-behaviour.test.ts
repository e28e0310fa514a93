import { describe, expect, test } from 'vitest';
import { BEHAVIOUR_BACKLOG_BYTES } from '../../../src/shared/websocket-limits.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';
import { listening, plainClient } from '../../support/websocket-server.ts';
import { dialWs } from '../../support/ws-remote.ts';

const MIB = 1024 * 1024;
/** More than the system keeps for a connection whose other end does not read. */
const MUCH = 48 * MIB;

describe('a server that echoes', () => {
  test('sends each message back as what it came as', async () => {
    const { context, address } = await listening({ behaviour: 'echo' });
    const remote = await dialWs(address);
    const kinds: boolean[] = [];
    remote.socket.on('message', (_data, isBinary) => kinds.push(isBinary));
    remote.socket.send('text');
    remote.socket.send(Buffer.from('binary'));
    await remote.until(() => remote.receivedLength === 10, 'both');
    expect(remote.received.toString()).toBe('textbinary');
    expect(kinds).toEqual([false, true]);
    expect(context.messages('out', 1).map(({ kind }) => kind)).toEqual(['text', 'binary']);
    remote.end();
    await context.untilState(1, 'closed');
  });

  test('reads no more from one that does not take what comes back, until it does', async () => {
    const { context, driver, address } = await listening({ behaviour: 'echo', deflate: false });
    const remote = await dialWs(address);
    remote.pause();
    const piece = Buffer.alloc(256 * 1024, 'x');
    for (let sent = 0; sent < MUCH; sent += piece.length) remote.socket.send(piece);
    await context.untilRow('pause', 'none', 1);
    expect(context.of('pause')[0]?.meta).toEqual({ by: 'echo' });
    expect(Number(driver.facts(1).writableLength)).toBeLessThan(4 * BEHAVIOUR_BACKLOG_BYTES);
    expect(context.byteCount('in', 1)).toBeLessThan(MUCH);
    remote.resume();
    await remote.until(() => remote.receivedLength === MUCH, 'all of it');
    await context.untilRow('resume', 'none', 1);
    expect(context.byteCount('out', 1)).toBe(MUCH);
    remote.end();
    await context.untilState(1, 'closed');
  });
});

describe('a server that broadcasts', () => {
  test('sends each message to all others', async () => {
    const { context, address } = await listening({ behaviour: 'broadcast' });
    const remotes = [await dialWs(address), await dialWs(address), await dialWs(address)];
    remotes[0]?.socket.send('hello all');
    for (const remote of remotes.slice(1)) await remote.until(() => remote.receivedLength === 9, 'the message');
    expect(remotes.map((remote) => remote.received.toString())).toEqual(['', 'hello all', 'hello all']);
    expect(context.messages('out', 1)).toEqual([]);
    for (const remote of remotes) remote.end();
  });

  test('leaves out one that is too slow, and says what it did not get', async () => {
    const { context, address } = await listening({ behaviour: 'broadcast', deflate: false });
    const speaker = await dialWs(address);
    const slow = await dialWs(address);
    const quick = await dialWs(address);
    slow.pause();
    const piece = Buffer.alloc(256 * 1024, 'x');
    for (let sent = 0; sent < MUCH; sent += piece.length) speaker.socket.send(piece);
    await context.untilRow('skip', 'none', 2);
    await context.until(() => context.byteCount('in', 1) === MUCH, 'all that was said');
    slow.resume();
    await context.untilRow('skipped', 'none', 2);
    const got = context.byteCount('out', 2);
    const lost = context.of('skipped', 'none', 2).reduce((sum, { meta }) => sum + Number(meta.bytes), 0);
    expect(got + lost).toBe(MUCH);
    await slow.until(() => slow.receivedLength === got, 'what it was sent');
    speaker.socket.send('and on');
    await slow.until(() => slow.receivedLength === got + 6, 'what came later');
    for (const remote of [speaker, slow, quick]) remote.end();
  });
});

describe('a server that ticks', () => {
  test('sends its message to all, with its number and time', async () => {
    const { context, driver, address } = await listening({
      behaviour: 'ticker',
      tickInterval: 5,
      tickMessage: '{{n}} {{time}}',
    });
    const remote = await dialWs(address);
    await context.until(() => context.messages('out', 1).length >= 2, 'two ticks');
    const texts = context.messages('out', 1).map(({ payload }) => String(payload));
    const numbers = texts.map((text) => Number(text.split(' ')[0]));
    expect(numbers[1]).toBe((numbers[0] ?? 0) + 1);
    expect(texts[0]).toMatch(/^\d+ \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    await driver.close();
    expect(context.closes).toEqual([null]);
    await remote.until(() => remote.isClosed, 'the end');
  });
});

describe('the actions of a server', () => {
  test('stop accepting keeps the connections, and the last one ends it', async () => {
    const { context, driver, address } = await listening();
    const remote = await dialWs(address);
    await context.untilRow('open', 'none', 1);
    valueOf(await driver.act('getConnections', null));
    expect(context.of('getConnections')[0]?.meta).toEqual({ count: 1 });
    valueOf(await driver.act('address', null));
    expect(context.of('address')).toHaveLength(1);
    valueOf(await driver.act('stop', null));
    expect(context.isClosing).toBe(true);
    expect(errorOf(await driver.act('stop', null)).code).toBe('not-open');
    expect(errorOf(await driver.act('address', null)).code).toBe('not-open');
    valueOf(await driver.send(1, Buffer.from('still here')));
    await remote.until(() => remote.receivedLength === 10, 'the message');
    valueOf(await driver.act('close', 1, { code: 4000, reason: 'enough' }));
    await context.until(() => context.closes.length === 1, 'the end');
    expect(context.of('socketClose')[0]?.meta).toMatchObject({
      code: 4000,
      reason: 'enough',
      clean: true,
      began: 'us',
    });
    expect(context.records.at(-1)?.kind).toBe('stopped');
  });

  test.each(['terminate', 'resetAndDestroy'])('%s ends one whose handshake goes on', async (action) => {
    const { context, driver, address } = await listening();
    const remote = await plainClient(address);
    await context.untilRow('connection', 'none', 1);
    expect(errorOf(await driver.act('ping', 1)).code).toBe('not-open');
    expect(errorOf(await driver.send(1, Buffer.from('x'))).code).toBe('not-open');
    valueOf(await driver.act(action, 1));
    await context.untilState(1, action === 'terminate' ? 'closed' : 'reset');
    expect(context.of('error')).toEqual([]);
    await remote.until(() => remote.hasEnded || remote.isClosed, 'the end');
  });
});
