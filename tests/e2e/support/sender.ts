/**
 * A program of its own that sends numbered messages to a TCP server over many
 * connections: one message a write and one write a turn, so that nearly every
 * message is read by itself.
 */
import { createConnection, type Socket } from 'node:net';
import { once } from 'node:events';
import { messageOf } from './numbered-messages.ts';

const [text = '', ...numbers] = process.argv.slice(2);
const [port = 0, most = 0, connections = 0, rate = 0] = numbers.map(Number);
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

function step(): void {
  const socket: Socket | undefined = sockets[writes % sockets.length];
  if (isStopped || writes === most || socket === undefined) {
    end();
  } else if (writes > ((performance.now() - begun) / 1000) * rate) {
    setTimeout(step, 1);
  } else {
    const message = messageOf(text, writes);
    writes += 1;
    bytes += message.length;
    if (socket.write(message)) setImmediate(step);
    else socket.once('drain', step);
  }
}

function end(): void {
  const ms = performance.now() - begun;
  for (const socket of sockets) socket.end();
  process.send?.({ writes, bytes, ms, wasStopped: isStopped }, () => {
    process.disconnect();
  });
}

step();
