/** Whether the certificate of a server can be trusted, in the same words with OpenSSL (Node) and BoringSSL (Electron). */
import { X509Certificate } from 'node:crypto';
import { checkServerIdentity, type TLSSocket } from 'node:tls';
import { certificateFault } from '../../shared/certificate-words.ts';
import { failure, type WireError } from '../../shared/errors.ts';

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

/** @param host that the certificate should be for. @param where formatted address of the server */
export function certificateError(code: string, host: string, where: string): WireError {
  const { code: name, what, hint } = certificateFault(code, host);
  const suffix = what.includes(code) ? '' : ` (${code})`;
  return failure(name, `The certificate of ${where} cannot be trusted: ${what}${suffix}.`, hint, { errno: code }).error;
}
