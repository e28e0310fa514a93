import { once } from 'node:events';
import { connect, createServer as createRelay, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { createServer as createHttps } from 'node:https';
import { makeCertificate } from '../../../src/drivers/websocket/certificate.ts';
import { socketError, tlsHandshakeError } from '../../../src/drivers/websocket/tls-error.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';
import { connectTo } from '../../support/raw-websocket.ts';

/** Application data (RFC 8446 §5.1) that no key has made. */
const BROKEN_RECORD = Buffer.concat([Buffer.from([0x17, 0x03, 0x03, 0x00, 0x20]), Buffer.alloc(32)]);

const certificate = makeCertificate(['127.0.0.1']);

function isBound(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

/** Listens until the test has finished. @returns its port */
async function started(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  if (!isBound(address)) throw new Error('The server does not listen');
  return address.port;
}

describe('a server that wants a certificate of the client', () => {
  test.each<[NonNullable<TlsOptions['maxVersion']>, RegExp, RegExp, number]>([
    [
      'TLSv1.3',
      /^TLS with 127\.0\.0\.1:\d+ failed: tlsv13 alert certificate required \(ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED\)\.$/,
      /^The server wants a certificate of the client, which cannot be given here\.$/,
      1,
    ],
    [
      'TLSv1.2',
      /^The TLS handshake with 127\.0\.0\.1:\d+ failed: .*alert handshake failure \(ERR_SSL_.*ALERT_HANDSHAKE_FAILURE\)\.$/,
      /^The server wants a certificate of the client, which cannot be given here\./,
      0,
    ],
  ])('says so by name with %s', async (maxVersion, message, hint, requests) => {
    const { cert, key } = certificate;
    const server = createServer({ cert, key, requestCert: true, rejectUnauthorized: true, maxVersion });
    server.on('tlsClientError', () => undefined);
    const { context, opened } = connectTo(`wss://127.0.0.1:${await started(server)}/`, { ca: cert });
    const error = errorOf(await opened);
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
    expect(error.code).toBe('tls-failed');
    expect(context.of('request')).toHaveLength(requests);
  });
});

test('A record of TLS that was changed on its way ends an open connection by name', async () => {
  const https = createHttps({ cert: certificate.cert, key: certificate.key });
  const sockets = new WebSocketServer({ server: https });
  sockets.on('connection', (socket) => socket.on('error', () => undefined));
  const port = await started(https);
  const relayed: Socket[] = [];
  const relay = createRelay((client) => {
    relayed.push(client);
    const onward = connect(port, '127.0.0.1');
    for (const socket of [client, onward]) socket.on('error', () => undefined);
    client.pipe(onward).pipe(client);
  });
  const { context, driver, opened } = connectTo(`wss://127.0.0.1:${await started(relay)}/`, { ca: certificate.cert });
  valueOf(await opened);
  relayed[0]?.write(BROKEN_RECORD);
  await context.untilState(1, 'failed');
  const [row] = context.of('error', 'none', 1);
  expect(row?.meta.code).toMatch(/^ERR_SSL_/);
  expect(row?.meta.message).toMatch(
    /^TLS with 127\.0\.0\.1:\d+ failed: .*record mac \(ERR_SSL_.*\)\. What came is no record/i,
  );
  expect(context.closes).toMatchObject([{ code: 'tls-failed' }]);
  await driver.close();
});

describe('an error of a socket', () => {
  const alert = (name: string): { code: string; syscall: string; message: string } => ({
    code: `ERR_SSL_${name.toUpperCase().replaceAll(' ', '_')}`,
    syscall: '',
    message: `1:error:2:SSL routines:ssl3_read_bytes:${name}:file.c:1:SSL alert number 42`,
  });

  test('that is none of TLS keeps its own name', () => {
    const reset = { code: 'ECONNRESET', syscall: 'read', message: 'read ECONNRESET' };
    expect(socketError(reset, 'h:1', 'client').code).toBe('connection-reset');
    expect(tlsHandshakeError(reset, 'h:1')).toBeNull();
  });

  test('is about the certificate of the client only when this side is the client', () => {
    const refused = alert('sslv3 alert bad certificate');
    expect(socketError(refused, 'h:1', 'client').hint).toMatch(/wants a certificate of the client/);
    expect(socketError(refused, 'h:1', 'server').hint).toBe('The other side ended TLS with this alert.');
    expect(tlsHandshakeError(alert('tlsv1 alert protocol version'), 'h:1')?.hint).toMatch(/version or cipher/);
  });

  test('is found where the system’s name stands for it', () => {
    const { message } = alert('decryption failed or bad record mac');
    expect(socketError({ code: 'EPROTO', syscall: 'write', message }, 'h:1', 'client')).toMatchObject({
      code: 'tls-failed',
      message: 'TLS with h:1 failed: decryption failed or bad record mac (EPROTO).',
      errno: 'EPROTO',
    });
  });
});
