/** Values of records in the forms that zone files have. */

/** Upper case, without spaces, as other tools of DNS write it. */
export function hexText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text.toUpperCase();
}

/** RFC 4648 §4 */
export function base64Text(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

const BASE32_DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUV';

/** With the alphabet for hashes and without padding (RFC 4648 §7, RFC 5155 §3.3). */
export function base32Text(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32_DIGITS.charAt((value >> (bits - 5)) & 31);
  }
  return bits === 0 ? text : text + BASE32_DIGITS.charAt((value << (5 - bits)) & 31);
}

/** `YYYYMMDDHHmmSS` in UTC (RFC 4034 §3.2), of seconds since 1970. */
export function dateText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace(/[-T:]/g, '');
}

/** The canonical form of RFC 5952: the longest run of zeros, of two at least, is `::`. */
export function ipv6Text(bytes: Uint8Array): string {
  const groups: string[] = [];
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    groups.push((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16));
  }
  const mapped = groups.join(':').startsWith('0:0:0:0:0:ffff:');
  if (mapped) return `::ffff:${bytes.subarray(12).join('.')}`;
  let longest = { start: -1, length: 1 };
  for (let at = 0; at < groups.length; at += 1) {
    let length = 0;
    while (groups[at + length] === '0') length += 1;
    if (length > longest.length) longest = { start: at, length };
    at += length;
  }
  if (longest.start === -1) return groups.join(':');
  const before = groups.slice(0, longest.start).join(':');
  return `${before}::${groups.slice(longest.start + longest.length).join(':')}`;
}
