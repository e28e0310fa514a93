/** P2: bytes per second that a recorded TCP session takes in, against `socat TCP → file`, from the same sender. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Row } from './ratio.ts';
import { openSession } from './session.ts';

/** Bytes of one measurement. */
const TOTAL = 1024 ** 3;

/**
 * Sends TOTAL zero bytes and ends: `head` into `socat`, so that no Node is in
 * the sender. `retry`: the reference cannot say when it listens.
 */
async function sendTo(port: number): Promise<void> {
  const target = `TCP:127.0.0.1:${port},retry=50,interval=0.02`;
  const sender = spawn('sh', ['-c', `head -c ${TOTAL} /dev/zero | socat -u -b 262144 - ${target}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await once(sender, 'exit');
}

/** MB/s from the start of the sender until everything is in. Both sides pay for the start of the sender. */
async function rate(port: number, received: Promise<unknown>): Promise<number> {
  const started = performance.now();
  await Promise.all([sendTo(port), received]);
  return TOTAL / 1e6 / ((performance.now() - started) / 1000);
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

async function recorded(): Promise<number> {
  const { session, next } = await openSession('tcp-server', '127.0.0.1:0');
  const port = Number(session.status([]).local?.split(':')[1]);
  const result = await rate(port, next('end', 'in'));
  const { bytesIn } = session.status([]).counters;
  if (bytesIn !== TOTAL) throw new Error(`the session recorded ${bytesIn} of ${TOTAL} bytes`);
  await session.dispose();
  return result;
}

async function socatToFile(file: string): Promise<number> {
  const port = await freePort();
  const listen = `TCP-LISTEN:${port},bind=127.0.0.1,reuseaddr`;
  const receiver = spawn('socat', ['-u', '-b', '262144', listen, `CREATE:${file}`], { stdio: 'ignore' });
  const result = await rate(port, once(receiver, 'exit'));
  const { size } = await stat(file);
  if (size !== TOTAL) throw new Error(`the reference wrote ${size} of ${TOTAL} bytes`);
  await rm(file);
  return result;
}

export const p2: Row = {
  id: 'P2',
  title: 'recorded TCP bytes/s ÷ socat TCP → file',
  target: { atLeast: 0.85 },
  unit: 'MB/s',
  prepare() {
    try {
      execFileSync('socat', ['-V'], { stdio: 'ignore' });
    } catch {
      throw new Error('P2 needs socat. On Debian: apt-get install socat');
    }
    const file = join(tmpdir(), `wirebench-bench-${process.pid}.bin`);
    return Promise.resolve({
      subject: recorded,
      reference: () => socatToFile(file),
      dispose: () => rm(file, { force: true }),
    });
  },
};
