import { readFile } from 'node:fs/promises';
import { Bench } from './support/bench.ts';
import type { Launcher } from './support/host.ts';
import { expect, test } from './support/test.ts';

/** What is on disk of the workspace by now: saves are delayed a little. */
function saved(launcher: Launcher): Promise<string> {
  return readFile(`${launcher.data}/workspace.json`, 'utf8').catch(() => '');
}

test('tabs, drafts, options and the theme survive a restart', async ({ launcher }) => {
  const first = await launcher.start();
  const before = new Bench(first.page);
  await before.newSession('TCP server', '127.0.0.1:4711');
  await before.newSession('TCP client', 'example.test:7');
  await before.message.fill('half a sentence');
  await before.setOptions(() => first.page.getByRole('switch', { name: 'setNoDelay' }).check(), 'Messages');
  await first.page.getByRole('radio', { name: 'Theme: light' }).click();
  await expect(first.page.locator('html')).toHaveAttribute('data-theme', 'light');
  await expect.poll(() => saved(launcher)).toContain('half a sentence');
  await expect.poll(() => saved(launcher)).toContain('"light"');
  await first.stop();

  const second = await launcher.start();
  const after = new Bench(second.page);
  await expect(after.tab('TCP client example.test:7')).toHaveAttribute('aria-selected', 'true');
  await expect(after.tab('TCP server 127.0.0.1:4711')).toBeVisible();
  await expect(after.message).toHaveValue('half a sentence');
  await expect(second.page.locator('html')).toHaveAttribute('data-theme', 'light');
  await after.section('Options').click();
  await expect(second.page.getByRole('switch', { name: 'setNoDelay' })).toBeChecked();
});

test('a reloaded window finds its open session and its rows again', async ({ bench, host, launcher }) => {
  await bench.page.getByRole('button', { name: 'Try the echo demo' }).click();
  await expect(bench.row('in', 'data', 'hello world')).toBeVisible();
  await expect.poll(() => saved(launcher)).toMatch(/Echo client.*"session": ?"/s);
  await host.page.reload();
  await expect(bench.row('in', 'data', 'hello world')).toBeVisible();
  await expect(bench.status).toContainText('open');
  await bench.send('again');
  await expect(bench.row('in', 'data', 'again')).toBeVisible();
});

test('closing a tab ends its session, and Undo brings the tab and its rows back', async ({ bench }) => {
  await bench.page.getByRole('button', { name: 'Try the echo demo' }).click();
  await expect(bench.row('in', 'data', 'hello world')).toBeVisible();
  await bench.page.getByRole('button', { name: 'Close Echo client' }).click();
  await expect(bench.tab('Echo client')).toHaveCount(0);
  await expect(bench.status).toContainText('0 connected of 1');
  await bench.button('Undo').click();
  await expect(bench.tab('Echo client')).toHaveAttribute('aria-selected', 'true');
  await expect(bench.row('in', 'data', 'hello world')).toBeVisible();
  await expect(bench.status).toContainText('closed');
});
