/** P14: how long the recording of a killed process takes to open for the first time, against one that was closed. */
import { join } from 'node:path';
import { temporaryFolder } from './support/folder.ts';
import type { Bench } from './support/ratio.ts';
import { BenchWorker } from './support/worker.ts';

const MESSAGES = 500_000;

/** Copies that are opened in one measurement. */
const TIMES = 5;

const KILLED = '20260101-000000-00000001';
const CLOSED = '20260101-000000-00000002';

const opener = new URL('./workers/opener.ts', import.meta.url);
const filler = new URL('./workers/filler.ts', import.meta.url);

export const p14: Bench = {
  rows: [
    {
      id: 'P14',
      title: 'first opening after kill -9 ÷ opening what was closed',
      figure: 'ms',
      unit: 'ms',
      target: { atMost: 2 },
    },
  ],
  async prepare() {
    const folder = await temporaryFolder();
    const parent = folder.path;
    const writer = new BenchWorker(filler, 'receiver');
    await writer.call('fill', { parent, messages: MESSAGES, id: CLOSED });
    await writer.call('fillAndStay', { parent, messages: MESSAGES, id: KILLED });
    await writer.kill();
    const worker = new BenchWorker(opener, 'receiver');
    const scratch = join(parent, 'scratch');
    let kept = 0;
    return {
      async subject() {
        const figures = await worker.call('openCopies', { folder: join(parent, KILLED), scratch, times: TIMES });
        if (figures.whole !== 0) throw new Error('the recording of the killed process looks as if it had been closed');
        kept = figures.rows ?? 0;
        return figures;
      },
      reference: () => worker.call('openCopies', { folder: join(parent, CLOSED), scratch, times: TIMES }),
      remarks: () => [`of ${MESSAGES} messages, ${kept} rows had reached the system when it was killed`],
      async dispose() {
        await worker.stop();
        await folder.remove();
      },
    };
  },
};
