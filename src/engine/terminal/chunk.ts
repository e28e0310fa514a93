/** What one call brings to a terminal, while it is put together: bytes of one connection and direction. */
import type { TerminalChunk } from '../../shared/terminal-contract.ts';
import type { Direction, Meta } from '../../shared/record.ts';

const noBytes = new Uint8Array(0);

/** Nothing more comes. */
export const endChunk: TerminalChunk = {
  bytes: noBytes,
  peer: 0,
  direction: 'none',
  from: 0,
  to: 0,
  skipped: 0,
  hasGap: false,
  lost: 0,
  isEnd: true,
};

export class Chunk {
  readonly #pieces: Uint8Array[] = [];
  readonly #span: number;
  #room: number;
  #length = 0;
  #peer = 0;
  #direction: Direction = 'none';
  #from = 0;
  #to = 0;
  #hasGap = false;
  #lost = 0;

  /**
   * @param room most bytes that it takes
   * @param span only messages that came at most this much later than the first, ns
   */
  constructor(room: number, span: number) {
    this.#room = room;
    this.#span = span;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** Something before the bytes is missing. */
  get hasGap(): boolean {
    return this.#hasGap;
  }

  /** Bytes that it still takes. */
  get room(): number {
    return this.#room;
  }

  /** Whether bytes of that message can follow those that are here. */
  takes(peer: number, direction: Direction, time: number): boolean {
    if (this.#room === 0) return false;
    if (this.isEmpty) return true;
    return peer === this.#peer && direction === this.#direction && time - this.#from <= this.#span;
  }

  /** Adds as much of the bytes as there is room for. @returns how many */
  add(peer: number, direction: Direction, time: number, bytes: Uint8Array): number {
    const piece = bytes.length > this.#room ? bytes.subarray(0, this.#room) : bytes;
    if (this.isEmpty) {
      this.#peer = peer;
      this.#direction = direction;
      this.#from = time;
    }
    this.#to = time;
    this.#pieces.push(piece);
    this.#length += piece.length;
    this.#room -= piece.length;
    return piece.length;
  }

  /** Notes that something is missing before the bytes. @param meta of the gap row, null when there is none */
  gap(meta: Meta | null): void {
    this.#hasGap = true;
    if (typeof meta?.bytes === 'number') this.#lost += Math.max(0, Math.trunc(meta.bytes));
  }

  /** @param skipped bytes before these that were left out */
  finish(skipped: number): TerminalChunk {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return {
      bytes,
      peer: this.#peer,
      direction: this.#direction,
      from: this.#from,
      to: this.#to,
      skipped,
      hasGap: this.#hasGap,
      lost: this.#lost,
      isEnd: false,
    };
  }
}
