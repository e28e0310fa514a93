/** Files and links that reach the application from outside: by its arguments, and by a second start. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Bench } from '../support/bench.ts';
import type { Launcher } from '../support/host.ts';
import { electronCommand } from '../support/second-start.ts';
import { expect, test } from '../support/test.ts';

/** Starts the application a second time with these arguments; that hands them over and ends. */
async function openAgain(launcher: Launcher, ...args: readonly string[]): Promise<string> {
  const { command, args: all, env } = electronCommand(launcher.data, args);
  const second = spawn(command, all, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  second.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await once(second, 'exit');
  return said;
}

function link(parameters: Readonly<Record<string, string>>): string {
  return `wirebench://open?${new URLSearchParams(parameters).toString()}`;
}

test('a link shows what it would open, and connects nowhere', async ({ launcher }) => {
  let connections = 0;
  const server = createServer(() => (connections += 1)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const place = server.address();
  const address = typeof place === 'object' && place !== null ? `127.0.0.1:${place.port}` : '';
  const host = await launcher.start();
  const bench = new Bench(host.page);
  await expect(host.page.getByRole('heading', { name: 'Wirebench' })).toBeVisible();
  const given = { protocol: 'tcp-client', address, name: 'Device', 'option.setNoDelay': 'true', message: 'hello' };
  expect(await openAgain(launcher, link(given))).toContain('running already');

  const dialog = host.page.getByRole('dialog', { name: 'Open link' });
  await expect(dialog).toContainText(address);
  await expect(dialog).toContainText('TCP client');
  await expect(dialog).toContainText('setNoDelay');
  await expect(dialog).toContainText('1, none is sent by itself');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(bench.tab('Device')).toHaveCount(0);

  await openAgain(launcher, link(given));
  await dialog.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(bench.tab('Device')).toHaveAttribute('aria-selected', 'true');
  await expect(bench.address).toHaveValue(address);
  await expect(bench.button('Connect')).toBeEnabled();
  expect(connections).toBe(0);
  await bench.button('Connect').click();
  await expect.poll(() => connections).toBe(1);
  expect(host.complaints).toEqual([]);
  await host.stop();
  server.close();
});

test('hostile links open nothing and say why', async ({ launcher, host }) => {
  await expect(host.page.getByRole('heading', { name: 'Wirebench' })).toBeVisible();
  const hostile = [
    'wirebench://connect?protocol=tcp-client&address=127.0.0.1:1',
    'wirebench://open/../../etc?preset=/etc/passwd',
    link({ preset: '../../outside.wb.yaml' }),
    link({ protocol: '__proto__', address: 'x' }),
    link({ protocol: 'tcp-client', address: '127.0.0.1:1', 'option.__proto__': '1' }),
    link({ protocol: 'tcp-client', address: 'good.test\u202e1:80' }),
    link({ protocol: 'tcp-client', address: '127.0.0.1:1', 'option.setNoDelay': 'rm -rf' }),
    link({ content: Buffer.from('a: &a [1, 2]\nb: &b [*a, *a]\nc: [*b, *b]\n').toString('base64url') }),
    `wirebench://open?protocol=tcp-client&address=${'a'.repeat(40_000)}`,
  ];
  for (const text of hostile) {
    await openAgain(launcher, text);
    // One that is too long is handed on by a third process.
    const notices = host.page.getByRole('button', { name: 'Dismiss' });
    await expect(notices).toHaveCount(1);
    await notices.click();
    await expect(notices).toHaveCount(0);
    await expect(host.page.getByRole('dialog')).toHaveCount(0);
  }
  await expect(host.page.getByRole('tablist', { name: 'Sessions' }).getByRole('tab')).toHaveCount(0);
});

test('a file given at the start opens: a preset after a question, a recording as a tab to read', async ({
  launcher,
}) => {
  const folder = join(launcher.data, 'given');
  await mkdir(folder, { recursive: true });
  const preset = join(folder, 'room.wirebench');
  await writeFile(preset, 'wirebench: 1\nid: room\nname: Room\nprotocol: tcp-client\naddress: 127.0.0.1:9\n');
  const first = await launcher.start([preset]);
  const dialog = first.page.getByRole('dialog', { name: 'Open preset' });
  await expect(dialog).toContainText(preset);
  await dialog.getByRole('button', { name: 'Open', exact: true }).click();
  const bench = new Bench(first.page);
  await expect(bench.tab('Room')).toHaveAttribute('aria-selected', 'true');

  await bench.page.getByRole('button', { name: 'New session' }).click();
  await bench.page.keyboard.press('Escape');
  await bench.listen('127.0.0.1:0', 'echo');
  const stored = join(launcher.data, 'recordings');
  // Written in the background, a moment after the session began.
  const segment = async (): Promise<string> =>
    (await readdir(stored, { recursive: true })).find((one) => one.endsWith('.wbr')) ?? '';
  await expect.poll(segment).not.toBe('');
  await bench.button('Stop').click();
  await expect(bench.status).toContainText('closed');
  await bench.page.keyboard.press('Control+w');
  await openAgain(launcher, join(stored, await segment()));
  await expect(first.page.getByRole('tab', { name: /^Recording/ })).toHaveAttribute('aria-selected', 'true');

  await openAgain(launcher, join(folder, 'nothing.txt'));
  await expect(first.page.getByText(/nothing\.txt is neither a recording/)).toBeVisible();
  await first.stop();
});
