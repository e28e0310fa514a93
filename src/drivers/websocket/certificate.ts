/**
 * A self-signed certificate (X.509 v3, RFC 5280) with a new key on the curve P-256, made with what Node brings: it can
 * sign, but has no writer for certificates, so that a small one for DER (X.690) is here.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { ipv4Bytes, ipv6Groups } from '../../shared/ip.ts';

export interface Certificate {
  /** PEM. */
  readonly cert: string;
  /** PEM (PKCS #8). */
  readonly key: string;
}

/** Tags of X.690 and, from 0x80 on, those that RFC 5280 gives a meaning by their place. */
const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  dnsName: 0x82,
  ipAddress: 0x87,
  version: 0xa0,
  extensions: 0xa3,
} as const;

/** Object identifiers, by their names in RFC 5280 and RFC 5758. */
const OID = {
  commonName: [2, 5, 4, 3],
  keyUsage: [2, 5, 29, 15],
  subjectAltName: [2, 5, 29, 17],
  basicConstraints: [2, 5, 29, 19],
  extKeyUsage: [2, 5, 29, 37],
  serverAuth: [1, 3, 6, 1, 5, 5, 7, 3, 1],
  ecdsaWithSha256: [1, 2, 840, 10045, 4, 3, 2],
} as const;

const DAY_MS = 24 * 60 * 60 * 1000;
/** A clock that is behind by less than this still takes the certificate for valid. */
const BACKDATED_MS = DAY_MS;
/** What browsers take at most (CA/Browser Forum, Baseline Requirements §6.3.2), with room. */
const VALID_MS = 365 * DAY_MS;
const LINE = 64;

function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  // Short form below 128, else the number of bytes of the length, and then these (X.690 §8.1.3).
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const hex = length.toString(16);
  const size = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.of(tag, 0x80 | size.length), size, content]);
}

/** Base 128, the high bit set on all but the last byte; the first two numbers share one (X.690 §8.19). */
function objectId([first = 0, second = 0, ...rest]: readonly number[]): Buffer {
  const bytes = [first * 40 + second];
  for (const number of rest) {
    const digits = [number & 0x7f];
    for (let left = number >>> 7; left > 0; left >>>= 7) digits.unshift(0x80 | (left & 0x7f));
    bytes.push(...digits);
  }
  return element(TAG.objectId, Buffer.from(bytes));
}

/** UTCTime up to 2049, GeneralizedTime from then on (RFC 5280 §4.1.2.5). */
function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/[-:T]|\.\d+/g, '');
  return at.getUTCFullYear() < 2050
    ? element(TAG.utcTime, Buffer.from(digits.slice(2)))
    : element(TAG.generalizedTime, Buffer.from(digits));
}

function extension(id: readonly number[], isCritical: boolean, value: Buffer): Buffer {
  const critical = isCritical ? [element(TAG.boolean, Buffer.of(0xff))] : [];
  return element(TAG.sequence, objectId(id), ...critical, element(TAG.octetString, value));
}

function alternativeName(host: string): Buffer {
  switch (isIP(host)) {
    case 4:
      return element(TAG.ipAddress, Buffer.from(ipv4Bytes(host) ?? []));
    case 6: {
      const groups = ipv6Groups(host.replace(/%.*$/, '')) ?? [];
      return element(TAG.ipAddress, Buffer.from(groups.flatMap((group) => [group >> 8, group & 0xff])));
    }
    default:
      return element(TAG.dnsName, Buffer.from(host, 'latin1'));
  }
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/**
 * @param hosts names and IP addresses that it is for, the first of them its subject
 * @param now when it is made; it is valid for a year
 */
export function makeCertificate(hosts: readonly string[], now = new Date()): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const algorithm = element(TAG.sequence, objectId(OID.ecdsaWithSha256));
  // Positive, and without a leading zero byte (RFC 5280 §4.1.2.2).
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const common = element(TAG.utf8String, Buffer.from(hosts[0] ?? 'localhost'));
  const name = element(TAG.sequence, element(TAG.set, element(TAG.sequence, objectId(OID.commonName), common)));
  const extensions = [
    extension(OID.basicConstraints, true, element(TAG.sequence)),
    // digitalSignature is the first bit; seven are not used.
    extension(OID.keyUsage, true, element(TAG.bitString, Buffer.of(7, 0x80))),
    extension(OID.extKeyUsage, false, element(TAG.sequence, objectId(OID.serverAuth))),
    extension(OID.subjectAltName, false, element(TAG.sequence, ...hosts.map(alternativeName))),
  ];
  const content = element(
    TAG.sequence,
    element(TAG.version, element(TAG.integer, Buffer.of(2))),
    element(TAG.integer, serial),
    algorithm,
    name,
    element(TAG.sequence, time(new Date(now.getTime() - BACKDATED_MS)), time(new Date(now.getTime() + VALID_MS))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    element(TAG.extensions, element(TAG.sequence, ...extensions)),
  );
  const signature = element(TAG.bitString, Buffer.of(0), sign('sha256', content, privateKey));
  return {
    cert: pem('CERTIFICATE', element(TAG.sequence, content, algorithm, signature)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
