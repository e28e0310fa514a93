/** Words and bytes as a shell takes them back unchanged. */
import { sequenceLength } from '../escaped-text.ts';

/** Characters that mean nothing to any shell; `~` and `=` only where they begin a word. */
const PLAIN = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/;

/**
 * One word for `sh` (POSIX Shell Command Language §2.2.2): single quotes keep
 * everything but themselves. A zero character ends any word of a system; it is
 * not for this function.
 */
export function shellQuote(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * The arguments of `printf` that make it write these bytes (POSIX printf, "Extended
 * Description": `\ddd` of its format is a byte): `'%s' text` for text of one line
 * that a person reads, else a format with escapes.
 */
export function printfArguments(bytes: Uint8Array): string {
  let format = '';
  let isText = true;
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    const length = sequenceLength(bytes, at);
    const character = length === 0 ? '' : decoder.decode(bytes.subarray(at, at + length));
    if (length === 0 || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(character)) {
      const used = Math.max(length, 1);
      for (const part of bytes.subarray(at, at + used)) format += escapeByte(part);
      isText = false;
      at += used;
      continue;
    }
    format += byte === 0x25 ? '%%' : byte === 0x5c ? '\\\\' : character;
    at += length;
  }
  if (isText) return `'%s' ${shellQuote(decoder.decode(bytes))}`;
  // A format that begins with - would be taken for an option.
  return shellQuote(format.startsWith('-') ? `\\055${format.slice(1)}` : format);
}

function escapeByte(byte: number): string {
  if (byte === 0x0a) return '\\n';
  if (byte === 0x0d) return '\\r';
  if (byte === 0x09) return '\\t';
  return `\\${byte.toString(8).padStart(3, '0')}`;
}

const printfEscapes: Readonly<Record<string, number>> = {
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  a: 0x07,
  b: 0x08,
  f: 0x0c,
  v: 0x0b,
  '\\': 0x5c,
};

const encoder = new TextEncoder();

/** Escapes of `printf`: `\n`, `\ooo`, `\xHH` (bash). */
function unescape(text: string): number[] {
  const bytes: number[] = [];
  const piece = /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|([nrtabfv\\]))|[^\\]+|\\/g;
  for (const [whole, hex, octal, letter] of text.matchAll(piece)) {
    if (hex !== undefined) bytes.push(parseInt(hex, 16));
    else if (octal !== undefined) bytes.push(parseInt(octal, 8) & 0xff);
    else if (letter !== undefined) bytes.push(printfEscapes[letter] ?? 0);
    else for (const byte of encoder.encode(whole)) bytes.push(byte);
  }
  return bytes;
}

/**
 * What `printf` or `echo` with these words would write, worked out and not run.
 * @returns null when it is no such command, or one with more than `%s` and escapes
 */
export function printedBytes(words: readonly string[]): Uint8Array | null {
  const [program, first = '', ...rest] = words;
  if (program === 'echo') {
    const isBare = /^-[neE]+$/.test(first);
    const flags = isBare ? first : '';
    const text = (isBare ? rest : words.slice(1)).join(' ');
    const end = flags.includes('n') ? [] : [0x0a];
    return Uint8Array.from([...(flags.includes('e') ? unescape(text) : encoder.encode(text)), ...end]);
  }
  if (program !== 'printf') return null;
  const [format = '', ...values] = first === '--' ? rest : [first, ...rest];
  const parts = format.split('%%');
  const wanted = parts.join('').split('%s').length - 1;
  if (parts.some((part) => part.replaceAll('%s', '').includes('%')) || wanted !== values.length) return null;
  const bytes: number[] = [];
  let used = 0;
  for (const [index, part] of parts.entries()) {
    if (index > 0) bytes.push(0x25);
    for (const [number, piece] of part.split('%s').entries()) {
      if (number > 0) {
        for (const byte of encoder.encode(values[used] ?? '')) bytes.push(byte);
        used += 1;
      }
      for (const byte of unescape(piece)) bytes.push(byte);
    }
  }
  return Uint8Array.from(bytes);
}
