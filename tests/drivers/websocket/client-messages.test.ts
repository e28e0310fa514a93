import { deflateRawSync, constants } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Options } from '../../../src/drivers/spec.ts';
import { errorOf, turn, valueOf } from '../../support/outcome.ts';
import { closeBytes, connected, connectTo, frame, framesOf } from '../../support/raw-websocket.ts';
import { WsOutside, type WsRemote } from '../../support/ws-remote.ts';
import type { Driver } from '../../../src/drivers/driver.ts';
import type { FakeContext } from '../../support/fake-context.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
/** Deflate of `Hello` (RFC 7692 §7.2.3.1). */
const HELLO = Buffer.from('f248cdc9c90700', 'hex');
const AGREED = { headers: ['Sec-WebSocket-Extensions: permessage-deflate'] };

/** A client of a server of `ws` that compresses. */
async function withWs(
  options: Options = {},
  deflate: boolean | object = { threshold: 0 },
): Promise<{ readonly context: FakeContext; readonly driver: Driver; readonly remote: WsRemote }> {
  const outside = await WsOutside.listen('127.0.0.1', { perMessageDeflate: deflate, maxPayload: 64 * MIB });
  onTestFinished(() => outside.close());
  const { context, driver, opened } = connectTo(`ws://${outside.address}/`, options);
  const remote = await outside.next();
  valueOf(await opened);
  return { context, driver, remote };
}

describe('sending', () => {
  test('makes masked frames of text and binary, each with a key of its own', async () => {
    const { context, driver, remote } = await connected({ deflate: false });
    valueOf(await driver.send(1, Buffer.from('grüße')));
    valueOf(await driver.send(1, Buffer.of(0xff, 0), 'binary'));
    valueOf(await driver.send(1, Buffer.alloc(0), 'text'));
    valueOf(await driver.send(1, Buffer.alloc(300, 'x'), 'text'));
    await remote.until(() => framesOf(remote).length === 4, 'four frames');
    expect(framesOf(remote).map(({ first, masked, payload }) => [first, masked, payload.toString('latin1')])).toEqual([
      [0x81, true, Buffer.from('grüße').toString('latin1')],
      [0x82, true, '\xff\0'],
      [0x81, true, ''],
      [0x81, true, 'x'.repeat(300)],
    ]);
    expect(context.of('text', 'out').map(({ meta, payload }) => [meta, payload?.length])).toEqual([
      [{}, 7],
      [{}, 0],
      [{}, 300],
    ]);
    expect(context.of('binary', 'out').map(({ meta }) => meta)).toEqual([{}]);
    expect(context.of('frame')).toEqual([]);
  });

  test('refuses text that is no UTF-8, and writes nothing of it', async () => {
    const { context, driver } = await connected();
    expect(errorOf(await driver.send(1, Buffer.of(0xc3, 0x28))).code).toBe('bad-message');
    expect(context.messages('out')).toEqual([]);
    valueOf(await driver.send(1, Buffer.of(0xc3, 0x28), 'binary'));
  });

  test('splits a message into fragments, each of which is a row', async () => {
    const { context, driver, remote } = await connected({ fragmentSize: 4, deflate: false });
    valueOf(await driver.send(1, Buffer.from('fragments!'), 'binary'));
    valueOf(await driver.send(1, Buffer.from('four')));
    await remote.until(() => framesOf(remote).length === 4, 'the frames');
    expect(framesOf(remote).map(({ first, payload }) => [first, String(payload)])).toEqual([
      [0x02, 'frag'],
      [0x00, 'ment'],
      [0x80, 's!'],
      [0x81, 'four'],
    ]);
    const rows = context.records.filter(({ kind }) => ['frame', 'text', 'binary'].includes(kind));
    expect(rows.map(({ kind, meta }) => [kind, meta])).toEqual([
      ['frame', { opcode: 2, fin: false, rsv: 0, masked: true, length: 4 }],
      ['frame', { opcode: 0, fin: false, rsv: 0, masked: true, length: 4 }],
      ['frame', { opcode: 0, fin: true, rsv: 0, masked: true, length: 2 }],
      ['binary', { frames: 3 }],
      ['text', {}],
    ]);
  });

  test('does not make more fragments than can be handled at once', async () => {
    const { driver } = await connected({ fragmentSize: 1 });
    expect(errorOf(await driver.send(1, Buffer.alloc(MIB), 'binary'))).toMatchObject({
      code: 'bad-message',
      message: 'The message would be 1048576 frames; 65536 are the most.',
    });
  });
});

