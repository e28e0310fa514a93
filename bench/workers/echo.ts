/** Sends back what comes: a bare server in a process of its own. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { serveCalls } from '../support/serve.ts';

serveCalls({
  async listen() {
    const server = createServer({ noDelay: true }, (socket) => {
      socket.on('error', () => socket.destroy());
      socket.pipe(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return { port: address.port };
  },
});
