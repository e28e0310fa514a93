/** Types, classes and response codes by their names (IANA, "Domain Name System (DNS) Parameters"). */
import { DNS_TYPES_MOST } from '../dns-limits.ts';
import { failure, success, type Outcome } from '../errors.ts';

const typeNumbers = {
  ...{ A: 1, NS: 2, CNAME: 5, SOA: 6, NULL: 10, PTR: 12, HINFO: 13, MX: 15, TXT: 16, RP: 17, AFSDB: 18, SIG: 24 },
  ...{ KEY: 25, AAAA: 28, LOC: 29, SRV: 33, NAPTR: 35, KX: 36, CERT: 37, DNAME: 39, OPT: 41, APL: 42, DS: 43 },
  ...{ SSHFP: 44, IPSECKEY: 45, RRSIG: 46, NSEC: 47, DNSKEY: 48, DHCID: 49, NSEC3: 50, NSEC3PARAM: 51, TLSA: 52 },
  ...{ SMIMEA: 53, HIP: 55, CDS: 59, CDNSKEY: 60, OPENPGPKEY: 61, CSYNC: 62, ZONEMD: 63, SVCB: 64, HTTPS: 65 },
  ...{ SPF: 99, EUI48: 108, EUI64: 109, TKEY: 249, TSIG: 250, IXFR: 251, AXFR: 252, ANY: 255, URI: 256, CAA: 257 },
} as const;

export type DnsTypeName = keyof typeof typeNumbers;

const typeNames = new Map<number, string>(Object.entries(typeNumbers).map(([name, number]) => [number, name]));
const numbersByName = new Map<string, number>(Object.entries(typeNumbers));

/** What a form offers first, in this order. */
export const usualTypes = [
  ...(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT', 'SRV', 'SOA', 'CAA', 'PTR', 'NAPTR'] as const),
  ...(['HTTPS', 'SVCB', 'DS', 'DNSKEY', 'TLSA', 'SSHFP', 'ANY'] as const),
] satisfies readonly DnsTypeName[];

export const TYPE = typeNumbers;

/** `MX`, or `TYPE65280` (RFC 3597 §5). */
export function typeName(type: number): string {
  return typeNames.get(type) ?? `TYPE${type}`;
}

/** Null when there is no such type. */
function typeNumber(name: string): number | null {
  const known = numbersByName.get(name);
  if (known !== undefined) return known;
  const number = Number(/^TYPE(\d{1,5})$/.exec(name)?.[1] ?? 65_536);
  return number > 65_535 ? null : number;
}

/** They are no data of a name: a transfer is many messages, the others belong to the message itself. */
const NOT_ASKED = new Set<number>([TYPE.OPT, TYPE.TKEY, TYPE.TSIG, TYPE.IXFR, TYPE.AXFR]);

/**
 * `A, AAAA MX`: in their order, each once.
 * @returns error `bad-option` with `field` set to `types`
 */
export function parseTypes(text: string): Outcome<readonly number[]> {
  const types = new Set<number>();
  for (const word of text.toUpperCase().split(/[\s,;]+/)) {
    if (word === '') continue;
    const type = typeNumber(word);
    if (type === null) return badTypes(`There is no type “${word.slice(0, 40)}”.`);
    if (NOT_ASKED.has(type)) return badTypes(`${typeName(type)} cannot be asked for here.`);
    types.add(type);
  }
  if (types.size === 0) return badTypes('There is no type to ask for.');
  if (types.size > DNS_TYPES_MOST)
    return badTypes(`There are ${types.size} types; ${DNS_TYPES_MOST} are asked at most.`);
  return success([...types]);
}

function badTypes(message: string): Outcome<never> {
  const hint = `Write names with commas between them, such as ${usualTypes.slice(0, 11).join(', ')}, or a number as TYPE65.`;
  return failure('bad-option', message, hint, { field: 'types' });
}

const classNames = new Map([
  [1, 'IN'],
  [3, 'CH'],
  [4, 'HS'],
  [254, 'NONE'],
  [255, 'ANY'],
]);

/** `IN`, or `CLASS32` (RFC 3597 §5). */
export function className(code: number): string {
  return classNames.get(code) ?? `CLASS${code}`;
}

const rcodeNames = [
  ...['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'YXDOMAIN', 'YXRRSET', 'NXRRSET', 'NOTAUTH'],
  ...['NOTZONE', 'DSOTYPENI', 'RCODE12', 'RCODE13', 'RCODE14', 'RCODE15', 'BADVERS', 'BADKEY', 'BADTIME', 'BADMODE'],
  ...['BADNAME', 'BADALG', 'BADTRUNC', 'BADCOOKIE'],
];

export function rcodeName(rcode: number): string {
  return rcodeNames[rcode] ?? `RCODE${rcode}`;
}

const opcodeNames = ['QUERY', 'IQUERY', 'STATUS', 'OPCODE3', 'NOTIFY', 'UPDATE', 'DSO'];

export function opcodeName(opcode: number): string {
  return opcodeNames[opcode] ?? `OPCODE${opcode}`;
}

/** RFC 8914 §4, by info-code. */
const edeNames = [
  ...['Other', 'Unsupported DNSKEY Algorithm', 'Unsupported DS Digest Type', 'Stale Answer', 'Forged Answer'],
  ...['DNSSEC Indeterminate', 'DNSSEC Bogus', 'Signature Expired', 'Signature Not Yet Valid', 'DNSKEY Missing'],
  ...['RRSIGs Missing', 'No Zone Key Bit Set', 'NSEC Missing', 'Cached Error', 'Not Ready', 'Blocked', 'Censored'],
  ...['Filtered', 'Prohibited', 'Stale NXDOMAIN Answer', 'Not Authoritative', 'Not Supported'],
  ...['No Reachable Authority', 'Network Error', 'Invalid Data'],
];

/** `6 DNSSEC Bogus` */
export function edeName(code: number): string {
  return edeNames[code] === undefined ? String(code) : `${code} ${edeNames[code]}`;
}
