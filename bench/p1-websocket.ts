/** P1: messages per second that a recorded WebSocket client session takes in, against a bare `ws` client that counts. */
import type { Bench } from './support/ratio.ts';
import { BenchWorker } from './support/worker.ts';

const sender = new URL('./workers/ws-sender.ts', import.meta.url);
const receiver = new URL('./workers/ws-receiver.ts', import.meta.url);

/**
 * @param messages of one measurement: about two seconds
 * @param deflate permessage-deflate is agreed on, and every message is compressed
 */
function bench(id: string, size: number, messages: number, deflate: boolean): Bench {
  const words = deflate ? `${size} B with permessage-deflate` : `${size} B`;
  return {
    rows: [
      {
        id,
        title: `recorded WebSocket messages/s of ${words} ÷ bare ws client`,
        figure: 'rate',
        unit: 'messages/s',
        target: { atLeast: 0.8 },
      },
    ],
    async prepare() {
      const from = new BenchWorker(sender, 'sender');
      const subject = new BenchWorker(receiver, 'receiver');
      const reference = new BenchWorker(receiver, 'receiver');
      const compressed = deflate ? 1 : 0;
      const served = { ...(await from.call('listen', { size, messages, compressed })), compressed };
      return {
        subject: () => subject.call('recorded', served),
        reference: () => reference.call('bare', served),
        async dispose() {
          for (const worker of [subject, reference, from]) await worker.stop();
        },
      };
    },
  };
}

export const p1: readonly Bench[] = [
  bench('P1 100 B', 100, 3_000_000, false),
  bench('P1 1 KB', 1024, 1_000_000, false),
  bench('P1 deflate', 1024, 100_000, true),
];
