/** P2: bytes per second that a recorded TCP session takes in, against `socat TCP → file`, from the same sender. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pinned } from './support/cores.ts';
import { temporaryFolder } from './support/folder.ts';
import { needProgram } from './support/programs.ts';
import type { Bench } from './support/ratio.ts';
import type { Figures } from './support/serve.ts';
import { BenchWorker } from './support/worker.ts';

/** Bytes of one measurement. */
const TOTAL = 1024 ** 3;

/** Of the sender: as much as Node reads at once. */
const SENDER_BYTES = 65_536;

const receiver = new URL('./workers/tcp-receiver.ts', import.meta.url);

/**
 * Sends TOTAL zero bytes and ends: `head` into `socat`, so that no Node is in
 * the sender. `retry`: the reference cannot say when it listens.
 */
async function sendTo(port: number): Promise<void> {
  const target = `TCP:127.0.0.1:${port},retry=50,interval=0.02`;
  const { command, args } = pinned('sender', 'sh', [
    '-c',
    `head -c ${TOTAL} /dev/zero | socat -u -b ${SENDER_BYTES} - ${target}`,
  ]);
  const sender = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  await once(sender, 'exit');
}

/** MB/s from the start of the sender until everything is in. Both sides pay for the start of the sender. */
async function rate(port: number, received: Promise<unknown>): Promise<Figures> {
  const started = performance.now();
  await Promise.all([sendTo(port), received]);
  return { rate: TOTAL / 1e6 / ((performance.now() - started) / 1000) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function recorded(worker: BenchWorker): Promise<Figures> {
  const port = await worker.figure('listen', {}, 'port');
  const received = worker.call('received', { bytes: TOTAL });
  const result = await rate(port, received);
  const { bytes, lost } = await received;
  if (bytes !== TOTAL) throw new Error(`the session recorded ${bytes} of ${TOTAL} bytes`);
  if (lost !== 0) throw new Error(`the session lost ${lost} records`);
  await worker.call('close');
  return result;
}

/** @param options of socat */
async function socatToFile(file: string, options: readonly string[]): Promise<Figures> {
  const port = await freePort();
  const listen = `TCP-LISTEN:${port},bind=127.0.0.1,reuseaddr`;
  const { command, args } = pinned('receiver', 'socat', ['-u', ...options, listen, `CREATE:${file}`]);
  const socat = spawn(command, args, { stdio: 'ignore' });
  const result = await rate(port, once(socat, 'exit'));
  const { size } = await stat(file);
  if (size !== TOTAL) throw new Error(`the reference wrote ${size} of ${TOTAL} bytes`);
  await rm(file);
  return result;
}

function bench(id: string, words: string, options: readonly string[]): Bench {
  return {
    rows: [{ id, title: `recorded TCP bytes/s ÷ ${words}`, figure: 'rate', unit: 'MB/s', target: { atLeast: 0.85 } }],
    async prepare() {
      needProgram('socat');
      const folder = await temporaryFolder();
      const worker = new BenchWorker(receiver, 'receiver');
      return {
        subject: () => recorded(worker),
        reference: () => socatToFile(join(folder.path, 'received'), options),
        async dispose() {
          await worker.stop();
          await folder.remove();
        },
      };
    },
  };
}

export const p2: readonly Bench[] = [
  bench('P2', 'socat TCP → file', []),
  // As large as Node's reads: the fastest that socat can be.
  bench('P2 64 KiB', 'socat -b 65536 TCP → file', ['-b', '65536']),
];
