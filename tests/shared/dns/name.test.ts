import { domainToASCII, domainToUnicode } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSameName, unicodeOf } from '../../../src/shared/dns/name-text.ts';
import { nameBytes, nameOfBytes } from '../../../src/shared/dns/name.ts';
import { reverseName } from '../../../src/shared/dns/reverse.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';

function read(text: string): string {
  return nameOfBytes(valueOf(nameBytes(text, domainToASCII)));
}

test.each([
  ['example.org', 'example.org.'],
  ['example.org.', 'example.org.'],
  ['Example.ORG', 'Example.ORG.'],
  ['.', '.'],
  ['localhost', 'localhost.'],
  ['_sip._tcp.example.org', '_sip._tcp.example.org.'],
  ['*.example.org', '*.example.org.'],
  ['0/25.2.0.192.in-addr.arpa', '0/25.2.0.192.in-addr.arpa.'],
  ['a\\.b.example', 'a\\.b.example.'],
  ['My\\032Printer._ipp._tcp.local', 'My\\032Printer._ipp._tcp.local.'],
  ['\\@.example', '\\@.example.'],
  ['end\\.', 'end\\..'],
  ['end\\\\.', 'end\\\\.'],
  ['bücher.example', 'xn--bcher-kva.example.'],
  ['BÜCHER.example', 'xn--bcher-kva.example.'],
  ['bücher。example', 'xn--bcher-kva.example.'],
  ['한국.kr', 'xn--3e0b707e.kr.'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example.'],
  // Numbers are labels like others: they are no address in another base.
  ['1.2.3', '1.2.3.'],
  ['0x7f.1', '0x7f.1.'],
])('%s is asked for as %s', (typed, sent) => {
  expect(read(typed)).toBe(sent);
});

test.each([
  ['', /no name/],
  ['a..b', /empty label/],
  ['.example.org', /empty label/],
  ['..', /empty label/],
  ['example.org..', /empty label/],
  [`${'a'.repeat(64)}.org`, /64 octets long; DNS takes 63/],
  [`${'bücher'.repeat(12)}.org`, /octets long; DNS takes 63|IDNA/],
  [`${'a'.repeat(60)}.`.repeat(5).slice(0, 300), /octets long; DNS takes 255, and 63/],
  ['x'.repeat(300), /300 octets long; DNS takes 63/],
  ['x'.repeat(5000), /5000 octets long; DNS takes 255/],
  ['a b', /has a space/],
  ['a\u0000b', /control character/],
  ['https://example.org/', /is a URL/],
  ['example.org:53', /has a port/],
  ['192.0.2.0/24', /range of addresses/],
  ['2001:db8::/32', /range of addresses/],
  ['who@example.org', /has a “@”/],
  ['a\\300.org', /escape that is none/],
  ['a\\1.org', /escape that is none/],
  ['a\\', /escape that is none/],
  ['\u{E000}.org', /IDNA/],
])('%j is refused in its field, with a remedy', (typed, words) => {
  const error = errorOf(nameBytes(typed, domainToASCII));
  expect(error).toMatchObject({ code: 'bad-address', field: 'address' });
  expect(error.message).toMatch(words);
  expect(error.hint).not.toBe('');
});

test('255 octets are taken and 256 are not', () => {
  const label = 'a'.repeat(63);
  const longest = `${label}.${label}.${label}.${'a'.repeat(61)}`;
  expect(valueOf(nameBytes(longest, domainToASCII))).toHaveLength(255);
  expect(errorOf(nameBytes(`${longest}a`, domainToASCII)).message).toContain('255');
});

test('whatever labels there are, a name that was read can be asked for again', () => {
  const label = fc.uint8Array({ minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.array(label, { minLength: 1, maxLength: 8 }), (labels) => {
      const bytes = Uint8Array.from([...labels.flatMap((one) => [one.length, ...one]), 0]);
      expect(valueOf(nameBytes(nameOfBytes(bytes), domainToASCII))).toEqual(bytes);
    }),
  );
});

test('whatever is typed, it is a name or an error with a remedy', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (typed) => {
      const outcome = nameBytes(typed, domainToASCII);
      if (outcome.ok) expect(outcome.value.length).toBeLessThanOrEqual(255);
      else expect(outcome.error.hint).not.toBe('');
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['192.0.2.1', '1.2.0.192.in-addr.arpa.'],
  ['2001:db8::1', '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.'],
  ['::ffff:192.0.2.1', '1.0.2.0.0.0.0.c.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa.'],
  ['fe80::1%eth0', '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.e.f.ip6.arpa.'],
  ['example.org', null],
  ['192.0.2.256', null],
])('the name of %s is %s', (address, name) => {
  expect(reverseName(address)).toBe(name);
});

test('international names are shown as people write them, where they are names', () => {
  expect(unicodeOf('xn--bcher-kva.example.', domainToUnicode)).toBe('bücher.example.');
  expect(unicodeOf('10 mail.xn--bcher-kva.example.', domainToUnicode)).toBe('10 mail.bücher.example.');
  expect(unicodeOf('example.org.', domainToUnicode)).toBeNull();
  expect(unicodeOf('xn--.example.', domainToUnicode)).toBeNull();
  expect(unicodeOf('noxn--bcher-kva.example.', domainToUnicode)).toBeNull();
});

test('names are compared without the case of ASCII letters', () => {
  expect(isSameName('Example.ORG.', 'eXAMPLE.org.')).toBe(true);
  expect(isSameName('example.org.', 'example.net.')).toBe(false);
});
