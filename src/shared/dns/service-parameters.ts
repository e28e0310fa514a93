/** The parameters of SVCB and HTTPS records (RFC 9460 §2.1, §7, §14.3.2). */
import { base64Text, ipv6Text } from './data-text.ts';
import { quotedText } from './name-text.ts';
import type { WireReader } from './wire-reader.ts';

const keyNames = ['mandatory', 'alpn', 'no-default-alpn', 'port', 'ipv4hint', 'ech', 'ipv6hint', 'dohpath', 'ohttp'];

function keyName(key: number): string {
  return keyNames[key] ?? `key${key}`;
}

function each(reader: WireReader, read: () => string): string {
  const values: string[] = [];
  while (reader.left > 0) values.push(read());
  return values.join(',');
}

function valueOf(key: string, reader: WireReader): string {
  switch (key) {
    case 'mandatory':
      return each(reader, () => keyName(reader.u16()));
    case 'alpn':
      // A comma in a protocol's name is escaped twice (RFC 9460 §A.1); nobody has one.
      return each(reader, () => quotedText(reader.string()).slice(1, -1).replaceAll(',', '\\\\,'));
    case 'port':
      return String(reader.u16());
    case 'ipv4hint':
      return each(reader, () => reader.take(4).join('.'));
    case 'ipv6hint':
      return each(reader, () => ipv6Text(reader.take(16)));
    case 'ech':
      return base64Text(reader.rest());
    default:
      return quotedText(reader.rest()).slice(1, -1);
  }
}

/** What needs no quotes in a zone file, whatever reads it. */
const PLAIN = /^[\w.,:+/=-]*$/;

/** `alpn=h2,h3 port=8443 key667="text"`; reads to the end. */
export function serviceParameters(reader: WireReader): string {
  const all: string[] = [];
  while (reader.left > 0) {
    const number = reader.u16();
    const key = keyName(number);
    const part = reader.part(reader.u16());
    const isEmpty = part.left === 0;
    const value = valueOf(key, part);
    if (part.problem !== null) reader.fail(part.problem);
    const isPlain = keyNames[number] !== undefined && PLAIN.test(value);
    all.push(isEmpty ? key : isPlain ? `${key}=${value}` : `${key}="${value}"`);
  }
  return all.join(' ');
}
