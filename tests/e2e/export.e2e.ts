import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import type { Bench } from './support/bench.ts';
import { chooseByPath, exportTo, type ExportChoice } from './support/exporting.ts';
import { accessibilityFaults } from './support/keyboard.ts';
import { expect, test } from './support/test.ts';

/** Enough for several blocks of a recording, little enough for every run of the tests. */
const BYTES = 4 * 1024 * 1024;

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A peer that sends `payload` once it has heard something, and keeps all that it hears. */
async function peer(payload: Buffer): Promise<{ server: Server; port: number; heard: () => Buffer }> {
  const chunks: Buffer[] = [];
  const server = createServer((socket) => {
    socket.once('data', () => socket.write(payload));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no address');
  return { server, port: address.port, heard: () => Buffer.concat(chunks) };
}

async function exported(bench: Bench, choice: ExportChoice): Promise<Buffer> {
  await exportTo(bench, choice);
  return readFile(choice.path);
}

test('the bytes of both directions are exported as they went over the wire, live and from History', async ({
  bench,
  launcher,
}) => {
  const payload = randomBytes(BYTES);
  const { server, port, heard } = await peer(payload);
  try {
    await bench.connect(`127.0.0.1:${port}`);
    for (const text of ['begin', 'and some more: ž 한글']) await bench.send(text);
    await expect(bench.page.getByLabel('Bytes in')).toHaveText('↓ 4.2 MB');
    const received = await exported(bench, {
      format: 'Raw bytes',
      direction: '↓ Received',
      path: `${launcher.data}/in.bin`,
    });
    expect(sha256(received)).toBe(sha256(payload));

    await bench.page.getByRole('button', { name: /^Close TCP client/ }).click();
    await bench.page
      .getByRole('list', { name: 'History' })
      .getByRole('button', { name: /TCP client/ })
      .first()
      .click();
    await expect(bench.status).toContainText('read only');
    const again = await exported(bench, {
      format: 'Raw bytes',
      direction: '↓ Received',
      path: `${launcher.data}/again.bin`,
    });
    expect(sha256(again)).toBe(sha256(payload));
    const sent = await exported(bench, { format: 'Raw bytes', direction: '↑ Sent', path: `${launcher.data}/out.bin` });
    expect(sent.equals(heard())).toBe(true);
    expect(sent.toString()).toBe('begin\nand some more: ž 한글\n');
  } finally {
    server.close();
  }
});

test('JSON Lines hold every row and every byte, and plain text a line for each row', async ({ bench, launcher }) => {
  const payload = Buffer.from('{"temp":21}\n\u0000\xff binary', 'latin1');
  const { server, port } = await peer(payload);
  try {
    await bench.connect(`127.0.0.1:${port}`);
    await bench.send('hello');
    await expect(bench.row('in', 'data')).toBeVisible();
    const rows = Number((await bench.section('Messages').locator('span').textContent()) ?? '');
    const jsonl = (await exported(bench, { format: 'JSON Lines', path: `${launcher.data}/all.jsonl` })).toString();
    const objects = jsonl
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(objects[0]).toMatchObject({ format: 'wirebench-jsonl', protocol: 'tcp-client' });
    expect(objects).toHaveLength(rows + 1);
    expect(objects).toContainEqual(expect.objectContaining({ direction: 'out', kind: 'data', text: 'hello\n' }));
    expect(objects).toContainEqual(
      expect.objectContaining({ direction: 'in', kind: 'data', base64: payload.toString('base64') }),
    );
    const text = (await exported(bench, { format: 'Plain text', path: `${launcher.data}/all.txt` })).toString();
    expect(text).toContain('hello');

    // What the filter shows, and no more.
    await bench.page.getByRole('searchbox', { name: 'Filter messages' }).fill('dir:out');
    await expect(bench.row('out', 'data', 'hello')).toBeVisible();
    await expect(bench.row('in', 'data')).toHaveCount(0);
    const part = (
      await exported(bench, { format: 'JSON Lines', rows: /^Filtered view/, path: `${launcher.data}/part.jsonl` })
    ).toString();
    const directions = part
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => /"direction":"(\w+)"/.exec(line)?.[1]);
    expect(new Set(directions)).toEqual(new Set(['out']));
  } finally {
    server.close();
  }
});

test('an export that cannot be written says why in its dialog, and leaves nothing behind', async ({
  bench,
  launcher,
}) => {
  const { page } = bench;
  await page.getByRole('button', { name: 'Try the echo demo' }).click();
  await expect(bench.row('in', 'data', 'hello world')).toBeVisible();
  await bench.button('Export…').click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await chooseByPath(dialog);
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('There is no file to write to.');
  expect(await accessibilityFaults(page), 'the dialog of an export').toEqual([]);
  const path = `${launcher.data}/no/such/folder/out.jsonl`;
  await dialog.getByRole('textbox', { name: 'File' }).fill(path);
  await dialog.getByRole('textbox', { name: 'File' }).press('Enter');
  await expect(dialog.getByRole('alert')).toContainText('ENOENT');
  await expect(dialog.getByRole('textbox', { name: 'File' })).toHaveValue(path);
  expect(await stat(path).catch(() => null)).toBeNull();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(bench.button('Export…')).toBeFocused();
});
