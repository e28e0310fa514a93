/**
 * CRC-32 as in zlib, gzip and PNG (ISO 3309, polynomial 0xEDB88320): what a
 * reader in any language has at hand. Node computes it natively from 22.2 on
 * (`zlib.crc32`); before that it is done here, sixteen bytes a step
 * (Kounavis and Berry 2005, "slicing by 16").
 */
import * as zlib from 'node:zlib';

const POLYNOMIAL = 0xedb88320;
const SLICES = 16;

type Crc32 = (bytes: Uint8Array, before?: number) => number;

function makeTables(): Int32Array {
  const tables = new Int32Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
    tables[byte] = value;
  }
  for (let index = 256; index < tables.length; index += 1) {
    const value = tables[index - 256] ?? 0;
    tables[index] = (tables[value & 255] ?? 0) ^ (value >>> 8);
  }
  return tables;
}

/** Words are read in the order of the machine, which is nearly always that of the algorithm. */
const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Steps over whole words of 4 bytes; their number is a multiple of 4. @returns the register after them */
function overWords(words: Int32Array, table: Int32Array, before: number): number {
  let crc = before;
  for (let index = 0; index < words.length; index += 4) {
    const a = (words[index] ?? 0) ^ crc;
    const b = words[index + 1] ?? 0;
    const c = words[index + 2] ?? 0;
    const d = words[index + 3] ?? 0;
    crc =
      (table[3840 + (a & 255)] ?? 0) ^
      (table[3584 + ((a >>> 8) & 255)] ?? 0) ^
      (table[3328 + ((a >>> 16) & 255)] ?? 0) ^
      (table[3072 + (a >>> 24)] ?? 0) ^
      (table[2816 + (b & 255)] ?? 0) ^
      (table[2560 + ((b >>> 8) & 255)] ?? 0) ^
      (table[2304 + ((b >>> 16) & 255)] ?? 0) ^
      (table[2048 + (b >>> 24)] ?? 0) ^
      (table[1792 + (c & 255)] ?? 0) ^
      (table[1536 + ((c >>> 8) & 255)] ?? 0) ^
      (table[1280 + ((c >>> 16) & 255)] ?? 0) ^
      (table[1024 + (c >>> 24)] ?? 0) ^
      (table[768 + (d & 255)] ?? 0) ^
      (table[512 + ((d >>> 8) & 255)] ?? 0) ^
      (table[256 + ((d >>> 16) & 255)] ?? 0) ^
      (table[d >>> 24] ?? 0);
  }
  return crc;
}

/** Steps over bytes one by one. @returns the register after them */
function overBytes(bytes: Uint8Array, table: Int32Array, before: number, from: number, to: number): number {
  let crc = before;
  for (let index = from; index < to; index += 1) crc = (table[(crc ^ (bytes[index] ?? 0)) & 255] ?? 0) ^ (crc >>> 8);
  return crc;
}

/** The portable way, for runtimes without `zlib.crc32` and as its check. */
export function makePortableCrc32(): Crc32 {
  const table = makeTables();
  return (bytes, before = 0) => {
    const { buffer, byteOffset, length } = bytes;
    // Words must stand at a multiple of 4: what is before and behind them goes byte by byte.
    const aligned = Math.min(length, (4 - (byteOffset & 3)) & 3);
    const words = isLittleEndian ? ((length - aligned) >>> 4) << 2 : 0;
    const rest = aligned + words * 4;
    let crc = overBytes(bytes, table, ~before, 0, aligned);
    if (words > 0) crc = overWords(new Int32Array(buffer, byteOffset + aligned, words), table, crc);
    return ~overBytes(bytes, table, crc, rest, length) >>> 0;
  };
}

/** @returns the CRC of the bytes, or of `before`'s bytes followed by these; unsigned */
export const crc32: Crc32 = typeof zlib.crc32 === 'function' ? zlib.crc32 : makePortableCrc32();
