/** P2: bytes per second that a recorded TCP session takes in, against `socat TCP → file`, from the same sender. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pinned, type Place } from './support/cores.ts';
import { temporaryFolder } from './support/folder.ts';
import { needProgram } from './support/programs.ts';
import type { Bench, Row } from './support/ratio.ts';
import type { Figures } from './support/serve.ts';
import { BenchWorker } from './support/worker.ts';

/** Bytes of one measurement. */
const TOTAL = 1024 ** 3;

/** Of the sender, in one write: as much as Node reads at once. */
const SENDER_BYTES = 65_536;

/** Where `socat` says where it listens. */
const LISTENING = / listening on AF=2 127\.0\.0\.1:(\d+)$/;

const receiver = new URL('./workers/tcp-receiver.ts', import.meta.url);

const sender = `head -c ${TOTAL} /dev/zero | exec socat -d -d -u -b ${SENDER_BYTES} -`;

interface Running {
  readonly port: number;
  readonly ended: Promise<unknown>;
}

function run(place: Place, command: string, args: readonly string[]): ChildProcess {
  const there = pinned(place, command, args);
  return spawn(there.command, there.args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Resolves when it listens; its further words are read and forgotten. */
async function listening(child: ChildProcess): Promise<Running> {
  const ended = once(child, 'exit');
  const { stderr } = child;
  if (stderr === null) throw new Error('no output');
  const port = await new Promise<number>((resolve, reject) => {
    const lines = createInterface({ input: stderr });
    lines.on('line', (line) => {
      const found = LISTENING.exec(line)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    lines.once('close', () => {
      reject(new Error('socat does not listen'));
    });
  });
  return { port, ended };
}

/** Zero bytes to whoever connects, from `head` and `socat`, so that no Node is in the sender. */
function serveBytes(): Promise<Running> {
  return listening(run('sender', 'sh', ['-c', `${sender} TCP-LISTEN:0,bind=127.0.0.1`]));
}

/** MB/s of what `receive` does, until the sender is gone, too. */
async function rate(receive: () => Promise<unknown>, sent: Promise<unknown>): Promise<Figures> {
  const started = performance.now();
  await Promise.all([receive(), sent]);
  return { rate: TOTAL / 1e6 / ((performance.now() - started) / 1000) };
}

async function checkRecorded(received: Promise<Figures>): Promise<void> {
  const { bytes, lost } = await received;
  if (bytes !== TOTAL) throw new Error(`the session recorded ${bytes} of ${TOTAL} bytes`);
  if (lost !== 0) throw new Error(`the session lost ${lost} records`);
}

async function recordedClient(worker: BenchWorker): Promise<Figures> {
  const { port, ended } = await serveBytes();
  const receive = async (): Promise<void> => {
    await worker.call('connect', { port });
    await checkRecorded(worker.call('received', { bytes: TOTAL }));
  };
  const result = await rate(receive, ended);
  await worker.call('close');
  return result;
}

async function recordedServer(worker: BenchWorker): Promise<Figures> {
  const port = await worker.figure('listen', {}, 'port');
  const started = run('sender', 'sh', ['-c', `${sender} TCP:127.0.0.1:${port}`]);
  started.stderr?.resume();
  const result = await rate(() => checkRecorded(worker.call('received', { bytes: TOTAL })), once(started, 'exit'));
  await worker.call('close');
  return result;
}

/** `socat` that writes what it gets to a file. @param options of socat */
async function socatClient(file: string, options: readonly string[]): Promise<Figures> {
  const { port, ended } = await serveBytes();
  const receive = async (): Promise<void> => {
    const socat = run('receiver', 'socat', ['-u', ...options, `TCP:127.0.0.1:${port}`, `CREATE:${file}`]);
    socat.stderr?.resume();
    await once(socat, 'exit');
  };
  return checkFile(file, await rate(receive, ended));
}

async function socatServer(file: string): Promise<Figures> {
  const to = run('receiver', 'socat', ['-d', '-d', '-u', 'TCP-LISTEN:0,bind=127.0.0.1', `CREATE:${file}`]);
  const { port, ended } = await listening(to);
  const started = run('sender', 'sh', ['-c', `${sender} TCP:127.0.0.1:${port}`]);
  started.stderr?.resume();
  return checkFile(file, await rate(() => ended, once(started, 'exit')));
}

async function checkFile(file: string, result: Figures): Promise<Figures> {
  const { size } = await stat(file);
  if (size !== TOTAL) throw new Error(`the reference wrote ${size} of ${TOTAL} bytes`);
  await rm(file);
  return result;
}

function bench(
  id: string,
  words: string,
  target: Row['target'],
  recorded: (worker: BenchWorker) => Promise<Figures>,
  reference: (file: string) => Promise<Figures>,
): Bench {
  return {
    rows: [{ id, title: `recorded TCP bytes/s ÷ ${words}`, figure: 'rate', unit: 'MB/s', target }],
    async prepare() {
      needProgram('socat');
      const folder = await temporaryFolder();
      const worker = new BenchWorker(receiver, 'receiver');
      return {
        subject: () => recorded(worker),
        reference: () => reference(join(folder.path, 'received')),
        async dispose() {
          await worker.stop();
          await folder.remove();
        },
      };
    },
  };
}

const target = { atLeast: 0.85 };

export const p2: readonly Bench[] = [
  bench('P2', 'socat TCP → file', target, recordedClient, (file) => socatClient(file, [])),
  bench('P2 server', 'socat TCP-LISTEN → file', target, recordedServer, socatServer),
  // As large as Node's reads: the fastest that socat can be.
  bench('P2 64 KiB', 'socat -b 65536 TCP → file', null, recordedClient, (file) => socatClient(file, ['-b', '65536'])),
];
