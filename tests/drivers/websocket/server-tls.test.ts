import { execFileSync } from 'node:child_process';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Options } from '../../../src/drivers/spec.ts';
import { makeCertificate } from '../../../src/drivers/websocket/certificate.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';
import { listening, makeServer, plainClient, requestOf } from '../../support/websocket-server.ts';

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a certificate that is made', () => {
  const now = new Date('2026-05-06T07:08:09Z');
  const { cert, key } = makeCertificate(['localhost', '127.0.0.1', '::1', 'a.example'], now);
  const read = new X509Certificate(cert);

  test('is read by Node as it was meant', () => {
    expect(read.subject).toBe('CN=localhost');
    expect(read.issuer).toBe('CN=localhost');
    expect(read.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:a.example');
    expect(read.ca).toBe(false);
    expect(new Date(read.validFrom)).toEqual(new Date('2026-05-05T07:08:09Z'));
    expect(new Date(read.validTo)).toEqual(new Date('2027-05-06T07:08:09Z'));
    expect(read.checkHost('a.example')).toBe('a.example');
    expect(read.checkIP('::1')).toBe('::1');
    expect(read.checkHost('b.example')).toBeUndefined();
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(read.publicKey.asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' });
  });

  test('has a time of four digits from 2050 on, and a number of its own', () => {
    const late = new X509Certificate(makeCertificate(['localhost'], new Date('2051-01-02T00:00:00Z')).cert);
    expect(new Date(late.validTo)).toEqual(new Date('2052-01-02T00:00:00Z'));
    expect(late.serialNumber).not.toBe(read.serialNumber);
  });

  test.runIf(hasOpenssl())('is verified by openssl', () => {
    const folder = mkdtempSync(join(tmpdir(), 'wirebench-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const file = join(folder, 'cert.pem');
    writeFileSync(file, makeCertificate(['localhost', '::1']).cert);
    const said = execFileSync('openssl', ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', file, file]);
    expect(String(said)).toContain('OK');
  });
});

async function secure(address: string, ca: string): Promise<WebSocket> {
  const socket = new WebSocket(`wss://${address}/`, { ca });
  onTestFinished(() => {
    socket.terminate();
  });
  await once(socket, 'open');
  return socket;
}

describe('a server with TLS', () => {
  const given = makeCertificate(['127.0.0.1']);
  test.each<[string, Options, string]>([
    ['made', { tls: 'made', behaviour: 'echo' }, '127.0.0.1:0'],
    ['made because of wss://', { behaviour: 'echo' }, 'wss://127.0.0.1:0'],
    ['given', { tls: 'given', ...given, behaviour: 'echo' }, '127.0.0.1:0'],
  ])('talks with a certificate that is %s', async (_how, options, at) => {
    const { context, driver, address } = await listening(options, at);
    const shown = context.of('certificate', 'none', 0)[0];
    const cert = String(shown?.payload);
    expect(shown?.meta.fingerprint256).toBe(new X509Certificate(cert).fingerprint256);
    const socket = await secure(address, cert);
    const bytes = Buffer.alloc(1024 * 1024, 'through TLS ');
    const answered = once(socket, 'message');
    socket.send(bytes);
    const [answer]: unknown[] = await answered;
    expect(Buffer.isBuffer(answer) && bytes.equals(answer)).toBe(true);
    expect(context.of('secureConnect', 'none', 1)[0]?.meta).toMatchObject({ protocol: 'TLSv1.3' });
    expect(driver.facts(1)).toMatchObject({ protocol: 'TLSv1.3', path: '/' });
    expect(driver.facts(null)).toMatchObject({ made: options.tls !== 'given', key: 'EC P-256', certificate: cert });
    socket.close(1000);
    await context.untilState(1, 'closed');
    expect(context.of('socketClose', 'none', 1)[0]?.meta).toMatchObject({ code: 1000, clean: true });
  });

  test('names a client without TLS, and one that says nothing', async () => {
    const { context, address } = await listening({ tls: 'made', handshakeTimeout: 200 });
    const plain = await plainClient(address);
    await plain.write(Buffer.from(requestOf()));
    await context.untilState(1, 'failed');
    expect(context.of('error', 'none', 1)[0]?.meta.message).toMatch(/speaks HTTP without TLS/);
    await plainClient(address);
    await context.untilState(2, 'failed');
    expect(context.of('error', 'none', 2)[0]?.meta.message).toMatch(/in time/);
    expect(context.closes).toEqual([]);
  });

  test.each<[Options, string]>([
    [{ cert: 'x', key: given.key }, 'cert'],
    [{ cert: given.cert, key: 'x' }, 'key'],
    [{ cert: given.cert, key: makeCertificate(['localhost']).key }, 'key'],
  ])('is not opened with what does not fit (%#)', async (pair, field) => {
    const { driver } = makeServer({ tls: 'given', ...pair });
    expect(errorOf(await driver.open(new AbortController().signal)).field).toBe(field);
  });

  test('closes while a client is in the middle of TLS', async () => {
    const { context, driver, address } = await listening({ tls: 'made' });
    await plainClient(address);
    await context.untilRow('connection', 'none', 1);
    await driver.close();
    expect(context.closes).toEqual([null]);
    expect(context.of('error')).toEqual([]);
    expect(errorOf(await driver.act('address', null)).code).toBe('not-open');
    valueOf(await makeServer({ tls: 'made' }).driver.open(new AbortController().signal));
  });
});
