import { WEBSOCKET_HELD_BYTES, WEBSOCKET_HELD_KEPT_BYTES } from '../../shared/websocket-limits.ts';

const noBytes = new Uint8Array(0);

/**
 * A queue of bytes in one piece of memory. It grows by doubling with the bytes
 * that come, so that n bytes in parts of any size cost O(n), and what is only
 * announced costs nothing.
 */
export class HeldBytes {
  /** What is held stands from `from` to before `end`; both change. */
  bytes: Uint8Array<ArrayBuffer> = noBytes;
  view = new DataView(noBytes.buffer);
  from = 0;
  end = 0;

  get size(): number {
    return this.end - this.from;
  }

  /** @param expected how many bytes there will be in the end, as far as that is known: room is not made for more */
  append(source: Uint8Array, from: number, to: number, expected = Infinity): void {
    const added = to - from;
    if (added <= 0) return;
    if (this.end + added > this.bytes.length) this.#makeRoom(this.size + added, expected);
    this.bytes.set(from === 0 && to === source.length ? source : source.subarray(from, to), this.end);
    this.end += added;
  }

  /** Takes away what came first. */
  drop(count: number): void {
    this.from += count;
    if (this.from === this.end) this.clear();
  }

  clear(): void {
    this.from = 0;
    this.end = 0;
    if (this.bytes.length > WEBSOCKET_HELD_KEPT_BYTES) this.#use(noBytes);
  }

  #makeRoom(needed: number, expected: number): void {
    // Moving to the front only when that halves what there is: else many small parts would move it each time.
    if (needed <= this.bytes.length / 2) {
      this.bytes.copyWithin(0, this.from, this.end);
    } else {
      const doubled = Math.max(WEBSOCKET_HELD_BYTES, this.bytes.length * 2);
      const larger = new Uint8Array(Math.max(needed, Math.min(doubled, expected)));
      larger.set(this.bytes.subarray(this.from, this.end));
      this.#use(larger);
    }
    this.end -= this.from;
    this.from = 0;
  }

  #use(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}
