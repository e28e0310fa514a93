import fc from 'fast-check';
import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import { classesOf } from '../../src/shared/addresses/address-classes.ts';
import { bitsOf, formatIp, ipValue, type IpValue } from '../../src/shared/addresses/ip-value.ts';
import { isInNetwork, networkOf } from '../../src/shared/addresses/network.ts';
import { readAddress } from '../../src/shared/addresses/read-address.ts';
import { inspectAddress, membership, type Inspection } from '../../src/shared/inspect-address.ts';

function inspect(text: string): Inspection {
  const found = inspectAddress(text);
  if (!found.ok) throw new Error(found.error.message);
  return found.value;
}

function form(text: string, label: string): string | undefined {
  const { forms, network } = inspect(text);
  return [...forms, ...network].find((one) => one.label === label)?.text;
}

function problem(text: string): string {
  const found = inspectAddress(text);
  return found.ok ? `read as ${found.value.text}` : found.error.message;
}

describe('an IPv4 address', () => {
  it('is shown in every form', () => {
    expect(Object.fromEntries(inspect('192.0.2.33').forms.map(({ label, text }) => [label, text]))).toEqual({
      Dotted: '192.0.2.33',
      Integer: '3221226017',
      Hex: '0xc0000221',
      Binary: '11000000.00000000.00000010.00100001',
      'IPv4-mapped': '::ffff:192.0.2.33',
      'IPv4-mapped, hex': '::ffff:c000:221',
      NAT64: '64:ff9b::c000:221',
      '6to4': '2002:c000:221::/48',
      'Reverse name': '33.2.0.192.in-addr.arpa',
    });
  });

  it.each([
    ['2130706433', '127.0.0.1'],
    ['0x7f000001', '127.0.0.1'],
    ['0b01111111000000000000000000000001', '127.0.0.1'],
    ['01111111.00000000.00000000.00000001', '127.0.0.1'],
    ['1.0.0.127.in-addr.arpa.', '127.0.0.1'],
    ['127.0.0.1:9000', '127.0.0.1'],
    ['  127.0.0.1\n', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['0177.0.0.1', '127.0.0.1'],
    ['0x7f.0.0.1', '127.0.0.1'],
    ['0', '0.0.0.0'],
    ['4294967295', '255.255.255.255'],
    ['4294967296', '::1:0:0'],
    ['0x20010db8000000000000000000000001', '2001:db8::1'],
    ['20010db800000000000000000000000f', '2001:db8::f'],
    ['[::1]:443', '::1'],
    ['10.in-addr.arpa', '10.0.0.0/8'],
    ['8.b.d.0.1.0.0.2.ip6.arpa', '2001:db8::/32'],
    ['10.1.2.3/255.255.0.0', '10.1.2.3/16'],
  ])('%j is read as %s', (text, expected) => {
    expect(inspect(text).text).toBe(expected);
  });

  it('warns of forms that not every program reads alike', () => {
    expect(inspect('010.0.0.1').notes.join()).toMatch(/octal to some programs/);
    expect(inspect('127.0.0.1:80').notes).toEqual(['The port 80 is no part of the address and was left out.']);
  });
});

describe('an IPv6 address', () => {
  it('is shown compressed, expanded, as numbers and by its reverse name', () => {
    const text = '2001:0DB8:0:0:1::00a1';
    expect(form(text, 'Compressed')).toBe('2001:db8::1:0:0:a1');
    expect(form(text, 'Expanded')).toBe('2001:0db8:0000:0000:0001:0000:0000:00a1');
    expect(form(text, 'Integer')).toBe('42540766411282592856904266426630537377');
    expect(form(text, 'Hex')).toBe('0x20010db80000000000010000000000a1');
    expect(form(text, 'Reverse name')).toBe('1.a.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa');
  });

  it('keeps its zone', () => {
    expect(inspect('FE80::1%eth0').text).toBe('fe80::1%eth0');
    expect(form('fe80::1%eth0', 'In a URL')).toBe('[fe80::1%25eth0]');
    expect(form('fe80::1%eth0', 'Zone')).toBe('eth0');
  });

  it('shows the IPv4 addresses that it carries', () => {
    expect(form('::ffff:c000:221', 'IPv4')).toBe('192.0.2.33');
    expect(inspect('::ffff:c000:221').text).toBe('::ffff:192.0.2.33');
    expect(form('64:ff9b::c000:221', 'IPv4 behind NAT64')).toBe('192.0.2.33');
    expect(form('2002:c000:221::1', 'IPv4 of the 6to4 router')).toBe('192.0.2.33');
    // RFC 4380 §4: server 65.54.227.120, client 192.0.2.45, port 40000, both turned over.
    expect(form('2001:0:4136:e378:8000:63bf:3fff:fdd2', 'Teredo server')).toBe('65.54.227.120');
    expect(form('2001:0:4136:e378:8000:63bf:3fff:fdd2', 'Teredo client')).toBe('192.0.2.45:40000');
  });

  it('shows the address of the network card, and the group for its neighbours', () => {
    expect(form('fe80::a8bb:ccff:fedd:eeff', 'MAC address')).toBe('aa:bb:cc:dd:ee:ff');
    expect(form('2001:db8::1:800:200e:8c6c', 'Solicited-node')).toBe('ff02::1:ff0e:8c6c');
    expect(form('ff05::2', 'Scope')).toBe('site-local');
  });
});

describe('the class of use', () => {
  it.each([
    ['127.9.9.9', 'Loopback', 'RFC 1122'],
    ['10.0.0.1', 'Private', 'RFC 1918'],
    ['172.31.255.255', 'Private', 'RFC 1918'],
    ['192.168.1.1', 'Private', 'RFC 1918'],
    ['100.64.0.1', 'Shared (CGN)', 'RFC 6598'],
    ['169.254.1.1', 'Link-local', 'RFC 3927'],
    ['192.0.2.1', 'Documentation (TEST-NET-1)', 'RFC 5737'],
    ['198.18.0.1', 'Benchmarking', 'RFC 2544'],
    ['224.0.0.251', 'Multicast DNS', 'RFC 6762'],
    ['239.1.2.3', 'Administratively scoped', 'RFC 2365'],
    ['250.0.0.1', 'Reserved', 'RFC 1112'],
    ['255.255.255.255', 'Limited broadcast', 'RFC 919'],
    ['0.0.0.0', 'Unspecified', 'RFC 1122'],
    ['8.8.8.8', 'Global unicast', 'RFC 4632'],
    ['::1', 'Loopback', 'RFC 4291'],
    ['::', 'Unspecified', 'RFC 4291'],
    ['fe80::1', 'Link-local', 'RFC 4291'],
    ['fd12::1', 'Unique local', 'RFC 4193'],
    ['ff02::1', 'All nodes, this link', 'RFC 4291'],
    ['2001:db8::1', 'Documentation', 'RFC 3849'],
    ['2002:c000:221::', '6to4', 'RFC 3056'],
    ['2001:0:1::', 'Teredo', 'RFC 4380'],
    ['64:ff9b::1', 'NAT64 (well-known prefix)', 'RFC 6052'],
    ['::ffff:1.2.3.4', 'IPv4-mapped', 'RFC 4291'],
    ['2606:4700::1', 'Global unicast', 'RFC 4291'],
    ['4000::1', 'Not assigned', 'RFC 4291'],
  ])('of %s is %s (%s)', (text, name, source) => {
    expect(inspect(text).classes[0]).toMatchObject({ name, source });
  });

  it('names the wider classes after the narrowest one', () => {
    expect(inspect('224.0.0.1').classes.map(({ network }) => network)).toEqual([
      '224.0.0.1/32',
      '224.0.0.0/24',
      '224.0.0.0/4',
    ]);
  });

  it('of a network names what lies in it', () => {
    const { classes, within } = inspect('192.0.0.0/8');
    expect(classes[0]?.name).toBe('Several uses');
    expect(within.map(({ network }) => network)).toContain('192.168.0.0/16');
    expect(inspect('0.0.0.0/0').within.length).toBeGreaterThan(30);
  });
});

describe('a network', () => {
  it('has its ends, its masks and its hosts', () => {
    expect(Object.fromEntries(inspect('10.1.2.3/20').network.map(({ label, text }) => [label, text]))).toEqual({
      CIDR: '10.1.0.0/20',
      Network: '10.1.0.0',
      Mask: '255.255.240.0',
      'Wildcard mask': '0.0.15.255',
      Broadcast: '10.1.15.255',
      'First host': '10.1.0.1',
      'Last host': '10.1.15.254',
      Hosts: '4094',
      Addresses: '4096',
    });
    expect(inspect('10.1.2.3/20').notes).toContain('10.1.2.3 is an address in the network 10.1.0.0/20.');
  });

  it('of two addresses or one has no broadcast (RFC 3021)', () => {
    expect(form('10.0.0.0/31', 'Hosts')).toBe('2');
    expect(form('10.0.0.0/31', 'Broadcast')).toBeUndefined();
    expect(form('10.0.0.7/32', 'Hosts')).toBe('1');
    expect(form('0.0.0.0/0', 'Hosts')).toBe('4294967294');
  });

  it('of IPv6 can have more addresses than a number holds', () => {
    expect(form('2001:db8::/32', 'Addresses')).toBe('79228162514264337593543950336');
    expect(form('::/0', 'Addresses')).toBe('340282366920938463463374607431768211456');
    expect(form('2001:db8::/32', 'Reverse zone')).toBe('8.b.d.0.1.0.0.2.ip6.arpa');
    expect(form('10.0.0.0/8', 'Reverse zone')).toBe('10.in-addr.arpa');
  });
});

describe('membership', () => {
  it.each([
    ['10.0.0.0/8', '10.1.2.3', true, '10.1.2.3 is in 10.0.0.0/8.'],
    ['10.1.2.3', '10.0.0.0/8', true, '10.1.2.3 is in 10.0.0.0/8.'],
    ['10.0.0.0/8', '11.0.0.0', false, '11.0.0.0 is not in 10.0.0.0/8.'],
    ['10.0.0.0/8', '10.128.0.0/9', true, '10.128.0.0/9 is in 10.0.0.0/8.'],
    ['10.128.0.0/9', '10.0.0.0/8', false, '10.0.0.0/8 is larger than 10.128.0.0/9, and holds it.'],
    ['10.128.0.0/9', '11.0.0.0/8', false, '11.0.0.0/8 and 10.128.0.0/9 have nothing in common.'],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true, '::ffff:10.1.2.3 is in 10.0.0.0/8, as 10.1.2.3.'],
    ['10.0.0.0/8', '::1', false, '::1 is not in 10.0.0.0/8: one is IPv6, the other IPv4.'],
    ['127.0.0.1', '0x7f000001', true, '127.0.0.1 and 127.0.0.1 are the same address.'],
    ['127.0.0.1', '::1', false, '127.0.0.1 and ::1 are different addresses.'],
  ])('of %s and %s', (first, second, isInside, message) => {
    expect(membership(first, second)).toEqual({ ok: true, value: { isInside, message } });
  });
});

