/**
 * A flood of tiny reads into a server in the real window: every read is a row,
 * and the window stays as usable as ever. Once is enough: the browser host
 * runs the same engine and the same window.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Locator } from '@playwright/test';
import { ROW_PREVIEW_BYTES } from '../../../src/shared/limits.ts';
import { grouped } from '../../../src/shared/describe.ts';
import type { Bench } from '../support/bench.ts';
import { measureFrames } from '../support/frames.ts';
import { expect, test } from '../support/test.ts';

/** Fewer than the recording keeps in memory (41 bytes each), so that the first row stays. */
const MOST_WRITES = 1_400_000;

/** Writes by turns to so many connections: two bytes of one connection may be read at once, of two never. */
const CONNECTIONS = 200;

/** Writes a second, of all connections together: slow enough that few bytes wait for each other, also on a busy machine. */
const WRITES_PER_SECOND = 30_000;

/** Rows that there are to be in the end. */
const ROWS = 200_000;

/** One byte a write and a write a turn, until its input ends; each thousandth write is a marker. */
const SENDER = `
const [port, most, connections, rate] = process.argv.slice(1).map(Number);
const sockets = Array.from({ length: connections }, () => require('node:net').connect(port, '127.0.0.1').setNoDelay(true));
let writes = 0, bytes = 0, isStopped = false, open = 0, begun = 0;
process.stdin.on('end', () => (isStopped = true)).resume();
function step() {
  if (isStopped || writes === most) {
    for (const socket of sockets) socket.end();
    console.log(bytes + ' ' + writes + ' ' + isStopped);
  } else if (writes > ((performance.now() - begun) / 1000) * rate) {
    setTimeout(step, 1);
  } else {
    const text = writes % 1000 === 0 ? 'marker ' + writes : String.fromCharCode(97 + (writes % 26));
    const socket = sockets[writes % connections];
    writes += 1;
    bytes += text.length;
    if (socket.write(text)) setImmediate(step);
    else socket.once('drain', step);
  }
}
for (const socket of sockets) {
  socket.once('connect', () => {
    open += 1;
    if (open < connections) return;
    begun = performance.now();
    step();
  });
}
`;

/** The sender, in a process of its own. */
class Sender {
  readonly #child;
  readonly #report: Promise<unknown[]>;

  constructor(port: number) {
    const args = [port, MOST_WRITES, CONNECTIONS, WRITES_PER_SECOND].map(String);
    this.#child = spawn(process.execPath, ['-e', SENDER, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#report = once(createInterface({ input: this.#child.stdout }), 'line');
  }

  /** @returns what it has sent, and whether it went on until now */
  async stop(): Promise<{ readonly bytes: number; readonly writes: number; readonly wasRunning: boolean }> {
    this.#child.stdin.end();
    const [line] = await this.#report;
    const [bytes, writes, wasRunning] = String(line).split(' ');
    return { bytes: Number(bytes), writes: Number(writes), wasRunning: wasRunning === 'true' };
  }

