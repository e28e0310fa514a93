import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from '../../src/rpc/frames.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

/** A frame with a head of one's own making. */
function frameOf(head: unknown, bytes: readonly number[] = []): Uint8Array {
  const json = new TextEncoder().encode(typeof head === 'string' ? head : JSON.stringify(head));
  const frame = new Uint8Array(4 + json.length + bytes.length);
  new DataView(frame.buffer).setUint32(0, json.length, true);
  frame.set(json, 4);
  frame.set(bytes, 4 + json.length);
  return frame;
}

const there = (message: unknown): unknown => valueOf(decodeFrame(encodeFrame(message)));

describe('frames', () => {
  it('carry plain data and byte arrays anywhere in it', () => {
    for (const message of [
      null,
      'text',
      [1, 2, { a: [] }],
      Uint8Array.of(1, 2, 3),
      { type: 'call', id: 1, params: { bytes: Uint8Array.of(0xff), other: new Uint8Array(0) } },
      [Uint8Array.of(1), null, { deep: [[Uint8Array.of(2)]] }],
    ]) {
      expect(there(message)).toEqual(message);
    }
  });

  it('carry bytes as they are, not as text of them', () => {
    const bytes = new Uint8Array(100_000).fill(0xc3);
    const frame = encodeFrame({ bytes });
    expect(frame.length).toBeLessThan(bytes.length + 100);
    expect(there({ bytes })).toEqual({ bytes });
  });

  it('take a Buffer for the bytes that it is', () => {
    expect(there({ data: Buffer.from([1, 2]) })).toEqual({ data: Uint8Array.of(1, 2) });
  });

  it('leave data alone that looks like their own head', () => {
    const sly = { message: null, bytes: [{ path: ['message'], length: 3 }] };
    expect(there(sly)).toEqual(sly);
    expect(there({ ...sly, data: Uint8Array.of(9) })).toEqual({ ...sly, data: Uint8Array.of(9) });
  });

  it('keep keys that objects inherit as plain keys', () => {
    const message: unknown = JSON.parse('{"__proto__":{"polluted":true},"constructor":1}');
    expect(JSON.stringify(there(message))).toBe(JSON.stringify(message));
    const withBytes = Object.fromEntries([['__proto__', Uint8Array.of(1)]]);
    const back = there(withBytes);
    expect(Object.getOwnPropertyDescriptor(back, '__proto__')?.value).toEqual(Uint8Array.of(1));
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['no head', Uint8Array.of(0, 0, 0)],
    ['a length beyond its end', Uint8Array.of(255, 255, 255, 255, 1)],
    ['no JSON', frameOf('{')],
    ['invalid UTF-8', Uint8Array.of(1, 0, 0, 0, 0xff)],
    ['another head', frameOf({ message: 1 })],
    ['more in its head', frameOf({ message: 1, bytes: [], extra: 1 })],
    ['bytes that are missing', frameOf({ message: { a: null }, bytes: [{ path: ['a'], length: 2 }] }, [1])],
    ['bytes that are left over', frameOf({ message: 1, bytes: [] }, [1])],
    ['a place that does not exist', frameOf({ message: {}, bytes: [{ path: ['a'], length: 0 }] })],
    ['a place that is taken', frameOf({ message: { a: 1 }, bytes: [{ path: ['a'], length: 0 }] })],
    ['a place in a text', frameOf({ message: 'abc', bytes: [{ path: [0], length: 0 }] })],
    ['a place in what objects inherit', frameOf({ message: {}, bytes: [{ path: ['__proto__', 'x'], length: 0 }] })],
    ['the prototype as a place', frameOf({ message: {}, bytes: [{ path: ['__proto__'], length: 0 }] })],
    ['the length of an array as a place', frameOf({ message: [], bytes: [{ path: ['length'], length: 0 }] })],
    ['a negative length', frameOf({ message: { a: null }, bytes: [{ path: ['a'], length: -1 }] })],
    ['a length that is no number', frameOf({ message: { a: null }, bytes: [{ path: ['a'], length: '1' }] })],
    ['one place twice', frameOf({ message: { a: null }, bytes: Array(2).fill({ path: ['a'], length: 1 }) }, [1, 2])],
  ])('with %s are refused', (_, frame) => {
    expect(errorOf(decodeFrame(frame)).code).toBe('bad-request');
  });
});
