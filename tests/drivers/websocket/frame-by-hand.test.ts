import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { defaultsOf, type Options } from '../../../src/drivers/spec.ts';
import { frameAction } from '../../../src/drivers/websocket/frame-spec.ts';
import { frameWrites, handMeta, rawFrameOf } from '../../../src/drivers/websocket/frame-values.ts';
import type { Meta } from '../../../src/shared/record.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';
import { describeWebSocket } from '../../../src/shared/describe-websocket.ts';
import { closeBytes, connected, frame, framesOf, type RawConnection } from '../../support/raw-websocket.ts';

const action = frameAction('random');

function values(changes: Options): Options {
  return { ...defaultsOf(action.fields ?? []), ...changes };
}

const key = (): number => 0x01020304;

function hexOf(changes: Options): string[] {
  return valueOf(frameWrites(values(changes), key)).map((bytes) => Buffer.from(bytes).toString('hex'));
}

describe('the bytes of a frame that is put together by hand', () => {
  test('are those of a right one, as the fields are at first', () => {
    expect(hexOf({ payload: '68 65' })).toEqual(['81820102030469 67'.replace(' ', '')]);
  });

  test('have any opcode, bits, mask, length and split that the fields say', () => {
    expect(hexOf({ mask: 'none', opcode: '15', fin: false, rsv1: true, rsv2: true, rsv3: true })).toEqual(['7f00']);
    expect(hexOf({ mask: 'zero', payload: 'ff' })).toEqual(['818100000000ff']);
    expect(hexOf({ mask: 'not-applied', payload: 'ff' })).toEqual(['818101020304ff']);
    expect(hexOf({ mask: 'no-key', payload: 'ff' })).toEqual(['8181ff']);
    expect(hexOf({ mask: 'none', lengthForm: '16', payload: 'ff' })).toEqual(['817e0001ff']);
    expect(hexOf({ mask: 'none', declaredLength: 99, payload: 'ff' })).toEqual(['8163ff']);
    expect(hexOf({ mask: 'none', payload: 'aabbcc', splitAt: 3 })).toEqual(['8103aa', 'bbcc']);
  });

  test.each([
    [{ payload: 'no hex' }, 'payload'],
    [{ declaredLength: 200, lengthForm: '7' }, 'declaredLength'],
  ] as const)('cannot be made of %o', (changes, field) => {
    expect(errorOf(frameWrites(values(changes), key))).toMatchObject({ code: 'bad-message', field });
  });
});

function metaOf(changes: Options): Meta {
  const all = values(changes);
  return handMeta(valueOf(rawFrameOf(all)), valueOf(frameWrites(all, key)));
}

describe('the row of it', () => {
  test('has the head as it was on the wire, also when that was cut', () => {
    expect(metaOf({ payload: '68 65' })).toMatchObject({ head: '818201020304', masked: true });
    expect(metaOf({ payload: '68 65', splitAt: 1 })).toMatchObject({ head: '818201020304', splitAt: 1 });
    expect(metaOf({ mask: 'none', lengthForm: '16' }).head).toBe('817e0000');
    expect(metaOf({ mask: 'no-key', payload: 'ff' }).head).toBe('8181');
  });

  test('says what is not usual, and nothing of what is', () => {
    expect(metaOf({ payload: '68 65', declaredLength: 77, mask: 'not-applied' })).toMatchObject({
      length: 2,
      declared: 77,
      mask: 'not-applied',
    });
    const usual = metaOf({ payload: '68 65', declaredLength: 2, splitAt: 500 });
    for (const name of ['declared', 'mask', 'splitAt', 'code']) expect(usual).not.toHaveProperty(name);
    expect(metaOf({ opcode: '8', payload: '03 f4' }).code).toBe(1012);
  });

  test.each([
    [{ declaredLength: 77, payload: 'ff' }, 'text · FIN · masked · declares 77 B · sent by hand'],
    [{ mask: 'not-applied' }, 'text · FIN · masked · wrong mask: key not applied · sent by hand'],
    [{ mask: 'not-flagged' }, 'text · FIN · wrong mask: without the flag · sent by hand'],
    [{ mask: 'zero', splitAt: 3 }, 'text · FIN · masked · key of zeros · split at 3 B · sent by hand'],
  ] as const)('of %o reads %s', (changes, words) => {
    expect(describeWebSocket('frame', metaOf(changes))).toBe(words);
  });
});

