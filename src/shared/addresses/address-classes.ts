/**
 * What addresses are for. The rows are those of IANA's special-purpose registries for IPv4 and IPv6 (RFC 6890,
 * RFC 8190), and of the multicast and unicast blocks that people meet.
 */
import { parseIp, type IpValue } from './ip-value.ts';
import { isInNetwork } from './network.ts';

export interface AddressClass {
  /** `10.0.0.0/8`. */
  readonly network: string;
  readonly name: string;
  /** One sentence: who uses it and how far it reaches. */
  readonly meaning: string;
  /** Where it is written: "RFC 1918". */
  readonly source: string;
}

type Row = readonly [network: string, name: string, source: string, meaning: string];

const ipv4Rows: readonly Row[] = [
  ['0.0.0.0/32', 'Unspecified', 'RFC 1122', 'This host. A server that listens on it listens on every IPv4 interface.'],
  ['0.0.0.0/8', 'This network', 'RFC 1122', 'A host that does not know its network yet. Only as a source address.'],
  ['10.0.0.0/8', 'Private', 'RFC 1918', 'Within one organisation or home; routers of the Internet do not carry it.'],
  ['100.64.0.0/10', 'Shared (CGN)', 'RFC 6598', 'Between a provider’s carrier-grade NAT and its customers.'],
  ['127.0.0.0/8', 'Loopback', 'RFC 1122', 'This machine itself; never on a network.'],
  ['169.254.0.0/16', 'Link-local', 'RFC 3927', 'Taken by a host that got no address by DHCP; valid on one link only.'],
  ['172.16.0.0/12', 'Private', 'RFC 1918', 'Within one organisation or home; routers of the Internet do not carry it.'],
  ['192.0.0.0/24', 'IETF protocol assignments', 'RFC 6890', 'For protocols, not for hosts.'],
  ['192.0.0.0/29', 'IPv4 service continuity', 'RFC 7335', 'The IPv4 end of a tunnel over IPv6 (DS-Lite, 464XLAT).'],
  ['192.0.0.8/32', 'IPv4 dummy address', 'RFC 7600', 'Source of an ICMPv4 message from a host that has no IPv4.'],
  ['192.0.0.9/32', 'PCP anycast', 'RFC 7723', 'The nearest server of the Port Control Protocol.'],
  ['192.0.0.10/32', 'TURN anycast', 'RFC 8155', 'The nearest server of TURN.'],
  ['192.0.0.170/31', 'NAT64 discovery', 'RFC 8880', 'What ipv4only.arpa has, by which a host finds its NAT64.'],
  ['192.0.2.0/24', 'Documentation (TEST-NET-1)', 'RFC 5737', 'For examples in texts; no host has it.'],
  ['192.31.196.0/24', 'AS112', 'RFC 7535', 'Answers reverse lookups of private addresses.'],
  ['192.52.193.0/24', 'AMT', 'RFC 7450', 'Relays of multicast through tunnels.'],
  [
    '192.88.99.0/24',
    '6to4 relay anycast (deprecated)',
    'RFC 7526',
    'Was the nearest 6to4 relay; no longer to be used.',
  ],
  [
    '192.168.0.0/16',
    'Private',
    'RFC 1918',
    'Within one organisation or home; routers of the Internet do not carry it.',
  ],
  ['192.175.48.0/24', 'AS112 direct delegation', 'RFC 7534', 'Answers reverse lookups of private addresses.'],
  ['198.18.0.0/15', 'Benchmarking', 'RFC 2544', 'For tests of network devices in a laboratory.'],
  ['198.51.100.0/24', 'Documentation (TEST-NET-2)', 'RFC 5737', 'For examples in texts; no host has it.'],
  ['203.0.113.0/24', 'Documentation (TEST-NET-3)', 'RFC 5737', 'For examples in texts; no host has it.'],
  [
    '224.0.0.0/4',
    'Multicast',
    'RFC 5771',
    'A group of hosts that have joined it; only as a destination, and not over TCP.',
  ],
  ['224.0.0.0/24', 'Local network control', 'RFC 5771', 'Multicast that no router passes on.'],
  ['224.0.0.1/32', 'All systems', 'RFC 1112', 'Every host on this link that knows multicast.'],
  ['224.0.0.2/32', 'All routers', 'RFC 5771', 'Every router on this link.'],
  ['224.0.0.251/32', 'Multicast DNS', 'RFC 6762', 'Names that end in .local.'],
  ['224.0.1.0/24', 'Internetwork control', 'RFC 5771', 'Multicast that routers may pass on, such as NTP.'],
  ['232.0.0.0/8', 'Source-specific multicast', 'RFC 4607', 'A group of one sender, named by both addresses.'],
  ['233.0.0.0/8', 'GLOP', 'RFC 3180', 'Multicast groups that belong to an autonomous system.'],
  ['233.252.0.0/24', 'Documentation (MCAST-TEST-NET)', 'RFC 6676', 'Multicast for examples in texts.'],
  ['239.0.0.0/8', 'Administratively scoped', 'RFC 2365', 'Multicast within one organisation.'],
  ['240.0.0.0/4', 'Reserved', 'RFC 1112', 'For future use (class E); most systems refuse it.'],
  ['255.255.255.255/32', 'Limited broadcast', 'RFC 919', 'Every host on this link; no router passes it on.'],
];

