import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isAsciiInReadBuffer, readBuffer } from '../../../src/drivers/net/read-buffer.ts';

it('tells of any stretch of the buffer whether all of it is ASCII, or that it cannot', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 0, max: 300 }),
      fc.array(fc.integer({ min: 0, max: 520 }), { maxLength: 2 }),
      fc.integer({ min: 0, max: 9 }),
      (from, length, high, shift) => {
        readBuffer.fill(0x61, 0, 600);
        for (const at of high) readBuffer[at] = 0x80;
        const view = new DataView(readBuffer.buffer, readBuffer.byteOffset + shift, 600);
        const bytes = readBuffer.subarray(shift + from, shift + from + length);
        const told = isAsciiInReadBuffer(view, from, from + length);
        if (told === null) expect(length).toBeLessThan(32);
        else expect(told).toBe(bytes.every((byte) => byte < 0x80));
      },
    ),
  );
});

it('looks at the end of the buffer, and at no other bytes', () => {
  readBuffer.fill(0x61);
  const view = new DataView(readBuffer.buffer, readBuffer.byteOffset, readBuffer.length);
  expect(isAsciiInReadBuffer(view, readBuffer.length - 33, readBuffer.length)).toBe(true);
  readBuffer[readBuffer.length - 1] = 0xff;
  expect(isAsciiInReadBuffer(view, readBuffer.length - 33, readBuffer.length)).toBe(false);
  expect(isAsciiInReadBuffer(new DataView(new ArrayBuffer(100)), 0, 100)).toBeNull();
});
