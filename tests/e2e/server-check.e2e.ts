import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Locator } from '@playwright/test';
import { checkCases } from '../../src/drivers/websocket/check/cases.ts';
import type { Bench } from './support/bench.ts';
import { expect, test } from './support/test.ts';

const CHECK = 'Check this server';

async function open(bench: Bench, address: string): Promise<Locator> {
  await bench.newSession('WebSocket client', address);
  await bench.button(CHECK).click();
  return bench.page.getByRole('dialog', { name: CHECK });
}

test('our own server, in another tab, passes every case that can be tried on it', async ({ bench }) => {
  const port = await bench.listen('127.0.0.1:0', 'echo', 'WebSocket server');
  const dialog = await open(bench, `ws://127.0.0.1:${port}/`);
  await expect(dialog).toContainText('Check only servers that are your own');
  await dialog.getByRole('button', { name: CHECK }).click();
  await expect(dialog.getByText(`All ${checkCases.length} cases`)).toBeVisible({ timeout: 90_000 });

  const summary = dialog.getByRole('group', { name: 'Summary' });
  // Whoever checks a server from outside does not know its limit for messages.
  const untried = checkCases.filter((one) => one.type === 'frames' && one.maxPayload !== null).length;
  await expect(summary).toContainText(`${checkCases.length - untried} passed`);
  await expect(summary).toContainText('0 remarks');
  await expect(summary).toContainText('0 failed');
  await expect(summary).toContainText(`${untried} not tried`);
  await dialog.getByRole('radio', { name: `Not tried · ${untried}` }).click();
  await expect(dialog.getByText('Its limit for messages is not known.')).toHaveCount(untried);

  await bench.page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  // The report is still there.
  await bench.button(CHECK).click();
  await expect(dialog.getByText(`All ${checkCases.length} cases`)).toBeVisible();
});

test('a server that is not there is said so, and the check can be tried again', async ({ bench }) => {
  const dialog = await open(bench, 'ws://127.0.0.1:9/');
  await dialog.getByRole('button', { name: CHECK }).click();
  await expect(dialog.getByRole('alert')).toContainText('Connection refused by 127.0.0.1:9');
  await dialog.getByRole('button', { name: 'Check again' }).click();
  await expect(dialog.getByRole('button', { name: CHECK })).toBeVisible();
});

test('a check goes on in the background until it is cancelled, or ends', async ({ bench }) => {
  const connections = new Set<Socket>();
  // It accepts connections and says nothing.
  const silent = createServer((socket) => {
    connections.add(socket.on('error', () => undefined));
  });
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  try {
    const bound = silent.address();
    if (bound === null || typeof bound === 'string') throw new Error('It does not listen');
    const dialog = await open(bench, `ws://127.0.0.1:${bound.port}/`);
    await dialog.getByRole('button', { name: CHECK }).click();
    await dialog.getByRole('button', { name: 'Go on in the background' }).click();
    await expect(dialog).toHaveCount(0);
    await bench.button(CHECK).click();
    await expect(dialog.getByText('Connecting…')).toBeVisible();
    await dialog.getByRole('button', { name: 'Cancel check' }).click();
    await expect(dialog.getByText(`Cancelled after 0 of ${checkCases.length} cases`)).toBeVisible();

    await dialog.getByRole('button', { name: 'Check again' }).click();
    const before = connections.size;
    await dialog.getByRole('button', { name: CHECK }).click();
    await dialog.getByRole('button', { name: 'Go on in the background' }).click();
    await expect.poll(() => connections.size).toBeGreaterThan(before);
    for (const socket of connections) socket.destroy();
    await bench.button('Show').click();
    await expect(dialog.getByRole('alert')).toBeVisible();
  } finally {
    for (const socket of connections) socket.destroy();
    silent.close();
  }
});
