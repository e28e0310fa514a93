/** Round trips of 64 bytes to an echo server: through a client session that records, and with a bare socket. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { percentile } from '../support/ratio.ts';
import { numberOf, serveCalls, textOf, type Figures, type Settings } from '../support/serve.ts';
import { openSession, type HeardSession } from '../support/session.ts';

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

function isWebSocket(settings: Settings): boolean {
  return textOf(settings, 'protocol') === 'ws';
}

function openTo(settings: Settings): Promise<HeardSession> {
  const address = `127.0.0.1:${numberOf(settings, 'port')}`;
  return isWebSocket(settings)
    ? openSession('websocket-client', `ws://${address}/`, { deflate: false })
    : openSession('tcp-client', address, { setNoDelay: true });
}

async function bareSocket(settings: Settings): Promise<Figures> {
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
}

async function bareWebSocket(settings: Settings): Promise<Figures> {
  const socket = new WebSocket(`ws://127.0.0.1:${numberOf(settings, 'port')}/`, { perMessageDeflate: false });
  await once(socket, 'open');
  const figures = await roundTrips(
    numberOf(settings, 'rounds'),
    () =>
      new Promise((resolve) => {
        socket.once('message', resolve);
        socket.send(bytes);
      }),
  );
  socket.terminate();
  return figures;
}

serveCalls({
  async recorded(settings) {
    const { session, next, dispose } = await openTo(settings);
    const kind = isWebSocket(settings) ? 'binary' : 'data';
    const figures = await roundTrips(numberOf(settings, 'rounds'), () => {
      const answered = next(kind, 'in');
      void session.send(null, { type: 'bytes', bytes }, null, kind);
      return answered;
    });
    await dispose();
    return figures;
  },

  bare: (settings) => (isWebSocket(settings) ? bareWebSocket(settings) : bareSocket(settings)),
});