describe('what is no address', () => {
  it.each([
    ['', 'There is no address yet.'],
    ['10.0.0.256', 'The part “256” of “10.0.0.256” is more than 255.'],
    ['1.2.3.4.5', '“1.2.3.4.5” has 5 parts.'],
    ['1..2.3', '“1..2.3” has an empty part.'],
    ['1::2::3', '“1::2::3” has “::” more than once.'],
    ['12345::', 'The group “12345” of “12345::” has more than four digits.'],
    ['::g', 'The group “g” of “::g” is no hex number.'],
    ['1:2:3', '“1:2:3” has 3 of the eight groups.'],
    ['1:2:3:4:5:6:7:8:9', '“1:2:3:4:5:6:7:8:9” has too many groups.'],
    ['::1.2.3', 'The IPv4 part “1.2.3” of “::1.2.3” is none.'],
    ['fe80::1%', 'The zone of “fe80::1%” is empty.'],
    ['[10.0.0.1]', '“10.0.0.1” is no IPv6 address.'],
    ['10.0.0.0/33', 'The prefix /33 is longer than an IPv4 address.'],
    ['::/129', 'The prefix /129 is longer than an IPv6 address.'],
    ['10.0.0.0/255.0.255.0', 'The mask 255.0.255.0 has holes.'],
    ['10.0.0.0/', 'What follows the slash, “”, is no length.'],
    ['10.in-addr.arpa/8', '“10.in-addr.arpa/8” names two prefixes.'],
    ['300.in-addr.arpa', '“300.in-addr.arpa” is no reverse name.'],
    ['-1', 'An address is no negative number.'],
    [
      '340282366920938463463374607431768211456',
      'The number “340282366920938463463374607431768211456” is longer than 128 bits.',
    ],
    ['my_host.example', '“my_host.example” is a name and not an address.'],
    ['http://x', '“http://x” is a URL.'],
    ['ünï code', '“ünï code” is no address.'],
    ['9'.repeat(400), 'This is 400 characters long, and no address.'],
  ])('%j: %s', (text, message) => {
    expect(problem(text)).toBe(message);
  });
});

