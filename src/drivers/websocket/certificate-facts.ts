/** What certificates say of themselves, for rows and for the facts of a socket. */
import { X509Certificate, type KeyObject } from 'node:crypto';
import type { DetailedPeerCertificate } from 'node:tls';
import { certificateLines, type CertificateFacts, type ShownCertificate } from '../../shared/certificate-text.ts';
import { CERTIFICATES_SHOWN } from '../../shared/websocket-limits.ts';

/** Names of curves as people know them (RFC 8422 §5.1.1 has both). */
const CURVES: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

function keyText(key: KeyObject): string {
  const type = (key.asymmetricKeyType ?? 'unknown').toUpperCase();
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
  if (namedCurve !== undefined) return `${type} ${CURVES[namedCurve] ?? namedCurve}`;
  return modulusLength === undefined ? type : `${type} ${modulusLength} bits`;
}

/** A key of a kind that this build of Node does not know cannot be read. */
function keyOf(certificate: X509Certificate): string {
  try {
    return keyText(certificate.publicKey);
  } catch {
    return 'unknown';
  }
}

function certificateFacts(certificate: X509Certificate): CertificateFacts {
  const { subject, issuer, subjectAltName, validFrom, validTo, serialNumber, fingerprint256 } = certificate;
  return certificateLines({
    subject,
    issuer,
    subjectaltname: subjectAltName ?? '',
    validFrom,
    validTo,
    serialNumber,
    fingerprint256,
    key: keyOf(certificate),
  });
}

export function shownCertificate(certificate: X509Certificate): ShownCertificate {
  return { facts: certificateFacts(certificate), pem: certificate.toString() };
}

/** Undefined where the chain is not complete, other than its type says. */
function issuerOf(certificate: DetailedPeerCertificate): DetailedPeerCertificate | undefined {
  return certificate.issuerCertificate;
}

/** The certificates from that of the server up to the last that is known, which may be one of this machine. */
export function chainOf(peer: DetailedPeerCertificate): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next: DetailedPeerCertificate | undefined = peer;
  while (next !== undefined && Buffer.isBuffer(next.raw) && chain.length < CERTIFICATES_SHOWN) {
    const certificate = new X509Certificate(next.raw);
    // A root has signed itself, and comes as its own issuer.
    if (chain.some(({ raw }) => raw.equals(certificate.raw))) break;
    chain.push(certificate);
    next = issuerOf(next);
  }
  return chain;
}
