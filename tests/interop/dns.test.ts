/** Every type of record from Debian's unbound, over UDP and TCP, as kdig reads it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Meta } from '../../src/shared/record.ts';
import type { Options } from '../../src/drivers/spec.ts';
import { leavingNothing } from '../support/leaks.ts';
import { LiveSession, type LiveRow } from '../support/live-session.ts';
import { Unbound } from './unbound.ts';

let unbound: Unbound;

beforeAll(async () => {
  unbound = await Unbound.start();
});

afterAll(async () => {
  await unbound.stop();
});

/** Looks up, and waits until all is settled. */
async function lookUp(name: string, options: Options): Promise<readonly LiveRow[]> {
  return leavingNothing(async () => {
    const live = new LiveSession('dns');
    await live.open(name, { servers: unbound.address, ...options });
    await live.until(() => ['closed', 'failed'].includes(live.status.state), 'the end');
    const { state } = live.status;
    await live.dispose();
    expect([state, live.bugs]).toEqual(['closed', []]);
    return live.rows;
  });
}

function metas(rows: readonly LiveRow[], kind: string): readonly Meta[] {
  return rows.filter((row) => row.kind === kind).map(({ meta }) => meta);
}

/** In the form of zone files. */
function lineOf(meta: Meta): string {
  return ['name', 'ttl', 'class', 'type', 'data'].map((key) => String(meta[key])).join(' ');
}

const questions: readonly (readonly [string, string])[] = [
  ...['SOA', 'NS', 'A', 'AAAA', 'MX', 'TXT', 'CAA', 'ANY'].map((type) => ['zone.example', type] as const),
  ...(
    [
      ['www', 'A'],
      ['www', 'AAAA'],
      ['alias', 'CNAME'],
      ['alias2', 'A'],
      ['_sip._tcp', 'SRV'],
      ['sip', 'NAPTR'],
      ['hint', 'HINFO'],
      ['rp', 'RP'],
      ['afs', 'AFSDB'],
      ['kx', 'KX'],
      ['old', 'DNAME'],
      ['a.old', 'A'],
      ['ds', 'DS'],
      ['cds', 'CDS'],
      ['key', 'DNSKEY'],
      ['cdnskey', 'CDNSKEY'],
      ['sshfp', 'SSHFP'],
      ['_443._tcp', 'TLSA'],
      ['smime', 'SMIMEA'],
      ['uri', 'URI'],
      ['svc', 'HTTPS'],
      ['svc2', 'SVCB'],
      ['pgp', 'OPENPGPKEY'],
      ['dhcid', 'DHCID'],
      ['eui48', 'EUI48'],
      ['eui64', 'EUI64'],
      ['zonemd', 'ZONEMD'],
      ['signed', 'RRSIG'],
      ['denied', 'NSEC'],
      ['private', 'TYPE65280'],
      ['raw', 'TXT'],
      ['xn--bcher-kva', 'A'],
      ['dot\\.ted', 'A'],
      ['sp\\032ace', 'A'],
      ['_under_score', 'A'],
      ['big', 'TXT'],
      ['www', 'MX'],
      ['nobody', 'A'],
    ] as const
  ).map(([name, type]) => [`${name}.zone.example`, type] as const),
];

describe.each([
  ['udp', []],
  ['tcp', ['+tcp']],
] as const)('over %s', (transport, more) => {
  test.each(questions)('%s %s is what kdig reads', async (name, types) => {
    const rows = await lookUp(name, { types, transport });
    const theirs = await unbound.kdig(name, types, more);
    const answer = metas(rows, 'answer').at(-1) ?? {};
    expect(metas(rows, 'record').map(lineOf).sort()).toEqual([...theirs.records].sort());
    expect({ status: answer.rcode, flags: answer.flags }).toEqual({ status: theirs.status, flags: theirs.flags });
    // kdig counts the OPT record.
    const [answers, authorities, additionals = 0] = theirs.counts;
    expect([answer.answers, answer.authorities, answer.additionals]).toEqual([answers, authorities, additionals - 1]);
    expect(answer.final).toBe(true);
  });
});

test.each([
  ['192.0.2.80', '80.2.0.192.in-addr.arpa.'],
  ['2001:db8:0:0:1::80', '0.8.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.'],
])('%s is asked for its name, as kdig -x does', async (address, name) => {
  const rows = await lookUp(address, {});
  const theirs = await unbound.kdig(name, 'PTR');
  expect(metas(rows, 'ask')).toMatchObject([{ name, types: 'PTR', reverseOf: address }]);
  expect(theirs.records).not.toEqual([]);
  expect(metas(rows, 'record').map(lineOf)).toEqual(theirs.records);
});

