import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './support/test.ts';

test('a refused connection says who refused and why, in the tab, which stays usable', async ({ bench }) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  server.close();
  await once(server, 'close');

  await bench.newSession('TCP client', `127.0.0.1:${port}`);
  await bench.button('Connect').click();
  await expect(bench.alert).toContainText(
    `Connection refused by 127.0.0.1:${port} (ECONNREFUSED). Nothing is listening on that port.`,
  );
  await expect(bench.page.getByRole('dialog')).toHaveCount(0);
  await expect(bench.row('none', 'connectionAttempt')).toHaveCount(1);

  const again = createServer((socket) => socket.end('welcome')).listen(port, '127.0.0.1');
  await once(again, 'listening');
  await bench.button('Connect').click();
  await expect(bench.row('in', 'data', 'welcome')).toBeVisible();
  await expect(bench.alert).toHaveCount(0);
  again.close();
  await once(again, 'close');
});

for (const [what, typed, says] of [
  ['an empty address', '', /address/i],
  ['a host with spaces', 'my host:80', /space/i],
  ['a port out of range', '127.0.0.1:70000', /65535/],
  ['a port that is no number', '127.0.0.1:http', /port/i],
  ['no port', '127.0.0.1', /port/i],
  ['an IPv6 address without brackets', '::1', /\[/],
] as const) {
  test(`${what} is refused in its place`, async ({ bench }) => {
    await bench.newSession('TCP client', typed);
    await bench.button('Connect').click();
    await expect(bench.alert).toContainText(says);
    await expect(bench.address).toHaveAttribute('aria-invalid', 'true');
    await expect(bench.address).toHaveValue(typed);
    await expect(bench.button('Connect')).toBeEnabled();
  });
}

test('an address in use is named with its errno, and the server tab stays usable', async ({ bench }) => {
  const port = await bench.listen();
  await bench.newSession('TCP server', `127.0.0.1:${port}`);
  await bench.button('Listen').click();
  await expect(bench.alert).toContainText('EADDRINUSE');
  await expect(bench.alert).toContainText(`127.0.0.1:${port}`);
  await bench.address.fill('127.0.0.1:0');
  await bench.button('Listen').click();
  await expect(bench.status).toContainText('listening');
});

test('a server on all interfaces is warned about before it listens', async ({ bench }) => {
  await bench.newSession('TCP server', '0.0.0.0:0');
  await expect(bench.page.getByText(/reach/i).first()).toBeVisible();
});

test('a hex message with an odd digit and a file that vanished are refused in the composer', async ({ bench }) => {
  const port = await bench.listen('127.0.0.1:0', 'echo');
  await bench.connect(`127.0.0.1:${port}`);
  await bench.choose('Format', 'Hex');
  await bench.send('12 3');
  await expect(bench.page.getByText('The hex text has 3 digits; two make a byte.')).toBeVisible();

  const folder = await mkdtemp(join(tmpdir(), 'wirebench-file-'));
  const path = join(folder, 'payload.bin');
  await writeFile(path, 'from a file');
  await bench.choose('Format', 'File');
  await bench.page.getByRole('textbox', { name: 'File path' }).fill(path);
  await bench.button('Send').click();
  await expect(bench.row('in', 'data', 'from a file')).toBeVisible();
  await unlink(path);
  await bench.button('Send').click();
  await expect(bench.alert.filter({ hasText: 'ENOENT' })).toContainText(path);
  await expect(bench.row('in', 'data', 'from a file')).toHaveCount(1);
  await expect(bench.status).toContainText('open');
  await rm(folder, { recursive: true });
});

test('the list goes on following its tail when it gets taller', async ({ bench }) => {
  await bench.newSession('TCP client', '127.0.0.1:1');
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    await bench.button('Connect').click();
    await expect(bench.section('Messages')).toContainText(String(attempt * 5));
    await expect(bench.alert).toContainText('ECONNREFUSED');
  }
  const last = bench.messages.getByRole('row').last();
  await expect(bench.button('Follow')).toHaveAttribute('aria-pressed', 'true');
  await bench.alert.getByRole('button', { name: 'Dismiss' }).click();
  await expect(bench.messages).toBeFocused();
  await expect(bench.button('Follow')).toHaveAttribute('aria-pressed', 'true');
  const splitter = bench.page.getByRole('separator', { name: 'Height of the message list' });
  await splitter.focus();
  for (const key of ['Home', 'End', 'Home']) {
    await splitter.press(key);
    await expect(bench.button('Follow')).toHaveAttribute('aria-pressed', 'true');
  }
  await expect(last).toBeVisible();
});

test('the list stops following when a person scrolls back, and begins again when the wheel is turned to the end', async ({
  bench,
}) => {
  await bench.newSession('TCP client', '127.0.0.1:1');
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    await bench.button('Connect').click();
    await expect(bench.section('Messages')).toContainText(String(attempt * 5));
    await expect(bench.alert).toContainText('ECONNREFUSED');
  }
  const { mouse } = bench.page;
  const follow = bench.button('Follow');
  await bench.messages.getByRole('row').last().hover();
  await mouse.wheel(0, -60);
  await expect(follow).toHaveAttribute('aria-pressed', 'false');
  await mouse.wheel(0, 600);
  await expect(follow).toHaveAttribute('aria-pressed', 'true');
  // The bar, where the platform shows one.
  const box = await bench.messages.locator('.scroller').evaluate((scroller) => {
    const { right, top, height } = scroller.getBoundingClientRect();
    return { x: right - 4, top, height, bar: scroller.getBoundingClientRect().width - scroller.clientWidth };
  });
  if (box.bar > 0) {
    await mouse.move(box.x, box.top + box.height - 12);
    await mouse.down();
    await mouse.move(box.x, box.top + box.height / 2, { steps: 4 });
    await expect(follow).toHaveAttribute('aria-pressed', 'false');
    await mouse.up();
  }
});
