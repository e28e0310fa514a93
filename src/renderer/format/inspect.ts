/** The numbers that begin at one byte, in every common width, sign and byte order. */
import { sequenceLength } from '../../shared/escaped-text.ts';
import { escapedParts, plainText } from './preview.ts';
import { THIN_SPACE } from './size.ts';

export interface Inspected {
  /** `u8`, `u16` … */
  readonly name: string;
  /** Big-endian (network order); null when too few bytes follow. */
  readonly be: string | null;
  /** Little-endian. */
  readonly le: string | null;
}

/** `-2 065 855 589` */
function grouped(value: number | bigint): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
}

/** Short enough for a column; very large and very small ones with an exponent. */
function float(value: number, digits: number): string {
  if (!Number.isFinite(value) || value === 0) return Object.is(value, -0) ? '-0' : String(value);
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  return size >= 1e9 || size < 1e-5 ? rounded.toExponential() : String(rounded);
}

/** Significant digits that a 32-bit float always holds (IEEE 754 binary32), and that a column has room for. */
const FLOAT32_DIGITS = 7;
const FLOAT64_DIGITS = 9;

const kinds: readonly {
  readonly name: string;
  readonly bytes: number;
  readonly read: (view: DataView, little: boolean) => string;
}[] = [
  { name: 'u16', bytes: 2, read: (view, little) => grouped(view.getUint16(0, little)) },
  { name: 'u32', bytes: 4, read: (view, little) => grouped(view.getUint32(0, little)) },
  { name: 'i32', bytes: 4, read: (view, little) => grouped(view.getInt32(0, little)) },
  { name: 'f32', bytes: 4, read: (view, little) => float(view.getFloat32(0, little), FLOAT32_DIGITS) },
  { name: 'f64', bytes: 8, read: (view, little) => float(view.getFloat64(0, little), FLOAT64_DIGITS) },
  { name: 'u64', bytes: 8, read: (view, little) => grouped(view.getBigUint64(0, little)) },
];

/** @param bytes the bytes from the selected one on; eight are enough */
export function inspectWide(bytes: Uint8Array): readonly Inspected[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return kinds.map(({ name, bytes: size, read }) => {
    const fits = bytes.length >= size;
    return { name, be: fits ? read(view, false) : null, le: fits ? read(view, true) : null };
  });
}

/** What one byte is by itself, and the character that begins there. */
export function inspectByte(bytes: Uint8Array): readonly { readonly name: string; readonly value: string | null }[] {
  const byte = bytes[0];
  if (byte === undefined) return [];
  const length = sequenceLength(bytes, 0);
  const character =
    length === 0 ? null : plainText(escapedParts(bytes.subarray(0, length), { lines: 'escape', cut: false }));
  return [
    { name: 'u8', value: String(byte) },
    { name: 'i8', value: String(byte > 127 ? byte - 256 : byte) },
    { name: 'bits', value: byte.toString(2).padStart(8, '0') },
    { name: 'utf-8', value: character },
  ];
}
