/** The name that stands for an address in DNS. */
import { ipv4Bytes, ipv6Groups } from '../ip.ts';

/**
 * `192.0.2.1` → `1.2.0.192.in-addr.arpa.` (RFC 1035 §3.5), `2001:db8::1` → its 32 digits under `ip6.arpa.` (RFC 3596
 * §2.5), without the zone of `fe80::1%eth0`. Null when the text is no address.
 */
export function reverseName(address: string): string | null {
  const four = ipv4Bytes(address);
  if (four !== null) return `${[...four].reverse().join('.')}.in-addr.arpa.`;
  const six = ipv6Groups(address);
  if (six === null) return null;
  const digits = six.map((group) => group.toString(16).padStart(4, '0')).join('');
  return `${[...digits].reverse().join('.')}.ip6.arpa.`;
}
