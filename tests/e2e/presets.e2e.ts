/** Presets, saved messages and environments as a person uses them, with the files that come of it. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { Bench } from './support/bench.ts';
import type { Launcher } from './support/host.ts';
import { expect, test } from './support/test.ts';

/** The workspace folder that is made on the first start. */
function workspace(launcher: Launcher): string {
  return join(launcher.data, 'workspace');
}

function text(launcher: Launcher, file: string): Promise<string> {
  return readFile(join(workspace(launcher), file), 'utf8').catch(() => '');
}

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

async function chooseEnvironment(bench: Bench, name: RegExp): Promise<void> {
  await bench.page.getByRole('combobox', { name: 'Environment' }).click();
  await bench.page.getByRole('option', { name }).click();
}

test('a saved session is a file, and what is edited in the file shows at once', async ({ bench, launcher }) => {
  await bench.newSession('TCP client', 'device.test:9000');
  await save(bench, 'handshake');
  await expect(item(bench, /^handshake, TCP client/)).toBeVisible();
  await expect(bench.tab('handshake')).toBeVisible();
  const written = await text(launcher, 'handshake.wb.yaml');
  expect(written).toContain('address: device.test:9000');
  expect(written).not.toContain('options');

  const edited = `# by hand\n${written.replace('device.test:9000', 'other.test:7')}`;
  await writeFile(join(workspace(launcher), 'handshake.wb.yaml'), edited);
  await expect(bench.address).toHaveValue('other.test:7');

  await bench.address.fill('mine.test:1');
  await expect(item(bench, /^handshake, TCP client, unsaved changes/)).toBeVisible();
  await bench.page.keyboard.press('ControlOrMeta+s');
  await expect(item(bench, /^handshake, TCP client$/)).toBeVisible();
  await expect.poll(() => text(launcher, 'handshake.wb.yaml')).toContain('mine.test:1');
  expect(await text(launcher, 'handshake.wb.yaml')).toContain('# by hand');
});

test('of two changes the person chooses: keep mine, take theirs, show both', async ({ bench, launcher }) => {
  await bench.newSession('TCP client', 'first.test:1');
  await save(bench, 'contested');
  const file = join(workspace(launcher), 'contested.wb.yaml');
  const written = await readFile(file, 'utf8');

  await bench.address.fill('mine.test:1');
  await writeFile(file, written.replace('first.test:1', 'theirs.test:2'));
  await expect(bench.alert.getByText('changed elsewhere')).toBeVisible();
  await expect(bench.address).toHaveValue('mine.test:1');
  await bench.button('Show both').click();
  const both = bench.page.getByRole('dialog', { name: 'Both versions of contested' });
  await expect(both.getByRole('cell', { name: /mine\.test:1/ })).toBeVisible();
  await expect(both.getByRole('cell', { name: /theirs\.test:2/ })).toBeVisible();
  await both.getByRole('button', { name: 'Keep mine' }).click();
  await expect(bench.button('Show both')).toHaveCount(0);
  expect(await readFile(file, 'utf8')).toContain('theirs.test:2');
  await bench.page.keyboard.press('ControlOrMeta+s');
  await expect.poll(() => readFile(file, 'utf8')).toContain('mine.test:1');

  await bench.address.fill('mine.test:3');
  await writeFile(file, written.replace('first.test:1', 'theirs.test:4'));
  await bench.button('Take theirs').click();
  await expect(bench.address).toHaveValue('theirs.test:4');

  await rm(file);
  await expect(bench.alert.getByText('no longer there')).toBeVisible();
  await expect(bench.address).toHaveValue('theirs.test:4');
  await bench.button('Save it again').click();
  await expect.poll(() => text(launcher, 'contested.wb.yaml')).toContain('theirs.test:4');
});

test('a broken file is listed with what is wrong, and left as it is', async ({ bench, launcher }) => {
  await bench.newSession('TCP client', 'device.test:9000');
  await save(bench, 'whole');
  const broken = 'wirebench: 1\nname: [torn\n';
  await writeFile(join(workspace(launcher), 'torn.wb.yaml'), broken);
  const line = item(bench, /^torn.*broken: .*line/);
  await expect(line).toBeVisible();
  await line.click();
  await expect(bench.alert.filter({ hasText: 'torn.wb.yaml' })).toBeVisible();
  expect(await text(launcher, 'torn.wb.yaml')).toBe(broken);
});

