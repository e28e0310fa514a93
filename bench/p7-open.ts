/** P7: how long a recording takes to open, against a thousandth of it, and against tshark with the same packets. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pinned } from './support/cores.ts';
import { temporaryFolder } from './support/folder.ts';
import { writeCapture } from './support/pcap.ts';
import { needProgram } from './support/programs.ts';
import type { Bench } from './support/ratio.ts';
import type { Figures } from './support/serve.ts';
import { BenchWorker } from './support/worker.ts';

const LARGE = 10_000_000;
const SMALL = 10_000;
const CAPTURED = 1_000_000;

/** Openings of one measurement: each takes about a millisecond. */
const TIMES = 100;

const opener = new URL('./workers/opener.ts', import.meta.url);
const filler = new URL('./workers/filler.ts', import.meta.url);

/** @returns the folders of recordings with so many messages */
async function filled(parent: string, sizes: readonly number[]): Promise<readonly string[]> {
  const worker = new BenchWorker(filler, 'receiver');
  const folders = [];
  for (const messages of sizes) {
    const id = `20260101-000000-${String(messages).padStart(8, '0')}`;
    await worker.call('fill', { parent, messages, id });
    folders.push(join(parent, id));
  }
  await worker.stop();
  return folders;
}

const sizes: Bench = {
  rows: [
    {
      id: 'P7 size',
      title: 'opening a 10M-message recording ÷ a 10k-message one',
      figure: 'ms',
      unit: 'ms',
      target: { atMost: 1.5 },
    },
  ],
  async prepare() {
    const folder = await temporaryFolder();
    const [large = '', small = ''] = await filled(folder.path, [LARGE, SMALL]);
    const worker = new BenchWorker(opener, 'receiver');
    const open = async (path: string, messages: number): Promise<Figures> => {
      const figures = await worker.call('open', { folder: path, times: TIMES });
      if (figures.rows !== messages) throw new Error(`${figures.rows} of ${messages} rows are there`);
      return figures;
    };
    return {
      subject: () => open(large, LARGE),
      reference: () => open(small, SMALL),
      async dispose() {
        await worker.stop();
        await folder.remove();
      },
    };
  },
};

async function tshark(file: string): Promise<Figures> {
  const started = performance.now();
  const { command, args } = pinned('receiver', 'tshark', ['-r', file, '-q']);
  const child = spawn(command, args, { stdio: 'ignore' });
  await once(child, 'exit');
  if (child.exitCode !== 0) throw new Error(`tshark ended with exit code ${String(child.exitCode)}`);
  return { ms: performance.now() - started };
}

const captures: Bench = {
  rows: [
    {
      id: 'P7 tshark',
      title: 'opening a 1M-message recording ÷ tshark -r -q of the same 1M packets',
      figure: 'ms',
      unit: 'ms',
      target: { atMost: 0.01 },
    },
  ],
  async prepare() {
    needProgram('tshark');
    const folder = await temporaryFolder();
    const [recording = ''] = await filled(folder.path, [CAPTURED]);
    const capture = join(folder.path, 'messages.pcap');
    await writeCapture(capture, CAPTURED);
    const worker = new BenchWorker(opener, 'receiver');
    return {
      subject: () => worker.call('open', { folder: recording, times: TIMES }),
      reference: () => tshark(capture),
      async dispose() {
        await worker.stop();
        await folder.remove();
      },
    };
  },
};

export const p7: readonly Bench[] = [sizes, captures];