describe('sending it', () => {
  test('writes it as it is, and marks its row', async () => {
    const { context, driver, remote } = await connected({ deflate: false });
    valueOf(await driver.act('frame', null, values({ opcode: '3', rsv2: true, payload: '01 02' })));
    await remote.until(() => framesOf(remote).length === 1, 'the frame');
    expect(framesOf(remote)).toEqual([{ first: 0xa3, masked: true, payload: Buffer.of(1, 2) }]);
    const [row] = context.of('frame', 'out');
    expect(row?.meta).toEqual({
      opcode: 3,
      fin: true,
      rsv: 2,
      masked: true,
      length: 2,
      byHand: true,
      head: remote.received.subarray(-8, -2).toString('hex'),
    });
    expect(row?.payload).toEqual(Buffer.of(1, 2));
  });

  test('is possible behind a close frame, where a message is not', async () => {
    const { driver, remote, context } = await connected({ deflate: false, closeTimeout: 0 });
    valueOf(await driver.act('close', null, { code: 1000, reason: '' }));
    await remote.until(() => framesOf(remote).length === 1, 'the close frame');
    expect(errorOf(await driver.send(1, Buffer.from('late'))).code).toBe('not-open');
    valueOf(await driver.act('frame', null, values({ payload: '6c617465' })));
    await remote.until(() => framesOf(remote).length === 2, 'the frame behind it');
    expect(framesOf(remote)[1]?.payload.toString()).toBe('late');
    await remote.write(frame(0x88, closeBytes(1000)));
    await context.untilRow('close', 'in');
  });

  test('says what is wrong with the fields, and writes nothing', async () => {
    const { driver, context } = await connected();
    expect(errorOf(await driver.act('frame', null, values({ payload: 'x' }))).field).toBe('payload');
    expect(context.of('frame')).toEqual([]);
  });
});

describe('a frame that is split', () => {
  /** What the peer reads from now on, read by read. */
  function readsOf({ remote }: RawConnection): Buffer[] {
    const reads: Buffer[] = [];
    remote.socket.setNoDelay(true);
    remote.socket.on('data', (bytes) => reads.push(bytes));
    return reads;
  }

  test('comes in two reads', async () => {
    const connection = await connected({ deflate: false });
    const reads = readsOf(connection);
    const { driver, remote } = connection;
    valueOf(await driver.act('frame', null, values({ mask: 'zero', payload: '68 65 6c 6c 6f', splitAt: 8 })));
    await remote.until(() => framesOf(remote).length === 1, 'the frame');
    expect(reads.map((bytes) => bytes.toString('hex'))).toEqual(['8185000000006865', '6c6c6f']);
  });

  test('has nothing in it of what is sent meanwhile, neither pong nor ping, message, frame nor close', async () => {
    const connection = await connected({ deflate: false });
    const { driver, remote, context } = connection;
    valueOf(await driver.act('frame', null, values({ payload: '68 65', splitAt: 7 })));
    await once(remote.socket, 'data');
    // In this same turn, so that the second part cannot have gone.
    const ping = driver.act('ping', null, { payload: 'ping' });
    const sent = driver.send(1, Buffer.from('text'));
    const second = driver.act('frame', null, values({ opcode: '2', payload: '01' }));
    await remote.write(frame(0x89, 'asked'));
    valueOf(await ping);
    valueOf(await second);
    await context.untilRow('pong', 'out');
    await remote.write(frame(0x88, closeBytes(1000)));
    await context.untilRow('close', 'out');
    await remote.until(() => framesOf(remote).some(({ first }) => first === 0x88), 'the answer to the close frame');
    const frames = framesOf(remote);
    expect(frames[0]).toEqual({ first: 0x81, masked: true, payload: Buffer.from('he') });
    const others = frames.map(({ first, payload }) => [first, payload.toString()] as const);
    expect(others[1]).toEqual([0x89, 'ping']);
    expect(others).toContainEqual([0x8a, 'asked']);
    expect(others).toContainEqual([0x82, '\u0001']);
    // Unless the closing began before its turn.
    const outcome = await sent;
    if (outcome.ok) expect(others).toContainEqual([0x81, 'text']);
    else expect(outcome.error.code).toBe('not-open');
  });

  test.each(['terminate', 'resetAndDestroy'])('is left half by %s', async (how) => {
    const connection = await connected({ deflate: false });
    const reads = readsOf(connection);
    const { driver, remote, context } = connection;
    valueOf(await driver.act('frame', null, values({ payload: '68 65', splitAt: 7 })));
    await once(remote.socket, 'data');
    valueOf(await driver.act(how, null, {}));
    await context.untilRow('socketClose');
    await remote.until(() => remote.isClosed || remote.hasEnded, 'the end');
    expect(reads).toHaveLength(1);
  });

  test('ends with the connection when the peer ends it, without another error', async () => {
    const connection = await connected({ deflate: false });
    const { driver, remote, context } = connection;
    valueOf(await driver.act('frame', null, values({ payload: '68 65', splitAt: 7 })));
    await once(remote.socket, 'data');
    remote.end();
    await context.untilRow('socketClose');
    expect(context.of('error').map(({ meta }) => meta.code)).toEqual(['closed-abnormally']);
  });
});

