/** P3: how long frames take while 50,000 messages a second come into the visible tab, against the same window idle. */
import { setTimeout as pause } from 'node:timers/promises';
import { percentile, type Bench } from './support/ratio.ts';
import { frameTimes, openWindow, recorded, rowCount } from './support/window.ts';
import { BenchWorker } from './support/worker.ts';

const MESSAGES_PER_SECOND = 50_000;
const MESSAGE_BYTES = 64;

/** So many that two messages of one of them are 20 ms apart: each is read by itself, and is a row of its own. */
const CONNECTIONS = 1000;

/** Of one measurement. */
const SECONDS = 5;

/** At both ends of the traffic frames are not counted: only its middle is even. */
const EDGE_MS = 500;

const sender = new URL('./workers/flood-sender.ts', import.meta.url);

export const p3Frames: Bench = {
  rows: [
    {
      id: 'P3 frames',
      title: `frame time p95 with ${MESSAGES_PER_SECOND} msg/s in the visible tab ÷ idle`,
      figure: 'p95',
      unit: 'ms',
      target: { atMost: 1.2 },
    },
  ],
  async prepare() {
    const window = await openWindow();
    const { workbench } = window;
    const worker = new BenchWorker(sender, 'sender');
    const port = await workbench.listen('127.0.0.1:0', 'discard');
    await worker.call('connect', { port, connections: CONNECTIONS });
    const reached: number[] = [];
    let sent = 0;
    let longest = 0;
    const frames = async (): Promise<{ p95: number }> => {
      await pause(EDGE_MS);
      const times = await frameTimes(workbench.page, SECONDS * 1000 - 2 * EDGE_MS);
      longest = Math.max(longest, ...times);
      return { p95: percentile(times, 0.95) };
    };
    return {
      async subject() {
        const before = await rowCount(workbench);
        const paced = { size: MESSAGE_BYTES, rate: MESSAGES_PER_SECOND, seconds: SECONDS };
        const [{ sent: messages = 0, rate = 0 }, figures] = await Promise.all([worker.call('paced', paced), frames()]);
        sent += messages;
        const seconds = messages / rate;
        await pause(EDGE_MS);
        reached.push(((await rowCount(workbench)) - before) / seconds);
        return figures;
      },
      reference: () => frames(),
      async remarks() {
        const { messages, bytes, lost } = await recorded(window);
        if (lost > 0 || bytes !== sent * MESSAGE_BYTES) {
          throw new Error(`${bytes} of ${sent * MESSAGE_BYTES} bytes are in the recording, ${lost} records were lost`);
        }
        const [least, most] = [Math.min(...reached), Math.max(...reached)].map(Math.round);
        return [
          `${least} to ${most} rows a second; longest frame ${longest.toFixed(1)} ms`,
          `${sent} messages sent, every byte in the recording, as ${messages} rows: TCP joins messages that wait`,
        ];
      },
      async dispose() {
        await worker.stop();
        await window.stop();
      },
    };
  },
};
