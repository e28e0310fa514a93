import type { Locator } from '@playwright/test';
import type { Answer } from 'dns-packet';
import type { Bench } from './support/bench.ts';
import { startResolver, type Resolver } from './support/resolver.ts';
import { expect, test } from './support/test.ts';

const NAME = 'example.test';
const first: readonly Answer[] = [
  { name: NAME, type: 'A', ttl: 300, data: '127.0.0.1' },
  { name: NAME, type: 'A', ttl: 300, data: '192.0.2.11' },
  { name: NAME, type: 'SRV', ttl: 60, data: { priority: 0, weight: 5, port: 8080, target: `chat.${NAME}` } },
  { name: '1.2.0.192.in-addr.arpa', type: 'PTR', ttl: 60, data: `host.${NAME}` },
];
const second: readonly Answer[] = [
  { name: NAME, type: 'A', ttl: 12, data: '127.0.0.1' },
  { name: NAME, type: 'A', ttl: 12, data: '203.0.113.7' },
];

/** Opens a DNS tab and asks these servers. @param types that are pressed: A and AAAA are asked for as it is */
async function lookUp(
  bench: Bench,
  name: string,
  servers: readonly Resolver[],
  types: readonly string[] = ['AAAA'],
): Promise<void> {
  await bench.newSession('DNS lookup', name);
  await bench.page
    .getByRole('textbox', { name: 'Servers' })
    .fill(servers.map(({ port }) => `127.0.0.1:${port}`).join(', '));
  for (const type of types) {
    await bench.page.getByRole('group', { name: 'Types' }).getByRole('button', { name: type, exact: true }).click();
  }
  await bench.button('Look up').click();
  await expect(bench.status).toContainText('closed');
}

