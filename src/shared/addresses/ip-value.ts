/**
 * An IP address as a number, so that it can be reckoned with. The one file that uses ipaddr.js: it reads what
 * `../ip.ts` has found to be a literal, and writes IPv6 as RFC 5952 wants it.
 */
import ipaddr from 'ipaddr.js';
import { ipFamily } from '../ip.ts';

export type Family = 4 | 6;

export interface IpValue {
  readonly family: Family;
  /** Network byte order: the first bit of the address is the highest one. */
  readonly value: bigint;
  /** RFC 4007 §11, without the `%`; '' for none. Only IPv6 has one. */
  readonly zone: string;
}

/** Length of an address in bits. */
export function bitsOf(family: Family): 32 | 128 {
  return family === 4 ? 32 : 128;
}

function numberOf(bytes: readonly number[]): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** The bytes of an address, 4 or 16 of them. */
export function bytesOf({ family, value }: Pick<IpValue, 'family' | 'value'>): readonly number[] {
  const bits = bitsOf(family);
  return Array.from({ length: bits / 8 }, (_, at) => Number((value >> BigInt(bits - 8 * (at + 1))) & 0xffn));
}

/** The address of a number. @param value less than 2 to the length of the family */
export function ipValue(family: Family, value: bigint, zone = ''): IpValue {
  return { family, value, zone };
}

/** An address as `net.isIP` takes it, with a zone or without; null when it is none. */
export function parseIp(text: string): IpValue | null {
  const family = ipFamily(text);
  if (family === null) return null;
  const percent = text.indexOf('%');
  const address = percent === -1 ? text : text.slice(0, percent);
  return {
    family,
    value: numberOf(ipaddr.parse(address).toByteArray()),
    zone: percent === -1 ? '' : text.slice(percent + 1),
  };
}

/** IPv4 in the forms of inet_aton(3): fewer than four parts, octal with a leading 0, hex with 0x. Null when it is none. */
export function parseLooseIpv4(text: string): IpValue | null {
  if (!/^[0-9a-fx.]+$/i.test(text) || !ipaddr.IPv4.isValid(text)) return null;
  return ipValue(4, numberOf(ipaddr.IPv4.parse(text).toByteArray()));
}

/** `::ffff:0:0/96` (RFC 4291 §2.5.5.2). */
export function isMapped({ family, value }: IpValue): boolean {
  return family === 6 && value >> 32n === 0xffffn;
}

/** As it is written: dotted, or RFC 5952, of which §5 wants a mapped one with its IPv4 part dotted. With the zone. */
export function formatIp(ip: IpValue): string {
  const zone = ip.zone === '' ? '' : `%${ip.zone}`;
  if (isMapped(ip)) return `::ffff:${formatIp(ipValue(4, ip.value & 0xffff_ffffn))}${zone}`;
  return ipaddr.fromByteArray([...bytesOf(ip)]).toString() + zone;
}

/** The length of the prefix that a dotted mask stands for (255.255.255.0 → 24), or null when it has holes. */
export function prefixOfMask(mask: IpValue): number | null {
  return mask.family === 4 ? new ipaddr.IPv4([...bytesOf(mask)]).prefixLengthFromSubnetMask() : null;
}
