import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceUtf8, isAscii, isUtf8Text, UTF8_ACCEPT, UTF8_REJECT } from '../../../src/drivers/websocket/utf8.ts';
import { bytesOf } from '../../support/frame-events.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

function decodes(bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes that are near to UTF-8: characters, beginnings of them, and single bytes that matter. */
const nearUtf8 = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }).map((text) => new TextEncoder().encode(text)),
      fc.string({ unit: 'grapheme', maxLength: 10 }).map((text) => new TextEncoder().encode(text)),
      fc
        .constantFrom('c0', 'c1 bf', 'e0 80', 'e0 9f bf', 'ed a0 80', 'f0 8f bf bf', 'f4 90', 'f5', 'ff', 'e2 82', '80')
        .map(bytesOf),
      fc.uint8Array({ maxLength: 3 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => new Uint8Array(Buffer.concat(parts)));

describe('UTF-8', () => {
  it('is what TextDecoder takes for it, for all sequences of two bytes, and of four with the awkward ones', () => {
    const misjudged: string[] = [];
    const judge = (...bytes: number[]): void => {
      // At the end of a text, and with more behind it.
      for (const text of [Uint8Array.from(bytes), Uint8Array.of(...bytes, 0x20, 0x20, 0x20, 0x20)]) {
        if (isUtf8Text(text) !== decodes(text)) misjudged.push(text.join(' '));
      }
    };
    for (let first = 0; first < 256; first += 1) {
      for (let second = 0; second < 256; second += 1) {
        judge(first, second);
        if (first < 0xc0 || second < 0x70 || second > 0xcf) continue;
        for (const third of [0x7f, 0x80, 0xbf, 0xc0]) {
          judge(first, second, third);
          judge(first, second, third, third);
        }
      }
    }
    expect(misjudged).toEqual([]);
  });

  it('is what TextDecoder takes for it, however long', () => {
    fc.assert(
      fc.property(nearUtf8, (bytes) => {
        expect(isUtf8Text(bytes)).toBe(decodes(bytes));
      }),
      { numRuns: 5000 },
    );
  });

  it('is judged alike in one piece and in parts', () => {
    fc.assert(
      fc.property(nearUtf8, fc.array(fc.nat(100), { maxLength: 5 }), (bytes, cuts) => {
        const view = viewOf(bytes);
        let state = UTF8_ACCEPT;
        let from = 0;
        for (const to of [...cuts.filter((cut) => cut < bytes.length), bytes.length].sort((a, b) => a - b)) {
          state = advanceUtf8(state, view, from, to);
          from = to;
        }
        expect(state === UTF8_ACCEPT).toBe(decodes(bytes));
      }),
      { numRuns: 3000 },
    );
  });

  it('is told to be broken at the byte that breaks it', () => {
    const broken = bytesOf('ce ba e1 bd b9 cf 83 ce bc ce b5 f4 90 80 80 65');
    expect(advanceUtf8(UTF8_ACCEPT, viewOf(broken), 0, 12)).not.toBe(UTF8_REJECT);
    expect(advanceUtf8(UTF8_ACCEPT, viewOf(broken), 0, 13)).toBe(UTF8_REJECT);
    expect(advanceUtf8(UTF8_REJECT, viewOf(broken), 15, 16)).toBe(UTF8_REJECT);
  });

  it('sees one byte that is not ASCII wherever it stands', () => {
    for (let length = 1; length < 40; length += 1) {
      const bytes = new Uint8Array(length + 2).fill(0x41);
      bytes[0] = 0xff;
      bytes[length + 1] = 0xff;
      expect(isAscii(viewOf(bytes), 1, length + 1)).toBe(true);
      for (let at = 1; at <= length; at += 1) {
        bytes[at] = 0x80;
        expect(isAscii(viewOf(bytes), 1, length + 1)).toBe(false);
        bytes[at] = 0x7f;
      }
    }
  });
});
