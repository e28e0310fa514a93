/** P4: a round trip of 64 bytes through a client session, against a bare `net` socket, to the same echo process. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { Row } from './ratio.ts';
import { openSession } from './session.ts';

const ROUNDS = 5000;
const echoServer = `
  const server = require('node:net').createServer({ noDelay: true }, (socket) => socket.pipe(socket));
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

async function startEcho(): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, ['-e', echoServer], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) return { child, port: Number(line) };
  throw new Error('the echo process ended');
}

/** The given percentile of many round trips, in microseconds. */
async function roundTrips(trip: () => Promise<unknown>, share: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    await trip();
    times.push((performance.now() - started) * 1000);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length * share)] ?? NaN;
}

function row(id: string, name: string, share: number, atMost: number): Row {
  return {
    id,
    title: `${name} round trip through a client session ÷ bare net socket`,
    target: { atMost },
    unit: 'µs',
    async prepare() {
      const { child, port } = await startEcho();
      const { session, next } = await openSession('tcp-client', `127.0.0.1:${port}`, { setNoDelay: true });
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      await once(socket, 'connect');
      const bytes = new Uint8Array(64).fill(0x61);
      return {
        subject: () =>
          roundTrips(() => {
            const answered = next('data', 'in');
            void session.send(null, { type: 'bytes', bytes }, null);
            return answered;
          }, share),
        reference: () =>
          roundTrips(
            () =>
              new Promise((resolve) => {
                socket.once('data', resolve);
                socket.write(bytes);
              }),
            share,
          ),
        async dispose() {
          socket.destroy();
          await session.dispose();
          child.kill();
        },
      };
    },
  };
}

export const p4Median = row('P4 p50', 'median', 0.5, 1.15);
export const p4Tail = row('P4 p99', '99th percentile', 0.99, 1.3);
