import { describe, expect, it } from 'vitest';
import { DnsAnswers, LOOKUPS_SHOWN } from '../../src/renderer/state/dns/answers.svelte.ts';
import {
  compareLookup,
  failuresOf,
  type ComparedRow,
  type ComparedType,
} from '../../src/renderer/state/dns/compare.ts';
import { ANSWER_RECORDS_KEPT, LookupLog, type DnsLookup } from '../../src/renderer/state/dns/lookup-log.ts';
import { DnsRows, kindOfRow } from '../support/dns-rows.ts';
import { FakeClient, settled, type FakeRow } from '../support/fake-client.ts';

function lookupOf(rows: DnsRows): DnsLookup {
  const log = new LookupLog(10);
  for (const view of rows.views) log.add(kindOfRow(view), view);
  const last = log.lookups.at(-1);
  if (last === undefined) throw new Error('nothing was asked');
  return last;
}

function tableOf(rows: DnsRows, type = 'A'): ComparedType {
  const table = compareLookup(lookupOf(rows)).find((one) => one.type === type);
  if (table === undefined) throw new Error(`no table of ${type}`);
  return table;
}

const line = ({ record, servers, differs }: ComparedRow): string =>
  `${record.type} ${record.data}: ${servers.map((one) => (one.type === 'has' ? String(one.record.ttl) : one.type)).join(' ')}${differs ? ' ≠' : ''}`;
const lines = (table: ComparedType): string[] => table.groups.flatMap(({ rows }) => rows.map(line));

describe('servers side by side', () => {
  it('agree when they have the same records in another order, with another TTL and in other capitals', () => {
    const rows = new DnsRows().ask('example.test.', 'MX', 'one, two');
    rows.answer('one', 'MX').record('one', 'MX', '10 Mail.example.test.').record('one', 'MX', '20 b.example.test.');
    rows.answer('two', 'MX').record('two', 'MX', '20 b.example.test.', { ttl: 7, name: 'EXAMPLE.test.' });
    rows.record('two', 'MX', '10 mail.example.test.', { ttl: 7 });
    const table = tableOf(rows, 'MX');
    expect(lines(table)).toEqual(['MX 10 Mail.example.test.: 300 7', 'MX 20 b.example.test.: 300 7']);
    expect([table.compared, table.differences]).toEqual([2, 0]);
  });

  it('differ in the records that one has and another has not, and in their response codes', () => {
    const rows = new DnsRows().ask('example.test.', 'A', 'one, two');
    rows.answer('one', 'A').record('one', 'A', '192.0.2.1');
    rows.answer('two', 'A', { rcode: 'NXDOMAIN' }).failed('two', 'A', 'NXDOMAIN', 'There is no such name.');
    const table = tableOf(rows);
    expect(lines(table)).toEqual(['A 192.0.2.1: 300 lacks ≠']);
    expect(table.columns.map(({ differs }) => differs)).toEqual([true, true]);
    expect(table.differences).toBe(2);
  });

  it('are not held against one that has given no answer, or a refusal', () => {
    const rows = new DnsRows().ask('example.test.', 'A', 'one, two, three, four');
    rows.answer('one', 'A').record('one', 'A', '192.0.2.1');
    rows.failed('two', 'A', 'ETIMEDOUT', 'two did not answer.');
    rows.answer('three', 'A', { rcode: 'REFUSED' }).failed('three', 'A', 'REFUSED', 'three refuses.');
    const table = tableOf(rows);
    expect(lines(table)).toEqual(['A 192.0.2.1: 300 unknown unknown unknown']);
    expect(table.compared).toBe(1);
    expect(table.columns[3]?.cell?.isSettled).toBe(false);
  });

  it('are held against the system by addresses alone, which it gives without aliases', () => {
    const rows = new DnsRows().ask('www.example.test.', 'A, AAAA', 'system, one');
    rows.system('A, AAAA', { address: '192.0.2.1', family: 4 }).system('A, AAAA', { address: '192.0.2.2', family: 4 });
    rows.answer('one', 'A').record('one', 'CNAME', 'web.example.test.', { question: 'A', name: 'www.example.test.' });
    rows.record('one', 'A', '192.0.2.1', { name: 'web.example.test.' });
    rows.answer('one', 'AAAA').record('one', 'AAAA', '2001:db8::1');
    expect(lines(tableOf(rows))).toEqual([
      'A 192.0.2.1: null 300',
      'A 192.0.2.2: null lacks ≠',
      'CNAME web.example.test.: unknown 300',
    ]);
    expect(lines(tableOf(rows, 'AAAA'))).toEqual(['AAAA 2001:db8::1: lacks 300 ≠']);
  });

  it('may leave out authority and additional records without being different', () => {
    const rows = new DnsRows().ask('example.test.', 'A', 'one, two, three');
    for (const server of ['one', 'two', 'three']) rows.answer(server, 'A').record(server, 'A', '192.0.2.1');
    rows.record('one', 'NS', 'ns1.example.test.', { question: 'A', section: 'authority' });
    rows.record('two', 'NS', 'ns2.example.test.', { question: 'A', section: 'authority' });
    const table = tableOf(rows);
    expect(table.groups.map(({ section }) => section)).toEqual(['answer', 'authority']);
    expect(lines(table).slice(1)).toEqual([
      'NS ns1.example.test.: 300 lacks unknown ≠',
      'NS ns2.example.test.: lacks 300 unknown ≠',
    ]);
  });

  it('count what came last: what was cut off over UDP is replaced by what TCP brings', () => {
    const rows = new DnsRows().ask('example.test.', 'A', 'one');
    rows.answer('one', 'A', { final: false, flags: 'tc' }).record('one', 'A', '192.0.2.1');
    rows.add('truncated', 'none', { server: 'one', name: 'example.test.', type: 'A', bytes: 512, next: 'tcp' });
    expect(tableOf(rows).columns[0]?.cell?.isSettled).toBe(false);
    rows.answer('one', 'A', { transport: 'tcp' }).record('one', 'A', '192.0.2.1').record('one', 'A', '192.0.2.2');
    const table = tableOf(rows);
    expect(lines(table)).toEqual(['A 192.0.2.1: 300', 'A 192.0.2.2: 300']);
    expect(table.columns[0]?.cell).toMatchObject({ isSettled: true, events: 1, bytes: 56 });
  });
});

