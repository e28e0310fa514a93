/** The page's process dies, again and again, while a session runs: nothing of the session is lost, the window comes back. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { Bench } from '../support/bench.ts';
import { ElectronWindow as Window } from '../support/electron-window.ts';
import { receivedBytes } from '../support/recorded-bytes.ts';
import { expect, test } from '../support/test.ts';

/** How often. With WIREBENCH_KILLS=50 it takes some two minutes. */
const KILLS = Number(process.env.WIREBENCH_KILLS ?? '10');
const LINES_PER_SECOND = 200;

/** Sends numbered lines to whoever connects, until it is stopped. */
class Numbers {
  readonly server = createServer((socket) => {
    this.#socket = socket;
    socket.on('error', () => undefined);
    this.#timer = setInterval(() => {
      this.#send(10);
    }, 10_000 / LINES_PER_SECOND);
  });
  readonly hash = createHash('sha256');
  bytes = 0;
  lines = 0;
  #socket: Socket | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  async port(): Promise<number> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const place = this.server.address();
    return typeof place === 'object' && place !== null ? place.port : 0;
  }

  /** Sends no more, and ends the connection. */
  stop(): void {
    clearInterval(this.#timer);
    this.#socket?.end();
    this.server.close();
  }

  #send(count: number): void {
    let text = '';
    for (let line = 0; line < count; line += 1) text += `line ${this.lines++}\n`;
    this.hash.update(text);
    this.bytes += text.length;
    this.#socket?.write(text);
  }
}

/** Number of the newest line on the screen; -1 without one. */
function newestLine(text: string): number {
  return Math.max(-1, ...Array.from(text.matchAll(/line (\d+)/g), ([, number]) => Number(number)));
}

async function recordingIn(data: string): Promise<string> {
  const folder = join(data, 'recordings');
  const segment = (await readdir(folder, { recursive: true })).find((name) => name.endsWith('.wbr'));
  if (segment === undefined) throw new Error('there is no recording');
  return dirname(join(folder, segment));
}

test(`a session and its recording go on while the window is killed ${KILLS} times`, async ({ launcher }) => {
  test.setTimeout(60_000 + KILLS * 10_000);
  const numbers = new Numbers();
  const host = await launcher.start();
  const bench = new Bench(host.page);
  await bench.connect(`127.0.0.1:${await numbers.port()}`);
  await expect(bench.row('in', 'data', 'line').first()).toBeVisible();
  const window = new Window(host);
  const pids = new Set<number>();
  for (let kill = 0; kill < KILLS; kill += 1) {
    const pid = await window.pid();
    expect(pids.has(pid), 'another process each time').toBe(false);
    pids.add(pid);
    const before = numbers.lines;
    process.kill(pid, 'SIGKILL');
    // It is back, with its tab, the open session and rows that were not there before.
    await expect.poll(() => window.text().then(newestLine)).toBeGreaterThan(before);
    await expect.poll(() => window.text()).toContain('The window had crashed (killed)');
    await window.settle();
  }
  numbers.stop();
  await expect.poll(() => window.text()).toContain('closed');
  await host.stop();
  expect(await receivedBytes(await recordingIn(launcher.data))).toEqual({
    bytes: numbers.bytes,
    sha256: numbers.hash.digest('hex'),
    gaps: 0,
  });
});

test('a window that crashes three times in a row is not loaded again by itself', async ({ launcher }) => {
  const host = await launcher.start();
  const window = new Window(host);
  await expect(host.page.getByRole('heading', { name: 'Wirebench' })).toBeVisible();
  await window.answerDialogs(0);
  for (let crash = 0; crash < 2; crash += 1) {
    await window.crash();
    await expect.poll(() => window.text()).toContain('The window had crashed');
  }
  expect(await window.dialogs()).toEqual([]);
  await window.crash();
  // The person is asked, and wants it to be tried again.
  await expect.poll(() => window.dialogs()).toEqual(['The window has crashed several times within a minute.']);
  await expect.poll(() => window.text()).toContain('The window had crashed');
  await host.stop();
});
