/**
 * Starts the real thing, twice: the built window in Electron, or the same
 * window in Chromium against the browser host. Each test gets its own user
 * data folder, so that nothing is remembered from another one.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { _electron, chromium, type ElectronApplication, type Page } from '@playwright/test';

const root = join(import.meta.dirname, '../../..');

/** Every launch has a limit: a runtime that cannot start sometimes waits in a dialog that nobody sees. */
const LAUNCH_MS = 30_000;

export interface Host {
  readonly page: Page;
  /** Ids of the processes that make up the workbench, the one with the engine first. */
  readonly enginePid: number;
  /** Electron itself, for what only its main process knows; null in a browser. */
  readonly electron: ElectronApplication | null;
  /** What the page wrote to its console as a warning or an error, and what it threw. */
  readonly complaints: readonly string[];
  /** Ends the workbench, keeping its user data. */
  stop(): Promise<void>;
}

export interface Launcher {
  /** Folder of the user data, the same for every start of one test. */
  readonly data: string;
  /** @param given files and links that Electron is started with */
  start(given?: readonly string[]): Promise<Host>;
  /** Ends what still runs and removes the user data. */
  dispose(): Promise<void>;
}

function need(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run the end-to-end tests by npm run e2e or npm test`);
  return value;
}

const sandbox = process.env.WIREBENCH_NO_SANDBOX === '1' ? ['--no-sandbox'] : [];

function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  return complaints;
}

async function startElectron(data: string, given: readonly string[]): Promise<Host> {
  // By folder, not by executablePath: only then does Playwright load its own script first, which holds the
  // application back until it has attached. Else a busy machine now and then misses the window.
  process.env.ELECTRON_OVERRIDE_DIST_PATH = dirname(need('WIREBENCH_ELECTRON'));
  const app = await _electron.launch({
    args: [...sandbox, `--user-data-dir=${data}`, root, ...given],
    timeout: LAUNCH_MS,
  });
  const page = await app.firstWindow();
  const complaints = listen(page);
  return {
    page,
    complaints,
    enginePid: app.process().pid ?? 0,
    electron: app,
    stop: () => app.close(),
  };
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the browser host has no standard output');
  for await (const line of createInterface({ input: child.stdout })) {
    const found = /http:\/\/\S+/.exec(line);
    if (found !== null) return found[0];
  }
  throw new Error('the browser host ended without printing its address');
}

async function startBrowser(data: string): Promise<Host> {
  const child = spawn(process.execPath, [join(root, 'out/main/web-host.cjs'), '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await addressOf(child);
  const browser = await chromium.launch({
    executablePath: need('WIREBENCH_CHROMIUM'),
    args: [...sandbox, '--disable-quic', '--disable-background-networking'],
    timeout: LAUNCH_MS,
  });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const complaints = listen(page);
  await page.goto(url);
  return {
    page,
    complaints,
    enginePid: child.pid ?? 0,
    electron: null,
    async stop() {
      await browser.close();
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

export async function makeLauncher(kind: string): Promise<Launcher> {
  const data = await mkdtemp(join(tmpdir(), 'wirebench-e2e-'));
  const running = new Set<Host>();
  return {
    data,
    async start(given = []) {
      const host = kind === 'browser' ? await startBrowser(data) : await startElectron(data, given);
      const tracked: Host = {
        ...host,
        async stop() {
          if (!running.delete(tracked)) return;
          await host.stop();
        },
      };
      running.add(tracked);
      return tracked;
    },
    async dispose() {
      for (const host of [...running]) await host.stop();
      await rm(data, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