test('an international name is asked for in its ASCII form and shown in both', async () => {
  const rows = await lookUp('bücher.zone.example', { types: 'A' });
  const both = { name: 'xn--bcher-kva.zone.example.', unicodeName: 'bücher.zone.example.' };
  expect(metas(rows, 'ask')).toMatchObject([both]);
  expect(metas(rows, 'record')).toMatchObject([{ ...both, data: '192.0.2.77' }]);
});

test.each(['udp', 'tcp'])('a server is asked over IPv6 by %s', async (transport) => {
  const rows = await lookUp('zone.example', { servers: `[::1]:${unbound.port} ${transport}`, types: 'A' });
  const server = `[::1]:${unbound.port} ${transport}`;
  expect(metas(rows, 'query')).toMatchObject([{ server, to: `[::1]:${unbound.port}`, transport }]);
  expect(metas(rows, 'record')[0]).toMatchObject({ server, data: '192.0.2.1' });
});

test('an answer that is cut off is asked for again over TCP, and is whole then', async () => {
  const rows = await lookUp('big.zone.example', { types: 'TXT' });
  expect(metas(rows, 'answer')).toMatchObject([
    { transport: 'udp', final: false, flags: 'aa tc rd ra' },
    { transport: 'tcp', final: true, flags: 'aa rd ra', answers: 40 },
  ]);
  expect(metas(rows, 'truncated')).toMatchObject([{ next: 'tcp' }]);
  expect(metas(rows, 'connect')).toMatchObject([{ remote: unbound.address }]);
  expect(metas(rows, 'record')).toHaveLength(40);
  expect(metas(rows, 'failed')).toEqual([]);
});

test('an answer that is cut off is an error when only UDP may be used', async () => {
  const rows = await lookUp('big.zone.example', { types: 'TXT', transport: 'udp-only' });
  expect(metas(rows, 'answer')).toMatchObject([{ transport: 'udp', final: true }]);
  expect(metas(rows, 'failed')).toMatchObject([{ code: 'dns-truncated', errno: 'TC' }]);
});

test.each([
  ['nobody.zone.example', 'dns-nxdomain', 'NXDOMAIN'],
  ['www.zone.example', 'dns-no-data', 'NODATA'],
  ['x.refused.example', 'dns-refused', 'REFUSED'],
  ['x.broken.example', 'dns-servfail', 'SERVFAIL'],
])('%s MX fails by its name: %s', async (name, code, errno) => {
  const rows = await lookUp(name, { types: 'MX' });
  expect(metas(rows, 'failed')).toMatchObject([{ code, errno, name: `${name}.` }]);
});

test('what the server says about itself is asked for in class CH', async () => {
  const rows = await lookUp('version.bind', { types: 'TXT', class: 'CH' });
  expect(metas(rows, 'record')).toMatchObject([{ class: 'CH', data: expect.stringContaining('unbound') }]);
});

test('several servers are asked side by side, each under its label', async () => {
  const servers = [unbound.address, `${unbound.address} tcp`, '127.0.0.1:1', `localhost:${unbound.port}`];
  const rows = await lookUp('zone.example', { servers: servers.join('\n'), types: 'A, MX', family: '4' });
  const answered = servers.filter((server) => server !== '127.0.0.1:1');
  for (const server of answered) {
    const answers = metas(rows, 'record').filter((meta) => meta.server === server && meta.section === 'answer');
    expect(answers, server).toHaveLength(3);
  }
  expect(metas(rows, 'failed')).toMatchObject([
    { server: '127.0.0.1:1', type: 'A', code: 'connection-refused' },
    { server: '127.0.0.1:1', type: 'MX', code: 'connection-refused' },
  ]);
});

test('a session asks again and goes on in the same recording', async () => {
  const live = new LiveSession('dns');
  for (const count of [1, 2, 3]) {
    await live.open('zone.example', { servers: unbound.address, types: 'SOA' });
    await live.until(() => live.status.state === 'closed', 'the end');
    expect(live.count({ kind: 'ask' })).toBe(count);
    expect(live.count({ kind: 'answer' })).toBe(count);
  }
  expect(live.status.counters).toMatchObject({ messagesOut: 3, messagesIn: 3 });
  await live.dispose();
});
