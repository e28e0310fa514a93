/** Whether the certificate of a server can be trusted, in the same words with OpenSSL (Node) and BoringSSL (Electron). */
import { X509Certificate } from 'node:crypto';
import { checkServerIdentity, type TLSSocket } from 'node:tls';
import { failure, type ErrorCode, type WireError } from '../../shared/errors.ts';

const SELF_SIGNED = 'DEPTH_ZERO_SELF_SIGNED_CERT';

/** What a certificate alone in its chain gets when nobody known has signed it: which of them depends on the library. */
const UNKNOWN_ISSUER: ReadonlySet<string> = new Set([
  SELF_SIGNED,
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

/**
 * BoringSSL trusts a certificate that stands among the trusted ones only when it may sign others, which one of a server
 * need not. Whoever has put it there means this very certificate, so that is looked at here, with what remains to be
 * right about it: the library stops at the first fault.
 * @param host that it should be for
 * @param trusted PEM, one certificate each
 * @returns the code of what is wrong, or null
 */
export function certificateProblem(socket: TLSSocket, host: string, trusted: readonly string[]): string | null {
  if (socket.authorized) return null;
  const code = String(socket.authorizationError);
  // Not by getPeerX509Certificate(): in Electron 25 the socket has none any more when that was called once.
  const peer = socket.getPeerCertificate();
  if (!UNKNOWN_ISSUER.has(code) || !Buffer.isBuffer(peer.raw)) return code;
  const certificate = new X509Certificate(peer.raw);
  if (!trusted.some((pem) => new X509Certificate(pem).raw.equals(certificate.raw))) {
    return certificate.subject === certificate.issuer ? SELF_SIGNED : code;
  }
  const now = Date.now();
  if (now > Date.parse(certificate.validTo)) return 'CERT_HAS_EXPIRED';
  if (now < Date.parse(certificate.validFrom)) return 'CERT_NOT_YET_VALID';
  const mismatch = checkServerIdentity(host, peer);
  return mismatch === undefined ? null : 'ERR_TLS_CERT_ALTNAME_INVALID';
}

/** What is wrong with a certificate, by OpenSSL's name of it (openssl-verification-options(1), "DIAGNOSTICS"). */
function certificateWords(code: string, host: string): readonly [ErrorCode, what: string, hint: string] {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return [
        'certificate-expired',
        'it has expired',
        'The server needs a new one; or is the clock of this machine wrong?',
      ];
    case 'CERT_NOT_YET_VALID':
      return ['certificate-refused', 'it is not valid yet', 'Is the clock of this machine, or of the server, wrong?'];
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return [
        'certificate-not-trusted',
        'it is self-signed',
        'If it is the right one, put it into ca among the TLS options.',
      ];
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return [
        'certificate-not-trusted',
        'this machine does not know who issued it',
        'Put the certificate of the issuer into ca among the TLS options; or the server does not send the whole chain.',
      ];
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH':
      return [
        'certificate-wrong-host',
        `it is not for ${host}`,
        'Use a name that stands in the certificate, or write one as servername among the TLS options.',
      ];
    default:
      return ['certificate-refused', `it was refused (${code})`, 'The row secureConnect shows the certificate.'];
  }
}

/** @param host that the certificate should be for. @param where formatted address of the server */
export function certificateError(code: string, host: string, where: string): WireError {
  const [name, what, hint] = certificateWords(code, host);
  const suffix = what.includes(code) ? '' : ` (${code})`;
  return failure(name, `The certificate of ${where} cannot be trusted: ${what}${suffix}.`, hint, { errno: code }).error;
}
