import { once } from 'node:events';
import { createServer } from 'node:https';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { makeCertificate, type Certificate } from '../../../src/drivers/websocket/certificate.ts';
import { webSocketClientSpec } from '../../../src/drivers/websocket/client-spec.ts';
import type { Options } from '../../../src/drivers/spec.ts';
import { readCertificateText } from '../../../src/shared/certificate-text.ts';
import { errorOf, turn, valueOf } from '../../support/outcome.ts';
import { httpProxy, socksProxy } from '../../support/proxy-servers.ts';
import { authority, signed } from '../../support/signed-certificate.ts';
import { agree, connectTo, rawServer } from '../../support/raw-websocket.ts';

const LOOPBACK = ['localhost', '127.0.0.1'];
const MIB = 1024 * 1024;

/** A server of `ws` behind TLS that sends back what it gets. @returns its port */
async function echoServer({ cert, key }: Certificate, maxVersion?: 'TLSv1.2'): Promise<number> {
  const server = createServer({ cert, key, ...(maxVersion === undefined ? {} : { maxVersion }) });
  const sockets = new WebSocketServer({ server, maxPayload: 64 * MIB });
  sockets.on('connection', (socket) => {
    socket.on('error', () => undefined);
    socket.on('message', (data, binary) => socket.send(data, { binary }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const client of sockets.clients) client.terminate();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen');
  return address.port;
}

describe('wss', () => {
  test.each([undefined, 'TLSv1.2'] as const)('talks through TLS (%s at most)', async (maxVersion) => {
    const certificate = makeCertificate(LOOPBACK);
    const port = await echoServer(certificate, maxVersion);
    const { context, driver, opened } = connectTo(`wss://localhost:${port}/`, { ca: certificate.cert, family: '4' });
    valueOf(await opened);
    const bytes = Buffer.alloc(2 * MIB, 'through TLS ');
    valueOf(await driver.send(1, bytes, 'binary'));
    await context.untilMessage('in', 1);
    expect(context.messages('in')[0]?.payload?.equals(bytes)).toBe(true);
    const { meta } = context.of('secureConnect', 'none', 0)[0] ?? {};
    expect(meta).toMatchObject({
      protocol: maxVersion ?? 'TLSv1.3',
      alpn: 'http/1.1',
      authorized: true,
      authorizationError: null,
      subject: 'CN=localhost',
      issuer: 'CN=localhost',
      subjectaltname: 'DNS:localhost, IP Address:127.0.0.1',
    });
    expect(meta?.validTo).toMatch(/GMT$/);
    expect(meta?.fingerprint256).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(driver.facts(1)).toMatchObject({ ...meta, remotePort: port });
    expect(meta).toMatchObject({ servername: 'localhost', key: 'EC P-256' });
    expect(meta?.serialNumber).toMatch(/^[0-9A-F]{32}$/i);
    const text = String(context.of('secureConnect', 'none', 0)[0]?.payload);
    expect(readCertificateText(text).map(({ pem }) => pem)).toEqual([certificate.cert.trim()]);
    expect(driver.facts(null).certificate).toBe(text);
    const order = ['connect', 'secureConnect', 'request', 'response', 'open'];
    expect(context.records.map(({ kind }) => kind).filter((kind) => order.includes(kind))).toEqual(order);
    await driver.close();
    expect(context.records.at(-1)?.meta).toMatchObject({ code: 1000, clean: true });
    expect(context.closes).toEqual([null]);
  });

  test('stops reading and goes on through TLS, too', async () => {
    const certificate = makeCertificate(LOOPBACK);
    const port = await echoServer(certificate);
    const { context, driver, opened } = connectTo(`wss://127.0.0.1:${port}/`, { ca: certificate.cert });
    driver.pauseReading(null);
    valueOf(await opened);
    valueOf(await driver.send(1, Buffer.from('hello')));
    for (let round = 0; round < 100; round += 1) await turn();
    expect(context.messages('in')).toEqual([]);
    driver.resumeReading(null);
    await context.untilMessage('in', 1);
  });

  test.each([httpProxy, socksProxy])('goes through a proxy (%#)', async (start) => {
    const certificate = makeCertificate(['somewhere.invalid']);
    const port = await echoServer(certificate);
    const { address, asked } = await start(null);
    const options = { ca: certificate.cert, proxy: start === httpProxy ? 'http' : 'socks5', proxyAddress: address };
    const { context, driver, opened } = connectTo(`wss://somewhere.invalid:${port}/`, options);
    valueOf(await opened);
    expect(asked).toHaveLength(1);
    valueOf(await driver.send(1, Buffer.from('hello')));
    await context.untilMessage('in', 1);
    await driver.close();
    expect(context.closes).toEqual([null]);
  });

  test('can be reset under TLS', async () => {
    const certificate = makeCertificate(LOOPBACK);
    const port = await echoServer(certificate);
    const { context, driver, opened } = connectTo(`wss://127.0.0.1:${port}/`, { ca: certificate.cert });
    valueOf(await opened);
    valueOf(await driver.act('resetAndDestroy', 1));
    await context.untilState(1, 'reset');
    expect(context.closes).toEqual([null]);
  });
});

describe('a certificate that cannot be trusted', () => {
  const old = new Date('2020-01-01T00:00:00Z');
  test.each<[string, Certificate, boolean, Options, string, string, RegExp]>([
    [
      'self-signed',
      makeCertificate(LOOPBACK),
      false,
      {},
      'certificate-not-trusted',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      /ca/,
    ],
    ['expired', makeCertificate(LOOPBACK, old), true, {}, 'certificate-expired', 'CERT_HAS_EXPIRED', /new one/],
    [
      'for another host',
      makeCertificate(['elsewhere.example']),
      true,
      {},
      'certificate-wrong-host',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      /servername/,
    ],
    [
      'for another host than servername',
      makeCertificate(LOOPBACK),
      true,
      { servername: 'wanted.example' },
      'certificate-wrong-host',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      /servername/,
    ],
  ])('because it is %s: nothing is asked', async (_what, certificate, known, options, code, errno, hint) => {
    const port = await echoServer(certificate);
    const all = { ...options, ...(known ? { ca: certificate.cert } : {}) };
    const { context, driver, opened } = connectTo(`wss://127.0.0.1:${port}/`, all);
    const error = errorOf(await opened);
    expect(error).toMatchObject({ code, errno });
    expect(error.message).toMatch(
      new RegExp(`^The certificate of 127\\.0\\.0\\.1:${port} cannot be trusted: .*\\(${errno}\\)\\.$`),
    );
    expect(error.hint).toMatch(hint);
    // It is there to be looked at.
    expect(context.of('secureConnect')[0]?.meta).toMatchObject({ authorized: false, authorizationError: errno });
    expect(driver.facts(null)).toMatchObject({ authorized: false, authorizationError: errno });
    expect(readCertificateText(String(driver.facts(null).certificate))).toHaveLength(1);
    expect(context.of('request')).toEqual([]);
    expect(context.closes).toEqual([]);
  });

  test('because nobody knows its issuer, until the issuer or itself is among the trusted', async () => {
    const port = await echoServer(signed);
    const address = `wss://localhost:${port}/`;
    const unknown = errorOf(await connectTo(address, { family: '4' }).opened);
    expect(unknown).toMatchObject({ code: 'certificate-not-trusted', errno: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    expect(unknown.message).toMatch(/does not know who issued it/);
    for (const ca of [authority, signed.cert, `${makeCertificate(LOOPBACK).cert}\n${signed.cert}`]) {
      const { context, opened } = connectTo(address, { ca, family: '4' });
      valueOf(await opened);
      expect(context.of('secureConnect')[0]?.meta).toMatchObject({ authorized: true, authorizationError: null });
    }
    // One that is trusted for itself must still be for the right host.
    const other = { ca: signed.cert, servername: 'elsewhere.example', family: '4' };
    expect(errorOf(await connectTo(address, other).opened).code).toBe('certificate-wrong-host');
  });

  test('is taken when that is wanted, with a standing warning', async () => {
    const port = await echoServer(makeCertificate(['elsewhere.example'], old));
    const address = `wss://127.0.0.1:${port}/`;
    const { context, driver, opened } = connectTo(address, { rejectUnauthorized: false });
    valueOf(await opened);
    expect(context.of('secureConnect')[0]?.meta.authorized).toBe(false);
    expect(driver.facts(1).authorized).toBe(false);
    expect(webSocketClientSpec.warning(address, { rejectUnauthorized: false })).toMatch(/not checked/);
    expect(webSocketClientSpec.warning(address, { rejectUnauthorized: true })).toBeNull();
    expect(webSocketClientSpec.warning('ws://127.0.0.1/', { rejectUnauthorized: false })).toBeNull();
  });

  test('is shown with the rest of its chain', async () => {
    const chain = { cert: `${signed.cert.trim()}\n${authority.trim()}\n`, key: signed.key };
    const port = await echoServer(chain);
    for (const options of [{ ca: authority }, { rejectUnauthorized: false }]) {
      const { context, opened } = connectTo(`wss://localhost:${port}/`, { ...options, family: '4' });
      valueOf(await opened);
      const [own, issuer, ...more] = readCertificateText(String(context.of('secureConnect')[0]?.payload));
      expect(own?.pem).toBe(signed.cert.trim());
      expect(issuer?.pem).toBe(authority.trim());
      expect(issuer?.facts.subject).toBe(own?.facts.issuer);
      expect(more).toEqual([]);
    }
  });

  test('is right for the name that stands as servername', async () => {
    const certificate = makeCertificate(['elsewhere.example']);
    const port = await echoServer(certificate);
    const options = { ca: certificate.cert, servername: 'elsewhere.example' };
    valueOf(await connectTo(`wss://127.0.0.1:${port}/`, options).opened);
  });
});

describe('a server that does not speak TLS', () => {
  test('is told by name', async () => {
    const outside = await rawServer();
    const { opened } = connectTo(`wss://${outside.address}/`);
    const remote = await outside.next();
    await remote.until(() => remote.receivedLength > 0, 'the first bytes');
    await remote.write(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const error = errorOf(await opened);
    expect(error.code).toBe('tls-failed');
    expect(error.message).toMatch(/does not speak TLS/);
    expect(error.hint).toMatch(/ws:\/\//);
  });

  test('ends, or says nothing: within the handshake time-out', async () => {
    const outside = await rawServer();
    const ended = connectTo(`wss://${outside.address}/`);
    (await outside.next()).end();
    expect(errorOf(await ended.opened)).toMatchObject({ code: 'tls-failed', errno: 'ECONNRESET' });
    const silent = connectTo(`wss://${outside.address}/`, { handshakeTimeout: 40 });
    const remote = await outside.next();
    expect(errorOf(await silent.opened).code).toBe('connection-timed-out');
    await remote.until(() => remote.isClosed || remote.hasEnded, 'the end');
    const cancelled = connectTo(`wss://${outside.address}/`);
    await outside.next();
    await cancelled.driver.close();
    expect(errorOf(await cancelled.opened).code).toBe('cancelled');
  });

  test('and one that does is told apart from ws', async () => {
    const port = await echoServer(makeCertificate(LOOPBACK));
    const error = errorOf(await connectTo(`ws://127.0.0.1:${port}/`).opened);
    expect(error.code).toBe('not-websocket');
    expect(error.hint).toMatch(/wss:\/\//);
  });

  test('is not needed for ws', async () => {
    const outside = await rawServer();
    const { context, opened } = connectTo(`ws://${outside.address}/`, { rejectUnauthorized: false });
    await agree(await outside.next());
    valueOf(await opened);
    expect(context.of('secureConnect')).toEqual([]);
  });
});
