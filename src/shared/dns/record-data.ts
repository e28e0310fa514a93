/**
 * The data of a record as text, in the presentation format of the RFC that defines its type. A type is a row of a
 * table: which fields follow one another. What is not in the table is shown as bytes (RFC 3597 §5).
 */
import * as text from './data-text.ts';
import { quotedText } from './name-text.ts';
import { serviceParameters } from './service-parameters.ts';
import { TYPE, typeName, type DnsTypeName } from './types.ts';
import type { WireReader } from './wire-reader.ts';

type FieldReader = (reader: WireReader) => string;

const u8: FieldReader = (reader) => String(reader.u8());
const u16: FieldReader = (reader) => String(reader.u16());
const u32: FieldReader = (reader) => String(reader.u32());
const name: FieldReader = (reader) => reader.name();
const type: FieldReader = (reader) => typeName(reader.u16());
const time: FieldReader = (reader) => text.dateText(reader.u32());
const string: FieldReader = (reader) => quotedText(reader.string());
/** At least one. */
const strings: FieldReader = (reader) => {
  const all = [string(reader)];
  while (reader.left > 0) all.push(string(reader));
  return all.join(' ');
};
/** Letters and digits by definition (RFC 8659 §4.1.1), but whoever sends may not know. */
const tag: FieldReader = (reader) => quotedText(reader.string()).slice(1, -1);
const quotedRest: FieldReader = (reader) => quotedText(reader.rest());
const hexRest: FieldReader = (reader) => text.hexText(reader.rest());
const base64Rest: FieldReader = (reader) => text.base64Text(reader.rest());
const salt: FieldReader = (reader) => text.hexText(reader.string()) || '-';
const hash: FieldReader = (reader) => text.base32Text(reader.string());
const ipv4: FieldReader = (reader) => reader.take(4).join('.');
const ipv6: FieldReader = (reader) => text.ipv6Text(reader.take(16));
const dashed: FieldReader = (reader) => text.hexText(reader.rest()).replace(/..(?!$)/g, '$&-');
const parameters: FieldReader = (reader) => serviceParameters(reader);

/** Types that are present (RFC 4034 §4.1.2): windows of 256, each with its bits. */
const present: FieldReader = (reader) => {
  const names: string[] = [];
  while (reader.left > 0) {
    const window = reader.u8();
    for (const [at, bits] of reader.string().entries()) {
      for (let bit = 0; bit < 8; bit += 1) {
        if ((bits & (0x80 >> bit)) !== 0) names.push(typeName(window * 256 + at * 8 + bit));
      }
    }
  }
  return names.join(' ');
};

const delegation = [u16, u8, u8, hexRest];
const key = [u16, u8, u8, base64Rest];
const signature = [type, u8, u8, u32, time, time, u16, name, base64Rest];
const certificate = [u8, u8, u8, hexRest];
const service = [u16, name, parameters];

const formats: Partial<Record<DnsTypeName, readonly FieldReader[]>> = {
  // RFC 1035 §3.3
  ...{ NS: [name], CNAME: [name], PTR: [name], SOA: [name, name, u32, u32, u32, u32, u32], MX: [u16, name] },
  ...{ TXT: [strings], SPF: [strings], HINFO: [string, string], A: [ipv4], AAAA: [ipv6] },
  // RFC 1183, 2230, 6672
  ...{ RP: [name, name], AFSDB: [u16, name], KX: [u16, name], DNAME: [name] },
  // RFC 2782, 3403, 8659, 7553, 9460
  ...{ SRV: [u16, u16, u16, name], NAPTR: [u16, u16, string, string, string, name], CAA: [u8, tag, quotedRest] },
  ...{ URI: [u16, u16, quotedRest], SVCB: service, HTTPS: service },
  // DNSSEC: RFC 4034, 5155, 7344, 8976
  ...{ DS: delegation, CDS: delegation, DNSKEY: key, CDNSKEY: key, KEY: key, RRSIG: signature, SIG: signature },
  ...{ NSEC: [name, present], NSEC3: [u8, u8, u16, salt, hash, present], NSEC3PARAM: [u8, u8, u16, salt] },
  ZONEMD: [u32, u8, u8, hexRest],
  // Keys and certificates: RFC 4255, 6698, 8162, 7929, 4398, 4701, 7043
  ...{ SSHFP: [u8, u8, hexRest], TLSA: certificate, SMIMEA: certificate, OPENPGPKEY: [base64Rest] },
  ...{ CERT: [u16, u16, u8, base64Rest], DHCID: [base64Rest], EUI48: [dashed], EUI64: [dashed] },
};

const formatsByNumber = new Map<number, readonly FieldReader[]>(
  Object.entries(TYPE).flatMap(([typed, number]) => {
    const format = Object.entries(formats).find(([named]) => named === typed)?.[1];
    return format === undefined ? [] : [[number, format] as const];
  }),
);

/** Whether the data of this type has names in it, which may be international. */
export function hasNames(typeNumber: number): boolean {
  return formatsByNumber.get(typeNumber)?.includes(name) === true;
}

/** `\# 3 01FF00` (RFC 3597 §5) */
export function rawText(bytes: Uint8Array): string {
  return `\\# ${bytes.length}${bytes.length === 0 ? '' : ` ${text.hexText(bytes)}`}`;
}

/**
 * Reads all that the reader has. When the bytes are none of this type its `problem` is set.
 * @param typeNumber of the record
 */
export function recordData(typeNumber: number, reader: WireReader): string {
  const format = formatsByNumber.get(typeNumber);
  if (format === undefined) return rawText(reader.rest());
  const words: string[] = [];
  for (const field of format) words.push(field(reader));
  if (reader.left > 0) reader.fail(`${reader.left} bytes are left over at byte ${reader.at}`);
  return words.filter((word) => word !== '').join(' ');
}