describe('for any address', () => {
  const anyIp = fc.oneof(
    fc.bigInt({ min: 0n, max: (1n << 32n) - 1n }).map((value) => ipValue(4, value)),
    fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map((value) => ipValue(6, value)),
  );
  const anyNetwork = anyIp.chain((ip) => fc.tuple(fc.constant(ip), fc.integer({ min: 0, max: bitsOf(ip.family) })));

  function readBack(text: string): IpValue {
    const read = readAddress(text);
    if (!read.ok) throw new Error(`${text}: ${read.error.message}`);
    return read.value.ip;
  }

  it('each form is read back as the same address', () => {
    const labels = ['Dotted', 'Compressed', 'Expanded', 'Hex', 'Binary', 'Reverse name', 'In a URL'];
    fc.assert(
      fc.property(anyIp, (ip) => {
        expect(isIP(formatIp(ip))).toBe(ip.family);
        for (const { label, text } of inspect(formatIp(ip)).forms) {
          if (labels.includes(label)) expect(readBack(text)).toEqual(ip);
          // A small IPv6 address has a small number, which is that of an IPv4 address.
          if (label === 'Integer') expect(readBack(text).value).toBe(ip.value);
        }
      }),
    );
  });

  it('a network has all of its addresses, and nothing beside them', () => {
    fc.assert(
      fc.property(anyNetwork, fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), ([ip, prefix], some) => {
        const { first, last, size, hosts } = networkOf(ip, prefix);
        const inside = ipValue(ip.family, first.value + (some % size));
        expect([ip, first, last, inside, hosts.from, hosts.to].every((one) => isInNetwork(one, ip, prefix))).toBe(true);
        expect(last.value - first.value + 1n).toBe(size);
        const beside = [first.value - 1n, last.value + 1n].filter(
          (value) => value >= 0n && value < 1n << BigInt(bitsOf(ip.family)),
        );
        expect(beside.some((value) => isInNetwork(ipValue(ip.family, value), ip, prefix))).toBe(false);
        const member = membership(`${formatIp(ip)}/${prefix}`, formatIp(inside));
        expect(member.ok && member.value.isInside).toBe(true);
      }),
    );
  });

  it('there is a class', () => {
    fc.assert(fc.property(anyNetwork, ([ip, prefix]) => classesOf(ip, prefix).length > 0));
  });

  it('whatever is typed is read or refused in words, at once', () => {
    const pieces = fc.array(
      fc.constantFrom('1', '255', '.', ':', '::', '/', '%', 'f', '0x', '0b', '[', ']', 'in-addr.arpa', '-', 'é', ' '),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          pieces.map((parts) => parts.join('')),
        ),
        (text) => {
          const found = inspectAddress(text);
          if (!found.ok) expect([found.error.code, found.error.hint === '']).toEqual(['bad-address', false]);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
