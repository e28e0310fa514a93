/** What comes back after a restart, and what the workspace folder is to the window besides its presets. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { Bench } from './support/bench.ts';
import type { Launcher } from './support/host.ts';
import { expect, test } from './support/test.ts';

function item(bench: Bench, name: RegExp): Locator {
  return bench.page.getByRole('tree', { name: 'Presets' }).getByRole('treeitem', { name });
}

async function save(bench: Bench, name: string): Promise<void> {
  await bench.button('Save preset').click();
  const dialog = bench.page.getByRole('dialog', { name: 'Save preset' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog).toHaveCount(0);
}

/** What the window remembers, as it is on the disk by now. */
function remembered(launcher: Launcher): Promise<string> {
  return readFile(join(launcher.data, 'workspace.json'), 'utf8').catch(() => '');
}

test('selected views, the filter, pane sizes and closed lists come back after a restart', async ({ launcher }) => {
  const first = await launcher.start();
  const before = new Bench(first.page);
  const port = await before.listen('127.0.0.1:0', 'echo', 'WebSocket server');
  await before.connect(`ws://127.0.0.1:${port}/`, 'WebSocket client');
  await before.send('{"a":1}');
  await before.row('in', 'text', '{"a":1}').click();
  await before.detail.getByRole('tab', { name: 'Hex' }).click();
  await first.page.getByRole('radio', { name: 'Frames' }).click();
  await first.page.getByRole('searchbox', { name: /^Filter/ }).fill('dir:in');
  const divider = first.page.getByRole('separator').first();
  await divider.focus();
  for (let count = 0; count < 3; count += 1) await first.page.keyboard.press('ArrowLeft');
  const size = await divider.getAttribute('aria-valuenow');
  await first.page
    .getByRole('button', { name: /^Open\b/ })
    .first()
    .click();
  await before.tab(/^WebSocket server/).click();
  await before.section('Options').click();
  await expect.poll(() => remembered(launcher)).toContain('dir:in');
  await expect.poll(() => remembered(launcher)).toMatch(/"section": ?"options"/);
  await first.stop();

  const second = await launcher.start();
  const after = new Bench(second.page);
  await expect(after.tab(/^WebSocket server/)).toHaveAttribute('aria-selected', 'true');
  await expect(after.section('Options')).toHaveAttribute('aria-selected', 'true');
  await after.tab(/^WebSocket client/).click();
  await expect(second.page.getByRole('radio', { name: 'Frames' })).toBeChecked();
  await expect(second.page.getByRole('searchbox', { name: /^Filter/ })).toHaveValue('dir:in');
  await expect(second.page.getByRole('separator').first()).toHaveAttribute('aria-valuenow', size ?? '');
  await after.button('Connect').click();
  await expect(after.alert.first()).toBeVisible();
});