test('the tree is used by keys: folders, names, moves, deletion with Undo', async ({ bench, launcher }) => {
  for (const name of ['alpha', 'beta']) {
    await bench.newSession('TCP client', `${name}.test:1`);
    await save(bench, name);
  }
  await bench.button('New folder').click();
  const field = bench.page.getByRole('textbox', { name: 'Name of New folder' });
  await expect(field).toBeFocused();
  await bench.page.keyboard.type('device');
  await bench.page.keyboard.press('Enter');
  const folder = item(bench, /^device, folder/);
  await expect(folder).toBeVisible();

  const tree = bench.page.getByRole('tree', { name: 'Presets' });
  await tree.focus();
  await bench.page.keyboard.type('beta');
  await expect(item(bench, /^beta/)).toHaveAttribute('aria-selected', 'true');
  await bench.page.keyboard.press('F2');
  await expect(bench.page.getByRole('textbox', { name: 'Name of beta' })).toBeFocused();
  await bench.page.keyboard.type('gamma');
  await bench.page.keyboard.press('Enter');
  await expect(item(bench, /^gamma/)).toHaveAttribute('aria-selected', 'true');
  await expect(bench.tab('gamma')).toBeVisible();
  await expect.poll(() => readdir(workspace(launcher))).toContain('gamma.wb.yaml');

  await bench.page.keyboard.press('Alt+ArrowRight');
  await expect(item(bench, /^gamma/)).toHaveAttribute('aria-level', '2');
  await expect.poll(() => readdir(join(workspace(launcher), 'device'))).toContain('gamma.wb.yaml');
  await bench.page.keyboard.press('ArrowLeft');
  await expect(folder).toHaveAttribute('aria-selected', 'true');
  await bench.page.keyboard.press('Delete');
  await expect(folder).toHaveCount(0);
  await expect(bench.page.getByText('Deleted device and 1 preset in it.')).toBeVisible();
  await bench.button('Undo').click();
  await expect(item(bench, /^gamma/)).toBeVisible();
  await expect.poll(() => readdir(join(workspace(launcher), 'device'))).toContain('gamma.wb.yaml');

  await item(bench, /^alpha/).dragTo(folder);
  await expect(item(bench, /^alpha/)).toHaveAttribute('aria-level', '2');
  await expect.poll(() => readdir(join(workspace(launcher), 'device'))).toContain('alpha.wb.yaml');

  await bench.page.getByRole('searchbox', { name: 'Search presets' }).fill('gam');
  await expect(item(bench, /^alpha/)).toHaveCount(0);
  await expect(item(bench, /^gamma/)).toBeVisible();
});

test('saved messages are sent by one click and by a number key', async ({ bench, launcher }) => {
  const port = await bench.listen('127.0.0.1:0', 'echo');
  await bench.connect(`127.0.0.1:${port}`);
  await bench.message.fill('LOGIN 7');
  await bench.button('Keep this message').click();
  await expect(bench.page.getByRole('textbox', { name: 'Name of the message' })).toBeFocused();
  await bench.page.keyboard.type('login');
  await bench.page.keyboard.press('Enter');
  await bench.message.fill('something else');
  await bench.button('Send login').click();
  await expect(bench.row('in', 'data', 'LOGIN 7')).toHaveCount(1);
  await bench.message.press('Alt+1');
  await expect(bench.row('in', 'data', 'LOGIN 7')).toHaveCount(2);
  await expect(bench.message).toHaveValue('something else');
  await bench.button('Load login').click();
  await expect(bench.message).toHaveValue('LOGIN 7');
  await save(bench, 'with a message');
  await expect.poll(() => text(launcher, 'with a message.wb.yaml')).toContain('LOGIN 7');
});