describe('receiving', () => {
  test('puts fragments together, with control frames between them in their place', async () => {
    const rest = Buffer.concat([
      frame(0x01, Buffer.of(0x61, 0xc3)),
      frame(0x89, 'p'),
      frame(0x00),
      frame(0x80, Buffer.of(0xbc)),
      frame(0x81, 'c'),
    ]);
    const { context } = await connected({}, { rest });
    await context.until(() => context.messages('in').length === 2, 'both messages');
    const rows = context.records.slice(context.records.findIndex(({ kind }) => kind === 'open') + 1);
    expect(rows.map(({ kind, direction, meta }) => [kind, direction, meta])).toEqual([
      ['frame', 'in', { opcode: 1, fin: false, rsv: 0, masked: false, length: 2 }],
      ['ping', 'in', {}],
      ['pong', 'out', { auto: true }],
      ['frame', 'in', { opcode: 0, fin: false, rsv: 0, masked: false, length: 0 }],
      ['frame', 'in', { opcode: 0, fin: true, rsv: 0, masked: false, length: 1 }],
      ['text', 'in', { frames: 3 }],
      ['text', 'in', {}],
    ]);
  });

  test('takes a message of 16 MiB in any parts', async () => {
    const { context, remote } = await withWs({}, false);
    const bytes = Buffer.alloc(16 * MIB, 'abcdefghijklm');
    await remote.write(bytes);
    await context.until(() => context.messages('in').length === 1, 'the message');
    expect(context.messages('in')[0]?.payload?.equals(bytes)).toBe(true);
  });
});

