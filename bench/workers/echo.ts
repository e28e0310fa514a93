/** Sends back what comes: a bare server in a process of its own. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { serveCalls, textOf } from '../support/serve.ts';

function portOf(address: AddressInfo | string | null): { readonly port: number } {
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port };
}

serveCalls({
  async listen(settings) {
    if (textOf(settings, 'protocol') === 'ws') {
      const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
      server.on('connection', (socket) => {
        socket.on('message', (data, isBinary) => {
          socket.send(data, { binary: isBinary });
        });
      });
      await once(server, 'listening');
      return portOf(server.address());
    }
    const server = createServer({ noDelay: true }, (socket) => {
      socket.on('error', () => socket.destroy());
      socket.pipe(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return portOf(server.address());
  },
});