describe('a reverse lookup', () => {
  it('compares the name that the system gives with that of a server', () => {
    const rows = new DnsRows().ask('1.2.0.192.in-addr.arpa.', 'PTR', 'system, one', { reverseOf: '192.0.2.1' });
    rows.system('PTR', { host: '192.0.2.1', hostname: 'host.example.test.' });
    rows.answer('one', 'PTR').record('one', 'PTR', 'host.example.test.', { name: '1.2.0.192.in-addr.arpa.' });
    expect(lines(tableOf(rows, 'PTR'))).toEqual(['PTR host.example.test.: null 300']);
  });
});

describe('failures', () => {
  it('that are the same for every type are said once', () => {
    const rows = new DnsRows().ask('example.test.', 'A, AAAA', 'one, two');
    for (const type of ['A', 'AAAA']) {
      rows.failed('one', type, 'ETIMEDOUT', 'one did not answer.');
      rows.failed('two', type, 'NODATA', `There is no ${type}.`);
    }
    const failures = failuresOf(lookupOf(rows), ['A', 'AAAA']);
    expect([...failures].map(([type, list]) => [type, list.map(({ message }) => message)])).toEqual([
      ['', ['one did not answer.']],
      ['A', ['There is no A.']],
      ['AAAA', ['There is no AAAA.']],
    ]);
  });

  it('of the system hold for both families, which it looks up at once', () => {
    const rows = new DnsRows().ask('example.test.', 'A, AAAA', 'system');
    rows.system('A, AAAA', { code: 'ENOTFOUND' }).failed('system', 'A, AAAA', 'ENOTFOUND', 'There is no such name.');
    expect(failuresOf(lookupOf(rows), ['A', 'AAAA']).get('')).toHaveLength(1);
    expect(tableOf(rows, 'AAAA').compared).toBe(1);
  });
});

describe('the rows of a session', () => {
  function clientOf(rows: DnsRows, end = rows.rows.length): FakeClient {
    const row = (seq: number): FakeRow => {
      const found = rows.rows[seq];
      if (found === undefined) throw new Error(`there is no row ${seq}`);
      return found;
    };
    return new FakeClient({ end, row });
  }

  it('are read once, in parts, as they come', async () => {
    const rows = new DnsRows().ask('example.test.', 'TXT', 'one').answer('one', 'TXT');
    for (let at = 0; at < 1200; at += 1) rows.record('one', 'TXT', `"${at}"`);
    const client = clientOf(rows, 2);
    const answers = new DnsAnswers({ client: () => client, session: () => client.session, kindOf: kindOfRow });
    answers.update({ first: 0, end: 2 });
    await settled();
    expect(answers.tables[0]?.groups).toEqual([]);
    client.end = rows.rows.length;
    answers.update({ first: 0, end: client.end });
    await settled(60);
    expect(answers.tables[0]?.groups[0]?.rows).toHaveLength(ANSWER_RECORDS_KEPT);
    expect(answers.tables[0]?.more).toBe(1200 - ANSWER_RECORDS_KEPT);
    expect(client.rowCalls.map(({ from }) => from)).toEqual([0, 2, 502, 1002]);
  });

  it('show the newest lookup until another is chosen', async () => {
    const rows = new DnsRows().ask('one.test.', 'A', 's').ask('two.test.', 'A', 's');
    const client = clientOf(rows);
    const answers = new DnsAnswers({ client: () => client, session: () => client.session, kindOf: kindOfRow });
    answers.update({ first: 0, end: 2 });
    await settled();
    expect(answers.shown?.name).toBe('two.test.');
    answers.choose(0);
    expect(answers.shown?.name).toBe('one.test.');
    rows.ask('three.test.', 'A', 's');
    client.end = 3;
    answers.update({ first: 0, end: 3 });
    await settled();
    expect(answers.shown?.name).toBe('one.test.');
    answers.choose(2);
    expect(answers.shown?.name).toBe('three.test.');
  });

  it('keep so many lookups and no more', () => {
    const log = new LookupLog(LOOKUPS_SHOWN);
    const rows = new DnsRows();
    for (let at = 0; at < LOOKUPS_SHOWN + 5; at += 1) rows.ask(`n${at}.test.`, 'A', 's');
    for (const view of rows.views) log.add(kindOfRow(view), view);
    expect(log.lookups).toHaveLength(LOOKUPS_SHOWN);
    expect(log.lookups[0]?.name).toBe('n5.test.');
  });

  it('begin anew with another session, and say why they cannot be read', async () => {
    const rows = new DnsRows().ask('one.test.', 'A', 's');
    const client = clientOf(rows);
    let session: string | null = client.session;
    const answers = new DnsAnswers({ client: () => client, session: () => session, kindOf: kindOfRow });
    answers.update({ first: 0, end: 1 });
    await settled();
    expect(answers.lookups).toHaveLength(1);
    session = null;
    answers.update({ first: 0, end: 0 });
    expect(answers.lookups).toHaveLength(0);
    expect(await answers.record(0)).toBeNull();
  });
});
