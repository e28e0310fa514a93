import { once } from 'node:events';
import { connect, createServer, Socket, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Reads, takeOver } from '../../../src/drivers/net/reads.ts';

describe('reads into one buffer', () => {
  let server: Server;
  let port = 0;

  beforeEach(async () => {
    server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });

  afterEach(async () => {
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  });

  async function accepted(): Promise<Socket> {
    const [socket]: unknown[] = await once(server, 'connection');
    if (!(socket instanceof Socket)) throw new Error('no socket');
    return socket;
  }

  /** Both ends of a connection, the server's taken over. */
  async function pair(): Promise<{ readonly client: Socket; readonly socket: Socket; readonly reads: Reads }> {
    const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const { socket, reads } = takeOver(await accepted(), true);
    if (reads === null) throw new Error('this runtime does not hand over its handles');
    return { client, socket, reads };
  }

  it('takes over what a server has accepted on this runtime, both directions and both ends', async () => {
    const { client, socket, reads } = await pair();
    const seen: string[] = [];
    reads.listen(socket, (bytes) => seen.push(Buffer.from(bytes).toString()));
    socket.resume();
    const ended = once(socket, 'end');
    client.end('to the server');
    await ended;
    expect(seen.join('')).toBe('to the server');
    const back: Buffer[] = [];
    client.on('data', (bytes) => back.push(bytes));
    const closed = Promise.all([once(client, 'close'), once(socket, 'close')]);
    socket.end('and back');
    await closed;
    expect(Buffer.concat(back).toString()).toBe('and back');
  });

  it('leaves the server able to count its connections and to know when the last has ended', async () => {
    const { client, socket } = await pair();
    const count = (): Promise<number> =>
      new Promise((resolve) => {
        server.getConnections((_error, connections) => {
          resolve(connections);
        });
      });
    expect(await count()).toBe(1);
    let isClosed = false;
    server.once('close', () => (isClosed = true));
    server.close();
    expect(isClosed).toBe(false);
    const closed = once(server, 'close');
    socket.resume();
    socket.destroy();
    client.destroy();
    await closed;
    expect(await count()).toBe(0);
  });

  it('stops the sender when paused in the turn in which it was resumed, and goes on without a byte lost', async () => {
    const { client, socket, reads } = await pair();
    let received = 0;
    reads.listen(socket, (bytes) => {
      received += bytes.length;
    });
    const total = 8 * 1024 * 1024;
    let isTaken = false;
    client.write(new Uint8Array(total), () => (isTaken = true));
    socket.resume();
    socket.pause();
    // What the system can take without the reader, it takes.
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(isTaken).toBe(false);
    expect(received).toBeLessThanOrEqual(64 * 1024);
    const ended = once(socket, 'end');
    socket.resume();
    client.end();
    await ended;
    expect(received).toBe(total);
    socket.destroy();
    client.destroy();
  });

  it('keeps copies of what comes before anybody listens', async () => {
    const reads = new Reads();
    const client = connect({ port, host: '127.0.0.1', onread: reads.onread });
    const other = await accepted();
    const ended = once(client, 'end');
    client.resume();
    other.end('early');
    await ended;
    const seen: string[] = [];
    reads.listen(client, (bytes) => seen.push(Buffer.from(bytes).toString()));
    expect(seen.join('')).toBe('early');
    client.destroy();
    other.destroy();
  });

  it('reports a reset by the event error, as any socket does', async () => {
    const { client, socket } = await pair();
    const failed = once(socket, 'error');
    socket.resume();
    client.resetAndDestroy();
    const [error]: unknown[] = await failed;
    expect(error).toMatchObject({ code: 'ECONNRESET' });
  });

  it('leaves a socket alone whose runtime hands nothing over', () => {
    const socket = new Socket();
    expect(takeOver(socket, true)).toEqual({ socket, reads: null });
    socket.destroy();
  });
});
