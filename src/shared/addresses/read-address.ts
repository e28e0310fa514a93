/** Addresses and networks in every form in which people come across them. */
import { failure, success, type Outcome } from '../errors.ts';
import { ipv4Bytes, ipv6Groups } from '../ip.ts';
import { bitsOf, formatIp, ipValue, parseIp, parseLooseIpv4, prefixOfMask, type IpValue } from './ip-value.ts';

/** What was read. */
export interface ReadAddress {
  readonly ip: IpValue;
  /** Length of the prefix in bits; null: an address alone. */
  readonly prefix: number | null;
  /** What a person should know about how it was read. */
  readonly notes: readonly string[];
}

/** Longer than any form: 128 binary digits, with something between each two. */
const LONGEST = 300;
const MOST = { 4: 1n << 32n, 6: 1n << 128n } as const;

function bad(message: string, hint: string): Outcome<never> {
  return failure('bad-address', message, hint, { field: 'address' });
}

function shown(text: string): string {
  const visible = text.replace(/\p{Cc}/gu, '\u{FFFD}');
  return `“${visible.length > 60 ? `${visible.slice(0, 59)}…` : visible}”`;
}

function read(ip: IpValue, ...notes: string[]): Outcome<ReadAddress> {
  return success({ ip, prefix: null, notes });
}

/** A number: IPv4 when it fits into 32 bits, unless it was written with so many digits that it is IPv6. */
function ofNumber(value: bigint, isLong: boolean, text: string): Outcome<ReadAddress> {
  if (value >= MOST[6])
    return bad(`The number ${shown(text)} is longer than 128 bits.`, 'IPv6 addresses end at 2¹²⁸ − 1.');
  if (isLong || value >= MOST[4]) return read(ipValue(6, value), 'Read as the number of an IPv6 address.');
  return read(ipValue(4, value), 'Read as the number of an IPv4 address.');
}

/** Integer, hex with 0x (or 32 digits without), binary with 0b. */
function readNumber(text: string): Outcome<ReadAddress> | null {
  if (/^\d+$/.test(text)) return ofNumber(BigInt(text), false, text);
  const hex = /^0x([0-9a-f]+)$/i.exec(text)?.[1] ?? /^[0-9a-f]{32}$/i.exec(text)?.[0];
  if (hex !== undefined) return ofNumber(BigInt(`0x${hex}`), hex.length > 8, text);
  const binary = /^0b([01]+)$/i.exec(text)?.[1];
  return binary === undefined ? null : ofNumber(BigInt(`0b${binary}`), binary.length > 32, text);
}

/** `01111111.00000000.00000000.00000001`, or eight groups of sixteen for IPv6. */
function readBinaryGroups(text: string): Outcome<ReadAddress> | null {
  if (/^[01]{8}(\.[01]{8}){3}$/.test(text)) return read(ipValue(4, BigInt(`0b${text.replaceAll('.', '')}`)));
  if (/^[01]{16}(:[01]{16}){7}$/.test(text)) return read(ipValue(6, BigInt(`0b${text.replaceAll(':', '')}`)));
  return null;
}

/** `1.0.0.127.in-addr.arpa`, and 32 nibbles before `ip6.arpa` (RFC 3596 §2.5). Fewer labels are a network. */
function readReverse(text: string): Outcome<ReadAddress> | null {
  const found = /^(.*?)\.?(in-addr|ip6)\.arpa\.?$/i.exec(text);
  if (found === null) return null;
  const [, labels = '', zone = ''] = found;
  const parts = labels === '' ? [] : labels.split('.').reverse();
  const is4 = zone.toLowerCase() === 'in-addr';
  const [most, bits, label] = is4 ? ([4, 8, /^(0|[1-9]\d{0,2})$/] as const) : ([32, 4, /^[0-9a-f]$/i] as const);
  const values = parts.map((part) => (label.test(part) ? Number.parseInt(part, is4 ? 10 : 16) : 256));
  if (parts.length > most || values.some((value) => value > 255)) {
    return bad(
      `${shown(text)} is no reverse name.`,
      is4
        ? 'It has up to four numbers, the last one first: 1.0.0.127.in-addr.arpa.'
        : 'It has up to 32 hex digits with dots between them, the last one first.',
    );
  }
  const all = [...values, ...new Array<number>(most - values.length).fill(0)];
  const ip = ipValue(
    is4 ? 4 : 6,
    all.reduce((sum, value) => (sum << BigInt(bits)) | BigInt(value), 0n),
  );
  return success({
    ip,
    prefix: parts.length === most ? null : parts.length * bits,
    notes: ['Read as the name for a reverse lookup.'],
  });
}

/** Four numbers with dots that are none: which part is at fault. */
function dottedProblem(text: string): Outcome<never> {
  const parts = text.split('.');
  const example = 'It has four numbers from 0 to 255, for example 192.168.0.1.';
  if (parts.length > 4) return bad(`${shown(text)} has ${parts.length} parts.`, example);
  if (parts.includes('')) return bad(`${shown(text)} has an empty part.`, example);
  const large = parts.find((part) => /^\d+$/.test(part) && Number(part) > 255);
  if (large !== undefined) return bad(`The part ${shown(large)} of ${shown(text)} is more than 255.`, example);
  return bad(`${shown(text)} is no IPv4 address.`, example);
}

