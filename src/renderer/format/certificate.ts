/** The certificate of a wss session as it is shown: what is to be thought of it, and what it says. */
import type { SessionStatus } from '../../shared/contract.ts';
import { readCertificateText, type CertificateFacts } from '../../shared/certificate-text.ts';
import { certificateFault } from '../../shared/certificate-words.ts';

type Facts = SessionStatus['facts'];

export interface CertificateVerdict {
  readonly tone: 'ok' | 'warn' | 'bad' | 'plain';
  /** `Trusted`, `Self-signed`, `Expired` … */
  readonly title: string;
  readonly text: string;
}

interface ChainLink {
  /** Where it stands in the chain, in words. */
  readonly title: string;
  readonly facts: CertificateFacts;
  readonly pem: string;
}

export interface CertificateView {
  readonly verdict: CertificateVerdict;
  /** What the two sides have agreed on; of a server nothing, since each connection has its own. */
  readonly agreed: Facts;
  readonly chain: readonly ChainLink[];
}

/** Facts of a socket that belong to its certificate or to TLS, and stand there. */
const AGREED = ['protocol', 'cipher', 'alpn', 'servername'] as const;
const OF_CERTIFICATE: readonly string[] = [
  'certificate',
  'made',
  'authorized',
  'authorizationError',
  'subject',
  'issuer',
  'subjectaltname',
  'validFrom',
  'validTo',
  'serialNumber',
  'fingerprint256',
  'key',
];

const DAY_MS = 86_400_000;

/** `in 364 days`, `3 days ago` */
function distance(date: string, now: number): string {
  const days = Math.trunc((Date.parse(date) - now) / DAY_MS);
  if (Number.isNaN(days)) return '';
  const count = `${Math.abs(days)} day${Math.abs(days) === 1 ? '' : 's'}`;
  if (days === 0) return 'within a day';
  return days > 0 ? `in ${count}` : `${count} ago`;
}

function dated(facts: CertificateFacts, now: number): CertificateFacts {
  const until = distance(facts.validTo, now);
  return until === '' ? facts : { ...facts, validTo: `${facts.validTo} (${until})` };
}

function ofClient(facts: Facts, isVerified: boolean): CertificateVerdict {
  if (facts.authorized === true) {
    const text = 'Its chain leads to a certificate that this machine, or ca among the options, trusts.';
    return { tone: 'ok', title: 'Trusted', text };
  }
  // An IP address is not sent as a name.
  const host = typeof facts.servername === 'string' ? facts.servername : 'the address of the server';
  const { title, what, hint } = certificateFault(String(facts.authorizationError), host);
  return isVerified
    ? { tone: 'bad', title, text: `It cannot be trusted: ${what}. No connection was made. ${hint}` }
    : { tone: 'warn', title, text: `It cannot be trusted: ${what}. It was let through: rejectUnauthorized is off.` };
}

function ofServer(
  facts: Facts,
  { validTo, validFrom, subject, issuer }: CertificateFacts,
  now: number,
): CertificateVerdict {
  if (Date.parse(validTo) < now)
    return { tone: 'bad', title: 'Expired', text: 'Clients that verify it will refuse it.' };
  if (Date.parse(validFrom) > now) {
    return { tone: 'bad', title: 'Not valid yet', text: 'Clients that verify it will refuse it.' };
  }
  const trust = 'Clients that verify it have to be given it first: put its PEM into what they trust.';
  if (facts.made === true) return { tone: 'plain', title: 'Made on the spot, self-signed', text: trust };
  if (subject === issuer) return { tone: 'plain', title: 'Self-signed', text: trust };
  return { tone: 'plain', title: 'Given', text: 'Whether it can be trusted is for each client to say.' };
}

/**
 * @param facts of the session
 * @param isVerified whether a certificate that cannot be trusted ends the handshake
 * @param now ms since 1970
 * @returns null without TLS
 */
export function certificateView(
  facts: Facts,
  role: 'client' | 'server',
  isVerified: boolean,
  now: number,
): CertificateView | null {
  const chain = typeof facts.certificate === 'string' ? readCertificateText(facts.certificate) : [];
  const [own] = chain;
  if (own === undefined) return null;
  return {
    verdict: role === 'client' ? ofClient(facts, isVerified) : ofServer(facts, own.facts, now),
    agreed: Object.fromEntries(AGREED.filter((name) => name in facts).map((name) => [name, facts[name] ?? 'none'])),
    chain: chain.map(({ facts: said, pem }, index) => ({
      title: index === 0 ? 'Certificate of the server' : `Issuer ${index} of ${chain.length - 1}`,
      facts: dated(said, now),
      pem,
    })),
  };
}

/** What remains for the table of the socket. */
export function factsBesideCertificate(facts: Facts): Facts {
  if (typeof facts.certificate !== 'string') return facts;
  const theirs = new Set<string>([...OF_CERTIFICATE, ...AGREED]);
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !theirs.has(name)));
}
