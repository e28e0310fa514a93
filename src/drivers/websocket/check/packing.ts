/** Payloads of compressed messages, made in every way that RFC 7692 §7.2 allows. */
import { createHash } from 'node:crypto';
import { constants, deflateRawSync } from 'node:zlib';
import { bytesOf, joined, letters, type Content } from './pieces.ts';

/** zlib's smallest: what was compressed with it, every window can hold. */
export const WINDOW_BITS = 9;

export interface Packing {
  /** What the peer has got before. */
  readonly after?: Content;
  readonly level?: number;
  readonly strategy?: number;
  readonly windowBits?: number;
}

/** The whole DEFLATE stream of one message, with its last four bytes. */
export function flushed(content: Content, { after, level, strategy, windowBits = WINDOW_BITS }: Packing = {}): Buffer {
  return deflateRawSync(bytesOf(content), {
    finishFlush: constants.Z_SYNC_FLUSH,
    windowBits,
    ...(after === undefined ? {} : { dictionary: bytesOf(after) }),
    ...(level === undefined ? {} : { level }),
    ...(strategy === undefined ? {} : { strategy }),
  });
}

/** As a message has it (RFC 7692 §7.2.1). */
export function packed(content: Content, packing: Packing = {}): Uint8Array {
  return flushed(content, packing).subarray(0, -4);
}

/** `length` bytes that cannot be compressed, always the same. */
export function noise(length: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
    createHash('sha256').update(String(index)).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}

/** Says again at its end, `distance` bytes later, what is at its beginning; nothing else in it repeats. */
export function farRepeat(distance: number): Uint8Array {
  const head = letters(200);
  return joined(head, noise(distance - 200), head);
}

export function parts(content: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(content.length / size) }, (_, index) =>
    content.subarray(index * size, (index + 1) * size),
  );
}
