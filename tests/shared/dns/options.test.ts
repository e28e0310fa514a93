import { expect, test } from 'vitest';
import { DNS_SERVERS_MOST, DNS_TYPES_MOST } from '../../../src/shared/dns-limits.ts';
import { parseServers } from '../../../src/shared/dns/servers.ts';
import { parseTypes, typeName, usualTypes } from '../../../src/shared/dns/types.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';

function labels(text: string): readonly string[] {
  return valueOf(parseServers(text)).map((entry) => (entry.type === 'server' ? entry.label : entry.type));
}

test.each([
  ['system', ['system']],
  ['System\nCONFIGURED', ['system', 'configured']],
  ['1.1.1.1', ['1.1.1.1:53']],
  ['1.1.1.1:5353', ['1.1.1.1:5353']],
  ['::1', ['[::1]:53']],
  ['[::1]', ['[::1]:53']],
  ['[::1]:5353 tcp', ['[::1]:5353 tcp']],
  ['fe80::1%eth0', ['[fe80::1%eth0]:53']],
  ['dns.example', ['dns.example:53']],
  ['dns.example:54 UDP', ['dns.example:54 udp']],
  ['1.1.1.1, 8.8.8.8 ,\n\n  9.9.9.9  # a remark\n# nothing else', ['1.1.1.1:53', '8.8.8.8:53', '9.9.9.9:53']],
  ['1.1.1.1\n1.1.1.1:53', ['1.1.1.1:53']],
])('servers %j are %j', (text, expected) => {
  expect(labels(text)).toEqual(expected);
});

test.each([
  '',
  '# nothing',
  '1.1.1.1 2.2.2.2',
  '1.1.1.1:0',
  '1.1.1.1:99999',
  '999.1.1.1',
  'a b c',
  '/tmp/x.sock',
  '[::1',
  '::1::',
  'https://dns.example',
])('servers %j are refused in their field, with a remedy', (text) => {
  const error = errorOf(parseServers(text));
  expect(error).toMatchObject({ code: 'bad-option', field: 'servers' });
  expect(error.hint).not.toBe('');
});

test('servers and types are not more than anybody compares', () => {
  const servers = (count: number): string => Array.from({ length: count }, (_, at) => `192.0.2.${at}`).join('\n');
  expect(labels(servers(DNS_SERVERS_MOST))).toHaveLength(DNS_SERVERS_MOST);
  expect(errorOf(parseServers(servers(DNS_SERVERS_MOST + 1))).field).toBe('servers');
  const types = (count: number): string => Array.from({ length: count }, (_, at) => `TYPE${1000 + at}`).join(' ');
  expect(valueOf(parseTypes(types(DNS_TYPES_MOST)))).toHaveLength(DNS_TYPES_MOST);
  expect(errorOf(parseTypes(types(DNS_TYPES_MOST + 1))).field).toBe('types');
});

test.each([
  ['A, AAAA', ['A', 'AAAA']],
  ['mx txt;Srv', ['MX', 'TXT', 'SRV']],
  ['A A a', ['A']],
  ['TYPE65 type65280 TYPE1', ['HTTPS', 'TYPE65280', 'A']],
  [usualTypes.join(','), [...usualTypes]],
])('types %j are %j', (text, expected) => {
  expect(valueOf(parseTypes(text)).map(typeName)).toEqual(expected);
});

test.each(['', ' , ', 'B', 'TYPE65536', 'TYPE', 'AXFR', 'OPT', 'A, TSIG'])(
  'types %j are refused in their field',
  (text) => {
    const error = errorOf(parseTypes(text));
    expect(error).toMatchObject({ code: 'bad-option', field: 'types' });
    expect(error.hint).toContain('NAPTR');
  },
);
