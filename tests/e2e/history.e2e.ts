import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { Bench } from './support/bench.ts';
import type { Launcher } from './support/host.ts';
import { accessibilityFaults } from './support/keyboard.ts';
import { expect, test } from './support/test.ts';

const history = (page: Page): Locator => page.getByRole('list', { name: 'History' });
const recording = (page: Page, name: RegExp): Locator => history(page).getByRole('button', { name });

/** Records a short conversation with an echo server, and closes the tab of the client. */
async function recordAndClose(bench: Bench, texts: readonly string[]): Promise<void> {
  const port = await bench.listen('127.0.0.1:0', 'echo');
  await bench.connect(`localhost:${port}`);
  for (const text of texts) {
    await bench.send(text);
    await expect(bench.row('in', 'data', text)).toBeVisible();
  }
  await bench.page.getByRole('button', { name: /^Close TCP client/ }).click();
  await expect(bench.page.getByText(/Its recording is in History\./)).toBeVisible();
}

async function openRecording(bench: Bench): Promise<void> {
  await recording(bench.page, /^localhost:\d+, TCP client/).click();
  await expect(bench.page.getByText(/^This is a recording:/)).toBeVisible();
}

/** What is on disk of the workspace by now: saves are delayed a little. */
function saved(launcher: Launcher): Promise<string> {
  return readFile(`${launcher.data}/workspace.json`, 'utf8').catch(() => '');
}

