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
    let text = '';
    let length = 1;
    /** Where this run of labels begins: a pointer leads to before it. */
    let run = start;
    let pointers = 0;
    let reader: WireReader | null = this;
    while (reader !== null) {
      const size: number = reader.u8();
      if (reader.problem !== null) break;
      if (size === 0) return text === '' ? '.' : text;
      if (size >= POINTER) {
        const target: number = (size - POINTER) * 256 + reader.u8();
        if (reader.problem !== null) break;
        if (target >= run) {
          this.fail(`the name at byte ${start} points to byte ${target}, which is not before it`);
          return '';
        }
        pointers += 1;
        if (pointers > DNS_POINTERS_MOST) {
          this.fail(`the name at byte ${start} has more than ${DNS_POINTERS_MOST} pointers`);
          return '';
        }
        run = target;
        // What a pointer leads to may be anywhere in the message.
        reader = new WireReader(this.message, target);
      } else if (size > DNS_LABEL_BYTES) {
        this.fail(`the name at byte ${start} has a label of a kind that is not in use (RFC 1035 §4.1.4)`);
        return '';
      } else {
        const label: Uint8Array = reader.take(size);
        length += size + 1;
        if (length > DNS_NAME_BYTES) {
          this.fail(`the name at byte ${start} is longer than ${DNS_NAME_BYTES} octets (RFC 1035 §2.3.4)`);
          return '';
        }
        text += `${labelText(label)}.`;
      }
    }
    this.fail(`the name at byte ${start} is cut off`);
    return '';
  }

  #number(size: number): number {
    let value = 0;
    for (const byte of this.take(size)) value = value * 256 + byte;
    return value;
  }
}
