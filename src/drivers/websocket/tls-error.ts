/** What goes wrong in TLS itself, in words (RFC 8446 §6, RFC 5246 §7.2). Node names the errors of OpenSSL by `ERR_SSL_…`. */
import { failure, type WireError } from '../../shared/errors.ts';
import { systemError } from '../../shared/system-error.ts';
import type { SystemErrorFacts } from '../../shared/system-error-words.ts';

const NO_CERTIFICATE = 'The server wants a certificate of the client, which cannot be given here';

/** `bad certificate` is what several servers say to a client that has given none. */
const WANTS_CERTIFICATE = /ALERT_(?:CERTIFICATE_REQUIRED|NO_CERTIFICATE|BAD_CERTIFICATE)/;

function hintOf(code: string, role: 'client' | 'server', other: string): string {
  if (role === 'client' && WANTS_CERTIFICATE.test(code)) return `${NO_CERTIFICATE}.`;
  // TLS 1.2 has one alert for both.
  if (role === 'client' && code.includes('ALERT_HANDSHAKE_FAILURE')) {
    return `${NO_CERTIFICATE}. Or it has no version or cipher in common with this client.`;
  }
  return other;
}

/**
 * @param what failed, as the beginning of the sentence
 * @param other the hint when the error does not tell more
 * @returns error `tls-failed`
 */
function failed(facts: SystemErrorFacts, what: string, role: 'client' | 'server', other: string): WireError {
  const { code, message } = facts;
  const reason = /(?:SSL routines:[^:]*:|alert )([^:\n]+)/.exec(message)?.[1]?.trim() ?? message;
  const text = `${what} failed: ${reason} (${code}).`;
  return failure('tls-failed', text, hintOf(code, role, other), { errno: code }).error;
}

/** @returns error `tls-failed` of a client's handshake, or null: it is none of TLS */
export function tlsHandshakeError(facts: SystemErrorFacts, where: string): WireError | null {
  if (!facts.code.startsWith('ERR_SSL') && facts.code !== 'EPROTO') return null;
  const other = 'Server and client have no version or cipher in common, or the server wants something else.';
  return failed(facts, `The TLS handshake with ${where}`, 'client', other);
}

/**
 * Of a socket whose handshake, if it has one, is over. With TLS 1.3 that is so before a server has judged its client.
 * @param where formatted address of the other side, for messages
 * @param role of this side
 * @returns error `tls-failed`, or those of `systemError`
 */
export function socketError(facts: SystemErrorFacts, where: string, role: 'client' | 'server'): WireError {
  if (!facts.code.startsWith('ERR_SSL') && !facts.message.includes('SSL routines:')) return systemError(facts, where);
  const other = facts.code.includes('ALERT')
    ? 'The other side ended TLS with this alert.'
    : 'What came is no record of TLS, or it was changed on its way.';
  return failed(facts, `TLS with ${where}`, role, other);
}
