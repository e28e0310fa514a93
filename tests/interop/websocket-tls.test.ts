/** wss: our server with a certificate that is made on the spot, our client with certificates that are right and wrong. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Options } from '../../src/drivers/spec.ts';
import { makeCertificate, type Certificate } from '../../src/drivers/websocket/certificate.ts';
import { webSocketClientSpec } from '../../src/drivers/websocket/client-spec.ts';
import { errorOf, valueOf } from '../support/outcome.ts';
import { connectTo } from '../support/raw-websocket.ts';
import { authority, signed } from '../support/signed-certificate.ts';
import { listening } from '../support/websocket-server.ts';
import { secureClients, securePeers, type Manner } from './websocket-peers.ts';
import { optionsFor, talk, type Message } from './websocket-talk.ts';

const MIB = 1024 * 1024;
const compressed: Manner = { compress: true, fragments: false };
const inFragments: Manner = { compress: false, fragments: true };

const messages: readonly Message[] = [
  ['text', Buffer.from('grüße 안녕 🙂')],
  ['binary', Buffer.alloc(0)],
  // Longer than a record of TLS, and than what is handed to the system without a copy.
  ['binary', randomBytes(100_000)],
  ['binary', Buffer.concat([randomBytes(MIB / 2), Buffer.alloc(MIB, 'again and ')])],
];

describe.each(secureClients.map((peer) => ({ name: peer.name, peer })))(
  'our server, and $name through TLS',
  ({ peer }) => {
    it.each([compressed, inFragments])(
      'talk, once the client trusts the certificate that was made (%j)',
      async (manner) => {
        const { context, driver, address } = await listening(optionsFor(manner), 'wss://127.0.0.1:0');
        const ca = String(context.of('certificate')[0]?.payload);
        const ended = peer.connect(`wss://${address}/`, manner, ca);
        await context.untilRow('open', 'none', 1);
        expect(context.of('secureConnect', 'none', 1)[0]?.meta.protocol).toBe('TLSv1.3');
        await talk({ context, driver }, { peer, manner, ended, messages });
      },
    );
  },
);

it.each(securePeers.map((peer) => ({ name: peer.name, peer })))(
  'our server says that $name does not trust its certificate',
  async ({ peer }) => {
    const { context, address } = await listening({ tls: 'made' });
    // What it says itself is its own; that it ends without a connection is enough here.
    await expect(peer.connect(`wss://${address}/`, compressed)).rejects.toThrow(/certificate/i);
    await context.untilState(1, 'failed');
    // Each of these ends in the middle of the handshake, with an alert or without one.
    const { message } = context.of('error', 'none', 1)[0]?.meta ?? {};
    expect(message).toMatch(/TLS handshake.*\. It may not trust the certificate/);
    expect(context.of('open')).toEqual([]);
    expect(context.closes).toEqual([]);
  },
);

describe.each(securePeers.map((peer) => ({ name: peer.name, peer })))(
  'our client, and $name through TLS',
  ({ peer }) => {
    it.each([compressed, inFragments])('talk, once the authority is among the trusted (%j)', async (manner) => {
      const { url, ended } = await peer.serveSecurely(manner, signed);
      const { context, driver, opened } = connectTo(url, { ...optionsFor(manner), ca: authority });
      valueOf(await opened);
      expect(context.of('secureConnect')[0]?.meta).toMatchObject({ authorized: true, authorizationError: null });
      await talk({ context, driver }, { peer, manner, ended, messages });
    });

    it('talk without a check of the certificate, which is said before and in its row', async () => {
      const { url, ended } = await peer.serveSecurely(compressed, makeCertificate(['elsewhere.example']));
      const options = { ...optionsFor(compressed), rejectUnauthorized: false };
      expect(webSocketClientSpec.warning(url, options)).toMatch(/not checked/);
      const { context, driver, opened } = connectTo(url, options);
      valueOf(await opened);
      expect(context.of('secureConnect')[0]?.meta).toMatchObject({
        authorized: false,
        authorizationError: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      });
      await talk({ context, driver }, { peer, manner: compressed, ended, messages });
    });

    const here = makeCertificate(['127.0.0.1']);
    const old = makeCertificate(['127.0.0.1'], new Date('2020-01-01T00:00:00Z'));
    const elsewhere = makeCertificate(['elsewhere.example']);
    it.each<[string, Certificate, Options, string, RegExp]>([
      ['self-signed', here, {}, 'certificate-not-trusted', /self-signed \(DEPTH_ZERO_SELF_SIGNED_CERT\)/],
      [
        'of an unknown authority',
        signed,
        {},
        'certificate-not-trusted',
        /who issued it \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)/,
      ],
      ['expired', old, { ca: old.cert }, 'certificate-expired', /has expired \(CERT_HAS_EXPIRED\)/],
      [
        'for another host',
        elsewhere,
        { ca: elsewhere.cert },
        'certificate-wrong-host',
        /not for 127\.0\.0\.1 \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
      ],
    ])('do not talk when its certificate is %s', async (_what, certificate, options, code, message) => {
      const { url, ended } = await peer.serveSecurely(compressed, certificate);
      // It may hear of it, or go on waiting until the test has finished.
      ended.catch(() => undefined);
      const { context, opened } = connectTo(url, options);
      const error = errorOf(await opened);
      expect(error.code).toBe(code);
      expect(error.message).toMatch(message);
      expect(error.hint).not.toBe('');
      expect(context.of('secureConnect')[0]?.meta.authorized).toBe(false);
      expect(context.of('request')).toEqual([]);
    });
  },
);
