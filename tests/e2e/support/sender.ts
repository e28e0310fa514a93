/**
 * A program of its own that sends numbered messages to a TCP server over many
 * connections by turns, one message a write, so that nearly every message is
 * read by itself.
 */
import { createConnection, type Socket } from 'node:net';
import { once } from 'node:events';
import { messageOf } from './numbered-messages.ts';

const [text = '', ...numbers] = process.argv.slice(2);
const [port = 0, most = 0, connections = 0, rate = 0] = numbers.map(Number);
/** Writes in a row, all to different connections, before the order to stop can come in. */
const TURN_WRITES = 100;

let writes = 0;
let bytes = 0;
let isStopped = false;
process.once('message', () => (isStopped = true));

const sockets = await Promise.all(
  Array.from({ length: connections }, async () => {
    const socket = createConnection(port, '127.0.0.1').setNoDelay(true);
    await once(socket, 'connect');
    return socket;
  }),
);
const begun = performance.now();

/** Writes until there is nothing to write at this moment. */
function step(): void {
  const due = Math.min(most, ((performance.now() - begun) / 1000) * rate);
  for (let turn = 0; turn < TURN_WRITES && writes < due; turn += 1) {
    const socket: Socket | undefined = sockets[writes % sockets.length];
    const message = messageOf(text, writes);
    writes += 1;
    bytes += message.length;
    if (socket?.write(message) === false) {
      socket.once('drain', step);
      return;
    }
  }
  if (isStopped || writes === most) end();
  else if (writes >= due) setTimeout(step, 1);
  else setImmediate(step);
}

function end(): void {
  const ms = performance.now() - begun;
  for (const socket of sockets) socket.end();
  process.send?.({ writes, bytes, ms, wasStopped: isStopped }, () => {
    process.disconnect();
  });
}

step();
