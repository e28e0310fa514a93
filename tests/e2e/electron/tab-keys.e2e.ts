/** Keys for tabs: in a browser they belong to the browser, so they are tried in the desktop window only. */
import { retype, tabTo } from '../support/keyboard.ts';
import { expect, test } from '../support/test.ts';

test('tabs are opened, walked through, closed and reopened by keyboard', async ({ bench }) => {
  const { page } = bench;
  const open = async (presses: number): Promise<void> => {
    await page.keyboard.press('Control+t');
    await expect(page.getByRole('menu', { name: 'New session' })).toBeVisible();
    await expect(page.getByRole('menuitem').first()).toBeFocused();
    for (let press = 0; press < presses; press += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('menu')).toHaveCount(0);
  };
  await expect(page.getByRole('heading', { name: 'Wirebench' })).toBeVisible();
  await open(0);
  await expect(bench.tab(/^TCP client/)).toHaveAttribute('aria-selected', 'true');
  await open(1);
  await expect(bench.tab(/^TCP server/)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Control+l');
  await retype(page, '127.0.0.1:0');
  await page.keyboard.press('Enter');
  await expect(bench.status).toContainText('listening');
  const server = bench.tab(/^TCP server/);
  const name = (await server.getAttribute('aria-label')) ?? '';
  await open(0);
  await expect(bench.tab(/^TCP client/)).toHaveCount(2);

  await page.keyboard.press('Control+1');
  await expect(bench.tab(/^TCP client/).first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Control+Tab');
  await expect(server).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Control+Tab');
  await expect(bench.tab(/^TCP client/).nth(1)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Control+Tab');
  await expect(bench.tab(/^TCP client/).first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Control+Shift+Tab');
  await expect(bench.tab(/^TCP client/).nth(1)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Control+2');
  await expect(server).toHaveAttribute('aria-selected', 'true');
  // There is no ninth tab: nothing happens.
  await page.keyboard.press('Control+9');
  await expect(server).toHaveAttribute('aria-selected', 'true');

  // Undo is reached by Tab, brings the tab back to its place, and its rows with it.
  await page.keyboard.press('Control+w');
  await expect(server).toHaveCount(0);
  await tabTo(bench.button('Undo'));
  await page.keyboard.press('Enter');
  await expect(server).toHaveAttribute('aria-selected', 'true');
  await expect(bench.page.getByRole('tablist', { name: 'Sessions' }).getByRole('tab').nth(1)).toHaveText(
    /127\.0\.0\.1/,
  );
  await expect(bench.row('none', 'listening')).toBeVisible();
  await expect(bench.status).toContainText('closed');

  await page.keyboard.press('Control+w');
  await page.keyboard.press('Control+w');
  await expect(page.getByRole('tablist', { name: 'Sessions' }).getByRole('tab')).toHaveCount(1);
  await page.keyboard.press('Control+Shift+T');
  await expect(page.getByRole('tablist', { name: 'Sessions' }).getByRole('tab')).toHaveCount(2);
  await page.keyboard.press('Control+Shift+T');
  await expect(page.getByRole('tablist', { name: 'Sessions' }).getByRole('tab')).toHaveCount(3);
  expect(name).toMatch(/^TCP server 127\.0\.0\.1:\d+$/);

  for (let tab = 0; tab < 3; tab += 1) await page.keyboard.press('Control+w');
  await expect(page.getByRole('heading', { name: 'Wirebench' })).toBeVisible();
});

test('the focus goes along with the tabs and never falls out of the page', async ({ bench }) => {
  const { page } = bench;
  const port = await bench.listen();
  const server = bench.tab(/^TCP server/);
  await page.keyboard.press('Control+t');
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(bench.address).toBeFocused();
  // The proposed address is selected: what is typed takes its place.
  await page.keyboard.type(`127.0.0.1:${port}`);
  await expect(bench.address).toHaveValue(`127.0.0.1:${port}`);
  await page.keyboard.press('Enter');
  await expect(bench.status).toContainText('open');
  const client = bench.tab(/^TCP client/);

  // Also from a field that has something to do when it loses the focus.
  await page.keyboard.press('Control+m');
  await page.keyboard.type('half a mess');
  await page.keyboard.press('Control+Tab');
  await expect(server).toHaveAttribute('aria-selected', 'true');
  await expect(server).toBeFocused();
  await page.keyboard.press('Control+2');
  await expect(client).toBeFocused();
  await expect(bench.message).toHaveValue('half a mess');
  await page.keyboard.press('Control+m');
  // No such tab, and only one to reopen: nothing happens.
  await page.keyboard.press('Control+9');
  await page.keyboard.press('Control+Shift+T');
  await expect(bench.message).toBeFocused();

  await page.keyboard.press('Control+w');
  await expect(server).toBeFocused();
  await tabTo(bench.button('Undo'));
  await page.keyboard.press('Enter');
  await expect(client).toHaveAttribute('aria-selected', 'true');
  await expect(client).toBeFocused();
  await page.keyboard.press('Control+w');
  await tabTo(bench.button('Dismiss'));
  await page.keyboard.press('Enter');
  await expect(server).toBeFocused();
  await page.keyboard.press('Control+Shift+T');
  await expect(client).toBeFocused();
  await bench.button('Connect').click();
  await expect(bench.status).toContainText('open');

  // Another protocol in the same tab.
  await bench.closeBy('Reset (RST)');
  await expect(bench.status).toContainText('closed');
  await tabTo(page.getByRole('combobox', { name: 'Protocol' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('listbox')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(bench.tab(/^TCP server/)).toHaveCount(2);
  await expect(page.getByRole('combobox', { name: 'Protocol' })).toBeFocused();

  await page.keyboard.press('Control+w');
  await page.keyboard.press('Control+w');
  await expect(page.getByRole('button', { name: 'Try the echo demo' })).toBeFocused();
});

test('while a menu, a list or a dialog is open the keys are its own', async ({ bench }) => {
  const { page } = bench;
  const port = await bench.listen('127.0.0.1:0', 'echo');
  await bench.connect(`127.0.0.1:${port}`);
  const client = bench.tab(/^TCP client/);
  const unmoved = async (): Promise<void> => {
    // A menu goes at Tab, which is its own: that comes last.
    for (const keys of ['Control+1', 'Control+w', 'Control+t', 'Control+b', 'Control+l', 'Control+Tab'])
      await page.keyboard.press(keys);
    await expect(client).toHaveAttribute('aria-selected', 'true');
    await expect(page.getByRole('menu', { name: 'New session' })).toHaveCount(0);
    await expect(bench.address).not.toBeFocused();
  };
  await bench.button('More ways to send').click();
  await expect(page.getByRole('menu', { name: 'More ways to send' })).toBeVisible();
  await unmoved();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
  await page.getByRole('combobox', { name: 'Format' }).click();
  await expect(page.getByRole('listbox')).toBeVisible();
  await unmoved();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('listbox')).toHaveCount(0);
  await page.keyboard.press('Control+/');
  await expect(page.getByRole('dialog')).toBeVisible();
  await unmoved();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('complementary', { name: 'Sidebar' })).toBeVisible();

  // A tab that goes while its menu is open takes it along, quietly.
  await bench.button('More ways to send').click();
  await expect(page.getByRole('menu')).toBeVisible();
  await bench.tab(/^TCP server/).click();
  await expect(bench.tab(/^TCP server/)).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('menu')).toHaveCount(0);
});
