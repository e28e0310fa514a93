/**
 * The inner loop of the search, as WebAssembly (shared/wasm-code.ts): it compares
 * sixteen bytes at a time (SIMD), which JavaScript has no means for.
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

import {
  add,
  and,
  answer,
  block,
  both,
  branch,
  branchIf,
  byteAt,
  choose,
  differs,
  either,
  equalBytes,
  equals,
  get,
  highBits,
  I32,
  isAny,
  isLess,
  isNotLess,
  isZero,
  loop,
  number,
  or,
  set,
  shiftLeft,
  sixteenAt,
  splat,
  subtract,
  trailingZeros,
  V128,
  when,
  xor,
  type Code,
  type WasmFunction,
} from '../../shared/wasm-code.ts';

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
const byteOf = (offset: number): Code => splat(or(valueAt(lower, offset), valueAt(upper, offset)));

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
  set(mask, highBits(bothFit(0))),
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

/** Over a memory with the needle and what is searched. */
export const find: WasmFunction = {
  parameters: 8,
  result: I32,
  locals: [
    { count: 5, type: I32 },
    { count: 4, type: V128 },
  ],
  body: [
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
  ],
};
