/**
 * The real message list in a real browser over sessions of a million and of a
 * thousand million rows: longer than any element may be tall. The rows come
 * from a session on paper (list-page/), the rest is what the window has.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { expect, test as base, type Locator, type Page, type ViewportSize } from '@playwright/test';
import { build, preview } from 'vite';
import { formatCount } from '../../../src/renderer/format/size.ts';
import { contentSecurityPolicy, securityHeaders } from '../../../src/shared/web-content.ts';
import { measureFrames } from '../support/frames.ts';
import type {} from './list-page/paper.ts';

const root = join(import.meta.dirname, '../../..');
const ROW_PX = 24;
const MILLION = 1_000_000;

const large = { width: 1440, height: 900 };
const small = { width: 900, height: 600 };

function titleOf(rows: number, viewport: ViewportSize): string {
  return `${rows.toLocaleString('en')} rows at ${viewport.width} × ${viewport.height}`;
}

/** Builds the page as the window is built and serves it with the same security headers. */
async function servePage(folder: string): Promise<{ url: string; close: () => Promise<void> }> {
  await build({
    configFile: false,
    logLevel: 'error',
    root: join(import.meta.dirname, 'list-page'),
    base: './',
    plugins: [svelte({ configFile: join(root, 'svelte.config.js') })],
    build: { outDir: folder, emptyOutDir: true, target: 'chrome114', assetsInlineLimit: 0, modulePreload: false },
  });
  const server = await preview({
    configFile: false,
    logLevel: 'error',
    root: folder,
    build: { outDir: folder },
    preview: {
      host: '127.0.0.1',
      port: 0,
      strictPort: false,
      headers: { ...securityHeaders, 'Content-Security-Policy': contentSecurityPolicy(["'self'"]) },
    },
  });
  const [url] = server.resolvedUrls?.local ?? [];
  if (url === undefined) throw new Error('the page is not served');
  return { url, close: () => server.close() };
}

/** As `expect.poll`, but looking at every frame or so. */
function soon<T>(look: () => Promise<T>): ReturnType<typeof expect.poll<T>> {
  return expect.poll(look, { intervals: [16] });
}

/** The list as a person sees it. */
class List {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get grid(): Locator {
    return this.page.getByRole('grid', { name: 'Messages' });
  }

  get scroller(): Locator {
    return this.grid.getByRole('rowgroup');
  }

  row(number: number): Locator {
    return this.grid.getByRole('row', { name: new RegExp(`^#${number} `) });
  }

  /** Number and place of the rows that can be seen, top to bottom; places in px below the top of the list. */
  seen(): Promise<{ readonly row: number; readonly top: number; readonly isWhole: boolean }[]> {
    return this.scroller.evaluate((scroller) => {
      const view = scroller.getBoundingClientRect();
      return [...scroller.querySelectorAll<HTMLElement>('[data-row]')]
        .map((element) => ({ row: Number(element.dataset.row), box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.bottom > view.top && box.top < view.bottom)
        .map(({ row, box }) => ({
          row,
          top: box.top - view.top,
          isWhole: box.top >= view.top - 0.5 && box.bottom <= view.bottom + 0.5,
        }))
        .sort((left, right) => left.row - right.row);
    });
  }

  async first(): Promise<number> {
    return (await this.seen())[0]?.row ?? -1;
  }

  /** Where the list has been scrolled to, in px. */
  async offset(): Promise<number> {
    const [first] = await this.seen();
    return first === undefined ? -1 : first.row * ROW_PX - first.top;
  }

  async selected(): Promise<number> {
    const number = await this.grid.locator('[aria-selected="true"]').getAttribute('data-row');
    return Number(number);
  }

  async press(...keys: readonly string[]): Promise<void> {
    await this.grid.focus();
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Moves the scroll bar to a share of its way, as a script or an extension would. */
  async scrollTo(share: number): Promise<void> {
    await this.scroller.evaluate((scroller, part) => {
      scroller.scrollTop = (scroller.scrollHeight - scroller.clientHeight) * part;
    }, share);
  }

  /** Waits until a smooth scroll is over: some frames in a row show the same. @returns how far it went, px */
  async moved(scroll: () => Promise<void>): Promise<number> {
    const before = await this.offset();
    await scroll();
    await soon(() => this.offset()).not.toBe(before);
    await this.scroller.evaluate(async (scroller) => {
      const place = (): string => {
        const row = scroller.querySelector('[data-row]');
        return `${scroller.scrollTop} ${row?.getBoundingClientRect().top ?? 0}`;
      };
      for (let same = 0, last = place(); same < 4;) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        same = place() === last ? same + 1 : 0;
        last = place();
      }
    });
    return (await this.offset()) - before;
  }

  /** One notch of a wheel that scrolls by 100 px. */
  async notch(direction: 1 | -1): Promise<number> {
    await this.scroller.hover();
    return this.moved(() => this.page.mouse.wheel(0, 100 * direction));
  }

  /** Into the middle, by the bar. */
  async toMiddle(rows: number): Promise<void> {
    await this.scrollTo(0.5);
    await soon(async () => Math.abs((await this.first()) - rows / 2) / rows).toBeLessThan(0.01);
  }

  rowElements(): Promise<number> {
    return this.page.locator('[data-row]').count();
  }
}

interface Fixtures {
  readonly list: (rows: number) => Promise<List>;
}

interface WorkerFixtures {
  readonly served: string;
}

const test = base.extend<Fixtures, WorkerFixtures>({
  // Shown, so that its thumb can be dragged.
  launchOptions: [
    async ({ launchOptions }, use) => {
      await use({ ...launchOptions, ignoreDefaultArgs: ['--hide-scrollbars'] });
    },
    { scope: 'worker' },
  ],
  served: [
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'wirebench-list-'));
      const { url, close } = await servePage(folder);
      await use(url);
      await close();
      await rm(folder, { recursive: true });
    },
    { scope: 'worker' },
  ],
  list: async ({ page, served }, use) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    await use(async (rows) => {
      await page.goto(`${served}?rows=${rows}`);
      const list = new List(page);
      await expect(list.row(rows - 1)).toBeVisible();
      return list;
    });
    expect(complaints, 'the console of the page').toEqual([]);
  },
});

