/** P3: messages per second that are recorded while the window shows them, against the same engine without any window. */
import type { Bench } from './support/ratio.ts';
import { startHeadless } from './support/headless.ts';
import type { Figures } from './support/serve.ts';
import { openWindow } from './support/window.ts';
import { BenchWorker } from './support/worker.ts';

/** Of one measurement: some seconds. */
const MESSAGES = 300_000;
const MESSAGE_BYTES = 64;
const CONNECTIONS = 1000;

const sender = new URL('./workers/flood-sender.ts', import.meta.url);

/** As fast as the server reads, until it has read everything and closed every connection. */
async function flood(worker: BenchWorker, port: number): Promise<Figures> {
  await worker.call('connect', { port, connections: CONNECTIONS });
  const started = performance.now();
  await worker.call('flood', { size: MESSAGE_BYTES, messages: MESSAGES });
  await worker.call('end');
  return { rate: MESSAGES / ((performance.now() - started) / 1000) };
}

export const p3Rate: Bench = {
  rows: [
    {
      id: 'P3 rate',
      title: 'messages/s recorded with the window ÷ without, as many as come',
      figure: 'rate',
      unit: 'messages/s',
      target: { atLeast: 0.9 },
    },
  ],
  async prepare() {
    const window = await openWindow();
    const port = await window.workbench.listen('127.0.0.1:0', 'discard');
    const headless = await startHeadless({ behaviour: 'discard' });
    const worker = new BenchWorker(sender, 'sender');
    return {
      subject: () => flood(worker, port),
      reference: () => flood(worker, headless.port),
      async dispose() {
        await worker.stop();
        await headless.stop();
        await window.stop();
      },
    };
  },
};
