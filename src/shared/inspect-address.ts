/** The address inspector: what an address or a network is, in every form, and whether something lies in it. */
import { classesOf, classesWithin, type AddressClass } from './addresses/address-classes.ts';
import { addressForms, reverseZone, type AddressForm } from './addresses/address-forms.ts';
import { bitsOf, formatIp, ipValue, isMapped, type IpValue } from './addresses/ip-value.ts';
import { formatNetwork, isInNetwork, maskOf, networkOf, wildcardOf } from './addresses/network.ts';
import { readAddress, type ReadAddress } from './addresses/read-address.ts';
import { success, type Outcome } from './errors.ts';

export type { AddressClass, AddressForm };

export interface Inspection {
  readonly family: 4 | 6;
  /** The address, or the network with its prefix, as it is usually written. */
  readonly text: string;
  /** False: an address alone. */
  readonly isNetwork: boolean;
  /** How it was read, and what to know of it. */
  readonly notes: readonly string[];
  /** What it is for: the narrowest class first. Never empty. */
  readonly classes: readonly AddressClass[];
  /** Of a network: classes that lie in it, beside others. */
  readonly within: readonly AddressClass[];
  /** The address in every form; of a network that has no address of its own, its first one. */
  readonly forms: readonly AddressForm[];
  /** What is known of the network; empty for an address alone. */
  readonly network: readonly AddressForm[];
}

/** 2^32, from where the number itself is hard to read. @param bits how many bits are free */
function power(bits: number): string {
  return bits < 10 ? '' : `2^${bits}`;
}

function networkForms(ip: IpValue, prefix: number): AddressForm[] {
  const facts = networkOf(ip, prefix);
  const zone = reverseZone(facts.first, prefix);
  const bits = bitsOf(ip.family);
  const hostNote =
    ip.family === 6
      ? 'with the anycast address of the routers, RFC 4291 §2.6.1'
      : bits - prefix === 1
        ? 'both are hosts, RFC 3021'
        : '';
  return [
    { label: 'CIDR', text: formatNetwork(ip, prefix), note: ip.family === 4 ? 'RFC 4632' : 'RFC 4291 §2.3' },
    { label: 'Network', text: formatIp(facts.first), note: '' },
    ...(ip.family === 4
      ? [
          { label: 'Mask', text: formatIp(maskOf(prefix)), note: '' },
          { label: 'Wildcard mask', text: formatIp(wildcardOf(prefix)), note: '' },
        ]
      : []),
    facts.broadcast === null
      ? {
          label: 'Last address',
          text: formatIp(facts.last),
          note: ip.family === 6 ? 'IPv6 has no broadcast' : 'too small for a broadcast address',
        }
      : { label: 'Broadcast', text: formatIp(facts.broadcast), note: 'RFC 919' },
    { label: 'First host', text: formatIp(facts.hosts.from), note: '' },
    { label: 'Last host', text: formatIp(facts.hosts.to), note: '' },
    { label: 'Hosts', text: String(facts.hosts.count), note: hostNote },
    { label: 'Addresses', text: String(facts.size), note: power(bits - prefix) },
    ...(zone === null ? [] : [{ label: 'Reverse zone', text: zone, note: '' }]),
  ];
}

function inspection({ ip, prefix, notes }: ReadAddress): Inspection {
  const bits = bitsOf(ip.family);
  const length = prefix ?? bits;
  const isAtStart = prefix === null || networkOf(ip, prefix).first.value === ip.value;
  const text = prefix === null ? formatIp(ip) : `${formatIp(ip)}/${prefix}`;
  const within = prefix === null ? '' : `${formatIp(ip)} is an address in the network ${formatNetwork(ip, prefix)}.`;
  return {
    family: ip.family,
    text,
    isNetwork: prefix !== null,
    notes: isAtStart ? notes : [...notes, within],
    // Of an address in a network, what the address is for.
    classes: classesOf(ip, isAtStart ? length : bits),
    within: prefix === null ? [] : classesWithin(ip, prefix),
    forms: addressForms(ip),
    network: prefix === null ? [] : networkForms(ip, prefix),
  };
}

/**
 * Everything about an address or a network, from any form in which it can be written.
 * @returns error `bad-address`, which says what is wrong
 */
export function inspectAddress(text: string): Outcome<Inspection> {
  const found = readAddress(text);
  return found.ok ? success(inspection(found.value)) : found;
}

export interface Membership {
  readonly isInside: boolean;
  /** "10.1.2.3 is in 10.0.0.0/8." */
  readonly message: string;
}

/** A mapped address as the IPv4 address that it is, where it is held against IPv4. */
function sameFamily(ip: IpValue, other: IpValue): IpValue {
  return isMapped(ip) && other.family === 4 ? ipValue(4, ip.value & 0xffff_ffffn) : ip;
}

function nameOf({ ip, prefix }: ReadAddress): string {
  return prefix === null ? formatIp(ip) : formatNetwork(ip, prefix);
}

/** Whether `inner` lies in the network `outer` of so many bits. */
function lies(inner: ReadAddress, outer: ReadAddress, prefix: number): Membership {
  const ip = inner.prefix === null ? sameFamily(inner.ip, outer.ip) : inner.ip;
  const [innerName, outerName] = [nameOf(inner), nameOf(outer)];
  if (ip.family !== outer.ip.family) {
    const message = `${innerName} is not in ${outerName}: one is IPv${ip.family}, the other IPv${outer.ip.family}.`;
    return { isInside: false, message };
  }
  const isWider = inner.prefix !== null && inner.prefix < prefix;
  const meets = isInNetwork(ip, outer.ip, Math.min(prefix, inner.prefix ?? prefix));
  if (isWider) {
    const message = meets
      ? `${innerName} is larger than ${outerName}, and holds it.`
      : `${innerName} and ${outerName} have nothing in common.`;
    return { isInside: false, message };
  }
  const as = ip === inner.ip ? '' : `, as ${formatIp(ip)}`;
  return { isInside: meets, message: `${innerName} is ${meets ? 'in' : 'not in'} ${outerName}${as}.` };
}

/**
 * Whether the second lies in the first. When only the second is a network, whether the first lies in that; of two
 * addresses, whether they are the same.
 * @returns error `bad-address` of what cannot be read
 */
export function membership(first: string, second: string): Outcome<Membership> {
  const [one, other] = [readAddress(first), readAddress(second)];
  if (!one.ok) return one;
  if (!other.ok) return other;
  if (one.value.prefix !== null) return success(lies(other.value, one.value, one.value.prefix));
  if (other.value.prefix !== null) return success(lies(one.value, other.value, other.value.prefix));
  const [left, right] = [sameFamily(one.value.ip, other.value.ip), sameFamily(other.value.ip, one.value.ip)];
  const isSame = left.family === right.family && left.value === right.value;
  const message = `${nameOf(one.value)} and ${nameOf(other.value)} are ${isSame ? 'the same address' : 'different addresses'}.`;
  return success({ isInside: isSame, message });
}
