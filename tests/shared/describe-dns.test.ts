import { expect, test } from 'vitest';
import { isDnsMessage } from '../../src/shared/describe-dns.ts';
import { rowShows } from '../../src/shared/describe-websocket.ts';
import { describe } from '../../src/shared/describe.ts';
import type { Meta } from '../../src/shared/record.ts';

const about: Meta = { server: '1.1.1.1:53', name: 'example.org.', type: 'MX' };
const error: Meta = { code: 'dns-nxdomain', message: 'There is no such name (NXDOMAIN).', hint: 'Check the spelling.' };

test.each<[string, Meta, string]>([
  [
    'ask',
    { name: 'example.org.', types: 'A, MX', class: 'IN', servers: 'system, 1.1.1.1:53' },
    'example.org. A, MX · asked: system, 1.1.1.1:53',
  ],
  [
    'ask',
    { name: 'xn--bcher-kva.example.', unicodeName: 'bücher.example.', types: 'TXT', class: 'CH', servers: 'system' },
    'xn--bcher-kva.example. (bücher.example.) TXT · class CH · asked: system',
  ],
  [
    'ask',
    { name: '1.2.0.192.in-addr.arpa.', types: 'PTR', class: 'IN', servers: 'system', reverseOf: '192.0.2.1' },
    '1.2.0.192.in-addr.arpa. PTR · the name of 192.0.2.1 · asked: system',
  ],
  [
    'query',
    { ...about, to: '1.1.1.1:53', transport: 'udp', id: 40450, flags: 'rd', attempt: 1 },
    'example.org. MX → 1.1.1.1:53 udp · id 40450 · rd',
  ],
  [
    'query',
    { ...about, to: '1.1.1.1:53', transport: 'tcp', id: 7, flags: '', attempt: 2 },
    'example.org. MX → 1.1.1.1:53 tcp · id 7 · attempt 2',
  ],
  [
    'answer',
    {
      ...about,
      ...{ from: '1.1.1.1:53', transport: 'udp', rcode: 'NOERROR', flags: 'rd ra', ms: 4.125, answers: 1 },
      ...{ authorities: 0, additionals: 0, attempt: 1, late: false, final: true },
    },
    'NOERROR example.org. MX ← 1.1.1.1:53 udp · 1 answer · rd ra · 4.13 ms',
  ],
  [
    'answer',
    {
      ...about,
      ...{ from: '1.1.1.1:53', transport: 'udp', rcode: 'SERVFAIL', flags: 'tc', ms: 1234.5, answers: 0 },
      ...{ authorities: 1, additionals: 2, attempt: 1, late: true, final: false, ede: '6 DNSSEC Bogus' },
    },
    'SERVFAIL example.org. MX ← 1.1.1.1:53 udp · 0 answers · 1 authority · 2 additional · tc · 1234.5 ms · late: of attempt 1 · 6 DNSSEC Bogus · cut off',
  ],
  [
    'record',
    { ...about, section: 'answer', ttl: 86400, class: 'IN', data: '10 mail.example.org.' },
    'example.org. 86400 IN MX 10 mail.example.org.',
  ],
  [
    'record',
    { ...about, section: 'additional', ttl: 0, class: 'IN', data: '10 x.', other: true, cut: true },
    'example.org. 0 IN MX 10 x. · additional · of another name · the rest is in its bytes',
  ],
  ['lookup', { server: 'system', host: '::1', hostname: 'localhost', ms: 1 }, '::1 → localhost'],
  ['lookup', { server: 'system', host: 'localhost', address: '::1', family: 6 }, 'localhost → ::1 (IPv6)'],
  [
    'truncated',
    { ...about, bytes: 512, next: 'tcp' },
    'the answer of 512 B is cut off (TC): it is asked again over TCP',
  ],
  ['truncated', { ...about, bytes: 512, next: '' }, 'the answer of 512 B is cut off (TC): it is not asked again'],
  [
    'timeout',
    { ...about, ms: 3000, attempt: 2 },
    '1.1.1.1:53 · example.org. MX: no answer within 3 000 ms (attempt 2)',
  ],
  ['retry', { ...about, attempt: 2, of: 3 }, '1.1.1.1:53 · example.org. MX: attempt 2 of 3'],
  ['mismatch', { ...about, from: '6.6.6.6:53', message: 'it has the id 1' }, 'from 6.6.6.6:53: it has the id 1'],
  ['malformed', { ...about, from: '1.1.1.1:53', message: 'an empty message' }, 'from 1.1.1.1:53: an empty message'],
  [
    'failed',
    { ...about, ...error },
    '1.1.1.1:53 · example.org. MX: There is no such name (NXDOMAIN). Check the spelling.',
  ],
])('a row %s says what it is', (kind, meta, words) => {
  expect(describe(kind, 'none', meta)).toBe(words);
});

test('the time-out of a socket is another one', () => {
  expect(describe('timeout', 'none', { ms: 5 })).toContain('the socket stays open');
});

test('messages of DNS are told by what they mean, not by their bytes', () => {
  for (const kind of ['query', 'answer', 'record', 'mismatch', 'malformed']) {
    expect([kind, isDnsMessage(kind), rowShows(kind)]).toEqual([kind, true, 'meaning']);
  }
  expect(isDnsMessage('data')).toBe(false);
});
