/** P11: from the start of the process until the window can be used, and its memory, against an empty Electron window. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { useElectron } from './support/electron.ts';
import { temporaryFolder } from './support/folder.ts';
import { memoryOf } from './support/processes.ts';
import type { Bench } from './support/ratio.ts';
import type { Figures } from './support/serve.ts';

const root = join(import.meta.dirname, '..');

/** In the page once the workspace has been loaded and every control works. */
const WELCOME = 'main.welcome';

/** After this, memory is read: what starting has left behind is gone by then. */
const SETTLED_MS = 2000;

/** @param app folder or script of the application */
async function launch(app: string, selector: string): Promise<Figures> {
  const electron = await useElectron();
  const folder = await temporaryFolder();
  const watch = join(import.meta.dirname, 'electron', 'watch-start.cjs');
  const args = [...electron.args, `--user-data-dir=${folder.path}`, '-r', watch, app];
  const env = { ...electron.env, WIREBENCH_BENCH_SELECTOR: selector };
  const started = Date.now();
  const child = spawn(electron.binary, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'exit');
  try {
    const ms = (await interactiveAt(child.stdout)) - started;
    await pause(SETTLED_MS);
    return { ms, memory: await memoryOf(child.pid ?? 0) };
  } finally {
    child.kill();
    await ended;
    await folder.remove();
  }
}

async function interactiveAt(output: NodeJS.ReadableStream): Promise<number> {
  for await (const line of createInterface({ input: output })) {
    const at = /^bench: interactive (\d+)$/.exec(line)?.[1];
    if (at !== undefined) return Number(at);
  }
  throw new Error('the window never became interactive');
}

export const p11: Bench = {
  rows: [
    {
      id: 'P11 start',
      title: 'start to interactive ÷ empty Electron window ready-to-show',
      figure: 'ms',
      unit: 'ms',
      target: { atMost: 1.35 },
    },
    {
      id: 'P11 memory',
      title: 'memory of all processes ÷ empty Electron window',
      figure: 'memory',
      unit: 'MB',
      target: { atMost: 1.5 },
    },
  ],
  async prepare() {
    await useElectron();
    return {
      subject: () => launch(root, WELCOME),
      reference: () => launch(join(import.meta.dirname, 'electron', 'empty.cjs'), 'body'),
      dispose: () => Promise.resolve(),
    };
  },
};
