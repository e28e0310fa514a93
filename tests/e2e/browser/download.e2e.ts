/** What leaves the window as a download of the browser it is in. */
import { readFile } from 'node:fs/promises';
import { expect, test } from '../support/test.ts';

test('an export is downloaded by the browser, under a name that says what it is', async ({ bench }) => {
  const port = await bench.listen('127.0.0.1:0', 'echo');
  await bench.connect(`127.0.0.1:${port}`);
  await bench.send('taken home');
  await expect(bench.row('in', 'data', 'taken home')).toBeVisible();
  await bench.button('Export…').click();
  const dialog = bench.page.getByRole('dialog', { name: 'Export' });
  await expect(dialog.getByRole('radio', { name: 'Download' })).toBeChecked();
  const coming = bench.page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(/^127\.0\.0\.1-\d+-\d{8}-\d{6}\.jsonl$/);
  expect(await readFile(await download.path(), 'utf8')).toContain('"text":"taken home\\n"');
  await expect(bench.page.getByText(/^Exported .* the browser downloads 127/)).toBeVisible();
  await expect(dialog).toHaveCount(0);
});