test('a recording that was open comes back with its filter and the row that was selected', async ({ launcher }) => {
  const first = await launcher.start();
  const before = new Bench(first.page);
  const port = await before.listen('127.0.0.1:0', 'echo');
  await before.connect(`127.0.0.1:${port}`);
  for (let count = 1; count <= 30; count += 1) await before.send(`message ${count}`);
  await expect(before.row('in', 'data', 'message 30')).toBeVisible();
  await first.page.getByRole('button', { name: /^Close TCP client/ }).click();
  await before.button('Dismiss').first().click();
  const history = first.page.getByRole('list', { name: 'History' });
  await history
    .getByRole('button', { name: /^127\.0\.0\.1:\d+, TCP client/ })
    .first()
    .click();
  await expect(before.tab(/^Recording/)).toHaveAttribute('aria-selected', 'true');
  await first.page.getByRole('searchbox', { name: /^Filter/ }).fill('dir:out');
  await expect.poll(() => remembered(launcher)).toContain('dir:out');
  await before.row('out', 'data', 'message 7').first().click();
  await expect.poll(() => remembered(launcher)).toMatch(/"row": ?\d+/);
  await first.stop();

  const second = await launcher.start();
  const after = new Bench(second.page);
  await expect(after.messages.getByRole('row', { name: /out data.*message 7\b/ })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await expect(second.page.getByRole('searchbox', { name: /^Filter/ })).toHaveValue('dir:out');
});

test('a tab that was closed is reopened with its draft, also after its undoing has lapsed', async ({ bench }) => {
  await bench.newSession('TCP client', 'first.test:1');
  await bench.message.fill('half a sentence');
  await bench.newSession('TCP client', 'second.test:2');
  for (const name of ['second.test:2', 'first.test:1']) {
    await bench.page.getByRole('button', { name: `Close TCP client ${name}` }).click();
    await bench.button('Dismiss').first().click();
  }
  await expect(bench.page.getByRole('tab', { name: /^TCP client/ })).toHaveCount(0);
  await bench.page.keyboard.press('ControlOrMeta+Shift+t');
  await expect(bench.address).toHaveValue('first.test:1');
  await expect(bench.message).toHaveValue('half a sentence');
  await bench.page.keyboard.press('ControlOrMeta+Shift+t');
  await expect(bench.address).toHaveValue('second.test:2');
});

test('a recording goes by the preset that it was made from, and the first page offers the preset again', async ({
  launcher,
}) => {
  const first = await launcher.start();
  const before = new Bench(first.page);
  const port = await before.listen('127.0.0.1:0', 'echo');
  await before.newSession('TCP client', `127.0.0.1:${port}`);
  await save(before, 'Night shift');
  await expect(before.tab('Night shift')).toBeVisible();
  await before.button('Connect').click();
  await before.send('hello');
  await expect(before.row('in', 'data', 'hello')).toBeVisible();
  const line = first.page
    .getByRole('list', { name: 'History' })
    .getByRole('button', { name: /^Night shift, TCP client/ });
  await expect(line).toBeVisible();
  await first.page.getByRole('button', { name: 'Close Night shift' }).click();
  await first.page.getByRole('button', { name: /^Close TCP server/ }).click();
  await expect.poll(() => remembered(launcher)).toContain('"recentPresets"');
  await expect.poll(() => remembered(launcher)).toMatch(/"tabs": ?\[\]/);
  await first.stop();

  const second = await launcher.start();
  const after = new Bench(second.page);
  const recent = second.page.getByRole('list', { name: 'Recent presets' });
  await recent.getByRole('button', { name: /Night shift/ }).click();
  await expect(after.tab('Night shift')).toHaveAttribute('aria-selected', 'true');
  await expect(after.address).toHaveValue(`127.0.0.1:${port}`);
});

test('a password in a preset is said before it is saved, and becomes a secret variable', async ({
  bench,
  launcher,
}) => {
  await bench.newSession('WebSocket client', 'wss://anna:s3cret@chat.test/room');
  await bench.button('Save preset').click();
  const dialog = bench.page.getByRole('dialog', { name: 'Save preset' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Chat');
  await expect(dialog.getByRole('note')).toContainText('password in the address');
  await dialog.getByRole('button', { name: 'Make it a secret variable' }).click();
  await expect(dialog.getByRole('note')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(bench.address).toHaveValue('wss://anna:{{Chat-password}}@chat.test/room');
  const folder = join(launcher.data, 'workspace');
  expect(await readFile(join(folder, 'Chat.wb.yaml'), 'utf8')).toContain('{{Chat-password}}');
  const shared = await readFile(join(folder, 'wirebench.yaml'), 'utf8');
  expect(shared).toContain('Chat-password');
  expect(shared).not.toContain('s3cret');

  // One that somebody else has written with a password in it.
  await writeFile(
    join(folder, 'other.wb.yaml'),
    'wirebench: 1\nid: other\nname: Other\nprotocol: websocket-client\naddress: ws://h/?token=abc\n',
  );
  await item(bench, /^Other/).click();
  await expect(bench.page.getByRole('note')).toContainText('Readable in the file of this preset: token in the query.');
  await bench.button('Let it stand').click();
  await expect(bench.page.getByRole('note')).toHaveCount(0);
});

test('a workspace folder goes by the name that it gives itself, is opened, and forgotten', async ({
  bench,
  launcher,
}) => {
  const other = join(launcher.data, 'plant');
  await mkdir(other);
  await writeFile(join(other, 'wirebench.yaml'), 'wirebench: 1\nname: Plant floor\n');
  await writeFile(
    join(other, 'pump.wb.yaml'),
    'wirebench: 1\nid: pump\nname: Pump\nprotocol: tcp-client\naddress: pump.test:502\n',
  );
  const menu = bench.page.getByRole('complementary', { name: 'Sidebar' }).getByRole('button').first();
  await menu.click();
  await bench.page.getByRole('menuitem', { name: /^Workspace folders…/ }).click();
  const dialog = bench.page.getByRole('dialog', { name: 'Workspace folders' });
  await dialog.getByRole('textbox', { name: 'Path of a folder' }).fill(other);
  await dialog.getByRole('button', { name: 'Open', exact: true }).last().click();
  await expect(dialog).toHaveCount(0);
  await expect(menu).toContainText('Plant floor');
  await expect(item(bench, /^Pump, TCP client/)).toBeVisible();
  await writeFile(join(other, 'wirebench.yaml'), 'wirebench: 1\nname: Second floor\n');
  await expect(menu).toContainText('Second floor');

  await item(bench, /^Pump/).click({ button: 'right' });
  await bench.page.getByRole('menuitem', { name: /^Copy path/ }).click();
  await expect(bench.page.getByText('Copied the path.')).toBeVisible();

  await menu.click();
  await bench.page.getByRole('menuitem', { name: /^workspace/ }).click();
  await expect(menu).toContainText('workspace');
  await menu.click();
  await expect(bench.page.getByRole('menuitem', { name: /^Second floor/ })).toBeVisible();
  await bench.page.getByRole('menuitem', { name: /^Workspace folders…/ }).click();
  await dialog.getByRole('button', { name: 'Forget Second floor' }).click();
  await expect(dialog.getByText('Second floor')).toHaveCount(0);
  expect(await readFile(join(other, 'pump.wb.yaml'), 'utf8')).toContain('Pump');
});