test('another environment counts for the next message of an open connection', async ({ bench, launcher }) => {
  const folder = join(workspace(launcher), 'environments');
  await mkdir(folder, { recursive: true });
  for (const [name, who] of [
    ['blue', 'ann'],
    ['green', 'ben'],
  ]) {
    await writeFile(join(folder, `${name}.wb.yaml`), `wirebench: 1\nname: ${name}\nvariables:\n  who: ${who}\n`);
  }
  const port = await bench.listen('127.0.0.1:0', 'echo');
  await bench.connect(`127.0.0.1:${port}`);
  await chooseEnvironment(bench, /^blue/);
  await bench.send('hello {{who}}');
  await expect(bench.row('in', 'data', 'hello ann')).toBeVisible();
  await chooseEnvironment(bench, /^green/);
  await bench.button('Send').click();
  await expect(bench.row('in', 'data', 'hello ben')).toBeVisible();
  await expect(bench.status).toContainText('open');

  await chooseEnvironment(bench, /^No environment/);
  await bench.button('Send').click();
  await expect(bench.alert.filter({ hasText: 'who' })).toBeVisible();
});

test('variables are made in the window; the value of a secret is in no file', async ({ bench, launcher }) => {
  const port = await bench.listen('127.0.0.1:0', 'echo');
  await bench.button('Edit variables').click();
  const dialog = bench.page.getByRole('dialog', { name: 'Variables' });
  await dialog.getByRole('button', { name: 'New environment' }).click();
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('local');
  await dialog.getByRole('textbox', { name: 'Name of variable 1' }).fill('host');
  await dialog.getByRole('textbox', { name: 'Value of host' }).fill(`127.0.0.1:${port}`);
  await dialog.getByRole('textbox', { name: 'Name of variable 2' }).fill('token');
  await dialog.getByRole('switch', { name: 'token is secret' }).check();
  await dialog.getByLabel('Value of token').fill('hush-hush');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog.getByLabel('Value of token')).toHaveAttribute('placeholder', 'set on this machine');
  await expect(dialog.getByLabel('Value of token')).toHaveValue('');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(bench.page.getByRole('combobox', { name: 'Environment' })).toContainText('local');

  await bench.connect('{{host}}');
  await bench.send('{{token}}');
  await expect(bench.row('in', 'data', 'hush-hush')).toBeVisible();
  const [file = ''] = await readdir(join(workspace(launcher), 'environments'));
  expect(await text(launcher, join('environments', file))).not.toContain('hush');
});

test('a preset with unsaved changes, its messages and its section come back after a restart', async ({ launcher }) => {
  const first = await launcher.start();
  const before = new Bench(first.page);
  await before.newSession('TCP client', 'device.test:9000');
  await save(before, 'handshake');
  await before.address.fill('device.test:9001');
  await before.message.fill('PING');
  await before.button('Keep this message').click();
  await first.page.keyboard.press('Enter');
  await before.section('Notes').click();
  await first.page.getByRole('textbox', { name: 'Notes' }).fill('ask the night shift');
  await expect
    .poll(() => readFile(`${launcher.data}/workspace.json`, 'utf8').catch(() => ''))
    .toContain('ask the night shift');
  await first.stop();

  const second = await launcher.start();
  const after = new Bench(second.page);
  await expect(item(after, /^handshake, TCP client, unsaved changes/)).toBeVisible();
  await expect(after.address).toHaveValue('device.test:9001');
  await expect(second.page.getByRole('textbox', { name: 'Notes' })).toHaveValue('ask the night shift');
  await after.section('Messages').click();
  await expect(after.button('Load PING')).toBeVisible();
  await second.page.keyboard.press('ControlOrMeta+s');
  await expect(item(after, /^handshake, TCP client$/)).toBeVisible();
  await expect.poll(() => text(launcher, 'handshake.wb.yaml')).toContain('night shift');
});

test('a command line in the address box becomes what it means, and nothing connects', async ({ bench }) => {
  await bench.newSession('TCP client', "websocat -H 'X-Key: 1' ws://127.0.0.1:9/chat");
  await bench.button('Import this command').click();
  await expect(bench.address).toHaveValue('ws://127.0.0.1:9/chat');
  await expect(bench.page.getByRole('combobox', { name: 'Protocol' })).toContainText('WebSocket client');
  await expect(bench.status).toContainText('idle');
});
