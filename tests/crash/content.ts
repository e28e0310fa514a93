/** What stands in record `seq`: anybody who knows the number knows every byte, so that nothing can be mixed up. */
import type { Meta } from '../../src/shared/record.ts';

/** The kinds of the recordings that are written here. */
export const crashKinds = ['gap', 'state', 'error', 'note', 'data', 'mark'] as const;

export interface Content {
  readonly kind: number;
  readonly direction: number;
  /** ns; grows with the number. */
  readonly time: number;
  readonly peer: number;
  readonly payload: Uint8Array;
  readonly meta: Meta | null;
}

/** A number from 0 to 2³² − 1 that looks random (Marsaglia's xorshift, after a multiplication by Knuth's constant). */
function scrambled(seq: number): number {
  let value = (Math.imul(seq + 1, 2654435761) ^ seq) >>> 0;
  value ^= value << 13;
  value ^= value >>> 17;
  value ^= value << 5;
  return value >>> 0;
}

/** Bytes to cut payloads from: 1 MiB that looks random. */
const pool = new Uint8Array(1024 * 1024);
for (let index = 0; index < pool.length; index += 1) pool[index] = scrambled(index) >>> 24;

/** Mostly small; now and then larger than a small block, and sometimes nothing. */
function sizeOf(random: number): number {
  if (random % 997 === 0) return 20_000 + (random % 30_000);
  return random % 13 === 0 ? 0 : random % 300;
}

export function contentOf(seq: number): Content {
  const random = scrambled(seq);
  const size = sizeOf(random);
  const start = random % (pool.length - size);
  const isMark = random % 50 === 0;
  return {
    kind: isMark ? 5 : 4,
    direction: random % 3,
    time: seq * 1000,
    peer: random % 7,
    payload: pool.subarray(start, start + size),
    meta: isMark ? { seq, text: `mark ${random}` } : null,
  };
}
