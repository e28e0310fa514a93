/** One address, written in every way. */
import { bitsOf, bytesOf, formatIp, ipValue, isMapped, type IpValue } from './ip-value.ts';

export interface AddressForm {
  /** What the form is called: "Dotted", "Hex". */
  readonly label: string;
  readonly text: string;
  /** Where it is written, or what is to be known of it; '' for what needs no word. */
  readonly note: string;
}

function form(label: string, text: string, note = ''): AddressForm {
  return { label, text, note };
}

const four = (value: bigint): IpValue => ipValue(4, value & 0xffff_ffffn);

/** The eight groups of an IPv6 address, each with all of its digits. */
function groups(value: bigint, base: 2 | 16, digits: number): string {
  const parts = Array.from({ length: 8 }, (_, at) => (value >> BigInt(112 - 16 * at)) & 0xffffn);
  return parts.map((part) => part.toString(base).padStart(digits, '0')).join(':');
}

/** `1.0.0.127.in-addr.arpa` (RFC 1035 §3.5), `1.0.….ip6.arpa` (RFC 3596 §2.5). */
function reverseName(ip: IpValue): string {
  if (ip.family === 4) return `${[...bytesOf(ip)].reverse().join('.')}.in-addr.arpa`;
  const digits = [...ip.value.toString(16).padStart(32, '0')].reverse();
  return `${digits.join('.')}.ip6.arpa`;
}

/** The zone of a whole network, where its prefix ends between two labels; null where it does not. */
export function reverseZone(ip: IpValue, prefix: number): string | null {
  const bits = ip.family === 4 ? 8 : 4;
  if (prefix % bits !== 0) return null;
  const labels = reverseName(ip).split('.');
  return labels.slice((bitsOf(ip.family) - prefix) / bits).join('.');
}

/** The IPv4 addresses that an IPv6 address carries, by where they stand in it. */
function embedded({ value }: IpValue): AddressForm[] {
  const top = value >> 96n;
  if (value >> 32n === 0n && value > 0xffffn) return [form('IPv4 in it', formatIp(four(value)), 'IPv4-compatible')];
  if (value >> 32n === 0x64ff9b_00000000_00000000n)
    return [form('IPv4 behind NAT64', formatIp(four(value)), 'RFC 6052')];
  if (value >> 112n === 0x2002n) return [form('IPv4 of the 6to4 router', formatIp(four(value >> 80n)), 'RFC 3056 §2')];
  if (top !== 0x20010000n) return [];
  const port = Number(((value >> 32n) & 0xffffn) ^ 0xffffn);
  return [
    form('Teredo server', formatIp(four(value >> 64n)), 'RFC 4380 §4'),
    form('Teredo client', `${formatIp(four(value ^ 0xffff_ffffn))}:${port}`, 'as its NAT shows it, turned over'),
  ];
}

const SCOPES: Readonly<Record<number, string>> = {
  1: 'interface-local',
  2: 'link-local',
  3: 'realm-local',
  4: 'admin-local',
  5: 'site-local',
  8: 'organization-local',
  14: 'global',
};

/** What the bits of some IPv6 addresses say: the card's own address (RFC 4291 App. A), the scope of a group. */
function ipv6Details({ value }: IpValue): AddressForm[] {
  if (value >> 120n === 0xffn) {
    const scope = Number((value >> 112n) & 0xfn);
    return [form('Scope', SCOPES[scope] ?? `${scope} (not assigned)`, 'RFC 7346')];
  }
  const last = value & 0xff_ffffn;
  const details = [
    form('Solicited-node', formatIp(ipValue(6, (0xff02n << 112n) | 0x1_ff00_0000n | last)), 'RFC 4291 §2.7.1'),
  ];
  if (((value >> 24n) & 0xffffn) === 0xfffen) {
    const id = value & 0xffff_ffff_ffff_ffffn;
    const mac = ((((id >> 40n) << 24n) | last) ^ 0x0200_0000_0000n).toString(16).padStart(12, '0');
    details.push(form('MAC address', mac.replace(/..(?=.)/g, '$&:'), 'modified EUI-64, RFC 4291 App. A'));
  }
  return details;
}

function ipv4Forms(ip: IpValue): AddressForm[] {
  const bytes = bytesOf(ip);
  const hex = ip.value.toString(16).padStart(8, '0');
  const mapped = ipValue(6, (0xffffn << 32n) | ip.value);
  return [
    form('Dotted', formatIp(ip)),
    form('Integer', String(ip.value)),
    form('Hex', `0x${hex}`),
    form('Binary', bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('.')),
    form('IPv4-mapped', formatIp(mapped), 'RFC 4291 §2.5.5.2'),
    form(
      'IPv4-mapped, hex',
      `::ffff:${hex.slice(0, 4).replace(/^0+(?=.)/, '')}:${hex.slice(4).replace(/^0+(?=.)/, '')}`,
    ),
    form('NAT64', formatIp(ipValue(6, (0x64ff9bn << 96n) | ip.value)), 'well-known prefix, RFC 6052'),
    form('6to4', `${formatIp(ipValue(6, (0x2002n << 112n) | (ip.value << 80n)))}/48`, 'RFC 3056'),
    form('Reverse name', reverseName(ip), 'RFC 1035 §3.5'),
  ];
}

function ipv6Forms(ip: IpValue): AddressForm[] {
  const bare = ipValue(6, ip.value);
  const zone = ip.zone === '' ? '' : `%${ip.zone}`;
  return [
    form('Compressed', formatIp(ip), 'RFC 5952'),
    form('Expanded', groups(ip.value, 16, 4) + zone),
    ...(isMapped(ip) ? [form('IPv4', formatIp(four(ip.value)), 'what is mapped')] : []),
    ...(ip.zone === '' ? [] : [form('Zone', ip.zone, 'name of the interface, RFC 4007')]),
    form('Integer', String(ip.value)),
    form('Hex', `0x${ip.value.toString(16).padStart(32, '0')}`),
    form('Binary', groups(ip.value, 2, 16)),
    form(
      'In a URL',
      `[${formatIp(bare)}${ip.zone === '' ? '' : `%25${encodeURIComponent(ip.zone)}`}]`,
      ip.zone === '' ? 'RFC 3986' : 'RFC 6874',
    ),
    ...embedded(ip),
    ...ipv6Details(ip),
    form('Reverse name', reverseName(ip), 'RFC 3596'),
  ];
}

/** Every form of an address, the usual one first. */
export function addressForms(ip: IpValue): readonly AddressForm[] {
  return ip.family === 4 ? ipv4Forms(ip) : ipv6Forms(ip);
}