const ipv6Rows: readonly Row[] = [
  ['::/128', 'Unspecified', 'RFC 4291', 'No address. A server that listens on it listens on every interface.'],
  ['::1/128', 'Loopback', 'RFC 4291', 'This machine itself; never on a network.'],
  ['::/96', 'IPv4-compatible (deprecated)', 'RFC 4291', 'An IPv4 address in the last 32 bits; no longer used.'],
  ['::ffff:0:0/96', 'IPv4-mapped', 'RFC 4291', 'An IPv4 address as an IPv6 socket sees it; never on a network.'],
  ['64:ff9b::/96', 'NAT64 (well-known prefix)', 'RFC 6052', 'An IPv4 host, through a translator.'],
  ['64:ff9b:1::/48', 'NAT64 (local prefix)', 'RFC 8215', 'An IPv4 host, through a translator of this network.'],
  ['100::/64', 'Discard-only', 'RFC 6666', 'Routers throw away what is sent there.'],
  ['100:0:0:1::/64', 'Dummy prefix', 'RFC 9780', 'Destination of monitoring packets that leave no host.'],
  ['2000::/3', 'Global unicast', 'RFC 4291', 'An ordinary address of the Internet.'],
  ['2001::/23', 'IETF protocol assignments', 'RFC 2928', 'For protocols, not for hosts.'],
  ['2001::/32', 'Teredo', 'RFC 4380', 'IPv6 through UDP over IPv4, behind a NAT.'],
  ['2001:1::1/128', 'PCP anycast', 'RFC 7723', 'The nearest server of the Port Control Protocol.'],
  ['2001:1::2/128', 'TURN anycast', 'RFC 8155', 'The nearest server of TURN.'],
  ['2001:2::/48', 'Benchmarking', 'RFC 5180', 'For tests of network devices in a laboratory.'],
  ['2001:3::/32', 'AMT', 'RFC 7450', 'Relays of multicast through tunnels.'],
  ['2001:4:112::/48', 'AS112', 'RFC 7535', 'Answers reverse lookups of private addresses.'],
  ['2001:10::/28', 'ORCHID (deprecated)', 'RFC 4843', 'Hashes of keys in place of addresses; no longer used.'],
  ['2001:20::/28', 'ORCHIDv2', 'RFC 7343', 'Hashes of keys in place of addresses; never routed.'],
  ['2001:30::/28', 'Drone remote ID', 'RFC 9374', 'Names of drones in place of addresses.'],
  ['2001:db8::/32', 'Documentation', 'RFC 3849', 'For examples in texts; no host has it.'],
  ['2002::/16', '6to4', 'RFC 3056', 'IPv6 through tunnels over IPv4, whose address follows the prefix.'],
  ['2620:4f:8000::/48', 'AS112 direct delegation', 'RFC 7534', 'Answers reverse lookups of private addresses.'],
  ['3fff::/20', 'Documentation', 'RFC 9637', 'For examples in texts; no host has it.'],
  ['5f00::/16', 'Segment routing (SRv6)', 'RFC 9602', 'Identifiers of segments within one network.'],
  ['fc00::/7', 'Unique local', 'RFC 4193', 'Within one organisation or home; routers of the Internet do not carry it.'],
  ['fe80::/10', 'Link-local', 'RFC 4291', 'Valid on one link only, which the zone names (%eth0).'],
  [
    'fec0::/10',
    'Site-local (deprecated)',
    'RFC 3879',
    'Was for one site; unique local addresses have taken its place.',
  ],
  [
    'ff00::/8',
    'Multicast',
    'RFC 4291',
    'A group of hosts that have joined it; only as a destination, and not over TCP.',
  ],
  ['ff01::1/128', 'All nodes, this interface', 'RFC 4291', 'This machine alone.'],
  ['ff02::1/128', 'All nodes, this link', 'RFC 4291', 'Every host on this link: what broadcast is in IPv4.'],
  ['ff02::2/128', 'All routers, this link', 'RFC 4291', 'Every router on this link.'],
  ['ff02::fb/128', 'Multicast DNS', 'RFC 6762', 'Names that end in .local.'],
  ['ff02::1:ff00:0/104', 'Solicited-node', 'RFC 4291', 'By which neighbour discovery asks for a link address.'],
  ['ff30::/12', 'By a unicast prefix', 'RFC 3306', 'Multicast groups that belong to the owner of a prefix.'],
];

