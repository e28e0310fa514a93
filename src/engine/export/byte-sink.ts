/**
 * Where formatters write: one buffer that is used again and again, and handed
 * on whenever it is full. Memory stays the same however much goes through.
 */

const ZERO = 0x30;
/** Below this, the operators for 32-bit integers give the right digits. */
const SMALL = 2 ** 31;
/** A larger number is written in parts of nine digits. */
const PART = 1e9;
const PART_DIGITS = 9;

export class ByteSink {
  /** Formatters write here themselves, from `used` on, as much as they have reserved. */
  readonly buffer: Buffer;
  readonly view: DataView;
  used = 0;
  readonly #drain: (bytes: Buffer) => void;
  #drained = 0;

  /** @param drain takes bytes that are valid until it returns; what it throws comes out of the call that wrote */
  constructor(size: number, drain: (bytes: Buffer) => void) {
    this.buffer = Buffer.allocUnsafeSlow(size);
    this.view = new DataView(this.buffer.buffer, this.buffer.byteOffset, size);
    this.#drain = drain;
  }

  /** Bytes written so far. */
  get total(): number {
    return this.#drained + this.used;
  }

  /** Makes room for `size` bytes; at most the size of the buffer. */
  reserve(size: number): void {
    if (this.used + size > this.buffer.length) this.flush();
  }

  flush(): void {
    if (this.used === 0) return;
    const { used } = this;
    this.used = 0;
    this.#drained += used;
    this.#drain(this.buffer.subarray(0, used));
  }

  /** Any number of bytes; many are handed on without being copied. */
  bytes(source: Buffer, start: number, end: number): void {
    const length = end - start;
    if (this.used + length > this.buffer.length) {
      this.flush();
      if (length >= this.buffer.length) {
        this.#drained += length;
        this.#drain(source.subarray(start, end));
        return;
      }
    }
    source.copy(this.buffer, this.used, start, end);
    this.used += length;
  }

  /** A text that need not be short. */
  text(value: string): void {
    const bytes = Buffer.from(value);
    this.bytes(bytes, 0, bytes.length);
  }

  // The writers below need room that was reserved.

  byte(value: number): void {
    this.buffer[this.used] = value;
    this.used += 1;
  }

  /** A short constant: a call of the system's copy would take longer. */
  chunk(bytes: Uint8Array): void {
    const { buffer, used } = this;
    const { length } = bytes;
    for (let index = 0; index < length; index += 1) buffer[used + index] = bytes[index] ?? 0;
    this.used = used + length;
  }

  /** A whole number from 0 to MAX_SAFE_INTEGER in decimal digits. */
  digits(value: number): void {
    if (value >= PART) {
      const high = Math.floor(value / PART);
      this.digits(high);
      this.fixed(value - high * PART, PART_DIGITS);
      return;
    }
    let length = 1;
    for (let power = 10; power <= value; power *= 10) length += 1;
    this.fixed(value, length);
  }

  /** The lowest `length` digits of a whole number below 2^31, with zeros in front. */
  fixed(value: number, length: number): void {
    if (value >= SMALL) throw new RangeError('Too large for fixed digits');
    const { buffer, used } = this;
    let rest = value | 0;
    for (let at = used + length - 1; at >= used; at -= 1) {
      const next = (rest / 10) | 0;
      buffer[at] = ZERO + rest - next * 10;
      rest = next;
    }
    this.used = used + length;
  }

  /** Spaces until `from + width`, if that is ahead. */
  padTo(from: number, width: number): void {
    while (this.used < from + width) this.byte(0x20);
  }
}
