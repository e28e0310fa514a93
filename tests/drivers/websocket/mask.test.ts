import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MaskedBytes } from '../../../src/drivers/websocket/mask.ts';

/** As RFC 6455 §5.3 says it. */
function maskSlowly(bytes: Uint8Array, from: number, to: number, key: number, offset: number): Uint8Array {
  return bytes.map((byte, at) =>
    at < from || at >= to ? byte : byte ^ ((key >>> (24 - 8 * ((at - from + offset) % 4))) & 0xff),
  );
}

describe('masking', () => {
  it('is as RFC 6455 says, at every alignment, in parts, and touches nothing else', () => {
    const places = fc.tuple(fc.nat(7), fc.nat(60), fc.nat(60), fc.nat(9));
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 70, maxLength: 70 }), places, fc.integer(), (all, places, key) => {
        const [start, one, other, offset] = places;
        const from = Math.min(one, other);
        const to = Math.max(one, other);
        const bytes = all.slice().subarray(start, start + 62);
        const expected = maskSlowly(bytes, from, to, key, offset);
        const isAscii = new MaskedBytes(bytes).apply(from, to, key, offset);
        expect(bytes).toEqual(expected);
        expect(isAscii).toBe(expected.subarray(from, to).every((byte) => byte < 0x80));
      }),
      { numRuns: 3000 },
    );
  });

  it('reaches the last byte of memory that is no whole number of words', () => {
    for (let length = 0; length < 12; length += 1) {
      const bytes = new Uint8Array(length);
      new MaskedBytes(bytes).apply(0, length, 0x01020304);
      expect([...bytes]).toEqual(Array.from({ length }, (_, index) => (index % 4) + 1));
    }
  });
});
