/**
 * The inner loop of the search, as WebAssembly: it compares sixteen bytes at a
 * time (SIMD), which JavaScript has no means for. Written here instruction by
 * instruction, so that what runs can be read; the numbers are those of the
 * specification (WebAssembly 2.0, "Binary Format").
 *
 * It finds a needle of which each byte may have one of two values. Two places
 * of the needle are compared everywhere, the others only where these two fit
 * (as in memchr's "packed pair"):
 *
 *   find(at, last, lower, upper, length, one, two, budget)
 *     at, last       the match begins at `at` or later and before `last`
 *     lower, upper   where the two values of each byte of the needle stand
 *     length         of the needle, at least 1
 *     one, two       the places that are compared everywhere
 *     budget         steps that may be spent on places where the rest does not fit
 *   returns where it begins; `last` when there is none; and ~p (less than 0)
 *   when the budget is used up and `p` is where to go on
 *
 * Sixteen bytes behind the last place of the last possible match must exist.
 */

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

/** Signed LEB128. */
function signed(value: number): number[] {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
}

type Code = readonly number[];
const I32 = 0x7f;
const V128 = 0x7b;
const EMPTY = 0x40;

const end = 0x0b;
const join = (...parts: readonly Code[]): number[] => parts.flat();
const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];

const number = (value: number): Code => [0x41, ...signed(value)];
const get = (local: number): Code => [0x20, ...unsigned(local)];
const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
const block = (...body: readonly Code[]): Code => [0x02, EMPTY, ...join(...body), end];
const loop = (...body: readonly Code[]): Code => [0x03, EMPTY, ...join(...body), end];
const when = (condition: Code, ...body: readonly Code[]): Code => [...condition, 0x04, EMPTY, ...join(...body), end];
/** Out of the block, or to the start of the loop, that is `depth` further out. */
const branch = (depth: number): Code => [0x0c, depth];
const branchIf = (depth: number, condition: Code): Code => [...condition, 0x0d, depth];
const answer = (value: Code): Code => [...value, 0x0f];

const binary =
  (opcode: number) =>
  (left: Code, right: Code): Code => [...left, ...right, opcode];
const add = binary(0x6a);
const subtract = binary(0x6b);
const and = binary(0x71);
const xor = binary(0x73);
const shiftLeft = binary(0x74);
const differs = binary(0x47);
const isLess = binary(0x48);
const isNotLess = binary(0x4e);
const trailingZeros = (value: Code): Code => [...value, 0x68];
const byteAt = (address: Code): Code => [...address, 0x2d, 0, 0];

const sixteenAt = (address: Code): Code => [...address, ...simd(0x00), 0, 0];
const splat = (byte: Code): Code => [...byte, ...simd(0x0f)];
const equalBytes = (left: Code, right: Code): Code => [...left, ...right, ...simd(0x23)];
const both = (left: Code, right: Code): Code => [...left, ...right, ...simd(0x4e)];
const either = (left: Code, right: Code): Code => [...left, ...right, ...simd(0x50)];
/** A bit for each byte that is not 0. */
const bits = (value: Code): Code => [...value, ...simd(0x64)];

const [at, last, lower, upper, length, one, two, budget] = [0, 1, 2, 3, 4, 5, 6, 7];
const [mask, hit, index, byte] = [8, 9, 10, 11];
const [oneLower, oneUpper, twoLower, twoUpper, bytes] = [12, 13, 14, 15, 16];

const place = (table: number, offset: number): Code => splat(byteAt(add(get(table), get(offset))));
const fits = (offset: number, low: number, high: number): Code =>
  join(
    set(bytes, sixteenAt(add(get(at), get(offset)))),
    either(equalBytes(get(bytes), get(low)), equalBytes(get(bytes), get(high))),
  );

const isOther = (table: number): Code => differs(get(byte), byteAt(add(get(table), get(index))));
/** Leaves the block around it, one further out than this loop, at the first byte that does not fit. */
const compare = loop(
  when(isNotLess(get(index), get(length)), answer(get(hit))),
  set(byte, byteAt(add(get(hit), get(index)))),
  branchIf(1, and(isOther(lower), isOther(upper))),
  set(index, add(get(index), number(1))),
  branch(0),
);

const body = join(
  set(oneLower, place(lower, one)),
  set(oneUpper, place(upper, one)),
  set(twoLower, place(lower, two)),
  set(twoUpper, place(upper, two)),
  block(
    loop(
      branchIf(1, isNotLess(get(at), get(last))),
      set(mask, bits(both(fits(one, oneLower, oneUpper), fits(two, twoLower, twoUpper)))),
      when(
        get(mask),
        when(
          isLess(subtract(get(last), get(at)), number(16)),
          set(mask, and(get(mask), subtract(shiftLeft(number(1), subtract(get(last), get(at))), number(1)))),
        ),
        block(
          loop(
            branchIf(1, [...get(mask), 0x45]),
            set(hit, add(get(at), trailingZeros(get(mask)))),
            set(index, number(0)),
            block(compare),
            set(budget, subtract(subtract(get(budget), get(index)), number(1))),
            when(isLess(get(budget), number(0)), answer(xor(add(get(hit), number(1)), number(-1)))),
            set(mask, and(get(mask), subtract(get(mask), number(1)))),
            branch(0),
          ),
        ),
      ),
      set(at, add(get(at), number(16))),
      branch(0),
    ),
  ),
  get(last),
  [end],
);

const sized = (content: Code): Code => [...unsigned(content.length), ...content];
const section = (id: number, ...content: readonly Code[]): Code => [id, ...sized(join(...content))];
const name = (text: string): Code => sized([...new TextEncoder().encode(text)]);
const ONE = [1];

/** Imports `scan.memory`, exports `find`. */
export function findModule(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, ONE, [0x60], sized(new Array<number>(8).fill(I32)), sized([I32])),
    ...section(2, ONE, name('scan'), name('memory'), [0x02, 0, 1]),
    ...section(3, ONE, [0]),
    ...section(7, ONE, name('find'), [0, 0]),
    ...section(10, ONE, sized([2, 4, I32, 5, V128, ...body])),
  ]);
}
