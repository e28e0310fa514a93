/** P4: a round trip of 64 bytes through a client session, against a bare `net` socket, to the same echo process. */
import type { Bench } from './support/ratio.ts';
import { BenchWorker } from './support/worker.ts';

const ROUNDS = 20_000;

const echo = new URL('./workers/echo.ts', import.meta.url);
const trips = new URL('./workers/round-trips.ts', import.meta.url);

export const p4: Bench = {
  rows: [
    {
      id: 'P4 p50',
      title: 'round trip through a client session ÷ bare net socket, median',
      figure: 'p50',
      unit: 'µs',
      target: { atMost: 1.15 },
    },
    {
      id: 'P4 p99',
      title: 'round trip through a client session ÷ bare net socket, 99th percentile',
      figure: 'p99',
      unit: 'µs',
      target: { atMost: 1.3 },
    },
  ],
  async prepare() {
    const server = new BenchWorker(echo, 'sender');
    const subject = new BenchWorker(trips, 'receiver');
    const reference = new BenchWorker(trips, 'receiver');
    const settings = { ...(await server.call('listen')), rounds: ROUNDS };
    return {
      subject: () => subject.call('recorded', settings),
      reference: () => reference.call('bare', settings),
      async dispose() {
        for (const worker of [subject, reference, server]) await worker.stop();
      },
    };
  },
};
