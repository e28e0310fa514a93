/** TLS on a connected socket (Node docs, `tls.connect`): every certificate is looked at, whether or not it is trusted. */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, rootCertificates, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { failure, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { factsOf, systemError } from '../../shared/system-error.ts';
import { certificateText } from '../../shared/certificate-text.ts';
import type { Facts } from '../driver.ts';
import { stopped } from '../net/lookup.ts';
import { closeTogether, wireOf, type Wire } from '../net/wire.ts';
import { chainOf, shownCertificate } from './certificate-facts.ts';
import { certificateError, certificateProblem } from './certificate-verdict.ts';
import { tlsHandshakeError } from './tls-error.ts';

export interface TlsOptions {
  /** Of the address: a name, or an IP address without brackets. */
  readonly host: string;
  /** Formatted address of the server, for messages. */
  readonly where: string;
  readonly rejectUnauthorized: boolean;
  /** PEM, any number of certificates, or ''. */
  readonly ca: string;
  /** '' for the host. */
  readonly servername: string;
}

const PEM = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END (?:TRUSTED )?CERTIFICATE-----/g;

/** @returns error `bad-option` with `field` */
export function readCertificates(pem: string): Outcome<readonly string[]> {
  if (pem.trim() === '') return success([]);
  const found = pem.match(PEM) ?? [];
  try {
    for (const one of found) new X509Certificate(one);
    if (found.length > 0) return success(found);
  } catch {
    // It is said below what is expected.
  }
  const hint = 'Paste the text of a certificate, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.';
  return failure('bad-option', 'ca is no certificate in PEM.', hint, { field: 'ca' });
}

/** The handshake of TLS itself failed. */
function handshakeError(error: unknown, where: string): WireError {
  const facts = factsOf(error);
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/.test(facts.code + facts.message)) {
    const message = `${where} does not speak TLS (${facts.code}).`;
    return failure('tls-failed', message, 'Try ws:// instead of wss://.', { errno: facts.code }).error;
  }
  const failed = tlsHandshakeError(facts, where);
  if (failed !== null) return failed;
  const known = systemError(facts, where);
  if (known.code !== 'connection-reset') return known;
  const message = `${where} ended the connection during the TLS handshake (${facts.code}).`;
  return failure('tls-failed', message, 'It may not speak TLS: try ws://. Or it does not know the host by this name.', {
    errno: facts.code,
  }).error;
}

/** What was agreed on, and whom with. */
export interface Secured {
  /** Of the connection and of the certificate of the server, by Node's names where it has them. */
  readonly facts: Facts;
  /** All certificates: see shared/certificate-text.ts. */
  readonly certificates: string;
}

/**
 * @param servername that was asked for, or null
 * @param problem of the certificate, by its code
 */
function securedBy(socket: TLSSocket, servername: string | null, problem: string | null): Secured {
  const cipher = socket.getCipher();
  const chain = chainOf(socket.getPeerCertificate(true)).map(shownCertificate);
  const facts = {
    protocol: socket.getProtocol(),
    cipher: cipher.standardName,
    alpn: socket.alpnProtocol === false ? null : (socket.alpnProtocol ?? null),
    servername,
    authorized: problem === null,
    authorizationError: problem,
    ...chain[0]?.facts,
  };
  return { facts, certificates: certificateText(chain) };
}

type Shaken = { readonly type: 'secure' | 'stopped' | 'closed' } | { readonly type: 'failed'; readonly error: Error };

function shaken(socket: TLSSocket, stop: AbortSignal): Promise<Shaken> {
  return new Promise((resolve) => {
    const settle = (result: Shaken): void => {
      stop.removeEventListener('abort', stopping);
      socket.off('secureConnect', secure).off('error', failed).off('close', closed);
      resolve(result);
    };
    const secure = (): void => settle({ type: 'secure' });
    const failed = (error: Error): void => settle({ type: 'failed', error });
    const closed = (): void => settle({ type: 'closed' });
    const stopping = (): void => settle({ type: 'stopped' });
    socket.on('secureConnect', secure).on('error', failed).on('close', closed);
    stop.addEventListener('abort', stopping);
    if (stop.aborted) stopping();
  });
}

/**
 * Shakes hands. Nothing of the conversation is sent before the certificate has been judged.
 * @param certificates to trust beside those that Node brings, PEM, one each
 * @param secured called also when the certificate is not trusted
 * @returns the wire to go on with, which has the other inside; after an error both are closed
 */
export async function secure(
  plain: Wire,
  options: TlsOptions,
  certificates: readonly string[],
  secured: (by: Secured) => void,
  stop: AbortSignal,
): Promise<Outcome<{ readonly wire: Wire }>> {
  const servername = options.servername === '' ? options.host : options.servername;
  // An IP address is no name for SNI (RFC 6066 §3).
  const asked = isIP(servername) === 0 ? servername : null;
  const setup: ConnectionOptions = {
    socket: plain.socket,
    host: options.host,
    ...(asked === null ? {} : { servername: asked }),
    // It is judged below, so that it can be shown in either case.
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1'],
    ...(certificates.length === 0 ? {} : { ca: [...rootCertificates, ...certificates] }),
  };
  const socket = connect(setup);
  closeTogether(socket, plain.socket);
  const result = await shaken(socket, stop);
  const wire = wireOf(socket, null);
  const end = async <T>(outcome: T): Promise<T> => {
    await wire.destroy();
    await plain.destroy();
    return outcome;
  };
  if (result.type === 'stopped') return end(stopped);
  if (result.type === 'failed') return end({ ok: false, error: handshakeError(result.error, options.where) });
  if (result.type === 'closed') {
    return end({ ok: false, error: handshakeError({ code: 'ECONNRESET', message: 'closed' }, options.where) });
  }
  const problem = certificateProblem(socket, servername, certificates);
  secured(securedBy(socket, asked, problem));
  if (options.rejectUnauthorized && problem !== null) {
    return end({ ok: false, error: certificateError(problem, servername, options.where) });
  }
  return success({ wire });
}