describe('permessage-deflate', () => {
  test('inflates the examples of RFC 7692 §7.2.3', async () => {
    const examples = [
      HELLO,
      // The same again, which refers to the first, then once more.
      Buffer.from('f200110000', 'hex'),
      // A block without compression, one with BFINAL, and two blocks.
      Buffer.from('000500faff48656c6c6f00', 'hex'),
      Buffer.from('f348cdc9c9070000', 'hex'),
      Buffer.from('f24805000000ffffcac9c90700', 'hex'),
    ];
    const { context } = await connected(
      {},
      { ...AGREED, rest: Buffer.concat(examples.map((one) => frame(0xc1, one))) },
    );
    await context.until(() => context.messages('in').length === examples.length, 'all of them');
    expect(context.messages('in').map(({ payload }) => String(payload))).toEqual(examples.map(() => 'Hello'));
    expect(context.messages('in')[1]?.meta).toEqual({ frames: 1, compressed: 5 });
    expect(context.of('frame', 'in')[0]).toMatchObject({
      meta: { opcode: 1, fin: true, rsv: 4, masked: false, length: 7 },
      payload: HELLO,
    });
  });

  test('inflates a fragmented message (RFC 7692 §7.2.3.1)', async () => {
    const rest = Buffer.concat([frame(0x41, HELLO.subarray(0, 3)), frame(0x80, HELLO.subarray(3))]);
    const { context } = await connected({}, { ...AGREED, rest });
    await context.until(() => context.messages('in').length === 1, 'the message');
    expect(context.messages('in')[0]).toMatchObject({ kind: 'text', meta: { frames: 2, compressed: 7 } });
    expect(String(context.messages('in')[0]?.payload)).toBe('Hello');
  });

  const parameters: readonly (readonly [Options, object])[] = [
    [{}, {}],
    [{ serverNoContextTakeover: true }, {}],
    [{ clientNoContextTakeover: true }, { clientNoContextTakeover: true }],
    [{ serverMaxWindowBits: 9 }, {}],
    [{}, { clientMaxWindowBits: 9 }],
    [{ clientMaxWindowBits: 8, serverMaxWindowBits: 8, clientNoContextTakeover: true }, {}],
    [{ fragmentSize: 1000 }, { serverNoContextTakeover: true, clientMaxWindowBits: 12 }],
    [{ deflateThreshold: 500 }, { threshold: 500 }],
  ];
  test.each(parameters)('talks with ws, offering %j to %j', async (options, deflate) => {
    const { context, driver, remote } = await withWs(options, { threshold: 0, ...deflate });
    expect(context.of('open')[0]?.meta.extensions).toMatch(/^permessage-deflate/);
    const sizes = [0, 1, 20, 499, 1000, 40_000, 100_000, 3, 70_000, 1];
    const texts = sizes.map((size, index) => `${index} repeats itself, `.repeat(1 + size / 16).slice(0, size));
    const outcomes = await Promise.all(
      texts.map((text, index) => driver.send(1, Buffer.from(text), index % 2 === 0 ? 'text' : 'binary')),
    );
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    const whole = texts.join('');
    await remote.until(() => remote.receivedLength === whole.length, 'all of it');
    expect(remote.received.toString()).toBe(whole);
    for (const text of texts) await remote.write(Buffer.from(text));
    await context.until(() => context.messages('in').length === texts.length, 'all messages');
    expect(context.of('binary', 'in').map(({ payload }) => String(payload))).toEqual(texts);
    const large = context.of('text', 'out').find(({ payload }) => payload?.length === 1000);
    expect(Number(large?.meta.compressed)).toBeLessThan(200);
  });

  test('keeps the order of what is sent, compressed or not, and closes after it', async () => {
    const { context, driver, remote } = await withWs({ deflateThreshold: 100 });
    const texts = Array.from({ length: 50 }, (_, index) => `${index}:`.padEnd(index % 3 === 0 ? 20_000 : 5, '.'));
    const sending = texts.map((text) => driver.send(1, Buffer.from(text)));
    valueOf(await driver.act('close', 1, { code: 1000, reason: 'done' }));
    const late = driver.send(1, Buffer.from('late'));
    expect((await Promise.all(sending)).every(({ ok }) => ok)).toBe(true);
    await context.until(() => context.closes.length === 1, 'the end');
    expect(remote.received.toString()).toBe(texts.join(''));
    expect(errorOf(await late).code).toBe('not-open');
  });

  test('stops at max payload, whatever a bomb would become', async () => {
    const bomb = deflateRawSync(Buffer.alloc(800 * KIB), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
    // Short enough not to be refused for its length on the wire.
    expect(bomb.length).toBeLessThan(1000);
    const { context, remote } = await connected({ maxPayload: 1000 }, AGREED);
    await remote.write(frame(0xc2, bomb));
    await context.untilRow('violation', 'in', 1);
    expect(context.of('violation')[0]?.meta).toMatchObject({ code: 1009 });
    await remote.until(() => framesOf(remote).some(({ first }) => first === 0x88), 'a close frame');
    expect(framesOf(remote).at(-1)?.payload.subarray(0, 2)).toEqual(closeBytes(1009));
    remote.end();
    await context.until(() => context.closes.length === 1, 'the end');
    expect(context.closes[0]?.code).toBe('protocol-violation');
  });

  test.each([
    ['no deflate data', Buffer.of(0xff, 0xff, 0xff), /cannot be inflated/],
    ['text that is no UTF-8', deflateRawSync(Buffer.of(0xff), { finishFlush: constants.Z_SYNC_FLUSH }), /UTF-8/],
  ])('ends with 1007 at %s', async (_what, bytes, message) => {
    const { context, remote } = await connected({}, { ...AGREED, rest: frame(0xc1, bytes) });
    await remote.until(() => framesOf(remote).some(({ first }) => first === 0x88), 'a close frame');
    expect(framesOf(remote).at(-1)?.payload.readUInt16BE(0)).toBe(1007);
    expect(context.of('violation')[0]?.meta.message).toMatch(message);
    remote.end();
    await context.until(() => context.closes.length === 1, 'the end');
  });
});

describe('pings', () => {
  test('are answered, and told apart from those that are withheld', async () => {
    const { context, driver, remote } = await connected();
    await remote.write(frame(0x89, 'one'));
    await remote.until(() => framesOf(remote).length === 1, 'the pong');
    expect(framesOf(remote)[0]).toMatchObject({ first: 0x8a, payload: Buffer.from('one') });
    valueOf(await driver.act('holdPongs', 1));
    valueOf(await driver.act('holdPongs', null));
    await remote.write(frame(0x89, 'two'));
    await context.until(() => context.of('ping', 'in').length === 2, 'the second ping');
    expect(driver.facts(1).holdPongs).toBe(true);
    valueOf(await driver.act('answerPings', 1));
    await remote.write(frame(0x89, 'three'));
    await remote.until(() => framesOf(remote).length === 2, 'the pong');
    expect(String(framesOf(remote)[1]?.payload)).toBe('three');
    expect(context.of('ping', 'in').map(({ meta }) => meta)).toEqual([{}, { answered: false }, {}]);
    expect(context.of('holdPongs')).toHaveLength(1);
    expect(context.of('answerPings')).toHaveLength(1);
  });

  test('can be withheld from the start', async () => {
    const { context, remote } = await connected({ holdPongs: true }, { rest: frame(0x89, 'x') });
    await context.untilRow('ping', 'in', 1);
    await remote.write(frame(0x81, 'y'));
    await context.untilMessage('in', 1);
    expect(framesOf(remote)).toEqual([]);
  });

  test('tell how long their pong took; one nobody asked for tells nothing', async () => {
    const { context, driver, remote } = await connected();
    valueOf(await driver.act('ping', 1, { payload: 'a' }));
    valueOf(await driver.act('ping', 1, { payload: 'b' }));
    await remote.until(() => framesOf(remote).length === 2, 'both pings');
    await remote.write(Buffer.concat([frame(0x8a, 'b'), frame(0x8a, 'a'), frame(0x8a, 'never')]));
    await context.until(() => context.of('pong', 'in').length === 3, 'the pongs');
    const metas = context.of('pong', 'in').map(({ meta }) => meta);
    // The pong of the second answers the first, too (RFC 6455 §5.5.3).
    expect(metas[0]?.roundTrip).toBeGreaterThanOrEqual(0);
    expect(metas.slice(1)).toEqual([{}, {}]);
    expect(driver.facts(1).roundTrip).toBe(metas[0]?.roundTrip);
  });

  test('are sent by themselves at their interval', async () => {
    const { context, remote } = await connected({ pingInterval: 5 });
    await remote.until(() => framesOf(remote).length >= 2, 'two pings');
    const [first, second] = framesOf(remote);
    expect([first?.first, second?.first]).toEqual([0x89, 0x89]);
    expect(first?.payload).not.toEqual(second?.payload);
    expect(context.of('ping', 'out')[0]?.meta).toEqual({ auto: true });
    await remote.write(frame(0x8a, first?.payload ?? ''));
    await context.untilRow('pong', 'in', 1);
    expect(context.of('pong', 'in')[0]?.meta.roundTrip).toBeGreaterThanOrEqual(0);
  });

  test('and pongs can be sent by hand, of at most 125 bytes', async () => {
    const { driver, remote } = await connected();
    valueOf(await driver.act('pong', 1, { payload: 'alive' }));
    await remote.until(() => framesOf(remote).length === 1, 'the pong');
    expect(framesOf(remote)[0]).toMatchObject({ first: 0x8a, payload: Buffer.from('alive') });
    for (const action of ['ping', 'pong']) {
      const error = errorOf(await driver.act(action, 1, { payload: 'ü'.repeat(63) }));
      expect(error).toMatchObject({ code: 'bad-option', field: 'payload' });
    }
    valueOf(await driver.act('ping', 1, { payload: 'x'.repeat(125) }));
  });

  test('that flood a client whose answers nobody takes do not fill its memory', async () => {
    const { context, driver, remote } = await connected({ deflate: false });
    remote.pause();
    const sending = driver.send(1, Buffer.alloc(16 * MIB), 'binary');
    for (let round = 0; round < 100; round += 1) await turn();
    const before = Number(driver.facts(1).writableLength);
    expect(before).toBeGreaterThan(0);
    await remote.write(Buffer.concat(Array.from({ length: 5000 }, (_, index) => frame(0x89, String(index)))));
    await context.until(() => context.of('ping', 'in').length === 5000, 'all pings');
    expect(driver.facts(1).writableLength).toBeLessThanOrEqual(before);
    remote.resume();
    valueOf(await sending);
    await context.untilRow('pong', 'out', 1);
    expect(context.of('pong', 'out').map(({ payload }) => String(payload))).toEqual(['4999']);
  });
});
