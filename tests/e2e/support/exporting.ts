/** Exports through the window's own dialog. */
import { expect, type Locator } from '@playwright/test';
import type { Bench } from './bench.ts';

export interface ExportChoice {
  readonly format: 'JSON Lines' | 'Plain text' | 'Raw bytes';
  readonly direction?: '↓ Received' | '↑ Sent';
  /** Which rows, by the beginning of what the dialog offers. */
  readonly rows?: RegExp;
  readonly path: string;
}

/** In a browser a download is proposed; a path can be asked for instead. */
export async function chooseByPath(dialog: Locator): Promise<void> {
  const byPath = dialog.getByRole('radio', { name: 'A path where Wirebench runs' });
  if ((await byPath.count()) > 0) await byPath.click();
}

/** Exports what the tab in front holds, and waits until the window says that it is done. */
export async function exportTo(bench: Bench, choice: ExportChoice, timeout = 15_000): Promise<void> {
  const { format, direction, rows, path } = choice;
  const { page } = bench;
  await bench.button('Export…').click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.getByRole('radio', { name: format }).click();
  if (direction !== undefined) await dialog.getByRole('radio', { name: direction }).click();
  if (rows !== undefined) await dialog.getByRole('radio', { name: rows }).click();
  await chooseByPath(dialog);
  await dialog.getByRole('textbox', { name: 'File' }).fill(path);
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  const said = page.getByText(new RegExp(`^Exported .* to ${path.replaceAll('.', '\\.')}\\.$`));
  await expect(said.or(dialog.getByRole('alert'))).toBeVisible({ timeout });
  await expect(said).toBeVisible();
  await expect(dialog).toHaveCount(0);
}
