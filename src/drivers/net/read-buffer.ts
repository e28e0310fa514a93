/**
 * The buffer that all reads of sockets go into, in memory that WebAssembly can
 * look at: what was read is checked sixteen bytes at a time without a copy.
 */
import { instantiateFast, reserveFast } from '../../shared/fast-memory.ts';
import { READ_BYTES } from '../../shared/limits.ts';
import {
  add,
  block,
  branch,
  branchIf,
  either,
  get,
  highBits,
  I32,
  isGreater,
  loop,
  number,
  set,
  sixteenAt,
  subtract,
  V128,
  type WasmFunction,
} from '../../shared/wasm-code.ts';

const LANES = 16;
const STRIDE = 4 * LANES;

export const readBuffer = reserveFast(READ_BYTES);

const [at, end, seen] = [0, 1, 2];

/** Whether a byte from `at` to before `end` is not below 80. There are at least sixteen. */
const hasHighBytes: WasmFunction = {
  parameters: 2,
  result: I32,
  locals: [{ count: 1, type: V128 }],
  body: [
    block(
      loop(
        branchIf(1, isGreater(add(get(at), number(STRIDE)), get(end))),
        set(
          seen,
          either(
            get(seen),
            either(
              either(sixteenAt(get(at), 0), sixteenAt(get(at), LANES)),
              either(sixteenAt(get(at), 2 * LANES), sixteenAt(get(at), 3 * LANES)),
            ),
          ),
        ),
        set(at, add(get(at), number(STRIDE))),
        branch(0),
      ),
    ),
    block(
      loop(
        branchIf(1, isGreater(add(get(at), number(LANES)), get(end))),
        set(seen, either(get(seen), sixteenAt(get(at), 0))),
        set(at, add(get(at), number(LANES))),
        branch(0),
      ),
    ),
    // The last sixteen, some of them once more.
    highBits(either(get(seen), sixteenAt(subtract(get(end), number(LANES)), 0))),
  ],
};

const run = instantiateFast(hasHighBytes);

/** Fewer bytes are looked at as fast in JavaScript. */
const LEAST = 2 * LANES;

/**
 * @param view over bytes of which `from` to before `to` are looked at
 * @returns whether all are below 80; null when they are not in the buffer, or too few for it to be worth while
 */
export function isAsciiInReadBuffer(view: DataView, from: number, to: number): boolean | null {
  if (to - from < LEAST || view.buffer !== readBuffer.buffer) return null;
  return run(view.byteOffset + from, view.byteOffset + to) === 0;
}
