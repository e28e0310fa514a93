/**
 * XXH64 (Collet, "xxHash fast digest algorithm", XXH64 0.1.1): what the check
 * sums of blocks are made with. Every language has it, and it is three times
 * as fast as the CRC-32 of Node's zlib, which was the dearest part of recording
 * large messages. The loop over whole stripes is WebAssembly, because it
 * multiplies integers of 64 bits; the few bytes behind them are done here.
 */
import { fastScratch, instantiateFast, isFast } from '../../shared/fast-memory.ts';
import {
  add,
  addLong,
  block,
  branch,
  branchIf,
  get,
  I64,
  instantiate,
  isGreater,
  long,
  longAt,
  loop,
  multiplyLong,
  number,
  putLong,
  rotateLong,
  set,
  type WasmFunction,
} from '../../shared/wasm-code.ts';
import { webAssembly } from '../../shared/web-assembly.ts';

const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;

const STRIPE = 32;
const PAGE = 65_536;
/** The four accumulators stand in front of the bytes. */
const STATE_BYTES = 32;
/** Bytes that are looked at in one call: what fits in a processor's own cache. */
const CHUNK = PAGE - STRIPE;

const [at, end, one, two, three, four] = [0, 1, 2, 3, 4, 5];
const lanes = [one, two, three, four];

const round = (lane: number, index: number): readonly number[] =>
  set(
    lane,
    multiplyLong(
      rotateLong(addLong(get(lane), multiplyLong(longAt(get(at), 8 * index), long(P2))), long(31n)),
      long(P1),
    ),
  );

/** Takes the stripes from `at` to before `end` into the accumulators. There is at least one. */
const stripes: WasmFunction = {
  parameters: 2,
  result: null,
  locals: [{ count: 4, type: I64 }],
  body: [
    ...lanes.map((lane, index) => set(lane, longAt(number(0), 8 * index))),
    block(
      loop(
        ...lanes.map((lane, index) => round(lane, index)),
        set(at, add(get(at), number(STRIPE))),
        branchIf(1, isGreater(add(get(at), number(1)), get(end))),
        branch(0),
      ),
    ),
    ...lanes.map((lane, index) => putLong(number(0), 8 * index, get(lane))),
  ],
};

/** Memory with the accumulators in front, and the loop over it. */
interface Workplace {
  readonly memory: Uint8Array;
  readonly state: BigUint64Array;
  /** Takes the stripes from one place to before another. */
  readonly run: (from: number, end: number) => void;
}

function makeWorkplace(pages: number): Workplace {
  const memory = new (webAssembly().Memory)({ initial: pages });
  const run = instantiate(stripes, memory);
  return {
    memory: new Uint8Array(memory.buffer),
    state: new BigUint64Array(memory.buffer, 0, 4),
    run: (from, end) => {
      run(from, end);
    },
  };
}

/** Where bytes are copied to that stand anywhere else. */
const copies = makeWorkplace(1);
/** The accumulators of those whose bytes stand in the fast memory, which are summed where they are. */
let inPlace: Pick<Workplace, 'state' | 'run'> | null = null;

function workInPlace(): Pick<Workplace, 'state' | 'run'> {
  if (inPlace !== null) return inPlace;
  const run = instantiateFast(stripes);
  inPlace = {
    state: new BigUint64Array(fastScratch(), 0, 4),
    run: (from, end) => {
      run(from, end);
    },
  };
  return inPlace;
}

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotate = (value: bigint, by: bigint): bigint => u64(value << by) | (value >> (64n - by));
const mix = (value: bigint): bigint => u64(rotate(u64(value * P2), 31n) * P1);

/** Goes over bytes that come in parts. One at a time may be between `update` and its return; any number may be open. */
export class Xxh64 {
  readonly #seed: bigint;
  readonly #lanes: BigUint64Array;
  /** Bytes that are no whole stripe yet. */
  readonly #rest = new Uint8Array(STRIPE);
  #restLength = 0;
  #length = 0;

  /** @param seed of 64 bits */
  constructor(seed: bigint) {
    this.#seed = seed;
    this.#lanes = BigUint64Array.of(u64(seed + P1 + P2), u64(seed + P2), seed, u64(seed - P1));
  }

  update(bytes: Uint8Array): this {
    const { length } = bytes;
    const { state } = copies;
    this.#length += length;
    let done = 0;
    if (this.#restLength > 0) {
      done = Math.min(STRIPE - this.#restLength, length);
      this.#rest.set(bytes.subarray(0, done), this.#restLength);
      this.#restLength += done;
      if (this.#restLength < STRIPE) return this;
      state.set(this.#lanes);
      this.#take(this.#rest);
      this.#restLength = 0;
    } else {
      state.set(this.#lanes);
    }
    const whole = done + Math.floor((length - done) / STRIPE) * STRIPE;
    if (isFast(bytes) && done < whole) {
      const own = workInPlace();
      own.state.set(state);
      own.run(bytes.byteOffset + done, bytes.byteOffset + whole);
      state.set(own.state);
      done = whole;
    }
    for (; done < whole; done += CHUNK) this.#take(bytes.subarray(done, Math.min(done + CHUNK, whole)));
    this.#lanes.set(state);
    this.#rest.set(bytes.subarray(whole));
    this.#restLength = length - whole;
    return this;
  }

  /** The digest of everything so far. */
  get digest(): bigint {
    let hash = u64((this.#length >= STRIPE ? this.#merged() : this.#seed + P5) + BigInt(this.#length));
    const rest = this.#rest.subarray(0, this.#restLength);
    const view = new DataView(rest.buffer, 0, rest.length);
    let done = 0;
    for (; done + 8 <= rest.length; done += 8) {
      hash = u64(rotate(hash ^ mix(view.getBigUint64(done, true)), 27n) * P1 + P4);
    }
    for (; done + 4 <= rest.length; done += 4) {
      hash = u64(rotate(hash ^ u64(BigInt(view.getUint32(done, true)) * P1), 23n) * P2 + P3);
    }
    for (; done < rest.length; done += 1) hash = u64(rotate(hash ^ u64(BigInt(view.getUint8(done)) * P5), 11n) * P1);
    hash = u64((hash ^ (hash >> 33n)) * P2);
    hash = u64((hash ^ (hash >> 29n)) * P3);
    return hash ^ (hash >> 32n);
  }

  /** Whole stripes, CHUNK bytes of them at most. */
  #take(bytes: Uint8Array): void {
    copies.memory.set(bytes, STATE_BYTES);
    copies.run(STATE_BYTES, STATE_BYTES + bytes.length);
  }

  #merged(): bigint {
    const [a = 0n, b = 0n, c = 0n, d = 0n] = this.#lanes;
    let hash = u64(rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n));
    for (const lane of this.#lanes) hash = u64((hash ^ mix(lane)) * P1 + P4);
    return hash;
  }
}

/** The check sum in the head of a block: the low 32 bits of the XXH64, for bytes that come in parts. */
export class BlockSum {
  readonly #hash: Xxh64;

  /** @param seed `blockSeed` */
  constructor(seed: number) {
    this.#hash = new Xxh64(BigInt(seed));
  }

  update(bytes: Uint8Array): this {
    this.#hash.update(bytes);
    return this;
  }

  get value(): number {
    return Number(this.#hash.digest & 0xffff_ffffn);
  }
}

export function checkSum(bytes: Uint8Array, seed: number): number {
  return new BlockSum(seed).update(bytes).value;
}
