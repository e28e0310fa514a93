/** P4: a round trip of 64 bytes through a client session, against a bare socket, to the same echo process. */
import type { Bench } from './support/ratio.ts';
import { BenchWorker } from './support/worker.ts';

const ROUNDS = 20_000;

const echo = new URL('./workers/echo.ts', import.meta.url);
const trips = new URL('./workers/round-trips.ts', import.meta.url);

/** @param protocol what is asked of the workers: `tcp` or `ws` */
function bench(id: string, protocol: 'tcp' | 'ws', words: string): Bench {
  return {
    rows: [
      {
        id: `${id} p50`,
        title: `round trip through ${words}, median`,
        figure: 'p50',
        unit: 'µs',
        target: { atMost: 1.15 },
      },
      {
        id: `${id} p99`,
        title: `round trip through ${words}, 99th percentile`,
        figure: 'p99',
        unit: 'µs',
        target: { atMost: 1.3 },
      },
    ],
    async prepare() {
      const server = new BenchWorker(echo, 'sender');
      const subject = new BenchWorker(trips, 'receiver');
      const reference = new BenchWorker(trips, 'receiver');
      const settings = { ...(await server.call('listen', { protocol })), protocol, rounds: ROUNDS };
      return {
        subject: () => subject.call('recorded', settings),
        reference: () => reference.call('bare', settings),
        async dispose() {
          for (const worker of [subject, reference, server]) await worker.stop();
        },
      };
    },
  };
}

export const p4: readonly Bench[] = [
  bench('P4', 'tcp', 'a client session ÷ bare net socket'),
  bench('P4 ws', 'ws', 'a WebSocket client session ÷ bare ws client'),
];
