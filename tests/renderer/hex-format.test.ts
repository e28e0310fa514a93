import { describe, expect, it } from 'vitest';
import { asciiByte, hexByte, hexBytes, hexOffset } from '../../src/renderer/format/hex.ts';
import { inspectByte, inspectWide } from '../../src/renderer/format/inspect.ts';
import { hexMove } from '../../src/renderer/state/hex-keys.ts';

const key = (name: string, more: { ctrlKey?: boolean } = {}): Parameters<typeof hexMove>[0] => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

describe('hex', () => {
  it('writes bytes and offsets in lower case', () => {
    expect(hexByte(0x0a)).toBe('0a');
    expect(hexBytes(Uint8Array.of(0x7b, 0x22, 0xff))).toBe('7b 22 ff');
    expect(hexOffset(0x1f0)).toBe('000001f0');
  });

  it('shows printable ASCII and a middle dot for the rest', () => {
    expect([0x41, 0x20, 0x7e, 0x7f, 0x0a, 0xe9].map(asciiByte).join('')).toBe('A ~···');
  });
});

describe('the data inspector', () => {
  const value = (name: string, bytes: Uint8Array): readonly (string | null | undefined)[] => {
    const found = inspectWide(bytes).find((item) => item.name === name);
    return [found?.be, found?.le];
  };
  const json = new TextEncoder().encode('{"temp":21.4}');

  it('reads both byte orders', () => {
    expect(value('u16', json)).toEqual(['31\u2009522', '8\u2009827']);
    expect(value('u32', json)).toEqual(['2\u2009065\u2009855\u2009589', '1\u2009702\u2009109\u2009819']);
    expect(value('i32', Uint8Array.of(0xff, 0xff, 0xff, 0xfe))).toEqual(['-2', '-16\u2009777\u2009217']);
    expect(value('u64', new Uint8Array(8).fill(0xff))[0]).toBe(
      '18\u2009446\u2009744\u2009073\u2009709\u2009551\u2009615',
    );
  });

  it('reads floats with the digits that they hold', () => {
    expect(value('f32', Uint8Array.of(0x3f, 0x9d, 0xf3, 0xb6))[0]).toBe('1.234');
    expect(value('f64', Uint8Array.of(0x40, 0x35, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66))[0]).toBe('21.4');
    expect(value('f32', Uint8Array.of(0x7f, 0x80, 0, 0))[0]).toBe('Infinity');
    expect(value('f32', Uint8Array.of(0x80, 0, 0, 0))[0]).toBe('-0');
    expect(value('f32', Uint8Array.of(0x7b, 0x22, 0x74, 0x65))[0]).toBe('8.435129e+35');
  });

  it('has nothing where too few bytes follow', () => {
    expect(value('u16', Uint8Array.of(1))).toEqual([null, null]);
    expect(inspectByte(new Uint8Array(0))).toEqual([]);
  });

  it('shows one byte as number, bits and character', () => {
    const shown = (bytes: Uint8Array): string =>
      inspectByte(bytes)
        .map((item) => `${item.name} ${item.value ?? '–'}`)
        .join(', ');
    expect(shown(json)).toBe('u8 123, i8 123, bits 01111011, utf-8 {');
    expect(shown(new TextEncoder().encode('온'))).toBe('u8 236, i8 -20, bits 11101100, utf-8 온');
    expect(shown(Uint8Array.of(0xff))).toBe('u8 255, i8 -1, bits 11111111, utf-8 –');
    expect(shown(Uint8Array.of(0x0a))).toContain('utf-8 \\n');
  });
});

describe('keys in a hex view', () => {
  it('move by bytes, lines and pages and stop at the ends', () => {
    expect(hexMove(key('ArrowRight'), 5, 100, 4)).toBe(6);
    expect(hexMove(key('ArrowLeft'), 0, 100, 4)).toBe(0);
    expect(hexMove(key('ArrowDown'), 5, 100, 4)).toBe(21);
    expect(hexMove(key('ArrowDown'), 90, 100, 4)).toBe(90);
    expect(hexMove(key('ArrowUp'), 5, 100, 4)).toBe(5);
    expect(hexMove(key('PageDown'), 5, 100, 4)).toBe(69);
    expect(hexMove(key('PageDown'), 69, 100, 4)).toBe(99);
  });

  it('go to the ends of the line, and with Ctrl of the payload', () => {
    expect(hexMove(key('Home'), 21, 100, 4)).toBe(16);
    expect(hexMove(key('End'), 21, 100, 4)).toBe(31);
    expect(hexMove(key('End'), 98, 100, 4)).toBe(99);
    expect(hexMove(key('Home', { ctrlKey: true }), 21, 100, 4)).toBe(0);
    expect(hexMove(key('End', { ctrlKey: true }), 21, 100, 4)).toBe(99);
    expect(hexMove(key('x'), 21, 100, 4)).toBeNull();
  });
});
