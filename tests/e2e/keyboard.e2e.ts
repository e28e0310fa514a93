/**
 * Everything without a pointer, in both hosts. The keys that a browser keeps
 * for itself (Ctrl+T, Ctrl+W, Ctrl+Tab …) are in electron/tab-keys.e2e.ts.
 */
import type { Page } from '@playwright/test';
import type { Bench } from './support/bench.ts';
import { accessibilityFaults, retype, tabTo, unreachable, walk } from './support/keyboard.ts';
import { expect, test } from './support/test.ts';

/** A new session by Tab, Enter and arrows. */
async function newSession(bench: Bench, protocol: string): Promise<void> {
  const { page } = bench;
  await tabTo(page.getByRole('button', { name: 'New session' }));
  await page.keyboard.press('Enter');
  const item = page.getByRole('menuitem', { name: protocol, exact: true });
  await expect(page.getByRole('menu', { name: 'New session' })).toBeVisible();
  for (let press = 0; press < 5; press += 1) {
    if (await item.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('ArrowDown');
  }
  await expect(item).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toHaveCount(0);
}

/** A server that echoes and a client that is connected to it, by keyboard alone. */
async function conversation(bench: Bench): Promise<void> {
  const { page } = bench;
  await newSession(bench, 'TCP server');
  await page.keyboard.press('ControlOrMeta+l');
  await expect(bench.address).toBeFocused();
  await retype(page, '127.0.0.1:0');

  await tabTo(bench.section('Connections'));
  for (const name of ['Messages', 'Terminal', 'Options']) {
    await page.keyboard.press('ArrowRight');
    await expect(bench.section(name)).toBeFocused();
  }
  await expect(bench.section('Options')).toHaveAttribute('aria-selected', 'true');
  await tabTo(page.getByRole('combobox', { name: 'behaviour' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('option', { name: 'none' })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: 'behaviour' })).toContainText('echo');
  await page.keyboard.press('ControlOrMeta+l');
  await page.keyboard.press('Enter');
  await expect(bench.status).toContainText('listening');
  const port = /:(\d+)/.exec((await bench.status.textContent()) ?? '')?.[1] ?? '';

  await newSession(bench, 'TCP client');
  await page.keyboard.press('ControlOrMeta+l');
  await expect(bench.address).toBeFocused();
  await retype(page, `127.0.0.1:${port}`);
  await page.keyboard.press('Enter');
  await expect(bench.status).toContainText('open');
}

function selectedRow(bench: Bench): Promise<string | null> {
  return bench.messages.locator('[aria-selected="true"]').getAttribute('aria-label');
}

test('a whole conversation by keyboard alone', async ({ bench }) => {
  const { page } = bench;
  await conversation(bench);

  await page.keyboard.press('ControlOrMeta+m');
  await expect(bench.message).toBeFocused();
  await page.keyboard.type('typed without a mouse');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(bench.row('out', 'data', 'typed without a mouse')).toBeVisible();
  await expect(bench.row('in', 'data', 'typed without a mouse')).toBeVisible();
  // What was sent comes back by Alt+↑.
  await retype(page, 'something else');
  await page.keyboard.press('Alt+ArrowUp');
  await expect(bench.message).toHaveValue('typed without a mouse');

  await tabTo(bench.messages, 'Shift+Tab');
  await page.keyboard.press('End');
  expect(await selectedRow(bench)).toMatch(/^#\d+ in data 22 bytes typed without a mouse/);
  await page.keyboard.press('ArrowUp');
  expect(await selectedRow(bench)).toMatch(/^#\d+ out data 22 bytes typed without a mouse/);
  await page.keyboard.press('Home');
  expect(await selectedRow(bench)).toMatch(/^#0 state/);
  await page.keyboard.press('ArrowDown');
  expect(await selectedRow(bench)).toMatch(/^#1 /);
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(bench.detail.locator(':focus')).toHaveCount(1);
  await expect(bench.detail).toContainText('typed without a mouse');
  await tabTo(bench.detail.getByRole('tab', { name: 'Text' }), 'Shift+Tab');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(bench.detail.getByRole('tab', { name: 'Hex' })).toHaveAttribute('aria-selected', 'true');
  await expect(bench.detail).toContainText('7479706564');

  await page.keyboard.press('ControlOrMeta+f');
  const filter = page.getByRole('searchbox', { name: 'Filter messages' });
  await expect(filter).toBeFocused();
  await page.keyboard.type('kind:connect');
  await expect(bench.row('none', 'connect')).toBeVisible();
  await expect(bench.row('in', 'data')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(filter).toHaveValue('');
  await expect(bench.row('in', 'data')).toBeVisible();

  // Ending by the menu beside the primary button.
  await tabTo(bench.button('More ways to close'), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'End (FIN)' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Reset (RST)' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
  await expect(bench.status).toContainText('open');
  await page.keyboard.press('ControlOrMeta+l');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(bench.status).toContainText('closed');
});

test('the connections of a server are chosen, ended and reset by keyboard', async ({ bench }) => {
  const { page } = bench;
  await conversation(bench);
  await tabTo(bench.tab(/^TCP client/), 'Shift+Tab');
  await page.keyboard.press('ArrowLeft');
  await expect(bench.tab(/^TCP server/)).toHaveAttribute('aria-selected', 'true');
  await expect(bench.tab(/^TCP server/)).toBeFocused();
  await tabTo(bench.connections);
  await page.keyboard.press('Enter');
  const connection = bench.connections.getByRole('row', { name: /^127\.0\.0\.1:\d+$/ });
  await expect(connection).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('button', { name: /only$/ })).toBeVisible();
  await tabTo(connection.getByRole('button', { name: /^Reset / }));
  await page.keyboard.press('Enter');
  await expect(connection).toContainText('reset');
});

test('the sidebar, the shortcuts sheet, the theme and the panes obey the keyboard', async ({ bench }) => {
  const { page } = bench;
  const sidebar = page.getByRole('complementary', { name: 'Sidebar' });
  await expect(page.getByRole('heading', { name: 'Wirebench' })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+b');
  await expect(sidebar).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+b');
  await expect(sidebar).toBeVisible();

  await page.keyboard.press('ControlOrMeta+/');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(sheet).toBeVisible();
  await expect(sheet).toContainText('Filter messages');
  // The focus stays within the sheet.
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.closest('[role="dialog"]') !== null)).toBe(true);
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);

  const theme = page.getByRole('radio', { name: 'Theme: as the system' });
  await tabTo(theme);
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');

  await newSession(bench, 'TCP server');
  for (const [name, less, more] of [
    ['Height of the message list', 'ArrowDown', 'ArrowUp'],
    ['Width of the composer', 'ArrowLeft', 'ArrowRight'],
    ['Height of the connections', 'ArrowUp', 'ArrowDown'],
  ] as const) {
    const line = page.getByRole('separator', { name });
    await tabTo(line);
    const value = async (): Promise<number> => Number(await line.getAttribute('aria-valuenow'));
    const before = await value();
    await page.keyboard.press(more);
    expect(await value()).toBeGreaterThan(before);
    await page.keyboard.press(less);
    await page.keyboard.press(less);
    expect(await value()).toBeLessThan(before);
  }
});

/** Names and ids, then every stop of Tab: reachable, seen, and no trap. */
async function expectAccessible(page: Page, where: string): Promise<void> {
  expect(await accessibilityFaults(page), where).toEqual([]);
  const stops = await walk(page);
  expect(stops.length, where).toBeGreaterThan(3);
  expect(
    stops.filter((stop) => !stop.isSeen).map((stop) => stop.what),
    `${where}: stops whose focus cannot be seen`,
  ).toEqual([]);
  expect(await unreachable(page, stops), `${where}: what Tab does not reach`).toEqual([]);
}

test('every control has a name, can be reached by Tab, and shows the focus', async ({ bench }) => {
  const { page } = bench;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expectAccessible(page, 'welcome');

  await page.getByRole('button', { name: 'Try the echo demo' }).click();
  await expect(bench.row('in', 'data', 'hello world')).toBeVisible();
  await bench.row('in', 'data', 'hello world').click();
  await expect(bench.detail).toContainText('hello world');
  await expectAccessible(page, 'an open client');

  await bench.tab('Echo server').click();
  await expectAccessible(page, 'a server with a connection');
  await bench.section('Options').click();
  await expectAccessible(page, 'options of a server');
  await bench.section('Server').click();
  expect(await accessibilityFaults(page), 'facts of a server').toEqual([]);
  await bench.section('Messages').click();

  await bench.button('More ways to close').click();
  expect(await accessibilityFaults(page), 'a menu').toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: 'Format' }).click();
  expect(await accessibilityFaults(page), 'a list').toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+/');
  expect(await accessibilityFaults(page), 'the shortcuts sheet').toEqual([]);
});
