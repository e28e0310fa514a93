/** Bytes that grow while they are written. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }

  /** What has been written, without the room behind it. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}
