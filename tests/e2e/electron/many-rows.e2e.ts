/**
 * A flood of tiny reads into a server in the real window: every read is a row,
 * and the window stays as usable as ever. Once is enough: the browser host
 * runs the same engine and the same window.
 */
import { ROW_PREVIEW_BYTES } from '../../../src/shared/limits.ts';
import { grouped } from '../../../src/shared/describe.ts';
import type { Bench } from '../support/bench.ts';
import { measureFrames, typeByKey } from '../support/frames.ts';
import { expectToFollow, filterOf, pressInList, rowCounts, rowNames } from '../support/list.ts';
import { Sender } from '../support/numbered-messages.ts';
import { expect, test } from '../support/test.ts';

/** More than the test needs on any machine: it stops the sender. */
const MOST_WRITES = 10_000_000;

/** Writes by turns to so many connections: two bytes of one connection may be read at once, of two never. */
const CONNECTIONS = 200;

/** Writes a second, of all connections together: slow enough that few bytes wait for each other, also on a busy machine. */
const WRITES_PER_SECOND = 30_000;

/** Rows that there are to be in the end. */
const ROWS = 200_000;

/** Bytes of a row's payload; 0 when the name has none. */
function lengthOf(name: string): number {
  return Number(/ (\d+) bytes?/.exec(name)?.[1] ?? 0);
}

/** Bytes in, of every `close` row: they may be more than fit into the view. */
async function closedBytes(bench: Bench): Promise<readonly number[]> {
  const found = new Map<string, number>();
  await pressInList(bench, 'Home');
  const look = async (): Promise<number> => {
    const closes = (await rowNames(bench)).map((name) => /^#(\d+) close .*· ([\d ]+) B in/.exec(name));
    for (const close of closes) {
      if (close !== null) found.set(close[1] ?? '', Number(close[2]?.replaceAll(' ', '')));
    }
    // Rows that are still on their way are waited for.
    if (!closes.includes(null)) await pressInList(bench, 'PageDown');
    return found.size;
  };
  await expect.poll(look, { intervals: [16] }).toBe(CONNECTIONS);
  return [...found.values()];
}

test('hundreds of thousands of one-byte reads leave the window usable and are all counted', async ({ bench }, info) => {
  const { page } = bench;
  const filter = filterOf(bench);
  const port = await bench.listen('127.0.0.1:0', 'discard');
  const server = `TCP server 127.0.0.1:${port}`;
  const sender = new Sender({
    port,
    text: 'bytes',
    most: MOST_WRITES,
    connections: CONNECTIONS,
    rate: WRITES_PER_SECOND,
  });
  try {
    await expect.poll(async () => (await rowCounts(bench)).total).toBeGreaterThan(1000);
    await measureFrames(page, info, 'following the tail', () => expectToFollow(bench, 40));

    // The first row stays the first, however much comes after it.
    await pressInList(bench, 'Home');
    await expect(bench.row('none', 'state', 'idle')).toBeVisible();
    await expect(bench.button('Follow')).toHaveAttribute('aria-pressed', 'false');
    const { total } = await rowCounts(bench);
    await expect.poll(async () => (await rowCounts(bench)).total).toBeGreaterThan(total + 1000);
    expect((await rowNames(bench))[0]).toMatch(/^#0 state/);
    await pressInList(bench, 'End');
    await expectToFollow(bench);

    await filter.fill('marker');
    await expect
      .poll(async () =>
        (await rowNames(bench)).every((name) => name.includes('marker') || lengthOf(name) > ROW_PREVIEW_BYTES),
      )
      .toBe(true);
    await expect.poll(async () => (await rowCounts(bench)).shown).toBeGreaterThan(10);
    await expectToFollow(bench);
    await pressInList(bench, 'Home');
    await expect(bench.row('in', 'data', 'marker 0')).toBeVisible();
    await filter.fill('len:>1');
    await expect.poll(async () => (await rowNames(bench)).length).toBeGreaterThan(10);
    await expect.poll(async () => (await rowNames(bench)).every((name) => lengthOf(name) > 1)).toBe(true);
    await filter.fill('');
    await bench.button('Follow').click();
    await expectToFollow(bench);

    // Another tab is written in, key by key.
    await bench.newSession('TCP client', '127.0.0.1:1');
    await bench.message.focus();
    await measureFrames(page, info, 'typing in another tab', () => typeByKey(page, info, 'the quick brown fox jumps'));
    await expect(bench.message).toHaveValue('the quick brown fox jumps');
    await bench.tab(server).click();
    await expectToFollow(bench);
    await expect.poll(async () => (await rowCounts(bench)).total, { timeout: 60_000 }).toBeGreaterThan(ROWS);

    const { bytes, writes, wasStopped } = await sender.stop();
    expect(wasStopped, 'it went on all the time').toBe(true);
    await expect(bench.status).toContainText(`0 connected of ${CONNECTIONS}`);
    await filter.fill('kind:close');
    await expect.poll(async () => (await rowCounts(bench)).shown).toBe(CONNECTIONS);
    expect((await closedBytes(bench)).reduce((sum, count) => sum + count, 0)).toBe(bytes);
    await filter.fill('kind:data');
    await expect.poll(async () => (await rowCounts(bench)).shown).toBeGreaterThan(CONNECTIONS);
    await expect(page.getByRole('progressbar', { name: 'Filter progress' })).toHaveCount(0);
    const reads = (await rowCounts(bench)).shown;
    expect(reads).toBeLessThanOrEqual(writes);
    const description = `${grouped(writes)} writes, ${grouped(bytes)} bytes, ${grouped(reads)} rows of data`;
    info.annotations.push({ type: 'rows', description });
    process.stdout.write(`      ${description}\n`);
  } finally {
    await sender.dispose();
  }
});
