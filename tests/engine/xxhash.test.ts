import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reserveFast } from '../../src/shared/fast-memory.ts';
import { BlockSum, checkSum, Xxh64 } from '../../src/engine/disk/xxhash.ts';

function digestOf(text: string, seed = 0n): string {
  return new Xxh64(seed).update(new TextEncoder().encode(text)).digest.toString(16).padStart(16, '0');
}

describe('XXH64', () => {
  // From the reference implementation (xxhsum).
  it.each([
    ['', 'ef46db3751d8e999'],
    ['a', 'd24ec4f1a98c6e5b'],
    ['abc', '44bc2cf5ad770999'],
  ])('of “%s” is %s', (text, digest) => {
    expect(digestOf(text)).toBe(digest);
  });

  it('is the same however the bytes are divided', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 6 }),
        fc.integer({ min: 0, max: 0xffff_ffff }),
        (bytes, cuts, seed) => {
          const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
          const sum = new BlockSum(seed);
          places.slice(1).forEach((end, index) => sum.update(bytes.subarray(places[index], end)));
          expect(sum.value).toBe(checkSum(bytes, seed));
        },
      ),
    );
  });

  it('goes over more than it takes at once, with others open beside it', () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => index * 31);
    const one = new BlockSum(7).update(bytes.subarray(0, 100_001));
    const other = new BlockSum(8).update(bytes.subarray(0, 77));
    one.update(bytes.subarray(100_001));
    other.update(bytes.subarray(77));
    expect(one.value).toBe(checkSum(bytes, 7));
    expect(other.value).toBe(checkSum(bytes, 8));
    expect(one.value).not.toBe(other.value);
  });

  it('is the same where the bytes are summed in place', () => {
    const place = reserveFast(2048);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 1000 }),
        fc.nat(1000),
        fc.nat(1000),
        fc.integer({ min: 0, max: 0xffff_ffff }),
        (bytes, at, cut, seed) => {
          place.set(bytes, at);
          const here = place.subarray(at, at + bytes.length);
          expect(checkSum(here, seed)).toBe(checkSum(bytes, seed));
          const first = Math.min(cut, bytes.length);
          const parts = new BlockSum(seed).update(bytes.subarray(0, first)).update(here.subarray(first));
          expect(parts.value).toBe(checkSum(bytes, seed));
        },
      ),
    );
  });

  it('changes with any single bit', () => {
    const bytes = Uint8Array.from({ length: 75 }, (_, index) => index);
    const sums = new Set([checkSum(bytes, 0)]);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = bytes.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      sums.add(checkSum(changed, 0));
    }
    expect(sums.size).toBe(bytes.length * 8 + 1);
  });
});
