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
