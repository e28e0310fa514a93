/** P8: from Enter in "Go to" until the row is shown, in a recording of 10 million opened from History, in display frames. */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { percentile, type Bench } from './support/ratio.ts';
import { frameTimes, openWindow, rowsReach } from './support/window.ts';
import { BenchWorker } from './support/worker.ts';

const MESSAGES = 10_000_000;
const ID = '20260101-000000-00000008';

/** Jumps of one measurement. */
const JUMPS = 60;

/** How long the idle window is looked at for its own frame time. */
const IDLE_MS = 1000;

const filler = new URL('./workers/filler.ts', import.meta.url);

/** @returns ms from the key to the first frame that has the row with its record, for each of these rows */
function jumpTimes(page: Page, rows: readonly number[]): Promise<readonly number[]> {
  return page.evaluate(async (wanted) => {
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    const find = <E extends HTMLElement>(type: new () => E, selector: string): E | null => {
      const found = document.querySelector(selector);
      return found instanceof type ? found : null;
    };
    const times: number[] = [];
    for (const row of wanted) {
      find(HTMLButtonElement, 'button[aria-label="Go to…"]')?.click();
      let field: HTMLInputElement | null = null;
      while (field === null) {
        await frame();
        field = find(HTMLInputElement, '[role="search"][aria-label="Go to"] input');
      }
      field.value = String(row);
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      await frame();
      await frame();
      // A person presses at any moment of a frame.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 16));
      const pressed = performance.now();
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
      for (;;) {
        const now = await frame();
        const shown = find(HTMLElement, `[data-row="${row}"]`);
        // While a record is on its way, its row is called by its number only.
        if (shown !== null && shown.getAttribute('aria-label') !== `#${row}`) {
          times.push(now - pressed);
          break;
        }
        if (now - pressed > 10_000) throw new Error(`row ${row} is not shown`);
      }
      await frame();
    }
    return times;
  }, rows);
}

export const p8: Bench = {
  rows: [
    {
      id: 'P8',
      title: 'p95 of jumps to any of 10M rows ÷ a display frame',
      figure: 'ms',
      unit: 'ms',
      target: { atMost: 3 },
    },
  ],
  async prepare() {
    const window = await openWindow(async (data) => {
      const worker = new BenchWorker(filler, 'receiver');
      await worker.call('fill', { parent: join(data, 'recordings'), messages: MESSAGES, id: ID });
      await worker.stop();
    });
    const { workbench } = window;
    const { page } = workbench;
    await page.getByRole('list', { name: 'History' }).getByRole('button').first().click();
    await rowsReach(workbench, MESSAGES);
    let longest = 0;
    return {
      async subject() {
        const times = await jumpTimes(
          page,
          Array.from({ length: JUMPS }, () => randomInt(MESSAGES)),
        );
        longest = Math.max(longest, ...times);
        return { ms: percentile(times, 0.95) };
      },
      reference: async () => ({ ms: percentile(await frameTimes(page, IDLE_MS), 0.5) }),
      remarks: () => [`${JUMPS} jumps in each measurement, the longest of all took ${longest.toFixed(1)} ms`],
      dispose: () => window.stop(),
    };
  },
};
