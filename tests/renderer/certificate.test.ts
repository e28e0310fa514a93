import '@testing-library/jest-dom/vitest';
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { certificateText, type CertificateFacts } from '../../src/shared/certificate-text.ts';
import { certificateView, factsBesideCertificate } from '../../src/renderer/format/certificate.ts';
import SocketFacts from '../../src/renderer/views/SocketFacts.svelte';

const NOW = Date.parse('2026-11-23T12:00:00Z');

const own: CertificateFacts = {
  subject: 'CN=chat.example',
  issuer: 'CN=Some Authority',
  subjectaltname: 'DNS:chat.example',
  validFrom: 'Nov 22 12:00:00 2026 GMT',
  validTo: 'Dec  3 12:00:00 2026 GMT',
  serialNumber: '4F',
  fingerprint256: '00:11',
  key: 'RSA 2048 bits',
};
const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
const issuer = { ...own, subject: 'CN=Some Authority', issuer: 'CN=Some Authority' };

function factsOf(changes: Partial<CertificateFacts>, more: Record<string, string | boolean | null>) {
  const chain = [
    { facts: { ...own, ...changes }, pem },
    { facts: issuer, pem },
  ];
  return { remotePort: 443, protocol: 'TLSv1.3', ...own, certificate: certificateText(chain), ...more };
}

describe('the verdict on a certificate', () => {
  it.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'Self-signed'],
    ['CERT_HAS_EXPIRED', 'Expired'],
    ['CERT_NOT_YET_VALID', 'Not valid yet'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'Wrong host'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'Unknown issuer'],
    ['CERT_REVOKED', 'Not trusted'],
  ])('%s is called: %s', (code, title) => {
    const facts = factsOf({}, { authorized: false, authorizationError: code, servername: 'chat.example' });
    expect(certificateView(facts, 'client', true, NOW)?.verdict).toMatchObject({ tone: 'bad', title });
    const letThrough = certificateView(facts, 'client', false, NOW)?.verdict;
    expect(letThrough).toMatchObject({ tone: 'warn', title });
    expect(letThrough?.text).toContain('rejectUnauthorized is off');
  });

  it('is good when a client trusts it', () => {
    const facts = factsOf({}, { authorized: true, authorizationError: null });
    expect(certificateView(facts, 'client', true, NOW)?.verdict).toMatchObject({ tone: 'ok', title: 'Trusted' });
  });

  it.each([
    [{ made: true }, {}, 'plain', 'Made on the spot, self-signed'],
    [{ made: false }, { issuer: own.subject }, 'plain', 'Self-signed'],
    [{ made: false }, {}, 'plain', 'Given'],
    [{ made: false }, { validTo: 'Nov 20 12:00:00 2026 GMT' }, 'bad', 'Expired'],
    [{ made: false }, { validFrom: 'Nov 24 12:00:00 2026 GMT' }, 'bad', 'Not valid yet'],
  ])('of a server’s own says how clients will see it (%j %j)', (more, changes, tone, title) => {
    expect(certificateView(factsOf(changes, more), 'server', true, NOW)?.verdict).toMatchObject({ tone, title });
  });

  it('is none without TLS', () => {
    expect(certificateView({ remotePort: 80 }, 'client', true, NOW)).toBeNull();
    expect(factsBesideCertificate({ protocol: 'x', remotePort: 80 })).toEqual({ protocol: 'x', remotePort: 80 });
  });
});

describe('the facts of a socket with TLS', () => {
  it('show the chain, what was agreed on, and the rest apart; a certificate can be copied', async () => {
    const facts = factsOf({}, { authorized: true, authorizationError: null, alpn: 'http/1.1', servername: null });
    const user = userEvent.setup();
    render(SocketFacts, { session: facts, certificate: certificateView(facts, 'client', true, NOW) });
    const section = screen.getByRole('region', { name: 'Certificate' });
    expect(section).toHaveTextContent('Trusted');
    const first = within(section).getByRole('table', { name: 'Certificate of the server' });
    expect(first).toHaveTextContent('Dec 3 12:00:00 2026 GMT (in 10 days)');
    expect(first).toHaveTextContent('RSA 2048 bits');
    expect(within(section).getByRole('table', { name: 'Issuer 1 of 1' })).toHaveTextContent('CN=Some Authority');
    expect(within(section).getByRole('table', { name: 'TLS' })).toHaveTextContent('TLSv1.3');
    const rest = within(screen.getByRole('table', { name: 'Session' })).getAllByRole('rowheader');
    expect(rest.map((head) => head.textContent)).toEqual(['remotePort']);
    await user.click(screen.getByRole('button', { name: 'Copy Certificate of the server as PEM' }));
    expect(await navigator.clipboard.readText()).toBe(`${pem}\n`);
    expect(within(section).getByText('Certificate of the server copied as PEM')).toBeInTheDocument();
  });
});
