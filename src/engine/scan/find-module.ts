/**
 * The inner loop of the search, as WebAssembly: it compares sixteen bytes at a
 * time (SIMD), which JavaScript has no means for. Written here instruction by
 * instruction, so that what runs can be read; the numbers are those of the
 * specification (WebAssembly 2.0, "Binary Format").
 *
 * It finds a needle of which each byte may have one of two values. Two places
 * of the needle are compared everywhere, the others only where these two fit
 * (as in memchr's "packed pair"). Most of what is looked at has nothing: that
 * is passed over sixty-four bytes a step, and where the first place is of a
 * byte that is hardly ever there, by a look at this one alone. The bits in
 * which the two values differ are set in both before they are compared, so that
 * one comparison does for both; a byte that is neither, but fits, is found out
 * when the whole needle is compared.
 *
 *   find(at, last, lower, upper, length, one, two, budget)
 *     at, last       the match begins at `at` or later and before `last`
 *     lower, upper   where the two values of each byte of the needle stand
 *     length         of the needle, at least 1
 *     one, two       the places that are compared everywhere; the same one
 *                    twice: its byte is rare
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
const choose = (condition: Code, then: Code, otherwise: Code): Code => [
  ...[...condition, 0x04, EMPTY],
  ...then,
  0x05,
  ...otherwise,
  end,
];
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
const equals = binary(0x46);
const orBits = binary(0x72);
const isZero = (value: Code): Code => [...value, 0x45];
const trailingZeros = (value: Code): Code => [...value, 0x68];
const byteAt = (address: Code): Code => [...address, 0x2d, 0, 0];

/** @param further added to the address */
const sixteenAt = (address: Code, further: number): Code => [...address, ...simd(0x00), 0, ...unsigned(further)];
const splat = (byte: Code): Code => [...byte, ...simd(0x0f)];
const equalBytes = (left: Code, right: Code): Code => [...left, ...right, ...simd(0x23)];
const both = (left: Code, right: Code): Code => [...left, ...right, ...simd(0x4e)];
const either = (left: Code, right: Code): Code => [...left, ...right, ...simd(0x50)];
/** Whether any bit is set. */
const isAny = (value: Code): Code => [...value, ...simd(0x53)];
/** A bit for each byte that is not 0. */
const bits = (value: Code): Code => [...value, ...simd(0x64)];

const [at, last, lower, upper, length, one, two, budget] = [0, 1, 2, 3, 4, 5, 6, 7];
const [mask, hit, index, byte, stop] = [8, 9, 10, 11, 12];
const [oneFold, oneByte, twoFold, twoByte] = [13, 14, 15, 16];

/** Bytes of a step. */
const LANES = 16;
/** Steps that are taken at once where there is nothing. */
const STRIDE = 4 * LANES;

const valueAt = (table: number, offset: number): Code => byteAt(add(get(table), get(offset)));
/** The bits in which the two values of a place differ; and what they have in common, with these bits set. */
const foldOf = (offset: number): Code => splat(xor(valueAt(lower, offset), valueAt(upper, offset)));
const byteOf = (offset: number): Code => splat(orBits(valueAt(lower, offset), valueAt(upper, offset)));

/** Where a place of the needle fits, when it begins in the sixteen bytes that are `further` behind `at`. */
const fits = (offset: number, fold: number, value: number, further: number): Code =>
  equalBytes(either(sixteenAt(add(get(at), get(offset)), further), get(fold)), get(value));
const oneFits = (further: number): Code => fits(one, oneFold, oneByte, further);
const bothFit = (further: number): Code => both(oneFits(further), fits(two, twoFold, twoByte, further));

/** Goes on as long as nothing fits and there is a stride left. */
const passOver = (fit: (further: number) => Code): Code =>
  block(
    loop(
      branchIf(1, isLess(subtract(get(last), get(at)), number(STRIDE))),
      branchIf(1, isAny(either(either(fit(0), fit(LANES)), either(fit(2 * LANES), fit(3 * LANES))))),
      set(at, add(get(at), number(STRIDE))),
      branch(0),
    ),
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

/** Answers when one of the matches that `mask` says are possible is one. */
const tryEach = block(
  loop(
    branchIf(1, isZero(get(mask))),
    set(hit, add(get(at), trailingZeros(get(mask)))),
    set(index, number(0)),
    block(compare),
    set(budget, subtract(subtract(get(budget), get(index)), number(1))),
    when(isLess(get(budget), number(0)), answer(xor(add(get(hit), number(1)), number(-1)))),
    set(mask, and(get(mask), subtract(get(mask), number(1)))),
    branch(0),
  ),
);

/** Looks closely, up to `stop`. */
const lookClosely = loop(
  set(mask, bits(bothFit(0))),
  when(
    get(mask),
    when(
      isLess(subtract(get(last), get(at)), number(LANES)),
      set(mask, and(get(mask), subtract(shiftLeft(number(1), subtract(get(last), get(at))), number(1)))),
    ),
    tryEach,
  ),
  set(at, add(get(at), number(LANES))),
  branchIf(0, isLess(get(at), get(stop))),
);

const body = join(
  set(oneFold, foldOf(one)),
  set(oneByte, byteOf(one)),
  set(twoFold, foldOf(two)),
  set(twoByte, byteOf(two)),
  block(
    loop(
      choose(equals(get(one), get(two)), passOver(oneFits), passOver(bothFit)),
      branchIf(1, isNotLess(get(at), get(last))),
      set(stop, add(get(at), number(STRIDE))),
      when(isLess(get(last), get(stop)), set(stop, get(last))),
      lookClosely,
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
    ...section(10, ONE, sized([2, 5, I32, 4, V128, ...body])),
  ]);
}
