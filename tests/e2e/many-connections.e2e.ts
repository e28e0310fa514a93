import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { expect, test } from './support/test.ts';

const CONNECTIONS = 200;

test('a server with 200 connections sends one message that all of them receive', async ({ bench }) => {
  const port = await bench.listen();
  const sockets: Socket[] = [];
  const received: string[] = [];
  try {
    for (let index = 0; index < CONNECTIONS; index += 1) {
      const socket = connect(port, '127.0.0.1');
      sockets.push(socket);
      received.push('');
      socket.on('data', (chunk: Buffer) => {
        received[index] = (received[index] ?? '') + chunk.toString();
      });
      await once(socket, 'connect');
    }
    await expect(bench.status).toContainText(`${CONNECTIONS} connected of ${CONNECTIONS}`);
    await bench.message.fill('to everybody');
    await bench.button('Send to all').first().click();
    await expect.poll(() => received.filter((text) => text === 'to everybody\n').length).toBe(CONNECTIONS);
    await expect(bench.page.getByLabel('Bytes out')).toContainText('2.6 KB');
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  await expect(bench.status).toContainText(`0 connected of ${CONNECTIONS}`);
});
