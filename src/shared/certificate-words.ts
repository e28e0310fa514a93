/** What is wrong with a certificate, in words, by OpenSSL's name of it (openssl-verification-options(1), "DIAGNOSTICS"). */
import type { ErrorCode } from './errors.ts';

export interface CertificateFault {
  readonly code: ErrorCode;
  /** In a word or two. */
  readonly title: string;
  /** Ends the sentence "The certificate cannot be trusted: …". */
  readonly what: string;
  readonly hint: string;
}

/**
 * @param code of OpenSSL or of Node
 * @param host that the certificate should be for
 */
export function certificateFault(code: string, host: string): CertificateFault {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return {
        code: 'certificate-expired',
        title: 'Expired',
        what: 'it has expired',
        hint: 'The server needs a new one; or is the clock of this machine wrong?',
      };
    case 'CERT_NOT_YET_VALID':
      return {
        code: 'certificate-refused',
        title: 'Not valid yet',
        what: 'it is not valid yet',
        hint: 'Is the clock of this machine, or of the server, wrong?',
      };
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return {
        code: 'certificate-not-trusted',
        title: 'Self-signed',
        what: 'it is self-signed',
        hint: 'If it is the right one, put it into ca among the TLS options.',
      };
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return {
        code: 'certificate-not-trusted',
        title: 'Unknown issuer',
        what: 'this machine does not know who issued it',
        hint: 'Put the certificate of the issuer into ca among the TLS options; or the server does not send the whole chain.',
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH':
      return {
        code: 'certificate-wrong-host',
        title: 'Wrong host',
        what: `it is not for ${host}`,
        hint: 'Use a name that stands in the certificate, or write one as servername among the TLS options.',
      };
    default:
      return {
        code: 'certificate-refused',
        title: 'Not trusted',
        what: `it was refused (${code})`,
        hint: 'The row secureConnect shows the certificate.',
      };
  }
}
