/**
 * Sends many small messages to a server: one write for each message, by turns
 * to many connections, because the system may hand over two writes of one
 * connection at once but never those of two.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { numberOf, serveCalls } from '../support/serve.ts';

/** Messages between two looks at the clock or at what the system has not taken. */
const BATCH = 50;

let sockets: readonly Socket[] = [];
let isStopped = false;

/** A function, because it changes while somebody waits. */
function mayGoOn(): boolean {
  return !isStopped;
}

let written = 0;

function message(size: number): Buffer {
  return Buffer.alloc(size, 'The quick brown fox jumps over the lazy dog. ');
}

/** One message to each of the next connections; waits where the system does not take it. */
async function sendBatch(bytes: Buffer, most: number): Promise<void> {
  for (let left = Math.min(BATCH, most); left > 0; left -= 1) {
    const socket = sockets[written % sockets.length];
    written += 1;
    if (socket?.write(bytes) === false) await once(socket, 'drain');
  }
}

serveCalls({
  async connect(settings) {
    const port = numberOf(settings, 'port');
    sockets = Array.from({ length: numberOf(settings, 'connections') }, () => {
      return connect({ port, host: '127.0.0.1', noDelay: true });
    });
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    written = 0;
    return {};
  },

  /** At most `rate` messages a second for `seconds`. @returns what was really sent a second */
  async paced(settings) {
    const bytes = message(numberOf(settings, 'size'));
    const rate = numberOf(settings, 'rate');
    const total = rate * numberOf(settings, 'seconds');
    const before = written;
    const started = performance.now();
    while (written - before < total) {
      const due = Math.min(total, ((performance.now() - started) / 1000) * rate);
      if (written - before < due) await sendBatch(bytes, Math.ceil(due - (written - before)));
      else await pause(1);
    }
    return { sent: total, rate: total / ((performance.now() - started) / 1000) };
  },

  /** As many as the server takes, until `stop`. @returns how many */
  async flood(settings) {
    const bytes = message(numberOf(settings, 'size'));
    const most = numberOf(settings, 'messages');
    const before = written;
    isStopped = false;
    while (mayGoOn() && written - before < most) {
      await sendBatch(bytes, most - (written - before));
      // A turn for `stop`, and for the system to say what it has taken.
      await turn();
    }
    return { sent: written - before };
  },

  stop() {
    isStopped = true;
    return Promise.resolve({});
  },

  /** Ends all connections and waits until the server, which has read everything by then, has ended its side. */
  async end() {
    await Promise.all(
      sockets.map(async (socket) => {
        socket.resume();
        socket.end();
        if (!socket.closed) await once(socket, 'close');
      }),
    );
    sockets = [];
    return {};
  },
});