interface Entry extends AddressClass {
  readonly ip: IpValue;
  readonly prefix: number;
}

function entryOf([network, name, source, meaning]: Row): Entry[] {
  const slash = network.indexOf('/');
  const ip = parseIp(network.slice(0, slash));
  return ip === null ? [] : [{ network, name, source, meaning, ip, prefix: Number(network.slice(slash + 1)) }];
}

const entries: readonly Entry[] = [...ipv4Rows, ...ipv6Rows].flatMap(entryOf);

const ordinary: AddressClass = {
  network: '0.0.0.0/0',
  name: 'Global unicast',
  meaning: 'An ordinary address of the Internet.',
  source: 'RFC 4632',
};
const unassigned: AddressClass = {
  network: '::/0',
  name: 'Not assigned',
  meaning: 'Kept by the IETF for later; no host has it.',
  source: 'RFC 4291',
};

const mixed: AddressClass = {
  network: '',
  name: 'Several uses',
  meaning: 'Parts of it are for different uses, which are listed below.',
  source: 'RFC 6890',
};

const classOf = ({ network, name, meaning, source }: Entry): AddressClass => ({ network, name, meaning, source });

/** What a network, or an address alone (of all its bits), is for: the narrowest class first. Never empty. */
export function classesOf(ip: IpValue, prefix: number): readonly AddressClass[] {
  const found = entries
    .filter((entry) => entry.prefix <= prefix && isInNetwork(ip, entry.ip, entry.prefix))
    .sort((one, other) => other.prefix - one.prefix);
  if (found.length > 0) return found.map(classOf);
  if (classesWithin(ip, prefix).length > 0) return [mixed];
  return [ip.family === 4 ? ordinary : unassigned];
}

/** Classes of which a network holds all addresses, beside others: the widest first. */
export function classesWithin(ip: IpValue, prefix: number): readonly AddressClass[] {
  return entries
    .filter((entry) => entry.prefix > prefix && isInNetwork(entry.ip, ip, prefix))
    .sort((one, other) => one.prefix - other.prefix)
    .map(classOf);
}
