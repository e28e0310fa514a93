import { describe, expect, test } from 'vitest';
import { errorOf, valueOf } from '../../support/outcome.ts';
import { closeBytes, connected, frame, framesOf, type RawConnection } from '../../support/raw-websocket.ts';

/** Meta of the last row, without counts of bytes. */
function ending({ context }: Pick<RawConnection, 'context'>): object {
  const row = context.records.at(-1);
  expect(row?.kind).toBe('socketClose');
  const counts = ['bytesRead', 'bytesWritten', 'unsent'];
  return Object.fromEntries(Object.entries(row?.meta ?? {}).filter(([name]) => !counts.includes(name)));
}

async function ended({ context }: Pick<RawConnection, 'context'>): Promise<void> {
  await context.until(() => context.closes.length === 1, 'the end');
}

async function closeFrameOf({ remote }: Pick<RawConnection, 'remote'>): Promise<Buffer> {
  const find = (): Buffer | undefined => framesOf(remote).find(({ first }) => first === 0x88)?.payload;
  await remote.until(() => find() !== undefined, 'a close frame');
  return find() ?? Buffer.alloc(0);
}

describe('a close that this side begins', () => {
  test('sends code and reason, waits for the answer, and ends cleanly', async () => {
    const connection = await connected();
    const { context, driver, remote } = connection;
    valueOf(await driver.act('close', 1, { code: 4001, reason: 'enough' }));
    expect(await closeFrameOf(connection)).toEqual(closeBytes(4001, 'enough'));
    expect(context.state(1)).toBe('half-closed-local');
    const refused = errorOf(await driver.send(1, Buffer.from('x')));
    expect(refused.code).toBe('not-open');
    expect(refused.message).toMatch(/this side has begun to close/);
    expect(errorOf(await driver.act('ping', 1)).code).toBe('not-open');
    expect(errorOf(await driver.act('close', 1)).code).toBe('not-open');
    // What the peer still sends before its close frame is read.
    await remote.write(Buffer.concat([frame(0x81, 'last'), frame(0x88, closeBytes(1001, 'me too'))]));
    await context.until(() => context.of('close', 'in').length === 1, 'the answer');
    remote.end();
    await ended(connection);
    expect(context.messages('in').map(({ payload }) => String(payload))).toEqual(['last']);
    expect(context.of('close').map(({ direction, meta }) => [direction, meta])).toEqual([
      ['out', { code: 4001, name: 'Private Use', reason: 'enough', began: 'us' }],
      ['in', { code: 1001, name: 'Going Away', reason: 'me too', began: 'us' }],
    ]);
    expect(ending(connection)).toEqual({
      code: 1001,
      name: 'Going Away',
      reason: 'me too',
      began: 'us',
      clean: true,
      hadError: false,
    });
    expect(driver.facts(1)).toMatchObject({ closeCode: 1001, closeReason: 'me too', endedBy: 'us' });
    expect(context.peer(1).states).toEqual(['open', 'half-closed-local', 'closed']);
    expect(context.closes).toEqual([null]);
  });

  test.each([
    [{}, closeBytes(1000)],
    [{ code: 1005 }, Buffer.alloc(0)],
    // Whatever a person wants to try on the peer.
    [{ code: 999 }, closeBytes(999)],
    [{ code: 1006, reason: 'ü' }, closeBytes(1006, 'ü')],
  ])('with %j has the right payload', async (values, payload) => {
    const connection = await connected();
    valueOf(await connection.driver.act('close', null, values));
    expect(await closeFrameOf(connection)).toEqual(payload);
  });

  test('refuses what a close frame has no room for', async () => {
    const { driver, context } = await connected();
    for (const values of [
      { code: 1000, reason: 'ü'.repeat(62) },
      { code: 1005, reason: 'no code' },
    ]) {
      expect(errorOf(await driver.act('close', 1, values))).toMatchObject({ code: 'bad-option', field: 'reason' });
    }
    expect(context.of('close')).toEqual([]);
  });

  test('and is not answered ends after the close time-out, not cleanly', async () => {
    const connection = await connected({ closeTimeout: 30 });
    const { context, driver } = connection;
    valueOf(await driver.act('close', 1, { code: 1000 }));
    await ended(connection);
    expect(ending(connection)).toEqual({
      code: 1006,
      name: 'Abnormal Closure',
      reason: '',
      began: 'us',
      clean: false,
      sent: 1000,
      hadError: false,
    });
    expect(context.closes).toEqual([null]);
  });

  test('is answered, but the peer keeps the connection: it is ended after a while', async () => {
    const connection = await connected();
    valueOf(await connection.driver.act('close', 1, { code: 1000 }));
    await connection.remote.write(frame(0x88, closeBytes(1000)));
    await ended(connection);
    expect(ending(connection)).toMatchObject({ code: 1000, clean: true });
  });

  test('by Disconnect is 1000, and waits no longer than its grace', async () => {
    const connection = await connected({ closeTimeout: 0 });
    const { context, driver } = connection;
    await driver.close();
    expect(await closeFrameOf(connection)).toEqual(closeBytes(1000));
    expect(ending(connection)).toMatchObject({ code: 1006, clean: false, began: 'us' });
    expect(context.closes).toEqual([null]);
  });

  test('by Disconnect waits for nothing when reading is stopped', async () => {
    const connection = await connected();
    connection.driver.pauseReading(null);
    await connection.driver.close();
    expect(await closeFrameOf(connection)).toEqual(closeBytes(1000));
    expect(connection.context.closes).toEqual([null]);
  });
});

