/** A plain `net.Socket` as the other end of a connection. */
import { once } from 'node:events';
import { connect, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net';
import type { Remote } from '../conformance/fixture.ts';
import { Watch } from './watch.ts';

export class TcpRemote implements Remote {
  readonly socket: Socket;
  readonly name: string;
  readonly #chunks: Buffer[] = [];
  readonly #watch = new Watch();
  receivedLength = 0;
  hasEnded = false;
  errno: string | null = null;
  isClosed = false;

  constructor(socket: Socket, name: string) {
    this.socket = socket;
    this.name = name;
    socket.on('data', (bytes) => {
      this.#chunks.push(bytes);
      this.receivedLength += bytes.length;
      this.#watch.touch();
    });
    socket.on('end', () => {
      this.hasEnded = true;
      this.#watch.touch();
    });
    socket.on('error', (error) => {
      this.errno = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
      this.#watch.touch();
    });
    socket.on('close', () => {
      this.isClosed = true;
      this.#watch.touch();
    });
  }

  get received(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.write(bytes, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  end(): void {
    this.socket.end();
  }

  reset(): void {
    this.socket.resetAndDestroy();
  }

  destroy(): void {
    this.socket.destroy();
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  until(condition: () => boolean, what: string): Promise<void> {
    return this.#watch.until(condition, what);
  }
}

function textOf(host: string | undefined, port: number | undefined): string {
  return host?.includes(':') ? `[${host}]:${String(port)}` : `${String(host)}:${String(port)}`;
}

/**
 * Connects to an address as drivers show it.
 * @param name for a local socket, whose client has no address
 */
export async function dial(address: string, name?: string): Promise<TcpRemote> {
  const options: NetConnectOpts = address.startsWith('/')
    ? { path: address, allowHalfOpen: true }
    : { ...hostAndPort(address), allowHalfOpen: true };
  const socket = connect(options);
  await once(socket, 'connect');
  return new TcpRemote(socket, name ?? textOf(socket.localAddress, socket.localPort));
}

export function hostAndPort(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) };
}

/** A plain server that hands out its connections in the order in which they came. */
export class TcpOutside {
  readonly server: Server;
  readonly address: string;
  readonly #arrived: TcpRemote[] = [];
  readonly #watch = new Watch();
  readonly #all: TcpRemote[] = [];

  private constructor(server: Server, address: string) {
    this.server = server;
    this.address = address;
    server.on('connection', (socket) => {
      const remote = new TcpRemote(socket, textOf(socket.remoteAddress, socket.remotePort));
      this.#arrived.push(remote);
      this.#all.push(remote);
      this.#watch.touch();
    });
  }

  /** @param where a host, for any free port, or a path */
  static async listen(where: string): Promise<TcpOutside> {
    const server = createServer({ allowHalfOpen: true });
    server.listen(where.startsWith('/') ? { path: where } : { host: where, port: 0 });
    await once(server, 'listening');
    return new TcpOutside(server, boundAddress(server));
  }

  async next(): Promise<TcpRemote> {
    await this.#watch.until(() => this.#arrived.length > 0, 'a connection to the outside server');
    const remote = this.#arrived.shift();
    if (remote === undefined) throw new Error('Two waited for the same connection');
    return remote;
  }

  async close(): Promise<void> {
    for (const remote of this.#all) remote.destroy();
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }
}

function boundAddress(server: Server): string {
  const address = server.address();
  if (address === null) throw new Error('The server does not listen');
  return typeof address === 'string' ? address : textOf(address.address, address.port);
}

/** An address of this host at which nobody listens: it was free a moment ago. */
export async function freeAddress(host: string): Promise<string> {
  const outside = await TcpOutside.listen(host);
  await outside.close();
  return outside.address;
}