test('a closed session is found in History, opened to be read, and searched', async ({ bench }) => {
  const { page } = bench;
  await recordAndClose(bench, ['LOGIN device-7', 'STOP']);
  await openRecording(bench);
  await expect(bench.tab(/^Recording localhost:/)).toHaveAttribute('aria-selected', 'true');
  await expect(bench.status).toContainText('read only');
  await expect(bench.button('Connect')).toHaveCount(0);
  await expect(bench.message).toHaveCount(0);
  await expect(bench.row('in', 'data', 'LOGIN device-7')).toBeVisible();

  await page.getByRole('searchbox', { name: 'Filter messages' }).fill('dir:in STOP');
  await expect(bench.row('in', 'data', 'STOP')).toBeVisible();
  await expect(bench.messages.getByRole('row', { name: /^#\d/ })).toHaveCount(1);
  await bench.row('in', 'data', 'STOP').click();
  await expect(bench.detail).toContainText('STOP\\n');
  expect(await accessibilityFaults(page), 'a read-only tab').toEqual([]);
});

test('a recording is renamed, pinned, deleted and brought back by the keyboard', async ({ bench }) => {
  const { page } = bench;
  await recordAndClose(bench, ['hello']);
  const line = recording(page, /^localhost:\d+, TCP client/);
  await line.focus();
  await page.keyboard.press('F2');
  await expect(page.getByRole('textbox', { name: 'Name of the recording' })).toBeFocused();
  await page.keyboard.type('the good one');
  await page.keyboard.press('Enter');
  const named = recording(page, /^the good one, TCP client/);
  await expect(named).toBeFocused();

  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menu', { name: 'Recording' })).toBeVisible();
  expect(await accessibilityFaults(page), 'the menu of a recording').toEqual([]);
  await page.getByRole('menuitem', { name: /^Pin/ }).press('Enter');
  await expect(named).toHaveAccessibleName(/pinned/);
  await expect(named).toBeFocused();

  await page.keyboard.press('Delete');
  await expect(named).toHaveCount(0);
  await page
    .getByRole('status')
    .filter({ hasText: 'Deleted the recording the good one.' })
    .getByRole('button', { name: 'Undo' })
    .click();
  await expect(named).toHaveAccessibleName(/pinned/);
  await named.click();
  await expect(bench.row('in', 'data', 'hello')).toBeVisible();
});

test('a recording and its tab are there again after a reload and after a restart', async ({ launcher }) => {
  const first = await launcher.start();
  const before = new Bench(first.page);
  await recordAndClose(before, ['remember me']);
  await openRecording(before);
  await expect(before.row('in', 'data', 'remember me')).toBeVisible();
  await expect.poll(() => saved(launcher)).toMatch(/"recording": ?\{/);
  await first.page.reload();
  await expect(before.row('in', 'data', 'remember me')).toBeVisible();
  await expect(before.tab(/^Recording localhost:/)).toHaveAttribute('aria-selected', 'true');
  await first.stop();

  const second = await launcher.start();
  const after = new Bench(second.page);
  await expect(after.tab(/^Recording localhost:/)).toHaveAttribute('aria-selected', 'true');
  await expect(after.row('in', 'data', 'remember me')).toBeVisible();
  await expect(recording(second.page, /^localhost:\d+, TCP client/)).toHaveAttribute('aria-current', 'page');
  // The server's session ended with the application: its recording was closed as it should be.
  await expect(recording(second.page, /TCP server/)).not.toHaveAccessibleName(/interrupted|live/);
});

test('a recording that has gone says so in its tab, and is shown again when it is back', async ({ bench }) => {
  const { page } = bench;
  await recordAndClose(bench, ['here today']);
  await openRecording(bench);
  await expect(bench.row('in', 'data', 'here today')).toBeVisible();
  await recording(page, /^localhost:\d+, TCP client/).focus();
  await page.keyboard.press('Delete');
  await expect(page.getByText('This recording cannot be shown')).toBeVisible();
  await page
    .getByRole('status')
    .filter({ hasText: 'Deleted the recording' })
    .getByRole('button', { name: 'Undo' })
    .click();
  await expect(recording(page, /^localhost:\d+, TCP client/)).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(bench.row('in', 'data', 'here today')).toBeVisible();
});

test('the session of a recording that is still being written is its own tab', async ({ bench }) => {
  const port = await bench.listen('127.0.0.1:0', 'echo');
  await bench.connect(`localhost:${port}`);
  const live = recording(bench.page, /TCP server.*live$/);
  await live.click();
  await expect(bench.tab(/^TCP server/)).toHaveAttribute('aria-selected', 'true');
  await expect(bench.button('Stop')).toBeVisible();
  await bench.page.getByRole('button', { name: /^Actions for 127\.0\.0\.1/ }).click();
  await expect(bench.page.getByRole('menuitem', { name: /^Delete/ })).toHaveAttribute('aria-disabled', 'true');
});

test('a recording is opened anew with the settings that it was made with', async ({ bench }) => {
  const port = await bench.listen('127.0.0.1:0', 'echo');
  await bench.newSession('TCP client', `localhost:${port}`);
  await bench.setOptions(() => bench.page.getByRole('switch', { name: 'setNoDelay' }).check(), 'Messages');
  await bench.button('Connect').click();
  await expect(bench.status).toContainText('open');
  await bench.page.getByRole('button', { name: /^Close TCP client/ }).click();
  await openRecording(bench);
  await bench.section('Options').click();
  await expect(bench.page.getByRole('button', { name: 'Copy setNoDelay: true' })).toBeVisible();
  await bench.button('Connect again with these settings').click();
  await expect(bench.address).toHaveValue(`localhost:${port}`);
  await bench.section('Options').click();
  await expect(bench.page.getByRole('switch', { name: 'setNoDelay' })).toBeChecked();
});

test('the settings of recordings are kept over a restart', async ({ launcher }) => {
  const first = await launcher.start();
  await first.page.getByRole('button', { name: 'Recording settings' }).click();
  const dialog = first.page.getByRole('dialog', { name: 'Recordings' });
  await dialog.getByRole('textbox', { name: 'One session may take' }).fill('1.5');
  await dialog.getByRole('radio', { name: 'Drop and count' }).click();
  expect(await accessibilityFaults(first.page), 'the settings').toEqual([]);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  await first.stop();

  const second = await launcher.start();
  await second.page.getByRole('button', { name: 'Recording settings' }).click();
  const again = second.page.getByRole('dialog', { name: 'Recordings' });
  await expect(again.getByRole('textbox', { name: 'One session may take' })).toHaveValue('1.5');
  await expect(again.getByRole('radio', { name: 'Drop and count' })).toBeChecked();
});

test('rows are reached by number and by time, selected and copied', async ({ bench }) => {
  const { page } = bench;
  await recordAndClose(bench, ['one', 'two', 'three']);
  await openRecording(bench);
  await page.keyboard.press('ControlOrMeta+g');
  const field = page.getByRole('textbox', { name: 'Go to row or time' });
  await expect(field).toBeFocused();
  await field.fill('tomorrow');
  await field.press('Enter');
  await expect(page.getByRole('alert')).toContainText('neither a row number nor a time');
  await field.fill('2');
  await field.press('Enter');
  await expect(field).toHaveCount(0);
  await expect(bench.messages).toBeFocused();
  await expect(bench.messages.getByRole('row', { name: /^#2 / })).toHaveAttribute('aria-selected', 'true');

  await page.keyboard.press('ControlOrMeta+g');
  await field.fill('+1h');
  await field.press('Enter');
  await expect(bench.messages.getByRole('row', { selected: true })).toHaveAccessibleName(/state/);

  await page.keyboard.press('Home');
  for (let step = 0; step < 2; step += 1) await page.keyboard.press('Shift+ArrowDown');
  await expect(bench.messages.getByRole('row', { selected: true })).toHaveCount(3);
  await page.keyboard.press('ControlOrMeta+a');
  await bench.button('Copy selected rows').click();
  await page.getByRole('menuitem', { name: /^Copy payload/ }).click();
  await expect(page.getByText(/^\d+ rows copied as payload$/)).toBeVisible();
});