describe('a close that the peer begins', () => {
  test.each([
    [closeBytes(1000, 'bye'), closeBytes(1000), { code: 1000, name: 'Normal Closure', reason: 'bye' }],
    [closeBytes(3000), closeBytes(3000), { code: 3000, name: 'Unauthorized', reason: '' }],
    [Buffer.alloc(0), Buffer.alloc(0), { code: 1005, name: 'No Status Received', reason: '' }],
  ])('with %j is answered with the same code', async (payload, answer, said) => {
    const connection = await connected();
    const { context, remote, driver } = connection;
    await remote.write(Buffer.concat([frame(0x88, payload), frame(0x81, 'means nothing any more')]));
    expect(await closeFrameOf(connection)).toEqual(answer);
    expect(context.state(1)).toBe('half-closed-remote');
    expect(errorOf(await driver.send(1, Buffer.from('x'))).message).toMatch(/the peer has begun to close/);
    remote.end();
    await ended(connection);
    expect(ending(connection)).toEqual({ ...said, began: 'peer', clean: true, hadError: false });
    expect(context.of('close').map(({ direction }) => direction)).toEqual(['in', 'out']);
    expect(context.messages()).toEqual([]);
    expect(context.closes).toEqual([null]);
  });
});

describe('an end without a close frame', () => {
  test('by FIN is 1006 and a failure', async () => {
    const connection = await connected();
    const { context, remote } = connection;
    remote.end();
    await ended(connection);
    expect(ending(connection)).toEqual({
      code: 1006,
      name: 'Abnormal Closure',
      reason: '',
      began: 'peer',
      clean: false,
      hadError: false,
    });
    expect(context.closes[0]).toMatchObject({ code: 'closed-abnormally' });
    expect(context.closes[0]?.message).toMatch(/ended the connection without a close frame \(1006\)/);
    expect(context.of('error', 'none', 1)).toHaveLength(1);
    expect(context.state(1)).toBe('failed');
  });

  test('in the middle of a frame is told as such', async () => {
    const connection = await connected();
    await connection.remote.write(frame(0x81, 'cut off').subarray(0, 5));
    connection.remote.end();
    await ended(connection);
    expect(connection.context.closes[0]?.message).toMatch(/in the middle of a frame without a close frame/);
  });

  test('by RST is a reset, and 1006', async () => {
    const connection = await connected();
    const { context, remote } = connection;
    remote.reset();
    await ended(connection);
    expect(ending(connection)).toMatchObject({ code: 1006, began: 'peer', clean: false, hadError: true });
    expect(context.closes[0]).toMatchObject({ code: 'connection-reset', errno: 'ECONNRESET' });
    expect(context.state(1)).toBe('reset');
  });

  test('by Terminate sends no close frame', async () => {
    const connection = await connected();
    const { context, driver, remote } = connection;
    valueOf(await driver.act('terminate', 1));
    await ended(connection);
    await remote.until(() => remote.hasEnded, 'FIN');
    expect(framesOf(remote)).toEqual([]);
    expect(ending(connection)).toMatchObject({ code: 1006, began: 'us', clean: false, hadError: false });
    expect(context.of('terminate', 'out')).toHaveLength(1);
    expect(context.closes).toEqual([null]);
  });
});

describe('a violation of the protocol', () => {
  test.each<[string, Buffer, number, string]>([
    ['a reserved opcode', frame(0x83), 1002, '5.2'],
    ['RSV1 without permessage-deflate', frame(0xc1, 'x'), 1002, '5.2'],
    ['a masked frame of a server', Buffer.of(0x81, 0x80, 1, 2, 3, 4), 1002, '5.1'],
    ['text that is no UTF-8', frame(0x81, Buffer.of(0xff)), 1007, '8.1'],
    ['a close code that must not be sent', frame(0x88, closeBytes(1005)), 1002, '7.4'],
    ['a message above max payload', Buffer.concat([frame(0x81, 'ok'), frame(0x82, Buffer.alloc(200))]), 1009, '7.4.1'],
  ])('%s closes with its code', async (_what, bytes, code, rfc) => {
    const connection = await connected({ maxPayload: 100 }, { rest: bytes });
    const { context, remote } = connection;
    expect((await closeFrameOf(connection)).readUInt16BE(0)).toBe(code);
    await remote.until(() => remote.hasEnded, 'FIN');
    await remote.write(frame(0x81, 'is not read'));
    remote.end();
    await ended(connection);
    expect(context.of('violation', 'in', 1)[0]?.meta).toMatchObject({ code, rfc });
    const [error] = context.closes;
    expect(error?.code).toBe('protocol-violation');
    expect(error?.message).toContain(`RFC 6455 §${rfc}`);
    expect(context.state(1)).toBe('failed');
    expect(context.messages('in').map(({ payload }) => String(payload))).toEqual(code === 1009 ? ['ok'] : []);
    // The frame in which it was seen is there to be looked at.
    expect(context.of('frame', 'in')).toHaveLength(1);
    expect(ending(connection)).toMatchObject({ code: 1006, began: 'us', clean: false });
  });

  test('of a peer that stays ends after a while', async () => {
    const connection = await connected({}, { rest: frame(0x83) });
    await ended(connection);
    expect(connection.context.closes[0]?.code).toBe('protocol-violation');
  });
});
