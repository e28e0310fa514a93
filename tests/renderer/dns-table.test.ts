import '@testing-library/jest-dom/vitest';
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { cellWords, flagWords, msWords, ttlWords } from '../../src/renderer/format/dns.ts';
import { compareLookup, failuresOf } from '../../src/renderer/state/dns/compare.ts';
import type { ConnectChoice } from '../../src/renderer/state/dns/connect.ts';
import { LookupLog } from '../../src/renderer/state/dns/lookup-log.ts';
import TypeTable from '../../src/renderer/views/dns/TypeTable.svelte';
import { DnsRows, kindOfRow } from '../support/dns-rows.ts';

function show(rows: DnsRows) {
  const log = new LookupLog(1);
  for (const view of rows.views) log.add(kindOfRow(view), view);
  const [lookup] = log.lookups;
  const [table] = lookup === undefined ? [] : compareLookup(lookup);
  if (lookup === undefined || table === undefined) throw new Error('nothing was asked');
  const failures = failuresOf(lookup, [table.type, 'another']).get(table.type) ?? [];
  const calls = {
    onshow: vi.fn<(seq: number) => void>(),
    onconnect: vi.fn<(choice: ConnectChoice) => void>(),
    oninspect: vi.fn<(address: string) => void>(),
    onlookup: vi.fn<(name: string) => void>(),
  };
  render(TypeTable, { lookup, table, failures, shown: null, ...calls });
  return calls;
}

const row = (name: RegExp): HTMLElement => screen.getByRole('row', { name });

describe('the table of a type', () => {
  it('says of each server what it answered, how fast and by which way, and shows its message', async () => {
    const rows = new DnsRows().ask('example.test.', 'A', 'one, two');
    rows.answer('one', 'A').record('one', 'A', '192.0.2.1');
    const { onshow } = show(rows);
    const head = screen.getByRole('button', { name: 'one, A: NOERROR 1.50 ms · UDP · 56 B' });
    await userEvent.click(head);
    expect(onshow).toHaveBeenCalledWith(1);
    expect(screen.getByRole('button', { name: 'two, A: asking …' })).toBeDisabled();
    await userEvent.click(within(row(/192\.0\.2\.1/)).getByRole('button', { name: 'one: TTL 300 s' }));
    expect(onshow).toHaveBeenLastCalledWith(2);
    expect(screen.queryByText(/differs/)).not.toBeInTheDocument();
  });

  it('marks in words what differs, and says why a server has no answer', () => {
    const rows = new DnsRows().ask('example.test.', 'A', 'one, two');
    rows.answer('one', 'A').record('one', 'A', '192.0.2.1');
    rows.answer('two', 'A', { rcode: 'NXDOMAIN' }).failed('two', 'A', 'NXDOMAIN', 'There is no such name.');
    show(rows);
    expect(screen.getByRole('heading', { name: 'A ≠ 2 differences' })).toBeInTheDocument();
    expect(row(/192\.0\.2\.1/)).toHaveTextContent('≠ differs');
    expect(within(row(/192\.0\.2\.1/)).getByText('missing')).toBeInTheDocument();
    expect(screen.getByText('two:').parentElement).toHaveTextContent(
      '▲ two: There is no such name. Check the spelling.',
    );
  });

  it('names the sections beside the answer, and shows international names in both forms', () => {
    const rows = new DnsRows().ask('xn--bcher-kva.test.', 'A', 'one').answer('one', 'A');
    rows.record('one', 'A', '192.0.2.1', { name: 'xn--bcher-kva.test.', unicodeName: 'bücher.test.' });
    rows.record('one', 'NS', 'ns.test.', { question: 'A', section: 'authority' });
    show(rows);
    expect(row(/192\.0\.2\.1/)).toHaveTextContent('xn--bcher-kva.test.bücher.test.');
    expect(screen.getByRole('rowheader', { name: 'Authority' })).toBeInTheDocument();
  });

  it('lays out so many records and more on request, however many came', async () => {
    const rows = new DnsRows().ask('example.test.', 'TXT', 'one').answer('one', 'TXT');
    for (let at = 0; at < 3000; at += 1) rows.record('one', 'TXT', `"${at}"`);
    show(rows);
    expect(screen.getAllByRole('row')).toHaveLength(101);
    expect(screen.getByText(/^2 500 more records are in Messages/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Show more (400)' }));
    expect(screen.getAllByRole('row')).toHaveLength(501);
    expect(screen.queryByRole('button', { name: /^Show more/ })).not.toBeInTheDocument();
  });

  it('needs no column for one server, and no table where nothing was found', () => {
    show(new DnsRows().ask('example.test.', 'AAAA', 'one').answer('one', 'AAAA'));
    expect(screen.queryByRole('table')).not.toBeInTheDocument();
    expect(screen.getByText('No AAAA records.')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: /^one, AAAA: NOERROR/ })).toBeEnabled();
  });

  it('leads from an address to a client and to the inspector, and from a name to its lookup', async () => {
    const rows = new DnsRows().ask('example.test.', 'A', 'one').answer('one', 'A');
    rows.record('one', 'CNAME', 'web.test.', { question: 'A' }).record('one', 'A', '192.0.2.1', { name: 'web.test.' });
    const { onconnect, oninspect, onlookup } = show(rows);
    await userEvent.click(screen.getByRole('button', { name: 'Inspect 192.0.2.1' }));
    expect(oninspect).toHaveBeenCalledWith('192.0.2.1');
    await userEvent.click(screen.getByRole('button', { name: 'Look up web.test' }));
    expect(onlookup).toHaveBeenCalledWith('web.test');
    await userEvent.click(screen.getByRole('button', { name: 'Connect to this address: 192.0.2.1' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: /^WebSocket client Host/ }));
    await vi.waitFor(() => {
      expect(onconnect).toHaveBeenCalledTimes(1);
    });
    expect(onconnect.mock.calls[0]?.[0]).toMatchObject({ options: { headers: 'Host: example.test' } });
  });
});

