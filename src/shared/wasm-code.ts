/**
 * WebAssembly written instruction by instruction, so that what runs can be
 * read; the numbers are those of the specification (WebAssembly 2.0, "Binary
 * Format"). For the few inner loops that need what JavaScript has no means
 * for: sixteen bytes at a time, and integers of 64 bits.
 */
import { webAssembly, type Memory } from './web-assembly.ts';

export type Code = readonly number[];

export const I32 = 0x7f;
export const I64 = 0x7e;
export const V128 = 0x7b;
const EMPTY = 0x40;
const END = 0x0b;
const ONE = [1];

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

/** Signed LEB128. */
function signed(value: bigint): number[] {
  return value >= -64n && value < 64n ? [Number(value & 127n)] : [Number(value & 127n) | 128, ...signed(value >> 7n)];
}

const join = (...parts: readonly Code[]): number[] => parts.flat();
const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];

/** A number of 32 bits. */
export const number = (value: number): Code => [0x41, ...signed(BigInt(value))];
/** A number of 64 bits; those above 2^63 are the negative ones with the same bits. */
export const long = (value: bigint): Code => [0x42, ...signed(BigInt.asIntN(64, value))];
export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
export const block = (...body: readonly Code[]): Code => [0x02, EMPTY, ...join(...body), END];
export const loop = (...body: readonly Code[]): Code => [0x03, EMPTY, ...join(...body), END];
export const when = (condition: Code, ...body: readonly Code[]): Code => [
  ...[...condition, 0x04, EMPTY],
  ...join(...body),
  END,
];
export const choose = (condition: Code, then: Code, otherwise: Code): Code => [
  ...[...condition, 0x04, EMPTY],
  ...then,
  0x05,
  ...otherwise,
  END,
];
/** Out of the block, or to the start of the loop, that is `depth` further out. */
export const branch = (depth: number): Code => [0x0c, depth];
export const branchIf = (depth: number, condition: Code): Code => [...condition, 0x0d, depth];

/** Ends the function. */
export const answer = (value: Code): Code => [...value, 0x0f];

const binary =
  (opcode: number) =>
  (left: Code, right: Code): Code => [...left, ...right, opcode];
export const add = binary(0x6a);
export const subtract = binary(0x6b);
export const and = binary(0x71);
export const or = binary(0x72);
export const xor = binary(0x73);
export const shiftLeft = binary(0x74);
export const equals = binary(0x46);
export const differs = binary(0x47);
export const isLess = binary(0x48);
export const isNotLess = binary(0x4e);
/** Of numbers without a sign. */
export const isGreater = binary(0x4b);
export const isZero = (value: Code): Code => [...value, 0x45];
export const trailingZeros = (value: Code): Code => [...value, 0x68];
export const addLong = binary(0x7c);
export const multiplyLong = binary(0x7e);
export const rotateLong = binary(0x89);

export const byteAt = (address: Code): Code => [...address, 0x2d, 0, 0];
/** Eight bytes, little-endian, at any address. @param further added to the address */
export const longAt = (address: Code, further: number): Code => [...address, 0x29, 0, ...unsigned(further)];
export const putLong = (address: Code, further: number, value: Code): Code => [
  ...address,
  ...value,
  0x37,
  0,
  ...unsigned(further),
];
/** Copies bytes, also where they overlap (bulk memory operations). */
export const copy = (to: Code, from: Code, length: Code): Code => [...to, ...from, ...length, 0xfc, 0x0a, 0, 0];
/** Sixteen bytes at any address. */
export const sixteenAt = (address: Code, further: number): Code => [...address, ...simd(0x00), 0, ...unsigned(further)];
/** Sixteen times the same byte. */
export const splat = (byte: Code): Code => [...byte, ...simd(0x0f)];
/** All bits of each of sixteen bytes where they are equal, none where they are not. */
export const equalBytes = (left: Code, right: Code): Code => [...left, ...right, ...simd(0x23)];
export const both = (left: Code, right: Code): Code => [...left, ...right, ...simd(0x4e)];
export const either = (left: Code, right: Code): Code => [...left, ...right, ...simd(0x50)];
/** Whether any bit of sixteen bytes is set. */
export const isAny = (value: Code): Code => [...value, ...simd(0x53)];
/** The highest bit of each of sixteen bytes. */
export const highBits = (value: Code): Code => [...value, ...simd(0x64)];

const sized = (content: Code): Code => [...unsigned(content.length), ...content];
const section = (id: number, ...content: readonly Code[]): Code => [id, ...sized(join(...content))];
const name = (text: string): Code => sized([...new TextEncoder().encode(text)]);

export interface WasmFunction {
  /** Numbers of 32 bits that it takes: locals 0, 1 … */
  readonly parameters: number;
  readonly result: typeof I32 | null;
  /** Further locals: how many of which type, in this order. */
  readonly locals: readonly { readonly count: number; readonly type: number }[];
  readonly body: readonly Code[];
}

/** Of a module that imports `env.memory` and exports `run`. */
function moduleBytes({ parameters, result, locals, body }: WasmFunction): Uint8Array<ArrayBuffer> {
  const declared = join(unsigned(locals.length), ...locals.map(({ count, type }) => [...unsigned(count), type]));
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, ONE, [0x60], sized(new Array<number>(parameters).fill(I32)), sized(result === null ? [] : [result])),
    ...section(2, ONE, name('env'), name('memory'), [0x02, 0, 1]),
    ...section(3, ONE, [0]),
    ...section(7, ONE, name('run'), [0, 0]),
    ...section(10, ONE, sized([...declared, ...join(...body), END])),
  ]);
}

export type Run = (...values: readonly number[]) => unknown;

function isRun(value: unknown): value is Run {
  return typeof value === 'function';
}

/** The function over `memory`. */
export function instantiate(wasm: WasmFunction, memory: Memory): Run {
  const { Module, Instance } = webAssembly();
  const { run } = new Instance(new Module(moduleBytes(wasm)), { env: { memory } }).exports;
  if (!isRun(run)) throw new Error('The module has no function.');
  return run;
}
