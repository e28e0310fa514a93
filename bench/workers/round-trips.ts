/** Round trips of 64 bytes to an echo server: through a client session that records, and with a bare socket. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { percentile } from '../support/ratio.ts';
import { numberOf, serveCalls, type Figures } from '../support/serve.ts';
import { openSession } from '../support/session.ts';

const bytes = new Uint8Array(64).fill(0x61);

/** Percentiles of many round trips, in microseconds. */
async function roundTrips(rounds: number, trip: () => Promise<unknown>): Promise<Figures> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    await trip();
    times.push((performance.now() - started) * 1000);
  }
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

serveCalls({
  async recorded(settings) {
    const address = `127.0.0.1:${numberOf(settings, 'port')}`;
    const { session, next, dispose } = await openSession('tcp-client', address, { setNoDelay: true });
    const figures = await roundTrips(numberOf(settings, 'rounds'), () => {
      const answered = next('data', 'in');
      void session.send(null, { type: 'bytes', bytes }, null);
      return answered;
    });
    await dispose();
    return figures;
  },

  async bare(settings) {
    const socket = connect({ port: numberOf(settings, 'port'), host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    const figures = await roundTrips(
      numberOf(settings, 'rounds'),
      () =>
        new Promise((resolve) => {
          socket.once('data', resolve);
          socket.write(bytes);
        }),
    );
    socket.destroy();
    return figures;
  },
});