describe('facts of an answer in words', () => {
  const cellOf = (rows: DnsRows) => {
    const log = new LookupLog(1);
    for (const view of rows.views) log.add(kindOfRow(view), view);
    return log.lookups[0]?.cells.values().next().value ?? null;
  };

  it('tell what the system says, which has no response code', () => {
    const found = new DnsRows().ask('a.', 'A', 'system').system('A', { address: '192.0.2.1' });
    expect(cellWords(cellOf(found))).toMatchObject({ state: 'found', tone: 'good', facts: '0.50 ms · getaddrinfo' });
    const none = new DnsRows().ask('a.', 'AAAA', 'system').system('AAAA', { address: '192.0.2.1' });
    expect(cellWords(cellOf(none))).toMatchObject({ state: 'none', tone: 'quiet' });
    expect(cellWords(null).state).toBe('not asked');
  });

  it('tell what else is to be known: late, an extended error, what happened on the way', () => {
    const rows = new DnsRows().ask('a.', 'A', 'one');
    rows.add('timeout', 'none', { server: 'one', name: 'a.', type: 'A', ms: 10 });
    rows.answer('one', 'A', { late: true, ede: '6 DNSSEC Bogus' });
    expect(cellWords(cellOf(rows)).notes).toEqual(['late', 'EDE 6 DNSSEC Bogus', '1 event on the way']);
  });

  it('tell that nothing more will come when the session is over', () => {
    const rows = new DnsRows().ask('a.', 'A', 'one').add('state', 'none', { from: 'opening', to: 'closed' });
    expect(cellWords(cellOf(rows)).state).toBe('no answer');
  });

  it.each([
    [0, '0 seconds: not to be kept'],
    [1, '1 second'],
    [3660, '1 hour 1 minute'],
    [172_801, '2 days 1 second'],
  ])('a TTL of %d s is %s', (seconds, words) => {
    expect(ttlWords(seconds)).toBe(words);
  });

  it('times have three digits, and flags their names', () => {
    expect([0.123, 12.34, 123.4].map(msWords)).toEqual(['0.12 ms', '12.3 ms', '123 ms']);
    expect(flagWords('aa zz')).toBe('aa: authoritative answer; zz');
    expect(flagWords('')).toBe('');
  });
});
