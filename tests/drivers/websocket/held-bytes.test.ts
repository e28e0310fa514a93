import { describe, expect, it } from 'vitest';
import { HeldBytes } from '../../../src/drivers/websocket/held-bytes.ts';
import { WEBSOCKET_HELD_BYTES, WEBSOCKET_HELD_KEPT_BYTES } from '../../../src/shared/websocket-limits.ts';

function held(bytes: HeldBytes): number[] {
  return [...bytes.bytes.subarray(bytes.from, bytes.end)];
}

describe('held bytes', () => {
  it('keep what is added until it is dropped', () => {
    const bytes = new HeldBytes();
    bytes.append(Uint8Array.of(1, 2, 3, 4, 5), 1, 4);
    bytes.append(Uint8Array.of(6), 0, 1);
    expect(held(bytes)).toEqual([2, 3, 4, 6]);
    bytes.drop(3);
    expect(held(bytes)).toEqual([6]);
    expect(bytes.view.getUint8(bytes.from)).toBe(6);
    bytes.drop(1);
    expect(bytes.size).toBe(0);
  });

  it('move a large message in small parts a few times, and take no more memory than it has', () => {
    const bytes = new HeldBytes();
    const part = new Uint8Array(64 * 1024);
    const total = 16 * 1024 * 1024;
    const memories = new Set<Uint8Array>();
    for (let added = 0; added < total; added += part.length) {
      bytes.append(part, 0, part.length, total);
      memories.add(bytes.bytes);
      expect(bytes.bytes.length).toBeLessThanOrEqual(Math.max(2 * bytes.size, WEBSOCKET_HELD_BYTES));
    }
    expect(memories.size).toBeLessThanOrEqual(10);
    expect(bytes.bytes.length).toBe(total);
  });

  it('reserve nothing for what is only expected', () => {
    const bytes = new HeldBytes();
    bytes.append(Uint8Array.of(1), 0, 1, 2 ** 40);
    expect(bytes.bytes.length).toBe(WEBSOCKET_HELD_BYTES);
  });

  it('stay small when much goes through and little is kept', () => {
    const bytes = new HeldBytes();
    const part = Uint8Array.from({ length: 1000 }, (_, index) => index);
    bytes.append(part, 0, 1000);
    for (let round = 0; round < 1000; round += 1) {
      bytes.append(part, 0, 1000);
      bytes.drop(1000);
    }
    expect(held(bytes)).toEqual([...part]);
    expect(bytes.bytes.length).toBeLessThanOrEqual(4 * WEBSOCKET_HELD_BYTES);
  });

  it('give a large memory back when they are empty', () => {
    const bytes = new HeldBytes();
    bytes.append(new Uint8Array(WEBSOCKET_HELD_KEPT_BYTES + 1), 0, WEBSOCKET_HELD_KEPT_BYTES + 1);
    bytes.drop(bytes.size);
    expect(bytes.bytes.length).toBe(0);
  });
});
