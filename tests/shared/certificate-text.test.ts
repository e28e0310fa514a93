import fc from 'fast-check';
import { expect, test } from 'vitest';
import { certificateLines, certificateText, readCertificateText } from '../../src/shared/certificate-text.ts';

const anyText = fc.oneof(
  fc.string(),
  fc.constantFrom('CN=a\nO=b', 'issuer: x', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', '\u0007'),
);
const facts = fc.record({
  subject: anyText,
  issuer: anyText,
  subjectaltname: anyText,
  validFrom: anyText,
  validTo: anyText,
  serialNumber: anyText,
  fingerprint256: anyText,
  key: anyText,
});
const pem = fc
  .base64String({ minLength: 4, maxLength: 200 })
  .map((body) => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`);

test('Certificates are read again as they were written, whatever names are in them', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ facts, pem }), { maxLength: 3 }), (chain) => {
      const shown = chain.map((one) => ({ facts: certificateLines(one.facts), pem: one.pem }));
      expect(readCertificateText(certificateText(chain))).toEqual(shown);
    }),
  );
});

test('A name of several lines becomes one', () => {
  const [text] = certificateText([
    {
      facts: {
        subject: 'C=KR\nO=Wirebench\nCN=localhost',
        issuer: '',
        subjectaltname: '',
        validFrom: '',
        validTo: '',
        serialNumber: '',
        fingerprint256: '',
        key: '',
      },
      pem: '',
    },
  ]).split('\n');
  expect(text).toBe('subject: C=KR, O=Wirebench, CN=localhost');
});

test('Text without certificates has none', () => {
  expect(readCertificateText('subject: CN=a\n')).toEqual([]);
});
