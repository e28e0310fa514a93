import fc from 'fast-check';
import { isIP, isIPv4, isIPv6 } from 'node:net';
import { expect, test } from 'vitest';
import { ipFamily, ipv4Bytes, ipv6Groups } from '../../src/shared/ip.ts';

test('reads the groups of an IPv6 address, however it is written', () => {
  expect(ipv6Groups('1:2:3:4:5:6:7:8')).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(ipv6Groups('::')).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  expect(ipv6Groups('FE80::a%eth0')).toEqual([0xfe80, 0, 0, 0, 0, 0, 0, 10]);
  expect(ipv6Groups('::ffff:1.2.3.4')).toEqual([0, 0, 0, 0, 0, 0xffff, 0x0102, 0x0304]);
  expect(ipv6Groups('2001:db8::')).toEqual([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0]);
});

test.each([
  '1:2:3',
  '1::2::3',
  ':::',
  '12345::',
  '1:2:3:4:5:6:7:8:9',
  '::g',
  '::1.2.3',
  '::1.2.3.4:5',
  '::1%',
  ':1',
  '',
])('%j is no IPv6 address', (text) => {
  expect(ipv6Groups(text)).toBeNull();
});

test('agrees with Node about every literal and about what only looks like one', () => {
  const nearly = fc.stringMatching(/^[0-9a-f:.]{1,24}$/);
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), nearly), (text) => {
      expect(ipv4Bytes(text) !== null).toBe(isIPv4(text));
      expect(ipv6Groups(text) !== null).toBe(isIPv6(text));
      expect(ipFamily(text) ?? 0).toBe(isIP(text));
    }),
    { numRuns: 3000 },
  );
});