  async dispose(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}

function rowsOf(bench: Bench): Locator {
  return bench.messages.locator('[data-row]');
}

/** The names of the rows in the document, lowest number first: what a screen reader would say of them. */
async function names(bench: Bench): Promise<readonly string[]> {
  const found = await rowsOf(bench).evaluateAll((rows) =>
    rows.map((row) => ({ row: Number(row.getAttribute('data-row')), name: row.getAttribute('aria-label') ?? '' })),
  );
  return found.sort((left, right) => left.row - right.row).map(({ name }) => name);
}

/** Bytes of a row's payload; 0 when the name has none. */
function lengthOf(name: string): number {
  return Number(/ (\d+) bytes?/.exec(name)?.[1] ?? 0);
}

/** Number of the newest row in the document. */
async function newest(bench: Bench): Promise<number> {
  return Number(/^#(\d+)/.exec((await names(bench)).at(-1) ?? '')?.[1] ?? -1);
}

/** Rows of the session and of the view, from "3 of 10" above the list. */
async function counts(bench: Bench): Promise<{ readonly shown: number; readonly total: number }> {
  const text = await bench.page.getByText(/^(\d+ % · )?[\d\s]+ of [\d\s]+$/).textContent();
  const [shown, total] = (text ?? '').replace(/^\s*\d+ % ·/, '').split(' of ');
  const number = (digits = ''): number => Number(digits.replace(/\s/g, ''));
  return { shown: number(shown), total: number(total) };
}

/** The list goes on to newer rows, several times. */
async function expectToFollow(bench: Bench, times = 5): Promise<void> {
  await expect(bench.button('Follow')).toHaveAttribute('aria-pressed', 'true');
  for (let time = 0; time < times; time += 1) {
    const before = await newest(bench);
    await expect.poll(() => newest(bench), { intervals: [16] }).toBeGreaterThan(before);
  }
}

/** Bytes in, of every `close` row: they may be more than fit into the view. */
async function closedBytes(bench: Bench): Promise<readonly number[]> {
  const found = new Map<string, number>();
  await press(bench, 'Home');
  const look = async (): Promise<number> => {
    const closes = (await names(bench)).map((name) => /^#(\d+) close .*· ([\d ]+) B in/.exec(name));
    for (const close of closes) {
      if (close !== null) found.set(close[1] ?? '', Number(close[2]?.replaceAll(' ', '')));
    }
    // Rows that are still on their way are waited for.
    if (!closes.includes(null)) await press(bench, 'PageDown');
    return found.size;
  };
  await expect.poll(look, { intervals: [16] }).toBe(CONNECTIONS);
  return [...found.values()];
}

async function press(bench: Bench, key: string): Promise<void> {
  await bench.messages.focus();
  await bench.page.keyboard.press(key);
}

test('hundreds of thousands of one-byte reads leave the window usable and are all counted', async ({ bench }, info) => {
  const { page } = bench;
  const filter = page.getByRole('searchbox', { name: 'Filter messages' });
  const port = await bench.listen('127.0.0.1:0', 'discard');
  const server = `TCP server 127.0.0.1:${port}`;
  const sender = new Sender(port);
  try {
    await expect.poll(async () => (await counts(bench)).total).toBeGreaterThan(1000);
    await measureFrames(page, info, 'following the tail', () => expectToFollow(bench, 40));

    // The first row stays the first, however much comes after it.
    await press(bench, 'Home');
    await expect(bench.row('none', 'state', 'idle')).toBeVisible();
    await expect(bench.button('Follow')).toHaveAttribute('aria-pressed', 'false');
    const { total } = await counts(bench);
    await expect.poll(async () => (await counts(bench)).total).toBeGreaterThan(total + 1000);
    expect((await names(bench))[0]).toMatch(/^#0 state/);
    await press(bench, 'End');
    await expectToFollow(bench);

    await filter.fill('marker');
    await expect
      .poll(async () =>
        (await names(bench)).every((name) => name.includes('marker') || lengthOf(name) > ROW_PREVIEW_BYTES),
      )
      .toBe(true);
    await expect.poll(async () => (await counts(bench)).shown).toBeGreaterThan(10);
    await expectToFollow(bench);
    await press(bench, 'Home');
    await expect(bench.row('in', 'data', 'marker 0')).toBeVisible();
    await filter.fill('len:>1');
    await expect.poll(async () => (await names(bench)).length).toBeGreaterThan(10);
    await expect.poll(async () => (await names(bench)).every((name) => lengthOf(name) > 1)).toBe(true);
    await filter.fill('');
    await bench.button('Follow').click();
    await expectToFollow(bench);

    // Another tab is written in, key by key.
    await bench.newSession('TCP client', '127.0.0.1:1');
    await bench.message.focus();
    await measureFrames(page, info, 'typing in another tab', () => page.keyboard.type('the quick brown fox jumps'));
    await expect(bench.message).toHaveValue('the quick brown fox jumps');
    await bench.tab(server).click();
    await expectToFollow(bench);
    await expect.poll(async () => (await counts(bench)).total, { timeout: 60_000 }).toBeGreaterThan(ROWS);

    const { bytes, writes, wasRunning } = await sender.stop();
    expect(wasRunning, 'it went on all the time').toBe(true);
    await expect(bench.status).toContainText(`0 connected of ${CONNECTIONS}`);
    await filter.fill('kind:close');
    await expect.poll(async () => (await counts(bench)).shown).toBe(CONNECTIONS);
    expect((await closedBytes(bench)).reduce((sum, count) => sum + count, 0)).toBe(bytes);
    await filter.fill('kind:data');
    await expect.poll(async () => (await counts(bench)).shown).toBeGreaterThan(CONNECTIONS);
    await expect(page.getByRole('progressbar', { name: 'Filter progress' })).toHaveCount(0);
    const reads = (await counts(bench)).shown;
    expect(reads).toBeLessThanOrEqual(writes);
    const description = `${grouped(writes)} writes, ${grouped(bytes)} bytes, ${grouped(reads)} rows of data`;
    info.annotations.push({ type: 'rows', description });
    process.stdout.write(`      ${description}\n`);
  } finally {
    await sender.dispose();
  }
});
