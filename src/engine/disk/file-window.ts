/** A part of a file in memory that moves along: bytes are read once, and looking at what is there does not wait. */
import type { DiskFile } from './disk-files.ts';
import { readFully } from './open-files.ts';

export class FileWindow {
  readonly #file: DiskFile;
  readonly #end: number;
  readonly #buffer: Uint8Array;
  #start = 0;
  #length = 0;

  /**
   * @param end nothing is read from here on
   * @param size most bytes that can be looked at together
   */
  constructor(file: DiskFile, end: number, size: number) {
    this.#file = file;
    this.#end = end;
    this.#buffer = new Uint8Array(size);
  }

  /** Most bytes that can be looked at together. */
  get size(): number {
    return this.#buffer.length;
  }

  /** The bytes at a place if they are in memory, valid until the next `read`; else null. */
  peek(position: number, length: number): Uint8Array | null {
    const offset = position - this.#start;
    if (offset < 0 || offset + length > this.#length) return null;
    return this.#buffer.subarray(offset, offset + length);
  }

  /** All that is in memory from a place on, at least one byte; empty when nothing is. */
  peekRest(position: number): Uint8Array {
    const offset = position - this.#start;
    return offset < 0
      ? this.#buffer.subarray(0, 0)
      : this.#buffer.subarray(Math.min(offset, this.#length), this.#length);
  }

  /** Moves to a place. Afterwards as much as fits is in memory, fewer bytes at the end. Rejects with the system's error. */
  async read(position: number): Promise<void> {
    const rest = this.peekRest(position);
    const kept = rest.length;
    this.#buffer.set(rest);
    this.#start = position;
    this.#length = kept;
    const wanted = Math.min(this.#buffer.length, Math.max(0, this.#end - position));
    if (wanted <= kept) return;
    this.#length += await readFully(this.#file, this.#buffer.subarray(kept, wanted), position + kept);
  }
}
