/** TLS on a connection that a server has accepted (Node docs, `tls.TLSSocket`), and what it needs for that. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls';
import { certificateText } from '../../shared/certificate-text.ts';
import { failure, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { factsOf, systemError } from '../../shared/system-error.ts';
import { CERTIFICATES_SHOWN } from '../../shared/websocket-limits.ts';
import type { Facts } from '../driver.ts';
import { stopped } from '../net/lookup.ts';
import { closeTogether, wireOf, type Wire } from '../net/wire.ts';
import { makeCertificate, type Certificate } from './certificate.ts';
import { shownCertificate } from './certificate-facts.ts';
import { readCertificates } from './tls.ts';

/** What a server needs to speak TLS. */
export interface ServerTls {
  readonly secureContext: SecureContext;
  /** Its certificates: see shared/certificate-text.ts. */
  readonly certificates: string;
  /** Of the certificate of the server itself, by Node's names. */
  readonly facts: Facts;
}

/** Those that every certificate made here is for. */
const LOCAL_HOSTS = ['localhost', '127.0.0.1', '::1'];

function badPem(field: 'cert' | 'key', problem: unknown): Outcome<never> {
  const [what, hint] =
    field === 'cert'
      ? ['cert is no certificate in PEM', 'Paste its text, from -----BEGIN CERTIFICATE----- to the end.']
      : ['key is no private key in PEM', 'Paste its text, without a passphrase, from -----BEGIN PRIVATE KEY----- on.'];
  const { code } = factsOf(problem);
  return failure('bad-option', code === '' ? `${what}.` : `${what} (${code}).`, hint, { field });
}

/** @returns error `bad-option` with `field` */
function checkGiven({ cert, key }: Certificate): Outcome<X509Certificate> {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch (problem) {
    return badPem('cert', problem);
  }
  try {
    if (certificate.checkPrivateKey(createPrivateKey(key))) return success(certificate);
  } catch (problem) {
    return badPem('key', problem);
  }
  const hint = 'Give the key that the certificate was made with; the certificate of the server is the first one.';
  return failure('bad-option', 'The key does not belong to the certificate.', hint, { field: 'key' });
}

/**
 * @param given null: one is made
 * @param host of the address, for one that is made
 * @returns error `bad-option` with `field`
 */
export function serverTls(given: Certificate | null, host: string): Outcome<ServerTls> {
  const hosts = [...LOCAL_HOSTS, ...(host === '' || LOCAL_HOSTS.includes(host) ? [] : [host])];
  const pair = given ?? makeCertificate(hosts);
  const checked = checkGiven(pair);
  if (!checked.ok) return checked;
  try {
    const secureContext = createSecureContext({ cert: pair.cert, key: pair.key });
    const found = readCertificates(pair.cert);
    const chain = found.ok ? found.value.map((pem) => new X509Certificate(pem)) : [checked.value];
    const shown = chain.slice(0, CERTIFICATES_SHOWN).map(shownCertificate);
    const facts = { made: given === null, ...shown[0]?.facts };
    return success({ secureContext, certificates: certificateText(shown), facts });
  } catch (problem) {
    // Another of the chain cannot be read, or OpenSSL finds it too weak.
    return badPem('cert', problem);
  }
}

const NOT_TRUSTED = 'It may not trust the certificate: put that of the row certificate into what it trusts.';

/** Many clients end without a word when they do not like the certificate. */
function endedWithin(remote: string): Outcome<never> {
  return failure('tls-failed', `${remote} ended the connection in the middle of the TLS handshake.`, NOT_TRUSTED);
}

function notSecured(problem: unknown, remote: string): WireError {
  const { code, message } = factsOf(problem);
  if (code.includes('HTTP_REQUEST')) {
    const hint = 'It has to connect with wss:// (https://), or turn TLS off here.';
    return failure('tls-failed', `${remote} speaks HTTP without TLS (${code}).`, hint, { errno: code }).error;
  }
  if (!code.startsWith('ERR_SSL')) return systemError({ code, message, syscall: 'read' }, remote);
  const reason = /(?:SSL routines:[^:]*:|alert )([^:\n]+)/.exec(message)?.[1]?.trim() ?? message;
  const hint = code.includes('ALERT')
    ? NOT_TRUSTED
    : 'It may not speak TLS, or has no version or cipher in common with this side.';
  return failure('tls-failed', `The TLS handshake with ${remote} failed: ${reason} (${code}).`, hint, { errno: code })
    .error;
}

/**
 * Shakes hands. After an error the socket is closed, or about to.
 * @param remote formatted address, for messages
 * @returns null in `value`: the client has ended the connection without a word. Error `tls-failed`; `stopped` after `stop`
 */
export function secureAccepted(
  tcp: Socket,
  { secureContext }: ServerTls,
  remote: string,
  stop: AbortSignal,
): Promise<Outcome<{ readonly wire: Wire; readonly facts: Facts } | null>> {
  return new Promise((resolve) => {
    const socket = new TLSSocket(tcp, { isServer: true, secureContext, ALPNProtocols: ['http/1.1'] });
    closeTogether(socket, tcp);
    const wire = wireOf(socket, null);
    const settle = (outcome: Outcome<{ readonly wire: Wire; readonly facts: Facts } | null>): void => {
      stop.removeEventListener('abort', stopping);
      socket.off('secure', secured).off('error', failed).off('close', closed);
      resolve(outcome);
    };
    const secured = (): void => {
      const cipher = socket.getCipher();
      // Looked at now: Node crashes when a socket whose handshake has failed is asked for its protocol.
      const servername: unknown = Reflect.get(socket, 'servername');
      const facts = {
        protocol: socket.getProtocol(),
        cipher: cipher.standardName,
        alpn: socket.alpnProtocol === false ? null : (socket.alpnProtocol ?? null),
        servername: typeof servername === 'string' ? servername : null,
      };
      settle(success({ wire, facts }));
    };
    const failed = (problem: Error): void => settle({ ok: false, error: notSecured(problem, remote) });
    const closed = (): void => settle(tcp.bytesRead === 0 ? success(null) : endedWithin(remote));
    const stopping = (): void => settle(stopped);
    socket.on('secure', secured).on('error', failed).on('close', closed);
    stop.addEventListener('abort', stopping);
    if (stop.aborted) stopping();
  });
}
