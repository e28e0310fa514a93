/**
 * Reads a DNS message without trust. A read past the end, or a name that is none, sets `problem` once; from then on
 * everything is empty and `at` stands at the end, so that every loop ends.
 */
import { DNS_LABEL_BYTES, DNS_NAME_BYTES, DNS_POINTERS_MOST } from '../dns-limits.ts';
import { labelText } from './name-text.ts';

const NO_BYTES = new Uint8Array(0);

/** The two high bits of a length say that it is a pointer (RFC 1035 §4.1.4). */
const POINTER = 0xc0;

export class WireReader {
  readonly message: Uint8Array;
  readonly end: number;
  at: number;
  /** What is wrong, as the end of a sentence ("the name … points forward"), or null. */
  problem: string | null = null;

  /** @param end where what may be read ends; a name may point to anywhere before itself */
  constructor(message: Uint8Array, at = 0, end = message.length) {
    this.message = message;
    this.at = at;
    this.end = Math.min(end, message.length);
  }

  get left(): number {
    return this.end - this.at;
  }

  fail(problem: string): void {
    this.problem ??= problem;
    this.at = this.end;
  }

  take(count: number): Uint8Array {
    if (count > this.left) {
      this.fail(`it ends at byte ${this.end}, where ${count - this.left} more should be`);
      return NO_BYTES;
    }
    this.at += count;
    return this.message.subarray(this.at - count, this.at);
  }

  rest(): Uint8Array {
    return this.take(this.left);
  }

  u8(): number {
    return this.#number(1);
  }

  u16(): number {
    return this.#number(2);
  }

  u32(): number {
    return this.#number(4);
  }

  /** One length, then so many bytes (RFC 1035 §3.3, `<character-string>`). */
  string(): Uint8Array {
    return this.take(this.u8());
  }

  /** A reader for the next `count` bytes, which are then behind this one. */
  part(count: number): WireReader {
    const start = this.at;
    this.take(count);
    return new WireReader(this.message, start, this.at);
  }

  /**
   * A name in presentation format with its final dot, compressed or not (RFC 1035 §4.1.4). A pointer must lead to
   * before the name that it stands in, so that there is no loop.
   */
  name(): string {
    const start = this.at;
    let { at, end } = this;
    /** Where this reader goes on: behind the first pointer. */
    let after: number | null = null;
    /** Where this run of labels begins: a pointer leads to before it. */
    let run = start;
    let pointers = 0;
    let length = 1;
    let text = '';
    for (;;) {
      const size = at < end ? (this.message[at] ?? 0) : null;
      if (size === null) return this.#badName(start, 'is cut off');
      at += 1;
      if (size === 0) {
        this.at = after ?? at;
        return text === '' ? '.' : text;
      }
      if (size >= POINTER) {
        if (at >= end) return this.#badName(start, 'is cut off');
        const target = (size - POINTER) * 256 + (this.message[at] ?? 0);
        pointers += 1;
        if (target >= run) return this.#badName(start, `points to byte ${target}, which is not before it`);
        if (pointers > DNS_POINTERS_MOST) return this.#badName(start, `has more than ${DNS_POINTERS_MOST} pointers`);
        after ??= at + 1;
        at = target;
        run = target;
        // What a pointer leads to may be anywhere in the message.
        end = this.message.length;
      } else if (size > DNS_LABEL_BYTES) {
        return this.#badName(start, 'has a label of a kind that is not in use (RFC 1035 §4.1.4)');
      } else {
        length += size + 1;
        if (length > DNS_NAME_BYTES) {
          return this.#badName(start, `is longer than ${DNS_NAME_BYTES} octets (RFC 1035 §2.3.4)`);
        }
        if (at + size > end) return this.#badName(start, 'is cut off');
        text += `${labelText(this.message.subarray(at, at + size))}.`;
        at += size;
      }
    }
  }

  #badName(start: number, problem: string): '' {
    this.fail(`the name at byte ${start} ${problem}`);
    return '';
  }

  #number(size: number): number {
    let value = 0;
    for (const byte of this.take(size)) value = value * 256 + byte;
    return value;
  }
}
