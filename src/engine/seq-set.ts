/**
 * An ascending set of record numbers that grows at its end and shrinks at its
 * start, and knows the n-th of them and how many come before one. It is kept in
 * chunks of 65 536 numbers: few as a sorted list, many as a bit for each
 * (Chambi et al. 2016, "Roaring bitmaps"), so that it takes at most 8 KiB for
 * each 65 536 records and two bytes for each number.
 */

const CHUNK = 65_536;
/** From here on a list would be larger than the bits. */
const LIST_MOST = CHUNK / 16;
const LIST_FIRST = 8;
const WORDS = CHUNK / 32;

/** How many bits are set (Warren 2013, "Hacker's Delight", 5–1). */
function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Numbers from 0 to 65 535. */
class Chunk {
  /** The numbers are counted from here. */
  readonly base: number;
  /** How many numbers of the set ever came before this chunk. */
  readonly before: number;
  count = 0;
  #list = new Uint16Array(LIST_FIRST);
  #bits: Uint32Array | null = null;

  constructor(base: number, before: number) {
    this.base = base;
    this.before = before;
  }

  /** @param low greater than all that are there */
  add(low: number): void {
    if (this.#bits === null && this.count === LIST_MOST) this.#bits = this.#toBits();
    if (this.#bits === null) {
      if (this.count === this.#list.length) {
        const larger = new Uint16Array(this.count * 2);
        larger.set(this.#list);
        this.#list = larger;
      }
      this.#list[this.count] = low;
    } else {
      this.#bits[low >>> 5] = (this.#bits[low >>> 5] ?? 0) | (1 << (low & 31));
    }
    this.count += 1;
  }

  /** How many numbers are less than `low`. */
  rank(low: number): number {
    const bits = this.#bits;
    if (bits === null) return this.#rankInList(low);
    let rank = 0;
    for (let word = 0; word < low >>> 5; word += 1) rank += bitCount(bits[word] ?? 0);
    return (low & 31) === 0 ? rank : rank + bitCount((bits[low >>> 5] ?? 0) & ((1 << (low & 31)) - 1));
  }

  /** Appends the numbers from the `from`-th to before the `to`-th to `target`, counted from 0. */
  copy(from: number, to: number, target: number[]): void {
    const bits = this.#bits;
    if (bits === null) {
      for (let index = from; index < to; index += 1) target.push(this.base + (this.#list[index] ?? 0));
      return;
    }
    let word = 0;
    let index = 0;
    for (let there = bitCount(bits[0] ?? 0); index + there <= from && word < WORDS;) {
      index += there;
      word += 1;
      there = bitCount(bits[word] ?? 0);
    }
    for (; index < to && word < WORDS; word += 1) {
      for (let left = bits[word] ?? 0; left !== 0 && index < to; left &= left - 1) {
        if (index >= from) target.push(this.base + word * 32 + (31 - Math.clz32(left & -left)));
        index += 1;
      }
    }
  }

  #rankInList(low: number): number {
    let first = 0;
    let end = this.count;
    while (first < end) {
      const middle = (first + end) >>> 1;
      if ((this.#list[middle] ?? 0) < low) first = middle + 1;
      else end = middle;
    }
    return first;
  }

  #toBits(): Uint32Array {
    const bits = new Uint32Array(WORDS);
    for (const low of this.#list.subarray(0, this.count)) bits[low >>> 5] = (bits[low >>> 5] ?? 0) | (1 << (low & 31));
    this.#list = new Uint16Array(0);
    return bits;
  }
}

export class SeqSet {
  #chunks: Chunk[] = [];
  /** How many numbers there have ever been, and how many of those are gone. */
  #added = 0;
  #gone = 0;
  #last = -1;

  get length(): number {
    return this.#added - this.#gone;
  }

  /** @param seq a whole number. One that is not greater than the last one changes nothing. */
  add(seq: number): void {
    if (seq <= this.#last) return;
    this.#last = seq;
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || seq - chunk.base >= CHUNK) {
      chunk = new Chunk(Math.floor(seq / CHUNK) * CHUNK, this.#added);
      this.#chunks.push(chunk);
    }
    chunk.add(seq - chunk.base);
    this.#added += 1;
  }

  /** Removes all numbers below `seq`. @returns how many */
  dropBelow(seq: number): number {
    const gone = this.#rank(seq);
    const dropped = gone - this.#gone;
    if (dropped <= 0) return 0;
    this.#gone = gone;
    const kept = this.#chunks.findIndex((chunk) => chunk.before + chunk.count > gone);
    this.#chunks = kept === -1 ? [] : this.#chunks.slice(kept);
    return dropped;
  }

  /** How many numbers of the set are less than `seq`. */
  rank(seq: number): number {
    return Math.max(0, this.#rank(seq) - this.#gone);
  }

  /** The numbers from the `from`-th to before the `to`-th, counted from 0. */
  slice(from: number, to: number): number[] {
    const found: number[] = [];
    const end = this.#gone + Math.min(to, this.length);
    let at = this.#gone + Math.max(0, from);
    for (let index = this.#chunkOf((chunk) => chunk.before <= at); at < end; index += 1) {
      const chunk = this.#chunks[index];
      if (chunk === undefined) break;
      const stop = Math.min(end, chunk.before + chunk.count);
      chunk.copy(at - chunk.before, stop - chunk.before, found);
      at = stop;
    }
    return found;
  }

  /** Like `rank`, with those that are gone. */
  #rank(seq: number): number {
    const chunk = this.#chunks[this.#chunkOf(({ base }) => base <= seq)];
    if (chunk === undefined || seq <= chunk.base) return chunk?.before ?? this.#gone;
    return chunk.before + (seq - chunk.base >= CHUNK ? chunk.count : chunk.rank(seq - chunk.base));
  }

  /** Index of the last chunk for which it is true, else 0; it must be so for all before it. */
  #chunkOf(isReached: (chunk: Chunk) => boolean): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      const chunk = this.#chunks[middle];
      if (chunk !== undefined && isReached(chunk)) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