for (const viewport of [large, small]) {
  for (const rows of [MILLION, 1000 * MILLION]) {
    test.describe(titleOf(rows, viewport), () => {
      test.use({ viewport });

      test('Home, End and the scroll bar lead to the first row, the last and the middle', async ({ list: open }) => {
        const list = await open(rows);
        await list.press('Home');
        await expect(list.row(0)).toBeVisible();
        expect((await list.seen())[0]).toEqual({ row: 0, top: 0, isWhole: true });
        await list.press('End');
        await expect(list.row(rows - 1)).toBeVisible();
        expect((await list.seen()).at(-1)).toMatchObject({ row: rows - 1, isWhole: true });
        await list.toMiddle(rows);
        await expect(list.row((await list.first()) + 3)).toBeVisible();
        await list.scrollTo(0);
        await expect(list.row(0)).toBeVisible();
        await list.scrollTo(1);
        await expect(list.row(rows - 1)).toBeVisible();
        expect(await list.rowElements()).toBeLessThan(150);
      });
    });
  }
}

for (const { rows, viewport } of [
  { rows: MILLION, viewport: small },
  { rows: 1000 * MILLION, viewport: large },
]) {
  test.describe(titleOf(rows, viewport), () => {
    test.use({ viewport });

    test('the dragged thumb of the scroll bar goes as far as the hand', async ({ list: open, page }) => {
      const list = await open(rows);
      const box = await list.scroller.boundingBox();
      if (box === null) throw new Error('the list has no place');
      const x = box.x + box.width - 6;
      // The thumb is at its least height: its middle is about 16 px from the end.
      await page.mouse.move(x, box.y + box.height - 12);
      await page.mouse.down();
      await page.mouse.move(x, box.y + box.height / 2, { steps: 12 });
      await soon(async () => Math.abs((await list.first()) - rows / 2) / rows).toBeLessThan(0.06);
      const middle = await list.first();
      await expect(list.row(middle + 3)).toBeVisible();
      await page.mouse.move(x, box.y - 40, { steps: 12 });
      await expect(list.row(0)).toBeVisible();
      await page.mouse.up();
      expect(await list.first()).toBe(0);
      expect(await list.rowElements()).toBeLessThan(150);
    });

    test('a notch of the wheel moves a few rows, wherever the list stands', async ({ list: open }) => {
      const list = await open(rows);
      expect(await list.notch(-1)).toBeCloseTo(-100, 0);
      await list.press('Home');
      await expect(list.row(0)).toBeVisible();
      expect(await list.notch(1)).toBeCloseTo(100, 0);
      await list.toMiddle(rows);
      for (const direction of [1, 1, -1, -1, -1] as const) {
        expect(await list.notch(direction)).toBeCloseTo(100 * direction, 0);
      }
    });

    test('the wheel reaches both ends, however far it came from the scale', async ({ list: open, page }) => {
      const list = await open(rows);
      await list.press('Home', ...Array.from({ length: 12 }, () => 'PageDown'));
      await soon(() => list.first()).toBeGreaterThan(100);
      await list.scroller.hover();
      for (let left = await list.first(); left > 0; left -= 100) await page.mouse.wheel(0, -100 * ROW_PX);
      await soon(() => list.offset()).toBe(0);
      await expect(list.row(0)).toBeVisible();
      await list.press('End', ...Array.from({ length: 12 }, () => 'PageUp'));
      await soon(() => list.first()).toBeLessThan(rows - 100);
      for (let left = rows - (await list.first()); left > 0; left -= 100) await page.mouse.wheel(0, 100 * ROW_PX);
      await expect(list.row(rows - 1)).toBeVisible();
      expect((await list.seen()).at(-1)).toMatchObject({ row: rows - 1, isWhole: true });
    });

    test('Page Up and Page Down move by exactly the rows that fit, less one', async ({ list: open }) => {
      const list = await open(rows);
      await list.press('Home');
      await expect(list.row(0)).toBeVisible();
      const page = (await list.seen()).filter((row) => row.isWhole).length - 1;
      for (let step = 1; step <= 5; step += 1) {
        await list.press('PageDown');
        expect(await list.selected()).toBe(step * page);
      }
      await list.press('PageUp');
      expect(await list.selected()).toBe(4 * page);

      await list.toMiddle(rows);
      const middle = (await list.first()) + 3;
      await list.row(middle).click();
      await list.press('PageDown', 'PageDown', 'ArrowDown');
      expect(await list.selected()).toBe(middle + 2 * page + 1);
      await expect(list.row(middle + 2 * page + 1)).toBeVisible();
      await list.press('PageUp', 'PageUp', 'PageUp', 'ArrowUp');
      expect(await list.selected()).toBe(middle - page);
      await expect(list.row(middle - page)).toBeVisible();

      await list.press('End', 'PageUp');
      expect(await list.selected()).toBe(rows - 1 - page);
      await list.press('PageDown', 'PageDown');
      expect(await list.selected()).toBe(rows - 1);
    });

    test('at 1M rows a second the newest row is shown, and none is empty', async ({ list: open, page }) => {
      const list = await open(rows);
      // 16 667 rows in a frame are a million in a second of 60 frames.
      const before = await page.evaluate(() => window.paper.calls());
      const report = await page.evaluate(() => window.paper.stream(16_667, 60));
      // However many rows there are, a frame asks for those in view at most once.
      expect((await page.evaluate(() => window.paper.calls())) - before).toBeLessThanOrEqual(62);
      expect(report.blank).toBe(0);
      expect(report.mostBehind).toBeLessThanOrEqual(4);
      expect(report.steps).toBeGreaterThan(50);
      const end = await page.evaluate(() => window.paper.end());
      await expect(list.row(end - 1)).toBeVisible();
      expect((await list.seen()).at(-1)).toMatchObject({ row: end - 1, isWhole: true });
      expect(await list.rowElements()).toBeLessThan(150);
      await expect(page.getByText(`${formatCount(end)} of ${formatCount(end)}`)).toBeVisible();
    });

    test('rows in view stay where they are while new ones come and old ones go', async ({ list: open, page }) => {
      const list = await open(rows);
      await list.toMiddle(rows);
      await list.notch(1);
      const before = await list.seen();
      const top = before[0]?.row ?? 0;
      await expect(page.getByRole('button', { name: 'Follow' })).toHaveAttribute('aria-pressed', 'false');
      await page.evaluate(() => window.paper.stream(16_667, 15));
      expect(await list.seen()).toEqual(before);
      for (const first of [1000, 20_000, Math.floor(rows / 4), top - 10]) {
        await page.evaluate((oldest) => window.paper.dropTo(oldest), first);
        // The bar is brought in line after a while; the rows must not move with it.
        await page.evaluate(() => window.paper.stream(16_667, 12));
        expect(await list.seen()).toEqual(before);
      }
      // Now the rows themselves go: what is left begins with the row that stands for them.
      await page.evaluate((oldest) => window.paper.dropTo(oldest), top + 500);
      await soon(() => list.first()).toBe(top + 500);
      await expect(list.row(top + 500)).toContainText('not kept');
      await page.getByRole('button', { name: 'Follow' }).click();
      const end = await page.evaluate(() => window.paper.end());
      await expect(list.row(end - 1)).toBeVisible();
    });

    test('a long scroll by wheel: how long frames take', async ({ list: open, page }, info) => {
      const list = await open(rows);
      await list.toMiddle(rows);
      await list.scroller.hover();
      const before = await list.first();
      await measureFrames(page, info, titleOf(rows, viewport), async () => {
        for (let notch = 0; notch < 50; notch += 1) await page.mouse.wheel(0, 100);
      });
      await soon(async () => ((await list.first()) - before) * ROW_PX).toBeGreaterThan(50 * 90);
      expect(await list.rowElements()).toBeLessThan(150);
    });
  });
}

test('a filter lists what it lets through, and its rows scroll alike', async ({ list: open, page }) => {
  const list = await open(1000 * MILLION);
  await page.getByRole('searchbox', { name: 'Filter messages' }).fill('message');
  await expect(page.getByText(`${formatCount(100 * MILLION)} of ${formatCount(1000 * MILLION)}`)).toBeVisible();
  await list.press('Home');
  await expect(list.row(0)).toBeVisible();
  await expect(list.row(10)).toBeVisible();
  await list.press('PageDown', 'PageDown', 'End');
  await expect(list.row(999_999_990)).toBeVisible();
  await page.getByRole('button', { name: 'Clear filter' }).click();
  await expect(list.row(999_999_991)).toBeVisible();
});
