/** A network: the addresses that have their first bits in common (RFC 4632 §3.1, RFC 4291 §2.3). */
import { bitsOf, formatIp, ipValue, type IpValue } from './ip-value.ts';

/** What is known of a network. */
export interface NetworkFacts {
  /** The address with all bits after the prefix off. */
  readonly first: IpValue;
  /** With all of them on: the broadcast address, where there is one. */
  readonly last: IpValue;
  readonly prefix: number;
  /** How many addresses it has. */
  readonly size: bigint;
  /** Addresses for hosts, both included. */
  readonly hosts: { readonly from: IpValue; readonly to: IpValue; readonly count: bigint };
  /** Directed broadcast (RFC 919). IPv6 has none, and neither has a network of one or two addresses. */
  readonly broadcast: IpValue | null;
}

/** How many bits of an address stand after a prefix. */
function restOf(ip: IpValue, prefix: number): bigint {
  return BigInt(bitsOf(ip.family) - prefix);
}

/** Whether both have the same first `prefix` bits. */
export function isInNetwork(ip: IpValue, network: IpValue, prefix: number): boolean {
  const rest = restOf(network, prefix);
  return ip.family === network.family && ip.value >> rest === network.value >> rest;
}

/** @param prefix 0 to the length of the address */
export function networkOf(ip: IpValue, prefix: number): NetworkFacts {
  const rest = restOf(ip, prefix);
  const size = 1n << rest;
  const low = (ip.value >> rest) << rest;
  const high = low + size - 1n;
  const first = ipValue(ip.family, low);
  const last = ipValue(ip.family, high);
  // RFC 3021: of two addresses, both are hosts. IPv6 keeps only the anycast address of the routers (RFC 4291 §2.6.1).
  const hasEnds = ip.family === 4 && rest > 1n;
  const from = hasEnds ? ipValue(4, low + 1n) : first;
  const to = hasEnds ? ipValue(4, high - 1n) : last;
  return {
    first,
    last,
    prefix,
    size,
    hosts: { from, to, count: to.value - from.value + 1n },
    broadcast: hasEnds ? last : null,
  };
}

/** `255.255.255.0`. */
export function maskOf(prefix: number): IpValue {
  const rest = BigInt(32 - prefix);
  return ipValue(4, (0xffff_ffffn >> rest) << rest);
}

/** The same with its bits turned over, as routers' access lists want it: `0.0.0.255`. */
export function wildcardOf(prefix: number): IpValue {
  return ipValue(4, 0xffff_ffffn ^ maskOf(prefix).value);
}

/** `10.0.0.0/8`. */
export function formatNetwork(ip: IpValue, prefix: number): string {
  return `${formatIp(networkOf(ip, prefix).first)}/${prefix}`;
}
