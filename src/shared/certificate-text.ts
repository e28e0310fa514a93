/**
 * Certificates as text: of each what it says, a fact a line, and below that the certificate in PEM. RFC 7468 §2 allows
 * text around PEM, so that it can be pasted wherever a certificate is wanted. Rows carry it, and the window reads it.
 */

/** What a certificate says, by Node's names of it (Node docs, `crypto.X509Certificate`). */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** Names and addresses that it is for; '' when it has none. */
  readonly subjectaltname: string;
  /** As in `Nov 23 12:00:00 2026 GMT`. */
  readonly validFrom: string;
  readonly validTo: string;
  /** Hexadecimal. */
  readonly serialNumber: string;
  /** SHA-256 of the whole certificate. */
  readonly fingerprint256: string;
  /** Kind and size of the public key: `EC P-256`, `RSA 2048 bits`. */
  readonly key: string;
}

export interface ShownCertificate {
  readonly facts: CertificateFacts;
  readonly pem: string;
}

const NAMES = [
  'subject',
  'issuer',
  'subjectaltname',
  'validFrom',
  'validTo',
  'serialNumber',
  'fingerprint256',
  'key',
] as const satisfies readonly (keyof CertificateFacts)[];

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/;

/** One line that no reader takes for the beginning of PEM: a name may be whatever the maker of a certificate likes. */
function line(text: string): string {
  return text
    .trim()
    .replace(/\s*\n\s*/gu, ', ')
    .replace(/\p{Cc}/gu, '\u{FFFD}')
    .replaceAll('-----', '–––––');
}

/** The facts as they stand in the text. */
export function certificateLines(facts: CertificateFacts): CertificateFacts {
  const { subject, issuer, subjectaltname, validFrom, validTo, serialNumber, fingerprint256, key } = facts;
  return {
    subject: line(subject),
    issuer: line(issuer),
    subjectaltname: line(subjectaltname),
    validFrom: line(validFrom),
    validTo: line(validTo),
    serialNumber: line(serialNumber),
    fingerprint256: line(fingerprint256),
    key: line(key),
  };
}

/** @param chain the certificate of the server itself first */
export function certificateText(chain: readonly ShownCertificate[]): string {
  return chain
    .map(({ facts, pem }) => {
      const lines = certificateLines(facts);
      return `${NAMES.map((name) => `${name}: ${lines[name]}`).join('\n')}\n${pem.trim()}\n`;
    })
    .join('\n');
}

/** What `certificateText` has written; nothing of any other text. */
export function readCertificateText(text: string): readonly ShownCertificate[] {
  const found: ShownCertificate[] = [];
  let from = 0;
  for (const { 0: pem, index } of text.matchAll(new RegExp(PEM, 'g'))) {
    const lines = text.slice(from, index).split('\n');
    from = index + pem.length;
    const valueOf = (name: string): string => {
      const start = `${name}: `;
      return lines.find((one) => one.startsWith(start))?.slice(start.length) ?? '';
    };
    found.push({
      facts: {
        subject: valueOf('subject'),
        issuer: valueOf('issuer'),
        subjectaltname: valueOf('subjectaltname'),
        validFrom: valueOf('validFrom'),
        validTo: valueOf('validTo'),
        serialNumber: valueOf('serialNumber'),
        fingerprint256: valueOf('fingerprint256'),
        key: valueOf('key'),
      },
      pem,
    });
  }
  return found;
}
