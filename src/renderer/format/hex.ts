/** Bytes in a hex view: sixteen in a line, in two groups of eight. */

export const HEX_LINE_BYTES = 16;

const pairs: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** `0a` */
export function hexByte(byte: number): string {
  return pairs[byte] ?? '??';
}

/** `7b 22 74` */
export function hexBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += text === '' ? hexByte(byte) : ` ${hexByte(byte)}`;
  return text;
}

/** Printable ASCII as it is, everything else as a dot that is not a full stop. */
export function asciiByte(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
}

/** Eight hex digits; more only where a payload is longer than 4 GiB. */
export function hexOffset(offset: number): string {
  return offset.toString(16).padStart(8, '0');
}