test.describe('a lookup', () => {
  const servers: Resolver[] = [];
  test.beforeEach(async () => {
    servers.push(await startResolver(first), await startResolver(second));
  });
  test.afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });

  test('compares servers side by side and marks where they differ, but not the TTL', async ({ bench }) => {
    await lookUp(bench, NAME, servers);
    const table = bench.page.getByRole('table', { name: /^A\b/ });
    const row = (data: string): Locator => table.getByRole('row', { name: `${NAME}. A ${data}` });
    await expect(row('127.0.0.1')).not.toContainText('differs');
    await expect(row('127.0.0.1')).toContainText('300 s');
    await expect(row('127.0.0.1')).toContainText('12 s');
    await expect(row('192.0.2.11')).toContainText('differs');
    await expect(row('192.0.2.11')).toContainText('missing');
    await expect(row('203.0.113.7')).toContainText('differs');
    await expect(bench.page.getByRole('heading', { name: '≠ 2 differences' })).toBeVisible();

    // The raw message, and then only the data of one record.
    await table
      .getByRole('button', { name: /^127\.0\.0\.1:\d+, A: NOERROR/ })
      .first()
      .click();
    await expect(bench.detail.getByRole('tab', { name: 'Hex' })).toHaveAttribute('aria-selected', 'true');
    await expect(bench.detail).toContainText('rcode NOERROR');
    await row('192.0.2.11')
      .getByRole('button', { name: /TTL 300 s/ })
      .click();
    await expect(bench.detail.getByRole('grid', { name: 'Bytes' })).toContainText('c000020b');
  });

  test('fills in a client, with the name kept for TLS and the Host header', async ({ bench }) => {
    await lookUp(bench, NAME, servers);
    const connect = bench.page.getByRole('button', { name: 'Connect to this address: 192.0.2.11' });
    await connect.click();
    await bench.page.getByRole('menuitem', { name: /^WebSocket client with TLS/ }).click();
    await expect(bench.address).toHaveValue('wss://192.0.2.11/');
    await bench.section('Options').click();
    await expect(bench.page.getByRole('textbox', { name: 'headers' })).toHaveValue(`Host: ${NAME}`);
    await expect(bench.page.getByRole('textbox', { name: 'servername' })).toHaveValue(NAME);

    // TCP: what DNS does not tell is typed behind it.
    const port = await bench.listen();
    await bench.tab(new RegExp(`^DNS lookup ${NAME}`)).click();
    await bench.page.getByRole('button', { name: 'Connect to this address: 127.0.0.1' }).click();
    await bench.page.getByRole('menuitem', { name: /^TCP client/ }).click();
    await expect(bench.address).toBeFocused();
    await bench.page.keyboard.type(String(port));
    await bench.page.keyboard.press('Enter');
    await expect(bench.status).toContainText('open');
    await expect(bench.address).toHaveValue(`127.0.0.1:${port}`);
  });

  test('of an address gives its name, which leads on to a lookup of its own', async ({ bench }) => {
    await lookUp(bench, '192.0.2.1', servers, []);
    await bench.page.getByRole('button', { name: `Look up host.${NAME}` }).click();
    await expect(bench.address).toHaveValue(`host.${NAME}`);
    await bench.button('Look up').click();
    await expect(bench.page.getByText('▲ NXDOMAIN').first()).toBeVisible();
    await expect(bench.page.getByText(/there is no name host\.example\.test/).first()).toBeVisible();
  });

  test('can be read in its recording as well, also when it was asked twice', async ({ bench }) => {
    await lookUp(bench, NAME, servers, ['AAAA', 'SRV']);
    for (const server of servers) server.answers = second;
    await bench.button('Look up').click();
    await expect(bench.page.getByRole('heading', { name: '✓ 2 servers agree' }).first()).toBeVisible();
    await bench.page.getByRole('button', { name: /^Close DNS lookup/ }).click();
    await bench.button('Dismiss').first().click();
    await bench.page
      .getByRole('list', { name: 'History' })
      .getByRole('button', { name: /^example\.test, DNS lookup/ })
      .click();
    await expect(bench.page.getByRole('tab', { name: 'Answers' })).toHaveAttribute('aria-selected', 'true');
    await expect(bench.page.getByRole('textbox', { name: 'Servers' })).toHaveCount(0);
    await expect(bench.page.getByRole('heading', { name: '✓ 2 servers agree' }).first()).toBeVisible();

    const choice = bench.page.getByRole('combobox', { name: 'Lookup' });
    await choice.click();
    await bench.page.getByRole('option').last().click();
    await expect(bench.page.getByRole('heading', { name: /differences/ }).first()).toBeVisible();
    await bench.page.getByRole('button', { name: `Connect to this address: chat.${NAME}:8080` }).click();
    await bench.page.getByRole('menuitem', { name: /^TCP client/ }).click();
    await expect(bench.address).toHaveValue(`chat.${NAME}:8080`);
  });
});

test('the system lookup stands in the same table', async ({ bench }) => {
  await bench.newSession('DNS lookup', 'localhost');
  await bench.button('Look up').click();
  await expect(bench.page.getByRole('button', { name: /^system, A: found/ })).toBeVisible();
  await expect(bench.page.getByRole('table', { name: /^A\b/ }).getByRole('row', { name: '127.0.0.1' })).toBeVisible();
});

test('rows of a client lead to DNS and to the address inspector', async ({ bench }) => {
  const port = await bench.listen();
  await bench.connect(`localhost:${port}`);
  await bench.row('none', 'lookup').first().click();
  await bench.detail.getByRole('button', { name: 'Inspect 127.0.0.1' }).click();
  const dialog = bench.page.getByRole('dialog', { name: 'Address inspector' });
  await expect(dialog).toContainText('Loopback');
  await bench.page.keyboard.press('Escape');
  await bench.row('none', 'connectionAttempt').first().click();
  await expect(bench.detail.getByRole('button', { name: /^Inspect / })).toBeVisible();
  await bench.row('none', 'lookup').first().click();
  await bench.detail.getByRole('button', { name: 'Look up localhost in DNS' }).click();
  await expect(bench.tab(/^DNS lookup localhost/)).toHaveAttribute('aria-selected', 'true');
  await expect(bench.address).toHaveValue('localhost');
});
