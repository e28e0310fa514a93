/** P6: memory of all processes of the window at 10 million recorded messages, against the same window at 10 thousand. */
import { setTimeout as pause } from 'node:timers/promises';
import { memoryOf } from './support/processes.ts';
import type { Bench } from './support/ratio.ts';
import { openWindow, rowCount, rowsReach } from './support/window.ts';
import { BenchWorker } from './support/worker.ts';

const FEW = 10_000;
const MANY = 10_000_000;

/** Of the first messages, a second: some seconds in which the window does all that it ever does. */
const FEW_RATE = 2000;

/** One byte a message: what a message costs in memory, if it costs any, does not depend on its length. */
const MESSAGE_BYTES = 1;

/** So many that each is read by itself, and is a row of its own, also when all of them are always ready. */
const CONNECTIONS = 1000;

/** After this much quiet memory is read for the first time, and then once in LOOK_MS. */
const SETTLED_MS = 3000;
const LOOK_MS = 500;

/** Looks at 10 thousand: as many as there are pairs, with the one to warm up. */
const LOOKS = 6;

const sender = new URL('./workers/flood-sender.ts', import.meta.url);

export const p6: Bench = {
  rows: [
    {
      id: 'P6',
      title: 'memory of all processes at 10M messages ÷ at 10k',
      figure: 'memory',
      unit: 'MB',
      target: { atMost: 1.1 },
    },
  ],
  async prepare() {
    const window = await openWindow();
    const { workbench, pid } = window;
    const worker = new BenchWorker(sender, 'sender');
    const port = await workbench.listen('127.0.0.1:0', 'discard');
    await worker.call('connect', { port, connections: CONNECTIONS });
    await worker.call('paced', { size: MESSAGE_BYTES, rate: FEW_RATE, seconds: FEW / FEW_RATE });
    await rowsReach(workbench, FEW);
    await pause(SETTLED_MS);
    const few: number[] = [];
    while (few.length < LOOKS) {
      few.push(await memoryOf(pid));
      await pause(LOOK_MS);
    }
    const begun = performance.now();
    const flood = worker.call('flood', { size: MESSAGE_BYTES, messages: Number.MAX_SAFE_INTEGER });
    await rowsReach(workbench, MANY);
    const seconds = (performance.now() - begun) / 1000;
    await worker.call('stop');
    await flood;
    await pause(SETTLED_MS);
    const rows = await rowCount(workbench);
    let looks = 0;
    return {
      async subject() {
        await pause(LOOK_MS);
        return { memory: await memoryOf(pid) };
      },
      reference() {
        looks += 1;
        return Promise.resolve({ memory: few[(looks - 1) % few.length] ?? NaN });
      },
      remarks: () => [
        `${rows} rows in the end, ${Math.round(MANY / seconds)} a second; one window, looked at several times`,
      ],
      async dispose() {
        await worker.stop();
        await window.stop();
      },
    };
  },
};
