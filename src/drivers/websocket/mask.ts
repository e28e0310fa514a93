/** Masking (RFC 6455 §5.3), which is also unmasking: byte i of a payload is XORed with byte i mod 4 of the key. */

/**
 * Bytes that are masked in place. They are taken as aligned words of 32 bits, in the processor's order, which is
 * little-endian on every system that this runs on: half the time of a DataView at any offset.
 */
export class MaskedBytes {
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  /** Offset of the bytes in the words. */
  readonly #base: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#base = bytes.byteOffset & 3;
    this.#words = new Int32Array(bytes.buffer, bytes.byteOffset - this.#base, (this.#base + bytes.length) >> 2);
  }

  /**
   * @param from offset of the first byte, `to` that behind the last
   * @param key its first byte being the highest of 32 bits
   * @param offset how many bytes of the payload have been masked before
   * @returns whether all these bytes are below 80 now, which costs nothing to know here
   */
  apply(from: number, to: number, key: number, offset = 0): boolean {
    const bytes = this.#bytes;
    const words = this.#words;
    const base = this.#base;
    let seen = 0;
    let at = from;
    // Moves the key on, so that its first byte is for the byte at `at`.
    let next = rotate(key, (offset & 3) * 8);
    for (; at < to && ((at + base) & 3) !== 0; at += 1) {
      const byte = (bytes[at] ?? 0) ^ (next >>> 24);
      bytes[at] = byte;
      seen |= byte;
      next = rotate(next, 8);
    }
    const word = ((next & 0xff) << 24) | ((next & 0xff00) << 8) | ((next >>> 8) & 0xff00) | (next >>> 24);
    const firstWord = (at + base) >> 2;
    const endWord = (to + base) >> 2;
    for (let index = firstWord; index < endWord; index += 1) {
      const masked = (words[index] ?? 0) ^ word;
      words[index] = masked;
      seen |= masked;
    }
    if (endWord > firstWord) at += (endWord - firstWord) * 4;
    for (; at < to; at += 1) {
      const byte = (bytes[at] ?? 0) ^ (next >>> 24);
      bytes[at] = byte;
      seen |= byte;
      next = rotate(next, 8);
    }
    return (seen & 0x80808080) === 0;
  }
}

function rotate(key: number, bits: number): number {
  return (key << bits) | (key >>> (32 - bits));
}