describe('a close frame by hand', () => {
  const close = { opcode: '8', payload: '03 f4' };

  test('begins to close, and the answer to it is not answered', async () => {
    const { driver, remote, context } = await connected({ deflate: false });
    valueOf(await driver.act('frame', null, values(close)));
    await remote.until(() => framesOf(remote).length === 1, 'the close frame');
    expect(errorOf(await driver.send(1, Buffer.from('late'))).message).toContain('this side has begun to close');
    await remote.write(frame(0x88, closeBytes(1012)));
    await context.untilRow('close', 'in');
    remote.end();
    await context.untilRow('socketClose');
    expect(context.of('close', 'in')[0]?.meta).toMatchObject({ code: 1012, began: 'us' });
    expect(context.of('close', 'out')).toEqual([]);
    expect(context.of('socketClose')[0]?.meta).toMatchObject({ code: 1012, began: 'us', clean: true });
    expect(framesOf(remote)).toHaveLength(1);
  });

  test('is given up when nobody answers it', async () => {
    const { driver, context } = await connected({ deflate: false, closeTimeout: 1 });
    valueOf(await driver.act('frame', null, values(close)));
    await context.untilRow('socketClose');
    expect(context.of('socketClose')[0]?.meta).toMatchObject({ code: 1006, began: 'us', clean: false, sent: 1012 });
  });

  test.each([
    ['not masked', { mask: 'none' }],
    ['masked by a key that is not applied', { mask: 'not-applied' }],
    ['with RSV1', { rsv1: true }],
    ['without FIN', { fin: false }],
    ['of half a code', { payload: '03' }],
    ['with a length that is not true', { declaredLength: 0 }],
    ['with a long form of its length', { lengthForm: '16' }],
  ] as const)('that is wrong, %s, began it too, and the close frame of the peer is answered', async (_how, changes) => {
    const { driver, remote, context } = await connected({ deflate: false });
    valueOf(await driver.act('frame', null, values({ ...close, ...changes })));
    await context.untilRow('frame', 'out');
    await remote.write(frame(0x88, closeBytes(1002)));
    await context.untilRow('close', 'out');
    remote.end();
    await context.untilRow('socketClose');
    expect(context.of('close', 'in')[0]?.meta).toMatchObject({ code: 1002, began: 'us' });
    expect(context.of('socketClose')[0]?.meta).toMatchObject({ code: 1002, began: 'us', clean: true });
  });
});
