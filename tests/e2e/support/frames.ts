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
  const sorted = [...times].sort((left, right) => left - right);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  const description = `${what}: ${sorted.length} frames, median ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms`;
  info.annotations.push({ type: 'frame times', description });
  process.stdout.write(`      ${description}\n`);
}
