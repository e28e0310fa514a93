import { expect, test } from './support/test.ts';

test('a half-close by the client is seen on both ends, and the server can still send', async ({ bench }) => {
  await bench.newSession('TCP server', '127.0.0.1:0');
  await bench.setOptions(() => bench.page.getByRole('switch', { name: 'allowHalfOpen' }).check(), 'Connections');
  await bench.button('Listen').click();
  await expect(bench.status).toContainText('listening');
  const port = /:(\d+)/.exec((await bench.status.textContent()) ?? '')?.[1] ?? '';
  await bench.connect(`127.0.0.1:${port}`);

  await bench.closeBy('End (FIN)');
  await expect(bench.row('out', 'end')).toBeVisible();
  await bench.tab(/^TCP server/).click();
  await expect(bench.row('in', 'end')).toBeVisible();
  await expect(bench.connections).toContainText('half-closed');

  await bench.message.fill('still here');
  await bench.button('Send to all').first().click();
  await bench.tab(/^TCP client/).click();
  await expect(bench.row('in', 'data', 'still here')).toBeVisible();

  await bench.tab(/^TCP server/).click();
  await bench.connections
    .getByRole('row', { name: /127\.0\.0\.1:\d+/ })
    .getByRole('button', { name: /^End / })
    .click();
  await bench.tab(/^TCP client/).click();
  await expect(bench.row('in', 'end')).toBeVisible();
  await expect(bench.status).toContainText('closed');
});

test('a half-close by the server is seen on both ends, and the client can still send', async ({ bench }) => {
  const port = await bench.listen();
  await bench.newSession('TCP client', `127.0.0.1:${port}`);
  await bench.setOptions(() => bench.page.getByRole('switch', { name: 'allowHalfOpen' }).check(), 'Messages');
  await bench.button('Connect').click();
  await expect(bench.status).toContainText('open');

  await bench.tab(/^TCP server/).click();
  await bench.connections
    .getByRole('row', { name: /127\.0\.0\.1:\d+/ })
    .getByRole('button', { name: /^End / })
    .click();
  await expect(bench.row('out', 'end')).toBeVisible();
  await bench.tab(/^TCP client/).click();
  await expect(bench.row('in', 'end')).toBeVisible();
  await bench.send('one more thing');
  await bench.tab(/^TCP server/).click();
  await expect(bench.row('in', 'data', 'one more thing')).toBeVisible();
});

test('a reset by the server shows as ECONNRESET in the client', async ({ bench }) => {
  const port = await bench.listen();
  await bench.connect(`127.0.0.1:${port}`);
  await bench.tab(/^TCP server/).click();
  await bench.connections
    .getByRole('row', { name: /127\.0\.0\.1:\d+/ })
    .getByRole('button', { name: /^Reset / })
    .click();
  await expect(bench.connections).toContainText('reset');
  await bench.tab(/^TCP client/).click();
  await expect(bench.alert).toContainText('ECONNRESET');
  await expect(bench.alert).toContainText(`127.0.0.1:${port}`);
  await expect(bench.row('none', 'error', 'ECONNRESET').or(bench.row('in', 'error', 'ECONNRESET'))).toBeVisible();
  // The tab stays usable: it connects again, into the same list.
  await bench.button('Connect').click();
  await expect(bench.status).toContainText('open');
});

test('a reset by the client shows as reset among the connections of the server', async ({ bench }) => {
  const port = await bench.listen();
  await bench.connect(`127.0.0.1:${port}`);
  await bench.closeBy('Reset (RST)');
  await bench.tab(/^TCP server/).click();
  await expect(bench.connections).toContainText('reset');
  await expect(bench.messages).toContainText('ECONNRESET');
  await expect(bench.status).toContainText('listening');
});

test('a server that stops accepting counts its connections down to the close event', async ({ bench }) => {
  const port = await bench.listen();
  await bench.connect(`127.0.0.1:${port}`);
  await bench.connect(`127.0.0.1:${port}`);
  await bench.tab(/^TCP server/).click();
  await expect(bench.status).toContainText('2 connected of 2');
  await bench.closeBy('Stop accepting');
  await expect(bench.status).toContainText('no longer accepting, 2 connections left');

  await bench
    .tab(/^TCP client/)
    .first()
    .click();
  await bench.button('Disconnect').click();
  await bench.tab(/^TCP server/).click();
  await expect(bench.status).toContainText('no longer accepting, 1 connection left');
  await bench
    .tab(/^TCP client/)
    .nth(1)
    .click();
  await bench.button('Disconnect').click();
  await bench.tab(/^TCP server/).click();
  await expect(bench.status).toContainText('closed');
  await expect(bench.row('none', 'close').last()).toBeVisible();
});
