import { describe, expect, it } from 'vitest';
import { rowLinks } from '../../src/renderer/state/addresses/row-links.ts';
import {
  addressOf,
  connectChoices,
  hostOf,
  serviceChoices,
  serviceOf,
  targetOf,
} from '../../src/renderer/state/dns/connect.ts';
import type { DnsRecord } from '../../src/renderer/state/dns/lookup-log.ts';
import { toggleType, typesIn } from '../../src/renderer/state/dns/types.ts';

function recordOf(type: string, data: string, more: Partial<DnsRecord> = {}): DnsRecord {
  const usual = {
    seq: 1,
    section: 'answer',
    name: 'web.test.',
    ttl: 1,
    unicodeName: '',
    unicodeData: '',
    isOther: false,
  } as const;
  return { ...usual, type, data, ...more };
}

describe('Connect to this address', () => {
  it('keeps the name for TLS and for the Host header', () => {
    expect(connectChoices('192.0.2.1', 'example.test')).toMatchObject([
      { protocol: 'tcp-client', address: '192.0.2.1:', options: {} },
      { protocol: 'websocket-client', address: 'ws://192.0.2.1/', options: { headers: 'Host: example.test' } },
      {
        protocol: 'websocket-client',
        address: 'wss://192.0.2.1/',
        options: { headers: 'Host: example.test', servername: 'example.test' },
      },
    ]);
  });

  it('puts IPv6 into brackets, and keeps nothing where there is no name', () => {
    expect(connectChoices('2001:db8::1', '').map(({ address, options }) => [address, options])).toEqual([
      ['[2001:db8::1]:', {}],
      ['ws://[2001:db8::1]/', {}],
      ['wss://[2001:db8::1]/', {}],
    ]);
  });

  it('takes the name that was asked for where aliases led elsewhere, and the owner of what came beside it', () => {
    const lookup = { name: 'www.test.' };
    expect(hostOf(lookup, recordOf('A', '192.0.2.1'))).toBe('www.test');
    expect(hostOf(lookup, recordOf('A', '192.0.2.1', { isOther: true }))).toBe('web.test');
    expect(hostOf(lookup, recordOf('A', '192.0.2.1', { section: 'additional' }))).toBe('web.test');
  });

  it('knows target and port of a service', () => {
    const service = serviceOf(recordOf('SRV', '0 5 5060 sip.test.'));
    expect(service).toEqual({ host: 'sip.test', port: 5060 });
    expect(serviceChoices({ host: 'sip.test', port: 5060 }).map(({ address }) => address)).toEqual([
      'sip.test:5060',
      'ws://sip.test:5060/',
      'wss://sip.test:5060/',
    ]);
    expect(serviceOf(recordOf('SRV', '0 0 0 .'))).toBeNull();
    expect(serviceOf(recordOf('TXT', '0 5 5060 sip.test.'))).toBeNull();
  });

  it('is for addresses alone', () => {
    expect(addressOf(recordOf('AAAA', '2001:db8::1'))).toBe('2001:db8::1');
    expect(addressOf(recordOf('TXT', '192.0.2.1'))).toBeNull();
    expect(addressOf(recordOf('A', '\\# 3 010203'))).toBeNull();
  });
});

it.each([
  ['CNAME', 'web.test.', 'web.test'],
  ['MX', '10 mail.test.', 'mail.test'],
  ['SRV', '0 5 5060 sip.test.', 'sip.test'],
  ['NS', 'ns.test.', 'ns.test'],
  ['PTR', 'host.test.', 'host.test'],
  ['MX', '0 .', null],
  ['TXT', '"v=spf1"', null],
  ['A', '192.0.2.1', null],
])('a record %s %s leads to %s', (type, data, target) => {
  expect(targetOf(recordOf(type, data))).toBe(target);
});

describe('rows about addresses', () => {
  it.each([
    ['lookup', { host: 'localhost', address: '127.0.0.1', family: 4 }, ['localhost'], ['127.0.0.1']],
    ['lookup', { host: 'nowhere.test', code: 'ENOTFOUND' }, ['nowhere.test'], []],
    ['lookup', { host: '127.0.0.1', hostname: 'localhost' }, ['localhost'], ['127.0.0.1']],
    ['connectionAttempt', { address: '::1', port: 9, family: 6 }, [], ['::1']],
    ['connectionAttemptFailed', { address: '127.0.0.1', port: 9, code: 'ECONNREFUSED' }, [], ['127.0.0.1']],
    ['connectionAttemptTimeout', { address: '127.0.0.1', port: 9, ms: 250 }, [], ['127.0.0.1']],
    ['record', { name: 'a.test.', type: 'A', data: '192.0.2.1' }, ['a.test'], ['192.0.2.1']],
    ['record', { name: 'a.test.', type: 'MX', data: '10 m.test.' }, ['a.test', 'm.test'], []],
    ['data', { address: '127.0.0.1' }, [], []],
  ])('%s %j', (kind, meta, names, addresses) => {
    expect(rowLinks(kind, meta)).toEqual({ names, addresses });
  });
});

describe('the types to ask for', () => {
  it('are turned on and off in their usual order, and one always stays', () => {
    expect(toggleType(typesIn('a, aaaa'), 'MX')).toBe('A, AAAA, MX');
    expect(toggleType(typesIn('MX A'), 'AAAA')).toBe('A, AAAA, MX');
    expect(toggleType(typesIn('A, AAAA'), 'A')).toBe('AAAA');
    expect(toggleType(typesIn('A'), 'A')).toBe('A');
    expect(toggleType(typesIn('TYPE65280'), 'A')).toBe('A, TYPE65280');
  });
});
