import { describe, expect, test } from 'vitest';
import { defaultsOf, type Options } from '../../../src/drivers/spec.ts';
import { frameAction } from '../../../src/drivers/websocket/frame-spec.ts';
import { frameWrites } from '../../../src/drivers/websocket/frame-values.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';
import { closeBytes, connected, frame, framesOf } from '../../support/raw-websocket.ts';

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

describe('sending it', () => {
  test('writes it as it is, and marks its row', async () => {
    const { context, driver, remote } = await connected({ deflate: false });
    valueOf(await driver.act('frame', null, values({ opcode: '3', rsv2: true, payload: '01 02' })));
    await remote.until(() => framesOf(remote).length === 1, 'the frame');
    expect(framesOf(remote)).toEqual([{ first: 0xa3, masked: true, payload: Buffer.of(1, 2) }]);
    const [row] = context.of('frame', 'out');
    expect(row?.meta).toEqual({ opcode: 3, fin: true, rsv: 2, masked: true, length: 2, byHand: true });
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
