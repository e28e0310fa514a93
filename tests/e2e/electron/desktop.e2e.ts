/** What only the desktop application has: its menu, dropped files, the place of its window, its log, leaving. */
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Bench } from '../support/bench.ts';
import { ElectronWindow } from '../support/electron-window.ts';
import { drawFrames } from '../support/frames.ts';
import { expect, test } from '../support/test.ts';

test('the menu does in the window what the keys do', async ({ bench, host }) => {
  const window = new ElectronWindow(host);
  await expect(bench.page.getByRole('heading', { name: 'Wirebench' })).toBeVisible();
  await window.menu('New Session');
  await bench.page.getByRole('menuitem', { name: 'TCP client', exact: true }).click();
  await expect(bench.tab(/^TCP client/)).toHaveAttribute('aria-selected', 'true');
  await window.menu('Go to the Message');
  await expect(bench.message).toBeFocused();
  await window.menu('Go to the Address');
  await expect(bench.address).toBeFocused();
  await bench.address.fill('127.0.0.1:1');
  await window.menu('Connect or Disconnect');
  await expect(bench.alert).toContainText('ECONNREFUSED');
  await window.menu('Sidebar');
  await expect(bench.page.getByRole('complementary', { name: 'Sidebar' })).toHaveCount(0);
  await window.menu('Sidebar');
  await window.menu('Dark');
  await expect(bench.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await window.menu('Address Inspector…');
  await expect(bench.page.getByRole('dialog', { name: 'Address inspector' })).toBeVisible();
  // While a dialog is open the menu leaves it alone, as the keys do.
  await window.menu('Close Tab');
  // The command takes another way to the page than the key: it has to be there first.
  await drawFrames(bench.page, 3);
  await bench.page.keyboard.press('Escape');
  await expect(bench.tab(/^TCP client/)).toBeVisible();
  await window.menu('Keyboard Shortcuts');
  await expect(bench.page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await bench.page.keyboard.press('Escape');
  await window.menu('Import…');
  await expect(bench.page.getByRole('dialog', { name: 'Import' })).toBeVisible();
  await bench.page.keyboard.press('Escape');
  await window.menu('Close Tab');
  await expect(bench.tab(/^TCP client/)).toHaveCount(0);
  await window.menu('Reopen Closed Tab');
  await expect(bench.tab(/^TCP client/)).toBeVisible();
});

test('the About box names the versions, and the log is a file', async ({ host, launcher }) => {
  const window = new ElectronWindow(host);
  await expect(host.page.getByRole('heading', { name: 'Wirebench' })).toBeVisible();
  await window.answerDialogs(0);
  await window.menu('About Wirebench');
  await expect.poll(() => window.dialogs()).toEqual(['Wirebench']);
  const log = join(launcher.data, 'logs', 'wirebench.log');
  await expect.poll(() => readFile(log, 'utf8').catch(() => '')).toMatch(/^\S+Z Wirebench \S+ on Electron \d+/);
});

test('a file that is dropped on the composer is what will be sent; elsewhere it is opened', async ({
  bench,
  launcher,
}) => {
  const { page } = bench;
  const path = join(launcher.data, 'firmware.bin');
  await writeFile(path, 'x'.repeat(1234));
  await bench.newSession('TCP client', '127.0.0.1:1');
  await bench.drop('[aria-label="Composer"]', [path]);
  await expect(page.getByRole('combobox', { name: 'Format' })).toContainText('File');
  await expect(page.getByRole('textbox', { name: 'File path' })).toHaveValue(path);
  await expect(page.getByText(/1[,. ]?234 B|1\.2 KB|1\.2 KiB/).first()).toBeVisible();
  await bench.drop('[aria-label="Sidebar"]', [path]);
  await expect(page.getByText(/firmware\.bin is neither a recording/)).toBeVisible();
  const preset = join(launcher.data, 'room.wirebench');
  await writeFile(preset, 'wirebench: 1\nid: room\nname: Room\nprotocol: tcp-client\naddress: 127.0.0.1:9\n');
  await bench.drop('[aria-label="Sidebar"]', [preset]);
  const dialog = page.getByRole('dialog', { name: 'Open preset' });
  await expect(dialog).toContainText(preset);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(bench.tab('Room')).toHaveCount(0);
});

test('the window comes back where it was, unless that screen has gone', async ({ launcher }) => {
  const place = join(launcher.data, 'window.json');
  const first = await launcher.start();
  await expect(first.page.getByRole('heading', { name: 'Wirebench' })).toBeVisible();
  await new ElectronWindow(first).moveTo({ x: 40, y: 30, width: 1000, height: 700 });
  await first.stop();
  expect(JSON.parse(await readFile(place, 'utf8'))).toMatchObject({ width: 1000, height: 700 });
  const second = await launcher.start();
  await expect(second.page.getByRole('heading', { name: 'Wirebench' })).toBeVisible();
  expect(await new ElectronWindow(second).bounds()).toMatchObject({ width: 1000, height: 700 });
  await second.stop();
  await writeFile(
    place,
    JSON.stringify({ place: { x: 90_000, y: 90_000 }, width: 1000, height: 700, maximized: false }),
  );
  const third = await launcher.start();
  await expect(third.page.getByRole('heading', { name: 'Wirebench' })).toBeVisible();
  const { x, y } = await new ElectronWindow(third).bounds();
  expect(Math.max(x, y)).toBeLessThan(5000);
  await third.stop();
});

test('quitting asks once while a session is open, and does nothing when it is not wanted', async ({ launcher }) => {
  const host = await launcher.start();
  const window = new ElectronWindow(host);
  const bench = new Bench(host.page);
  await bench.listen();
  await window.answerDialogs(1);
  await window.menu('Quit Wirebench');
  await window.menu('Quit Wirebench');
  await expect.poll(() => window.dialogs()).toEqual(['A session is open.', 'A session is open.']);
  await expect(bench.status).toContainText('listening');
  await window.answerDialogs(0);
  const ended = new Promise((resolve) => host.electron?.process().once('exit', resolve));
  await window.menu('Quit Wirebench').catch(() => undefined);
  await ended;
  await access(join(launcher.data, 'workspace.json'));
  await host.stop();
});

test('nothing is downloaded, whatever the page wants', async ({ host: { page, electron } }) => {
  if (electron === null) throw new Error('this is a test of Electron');
  await electron.evaluate(({ app, session }) => {
    Reflect.set(app, 'begunByTest', 0);
    session.defaultSession.on('will-download', (event) => {
      Reflect.set(app, 'begunByTest', event.defaultPrevented ? 'refused' : 'begun');
    });
  });
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['x']));
    link.download = 'x.txt';
    document.body.append(link);
    link.click();
    link.remove();
  });
  const outcome = (): Promise<string> => electron.evaluate(({ app }) => String(Reflect.get(app, 'begunByTest')));
  await expect.poll(outcome).toBe('refused');
});
