/** How long frames take, as the page itself sees it. Told, never asserted: machines differ. */
import type { Page, TestInfo } from '@playwright/test';

declare global {
  interface Window {
    /** Ends the measuring. @returns ms between one frame and the next */
    stopFrames?: () => number[];
  }
}

/** Measures while `body` runs; the result becomes an annotation of the test and a line of its output. */
export async function measureFrames(
  page: Page,
  info: TestInfo,
  what: string,
  body: () => Promise<void>,
): Promise<void> {
  await page.evaluate(() => {
    const times: number[] = [];
    let last: number | null = null;
    let request = 0;
    const next = (now: number): void => {
      if (last !== null) times.push(now - last);
      last = now;
      request = requestAnimationFrame(next);
    };
    request = requestAnimationFrame(next);
    window.stopFrames = () => {
      cancelAnimationFrame(request);
      return times;
    };
  });
  await body();
  const times = await page.evaluate(() => window.stopFrames?.() ?? []);
  tell(info, `${what}: ${times.length} frames`, times);
}

/** Types key by key, each after the frame that shows the one before, and tells how long each took to show. */
export async function typeByKey(page: Page, info: TestInfo, text: string): Promise<void> {
  tellKeys(info, await timesOfKeys(page, text));
}

/** Tells what `timesOfKeys` has measured. */
export function tellKeys(info: TestInfo, times: readonly number[]): void {
  tell(info, `from a key to its letter: ${times.length} keys`, times);
}

/** Types key by key, each after the frame that shows the one before. @returns ms until each was on the screen */
export async function timesOfKeys(page: Page, text: string): Promise<readonly number[]> {
  const times: number[] = [];
  for (const key of text) {
    const shown = await page.evaluateHandle(() => ({
      after: new Promise<number>((resolve) => {
        addEventListener(
          'keydown',
          ({ timeStamp }) => {
            // What the key has changed is on the screen when the frame behind the next begins.
            requestAnimationFrame(() => requestAnimationFrame((now) => resolve(now - timeStamp)));
          },
          { capture: true, once: true },
        );
      }),
    }));
    await page.keyboard.type(key);
    times.push(await shown.evaluate(({ after }) => after));
    await shown.dispose();
  }
  return times;
}

/** The times, ms, as an annotation of the test and a line of its output. */
function tell(info: TestInfo, what: string, times: readonly number[]): void {
  const sorted = [...times].sort((left, right) => left - right);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  const description = `${what}, median ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms`;
  info.annotations.push({ type: 'frame times', description });
  process.stdout.write(`      ${description}\n`);
}

/** Waits until the page has drawn so many frames. */
export async function drawFrames(page: Page, count: number): Promise<void> {
  await page.evaluate(async (frames) => {
    for (let frame = 0; frame < frames; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
  }, count);
}
