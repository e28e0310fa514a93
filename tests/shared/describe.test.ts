import { expect, test } from 'vitest';
import { specs } from '../../src/drivers/specs.ts';
import { describe, grouped } from '../../src/shared/describe.ts';
import { kindTable, type Direction, type Meta } from '../../src/shared/record.ts';

const attempt: Meta = { address: '::1', port: 9000, family: 6 };

test.each<[string, Direction, Meta, string]>([
  ['lookup', 'none', { host: 'localhost', address: '127.0.0.1', family: 4 }, 'localhost → 127.0.0.1 (IPv4)'],
  ['lookup', 'none', { host: 'nowhere.invalid', code: 'ENOTFOUND' }, 'nowhere.invalid: ENOTFOUND'],
  ['connectionAttempt', 'none', attempt, '[::1]:9000 (IPv6)'],
  ['connectionAttemptFailed', 'none', { ...attempt, code: 'ECONNREFUSED' }, '[::1]:9000 (IPv6): ECONNREFUSED'],
  [
    'connectionAttemptTimeout',
    'none',
    { ...attempt, ms: 250 },
    '[::1]:9000 (IPv6): no answer within 250 ms, trying the next',
  ],
  ['connect', 'none', { local: '127.0.0.1:51234', remote: '127.0.0.1:9000' }, '127.0.0.1:51234 → 127.0.0.1:9000'],
  ['connect', 'none', { local: '', remote: '/tmp/x.sock' }, '→ /tmp/x.sock'],
  ['ready', 'none', {}, 'the socket is ready to be used'],
  ['listening', 'none', { address: '127.0.0.1', port: 9000, family: 'IPv4' }, '127.0.0.1:9000'],
  ['listening', 'none', { address: '/tmp/x.sock' }, '/tmp/x.sock'],
  ['connection', 'none', { local: '127.0.0.1:9000', remote: '127.0.0.1:51234' }, '127.0.0.1:51234 → 127.0.0.1:9000'],
  [
    'drop',
    'none',
    { local: '127.0.0.1:9000', remote: '127.0.0.1:51234', maxConnections: 2 },
    '127.0.0.1:51234 → 127.0.0.1:9000 dropped: maxConnections is 2',
  ],
  ['write', 'none', { queued: 65_536 }, 'write returned false: 65 536 B queued'],
  ['drain', 'none', { was: 65_536 }, 'write buffer empty again (was 65 536 B)'],
  ['pause', 'none', {}, 'reading stopped'],
  ['pause', 'none', { by: 'echo' }, 'reading stopped by echo, until drain'],
  ['resume', 'none', {}, 'reading goes on'],
  ['resume', 'none', { by: 'echo' }, 'reading goes on (echo)'],
  ['resume', 'none', { by: 'echo', heldBy: 'person' }, 'echo would read on, but reading was stopped by hand'],
  ['resume', 'none', { heldBy: 'echo' }, 'reading goes on when echo has sent what is queued (drain)'],
  ['end', 'in', { halfOpen: true }, 'the peer will send no more (FIN); this side may still send'],
  ['end', 'in', { halfOpen: false }, 'the peer will send no more (FIN)'],
  ['end', 'out', {}, 'this side will send no more (FIN); the peer may still send'],
  ['end', 'out', { auto: 'allowHalfOpen' }, 'this side ends too (FIN), because allowHalfOpen is off'],
  [
    'end',
    'out',
    { closing: true },
    'this side ends (FIN) and closes when its bytes have left; what the peer still sends is not read',
  ],
  ['end', 'out', { auto: 'echo' }, 'this side ends too (FIN): echo'],
  ['destroy', 'out', {}, 'this side destroyed the socket; what was queued is lost'],
  ['resetAndDestroy', 'out', {}, 'this side reset the connection (RST); what was queued is lost'],
  ['timeout', 'none', { ms: 5000 }, 'no activity for 5 000 ms (setTimeout); the socket stays open'],
  ['close', 'none', { hadError: false, bytesRead: 1000, bytesWritten: 2 }, 'closed · 1 000 B in, 2 B out'],
  ['close', 'none', { hadError: true }, 'closed after an error'],
  [
    'close',
    'none',
    { hadError: false, bytesRead: 0, bytesWritten: 16_777_216, unsent: 16_777_000 },
    'closed · 0 B in, 16 777 216 B out · 16 777 000 B were still queued: lost, at least in part',
  ],
  [
    'close',
    'none',
    { hadError: false, bytesRead: 0, bytesWritten: 0, sha256In: 'aa', sha256Out: 'bb' },
    'closed · 0 B in, 0 B out · sha256In aa · sha256Out bb',
  ],
  ['close', 'none', {}, 'the server has closed: it accepts no more and every connection has ended'],
  ['getConnections', 'none', { count: 1 }, '1 connection'],
  ['getConnections', 'none', { count: 1200 }, '1 200 connections'],
  ['address', 'none', { address: '::', port: 9000, family: 'IPv6' }, '[::]:9000'],
  [
    'gap',
    'none',
    { count: 1200, bytes: 34_567, reason: 'memory' },
    '1 200 records, 34 567 B, are not kept: only the newest part is kept in memory',
  ],
  [
    'gap',
    'none',
    { count: 1200, bytes: 34_567, reason: 'quota' },
    '1 200 records, 34 567 B, are not kept: the oldest were removed to stay within the quota of the recording',
  ],
  [
    'gap',
    'none',
    { count: 2, bytes: 10, reason: 'disk-behind' },
    '2 records, 10 B, were not recorded: the disk was too slow to take them',
  ],
  [
    'gap',
    'none',
    { count: 1, bytes: 10, reason: 'disk-error' },
    '1 record, 10 B, was not recorded: the disk refused to take it',
  ],
  [
    'gap',
    'none',
    { count: 1, bytes: 67_108_864, reason: 'too-large' },
    '1 record, 67 108 864 B, was not recorded: larger than a recording can hold',
  ],
  [
    'gap',
    'none',
    { count: 50, bytes: 1000, reason: 'removed' },
    '50 records, 1 000 B, are not kept: their files were removed from outside',
  ],
  [
    'gap',
    'none',
    { first: 5, count: 12, reason: 'damaged' },
    '12 records from #5 on cannot be read: their part of the recording is damaged',
  ],
  [
    'gap',
    'none',
    { count: 0, bytes: 77, reason: 'interrupted' },
    'the recording ends here without having been closed: its writer was ended or lost power; 77 B after this row are no whole block and cannot be read',
  ],
  [
    'gap',
    'none',
    { count: 0, bytes: 0, reason: 'interrupted' },
    'the recording ends here without having been closed: its writer was ended or lost power',
  ],
  ['gap', 'none', { count: 1, reason: 'the disk is full' }, '1 record is not kept: the disk is full'],
  ['state', 'none', { from: 'opening', to: 'open' }, 'opening → open'],
  [
    'state',
    'none',
    { from: 'opening', to: 'failed', code: 'connection-refused', message: 'Connection refused.' },
    'opening → failed: Connection refused.',
  ],
  ['error', 'none', { code: 'ECONNRESET', message: 'Connection reset.' }, 'Connection reset.'],
  ['note', 'none', { message: 'Something to know.' }, 'Something to know.'],
  ['data', 'in', {}, ''],
  ['unheard', 'in', { port: 9000, ok: true, what: null }, 'port 9000, ok true, what null'],
])('%s %s %j reads as a sentence', (kind, direction, meta, expected) => {
  expect(describe(kind, direction, meta)).toBe(expected);
});

test('says something, and never throws, for every kind of every protocol without its meta', () => {
  for (const spec of specs) {
    for (const kind of kindTable(spec.kinds)) {
      for (const direction of ['none', 'in', 'out'] as const) {
        expect(describe(kind, direction, {})).not.toMatch(/undefined|null|NaN/);
      }
    }
  }
});

test('groups digits by threes', () => {
  expect([0, 999, 1000, 65_536, 1_234_567].map(grouped)).toEqual(['0', '999', '1 000', '65 536', '1 234 567']);
});
