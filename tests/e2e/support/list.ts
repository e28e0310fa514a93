/** The message list as it is on the screen: which rows, how many, and whether it goes on. */
import { expect, type Locator } from '@playwright/test';
import type { Bench } from './bench.ts';

export function filterOf(bench: Bench): Locator {
  return bench.page.getByRole('searchbox', { name: 'Filter messages' });
}

/** The names of the rows in the document, lowest number first: what a screen reader would say of them. */
export async function rowNames(bench: Bench): Promise<readonly string[]> {
  const found = await bench.messages
    .locator('[data-row]')
    .evaluateAll((rows) =>
      rows.map((row) => ({ row: Number(row.getAttribute('data-row')), name: row.getAttribute('aria-label') ?? '' })),
    );
  return found.sort((left, right) => left.row - right.row).map(({ name }) => name);
}

/** Number of the newest row in the document; -1 without any. */
async function newestRow(bench: Bench): Promise<number> {
  return Number(/^#(\d+)/.exec((await rowNames(bench)).at(-1) ?? '')?.[1] ?? -1);
}

/** Rows of the session and of the view, from "3 of 10" above the list. */
export async function rowCounts(bench: Bench): Promise<{ readonly shown: number; readonly total: number }> {
  const text = await bench.page.getByText(/^(\d+ % · )?[\d\s]+ of [\d\s]+$/).textContent();
  const [shown, total] = (text ?? '').replace(/^\s*\d+ % ·/, '').split(' of ');
  const number = (digits = ''): number => Number(digits.replace(/\s/g, ''));
  return { shown: number(shown), total: number(total) };
}

/** Presses a key in the list. */
export async function pressInList(bench: Bench, key: string): Promise<void> {
  await bench.messages.focus();
  await bench.page.keyboard.press(key);
}

/**
 * The list goes on to newer rows, several times.
 * @param isOver tells that no more will come: then it need not any longer
 */
export async function expectToFollow(bench: Bench, times = 5, isOver = (): boolean => false): Promise<void> {
  await expect(bench.button('Follow')).toHaveAttribute('aria-pressed', 'true');
  for (let time = 0; time < times; time += 1) {
    const before = await newestRow(bench);
    await expect.poll(async () => isOver() || (await newestRow(bench)) > before, { intervals: [16] }).toBe(true);
  }
}

/** Goes to a row by its number, as a person does. @returns the name of the row that is then selected */
export async function goToRow(bench: Bench, seq: number): Promise<string> {
  await bench.page.keyboard.press('ControlOrMeta+g');
  const field = bench.page.getByRole('textbox', { name: 'Go to row or time' });
  await expect(field).toBeFocused();
  await field.fill(String(seq));
  await field.press('Enter');
  await expect(field).toHaveCount(0);
  const selected = bench.messages.getByRole('row', { selected: true });
  // Until its record has come, a row has its number for a name and nothing else.
  await expect(selected).toHaveAccessibleName(new RegExp(`^#${seq} `));
  return (await selected.getAttribute('aria-label')) ?? '';
}
