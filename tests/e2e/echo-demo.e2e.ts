import { expect, test } from './support/test.ts';

test('an empty window offers the echo demo and every protocol', async ({ bench }) => {
  await expect(bench.page.getByRole('heading', { name: 'Wirebench' })).toBeVisible();
  await expect(bench.page.getByRole('button', { name: 'Try the echo demo' })).toBeVisible();
  await expect(bench.button('TCP client')).toBeVisible();
  await expect(bench.button('TCP server')).toBeVisible();
});

test('the echo demo opens a server tab and a client tab that talk', async ({ bench }) => {
  await bench.page.getByRole('button', { name: 'Try the echo demo' }).click();
  await expect(bench.tab('Echo client')).toHaveAttribute('aria-selected', 'true');
  await expect(bench.status).toContainText('open');
  await expect(bench.row('none', 'connect')).toBeVisible();
  await expect(bench.row('out', 'data', 'hello world')).toBeVisible();
  await expect(bench.row('in', 'data', 'hello world')).toBeVisible();

  await bench.tab('Echo server').click();
  await expect(bench.status).toContainText('listening');
  await expect(bench.connections.getByRole('row', { name: /127\.0\.0\.1:\d+/ })).toHaveCount(1);
});

test('what is sent arrives byte for byte and shows in Detail as text and as hex', async ({ bench }) => {
  await bench.page.getByRole('button', { name: 'Try the echo demo' }).click();
  await expect(bench.row('in', 'data', 'hello world')).toBeVisible();
  await bench.choose('Format', 'Hex');
  await bench.send('00 ff 7b 22 80');
  await bench.row('in', 'data').nth(1).click();
  await bench.detail.getByRole('tab', { name: 'Hex' }).click();
  await expect(bench.detail).toContainText('00ff7b2280');

  await bench.choose('Format', 'Text');
  await bench.send('tab\\there \\u{d55c} \\x01');
  const row = bench.row('in', 'data', 'tab\\there 한 \\x01\\n');
  await expect(row).toBeVisible();
  await row.click();
  await bench.detail.getByRole('tab', { name: 'Text' }).click();
  await expect(bench.detail).toContainText('한');
});
