/**
 * Memory into which parts of a recording are read, and the search over it for
 * needles: in WebAssembly, at about the speed at which memory can be read
 * (find-module.ts).
 */
import { SCAN_NEEDLE_BYTES, SCAN_NEEDLES_MOST, SCAN_WIDE_WINDOW_BYTES } from '../../shared/limits.ts';
import { find } from './find-module.ts';
import { ByteSample, rarestPlaces, type Needle } from './needle.ts';
import { instantiate } from '../../shared/wasm-code.ts';
import { webAssembly } from '../../shared/web-assembly.ts';

const PAGE = 65_536;
/** Where the window begins in the memory; before it are the needles. */
const START = Math.ceil((SCAN_NEEDLES_MOST * 2 * SCAN_NEEDLE_BYTES) / PAGE) * PAGE;
/** The search reads up to fifteen bytes behind what it looks at. */
const SLACK = PAGE;
/** Bytes that tell which of a needle's are rare here, and how many contents of the window they tell it for: a thousandth of the time. */
const SAMPLE_BYTES = 4096;
const SAMPLED_FOR = 64;
/** Steps after which an unlucky search is given up, so that it can be ended in between: a few milliseconds. */
const BUDGET = 1 << 22;

/** A needle as it lies in memory. */
interface Placed {
  readonly needle: Needle;
  readonly lower: number;
  readonly upper: number;
  readonly length: number;
  /** The places that are compared everywhere. */
  one: number;
  two: number;
  /** There is none before this place of the window. */
  from: number;
  /** Whether there is one at it. */
  isHit: boolean;
}

export class SearchWindow {
  /** SCAN_WIDE_WINDOW_BYTES for whoever uses the window. */
  readonly bytes: Buffer;
  readonly view: DataView;
  readonly #find: ReturnType<typeof instantiate>;
  readonly #tables: Uint8Array;
  #placed: readonly Placed[] = [];
  #isSure = true;
  readonly #sample = new ByteSample();
  /** Contents of the window that are searched before a sample is taken again. */
  #sampledFor = 0;

  constructor() {
    const { Memory } = webAssembly();
    const memory = new Memory({ initial: (START + SCAN_WIDE_WINDOW_BYTES + SLACK) / PAGE });
    this.bytes = Buffer.from(memory.buffer, START, SCAN_WIDE_WINDOW_BYTES);
    this.view = new DataView(memory.buffer, START, SCAN_WIDE_WINDOW_BYTES);
    this.#find = instantiate(find, memory);
    this.#tables = new Uint8Array(memory.buffer, 0, START);
  }

  /** @param needles what to look for; at most SCAN_NEEDLES_MOST */
  prepare(needles: readonly Needle[]): void {
    if (needles.length > SCAN_NEEDLES_MOST) throw new RangeError('These are too many to look for');
    this.#placed = needles.map((needle, index) => {
      const lower = index * 2 * SCAN_NEEDLE_BYTES;
      const upper = lower + SCAN_NEEDLE_BYTES;
      this.#tables.set(needle.lower, lower);
      this.#tables.set(needle.upper, upper);
      const [one, two] = rarestPlaces(needle);
      return { needle, lower, upper, length: needle.lower.length, one, two, from: 0, isHit: false };
    });
    this.#sampledFor = 0;
  }

  /** There is something else in the window. */
  changed(): void {
    this.#sampledFor -= 1;
    for (const placed of this.#placed) {
      placed.from = 0;
      placed.isHit = false;
    }
  }

  /** Whether there is a needle at the answer of `find`. If not, the search was too unlucky to go on, and there may be one from there on. */
  get isSure(): boolean {
    return this.#isSure;
  }

  /**
   * Where the first needle begins that lies between `from` and `end` of the window; -1 when none does. After `changed`,
   * `from` must not become less from one call to the next, but `end` may become greater.
   */
  find(from: number, end: number): number {
    let first = -1;
    this.#isSure = true;
    if (this.#sampledFor <= 0) this.#takeSample(from, end);
    for (const placed of this.#placed) {
      const hit = this.#next(placed, from, end);
      if (hit !== -1 && (first === -1 || hit < first)) first = hit;
    }
    return first;
  }

  /** What is rare where one looks is known best from there: it decides how much has to be compared. */
  #takeSample(from: number, end: number): void {
    const begin = Math.max(from, Math.min((from + end) >>> 1, end - SAMPLE_BYTES));
    const bytes = this.bytes.subarray(begin, Math.min(end, begin + SAMPLE_BYTES));
    // A few bytes say little of what comes next.
    this.#sampledFor = bytes.length === SAMPLE_BYTES ? SAMPLED_FOR : 1;
    this.#sample.take(bytes);
    for (const placed of this.#placed) [placed.one, placed.two] = this.#sample.placesOf(placed.needle);
  }

  #next(placed: Placed, from: number, end: number): number {
    const { lower, upper, length, one, two } = placed;
    const start = Math.max(from, placed.from);
    if (placed.isHit && start === placed.from) return placed.from + length <= end ? placed.from : -1;
    const last = START + end - length + 1;
    const at = START + start;
    if (at >= last) return -1;
    const found = Number(this.#find(at, last, lower, upper, length, one, two, BUDGET));
    if (found < 0) {
      this.#isSure = false;
      return ~found - START;
    }
    placed.isHit = found < last;
    placed.from = found - START;
    return placed.isHit ? placed.from : -1;
  }
}

/**
 * The windows of several scans. Makes one only when none is free: a WebAssembly memory takes a good part of
 * the address space of a process until it has been collected.
 */
export class SearchWindows {
  readonly #free: SearchWindow[] = [];

  take(): SearchWindow {
    return this.#free.pop() ?? new SearchWindow();
  }

  /** The caller does not look at it again. */
  give(window: SearchWindow): void {
    this.#free.push(window);
  }
}
