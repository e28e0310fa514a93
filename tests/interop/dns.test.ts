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