/** Something with colons that is no IPv6 address: why not. */
function colonProblem(text: string): Outcome<never> {
  const example = 'It has eight groups of up to four hex digits; :: stands for groups of zeros, once.';
  if (text.split('::').length > 2) return bad(`${shown(text)} has “::” more than once.`, example);
  if (text.endsWith('%'))
    return bad(`The zone of ${shown(text)} is empty.`, 'Write it after the %, for example fe80::1%eth0.');
  const [address = ''] = text.split('%');
  const tail = /[^:]*\.[^:]*$/.exec(address)?.[0];
  if (tail !== undefined && ipv4Bytes(tail) === null)
    return bad(`The IPv4 part ${shown(tail)} of ${shown(text)} is none.`, 'It has four numbers from 0 to 255.');
  const groups = address.split(':').filter((group) => group !== '' && group !== tail);
  const long = groups.find((group) => /^[0-9a-f]{5,}$/i.test(group));
  if (long !== undefined) return bad(`The group ${shown(long)} of ${shown(text)} has more than four digits.`, example);
  const strange = groups.find((group) => !/^[0-9a-f]+$/i.test(group));
  if (strange !== undefined) return bad(`The group ${shown(strange)} of ${shown(text)} is no hex number.`, example);
  const count = groups.length + (tail === undefined ? 0 : 2);
  if (count > 8 || (count === 8 && text.includes('::'))) return bad(`${shown(text)} has too many groups.`, example);
  if (!text.includes('::') && count < 8) return bad(`${shown(text)} has ${count} of the eight groups.`, example);
  return bad(`${shown(text)} is no IPv6 address.`, example);
}

const outside = (port: string): string => `The port ${port} is no part of the address and was left out.`;

/** `127.0.0.1:9000`, `[::1]:9000`, `[::1]`. */
function readWithPort(text: string): Outcome<ReadAddress> | null {
  const six = /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(text);
  if (six !== null) {
    const [, inner = '', port] = six;
    const ip = ipv6Groups(inner) === null ? null : parseIp(inner);
    if (ip === null)
      return inner.includes(':')
        ? colonProblem(inner)
        : bad(`${shown(inner)} is no IPv6 address.`, 'Only IPv6 addresses stand in brackets.');
    return port === undefined ? read(ip) : read(ip, outside(port));
  }
  const [, address = '', port = ''] = /^([\d.]+):(\d{1,5})$/.exec(text) ?? [];
  const ip = ipv4Bytes(address) === null ? null : parseIp(address);
  return ip === null ? null : read(ip, outside(port));
}

function readAlone(text: string): Outcome<ReadAddress> {
  const literal = parseIp(text);
  if (literal !== null) return read(literal);
  const known = readBinaryGroups(text) ?? readNumber(text) ?? readReverse(text) ?? readWithPort(text);
  if (known !== null) return known;
  const loose = parseLooseIpv4(text);
  if (loose !== null) {
    return read(
      loose,
      `Read as inet_aton(3) does: ${formatIp(loose)}. A number with 0 before it is octal to some programs and decimal to others, and many refuse this form.`,
    );
  }
  if (text.includes(':')) return colonProblem(text);
  if (/^[\d.]+$/.test(text)) return dottedProblem(text);
  if (/^-\d+$/.test(text))
    return bad('An address is no negative number.', 'The lowest address is 0, which is 0.0.0.0.');
  if (/^[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)*\.?$/u.test(text)) {
    return bad(`${shown(text)} is a name and not an address.`, 'Look it up in DNS to get its addresses.');
  }
  return bad(`${shown(text)} is no address.`, 'Write one like 192.168.0.1, 2001:db8::1, 10.0.0.0/8 or 0x7f000001.');
}

function readPrefix(ip: IpValue, text: string): Outcome<number> {
  const bits = bitsOf(ip.family);
  const example = ip.family === 4 ? 'Write for example 10.0.0.0/8.' : 'Write for example 2001:db8::/32.';
  if (/^\d{1,4}$/.test(text)) {
    const prefix = Number(text);
    if (prefix <= bits) return success(prefix);
    return bad(`The prefix /${text} is longer than an IPv${ip.family} address.`, `It goes from /0 to /${bits}.`);
  }
  const mask = ip.family === 4 && ipv4Bytes(text) !== null ? parseIp(text) : null;
  if (mask === null) return bad(`What follows the slash, ${shown(text)}, is no length.`, example);
  const prefix = prefixOfMask(mask);
  if (prefix !== null) return success(prefix);
  return bad(`The mask ${text} has holes.`, 'A mask is ones and then zeros, for example 255.255.255.0.');
}

/**
 * Reads an address: dotted, IPv6 (with a zone), integer, hex, binary, a reverse name, with a port or in brackets;
 * and a network: an address, a slash, and the length of the prefix or an IPv4 mask.
 * @returns error `bad-address`, with what is wrong and a hint
 */
export function readAddress(text: string): Outcome<ReadAddress> {
  const trimmed = text.trim();
  if (trimmed === '')
    return bad('There is no address yet.', 'Write or paste one: 192.168.0.1, 2001:db8::1, 10.0.0.0/8.');
  if (trimmed.length > LONGEST)
    return bad(`This is ${trimmed.length} characters long, and no address.`, 'Paste a single address.');
  if (trimmed.includes('://')) return bad(`${shown(trimmed)} is a URL.`, 'Paste only its host.');
  const slash = trimmed.indexOf('/');
  if (slash === -1) return readAlone(trimmed);
  const address = readAlone(trimmed.slice(0, slash).trimEnd());
  if (!address.ok) return address;
  if (address.value.prefix !== null)
    return bad(`${shown(trimmed)} names two prefixes.`, 'Leave out the slash and what follows it.');
  const prefix = readPrefix(address.value.ip, trimmed.slice(slash + 1).trim());
  return prefix.ok ? success({ ...address.value, prefix: prefix.value }) : prefix;
}
