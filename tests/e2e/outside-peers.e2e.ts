import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, test } from './support/test.ts';
import { withPeer } from './support/peers.ts';

/** A port that was free a moment ago: for peers that cannot tell which port they were given. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const clients = [
  { name: 'nc', args: (port: number) => ['nc', '-N', '127.0.0.1', String(port)] },
  { name: 'socat', args: (port: number) => ['socat', '-', `TCP:127.0.0.1:${port}`] },
] as const;

const servers = [
  { name: 'nc', args: (port: number) => ['nc', '-l', '-s', '127.0.0.1', '-p', String(port)] },
  { name: 'socat', args: (port: number) => ['socat', '-', `TCP-LISTEN:${port},bind=127.0.0.1`] },
] as const;

for (const { name, args } of clients) {
  test(`our server talks with ${name} as the client`, async ({ bench }) => {
    const port = await bench.listen();
    const [command, ...rest] = args(port);
    await withPeer(command ?? '', rest, async (peer) => {
      await expect(bench.connections.getByRole('row', { name: /127\.0\.0\.1:\d+/ })).toHaveCount(1);
      peer.write('who is there\n');
      await expect(bench.row('in', 'data', 'who is there')).toBeVisible();
      await bench.message.fill('wirebench');
      await bench.button('Send to all').first().click();
      await expect.poll(() => peer.received).toBe('wirebench\n');
      peer.endInput();
      await expect(bench.row('in', 'end')).toBeVisible();
    });
  });
}

for (const { name, args } of servers) {
  test(`our client talks with ${name} as the server`, async ({ bench }) => {
    const port = await freePort();
    const [command, ...rest] = args(port);
    await withPeer(command ?? '', rest, async (peer) => {
      expect(await peer.listeningPort()).toBe(port);
      await bench.connect(`127.0.0.1:${port}`);
      await bench.send('hello from the workbench');
      await expect.poll(() => peer.received).toBe('hello from the workbench\n');
      peer.write('and back\n');
      await expect(bench.row('in', 'data', 'and back')).toBeVisible();
      await bench.button('Disconnect').click();
      await expect(bench.status).toContainText('closed');
    });
  });
}
