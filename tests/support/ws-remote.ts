/** A connection of the `ws` package as the other end: another implementation than the one under test. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket, WebSocketServer, type ClientOptions, type RawData, type ServerOptions } from 'ws';
import type { DriverModule } from '../../src/drivers/driver.ts';
import { success } from '../../src/shared/errors.ts';
import type { Remote, Words } from '../conformance/fixture.ts';
import { Watch } from './watch.ts';

export const webSocketWords: Words = {
  ready: 'open',
  closed: 'socketClose',
  destroy: 'terminate',
  end: 'close',
  stop: 'stop',
  stopped: 'stopped',
};

/** The same driver, but what has no kind goes as binary: the suite sends any bytes. */
export function sendingBinary(module: DriverModule): DriverModule {
  return {
    spec: module.spec,
    create(context, options) {
      const made = module.create(context, options);
      if (!made.ok) return made;
      const driver = made.value;
      return success({
        open: (signal) => driver.open(signal),
        send: (peer, bytes, kind) => driver.send(peer, bytes, kind ?? 'binary'),
        act: (action, peer, values) => driver.act(action, peer, values),
        pauseReading: (peer) => driver.pauseReading(peer),
        resumeReading: (peer) => driver.resumeReading(peer),
        facts: (peer) => driver.facts(peer),
        close: () => driver.close(),
      });
    },
  };
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? Buffer.from(data) : data;
}

export class WsRemote implements Remote {
  readonly name: string;
  readonly socket: WebSocket;
  readonly tcp: Socket;
  readonly #messages: Buffer[] = [];
  readonly #watch = new Watch();
  receivedLength = 0;
  hasEnded = false;
  errno: string | null = null;
  isClosed = false;

  constructor(socket: WebSocket, tcp: Socket, name: string) {
    this.socket = socket;
    this.tcp = tcp;
    this.name = name;
    socket.on('message', (data) => {
      const bytes = bytesOf(data);
      this.#messages.push(bytes);
      this.receivedLength += bytes.length;
      this.#watch.touch();
    });
    // After its close frame and its end, or without one.
    tcp.on('end', () => {
      this.hasEnded = true;
      this.#watch.touch();
    });
    tcp.on('error', (error) => {
      this.errno = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
      this.#watch.touch();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
      this.#watch.touch();
    });
  }

  get received(): Buffer {
    return Buffer.concat(this.#messages);
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.send(bytes, { binary: true }, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  end(): void {
    this.socket.close(1000);
  }

  reset(): void {
    this.tcp.resetAndDestroy();
  }

  /** By the book: an end without a close frame is a failure. */
  destroy(): void {
    this.socket.resume();
    this.socket.close(1000);
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

/** Connects to a server at an address as drivers show it. @param path of the URL */
export async function dialWs(address: string, options: ClientOptions = {}, path = '/'): Promise<WsRemote> {
  const place = address.startsWith('/') ? `ws+unix:${address}:${path}` : `ws://${address}${path}`;
  const socket = new WebSocket(place, { perMessageDeflate: false, ...options });
  const answers: IncomingMessage[] = [];
  socket.on('upgrade', (answer) => answers.push(answer));
  await once(socket, 'open');
  const [answer] = answers;
  if (answer === undefined) throw new Error('There is no answer to the handshake');
  const { localAddress = '', localPort = 0 } = answer.socket;
  const host = localAddress.includes(':') ? `[${localAddress}]` : localAddress;
  return new WsRemote(socket, answer.socket, `${host}:${localPort}`);
}

/** A server of `ws` that hands out its connections in the order in which they came. */
export class WsOutside {
  readonly server: WebSocketServer;
  readonly address: string;
  readonly #arrived: WsRemote[] = [];
  readonly #watch = new Watch();

  private constructor(server: WebSocketServer, address: string) {
    this.server = server;
    this.address = address;
    server.on('connection', (socket, request) => {
      const { remoteAddress = '', remotePort = 0 } = request.socket;
      const host = remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress;
      this.#arrived.push(new WsRemote(socket, request.socket, `${host}:${remotePort}`));
      this.#watch.touch();
    });
  }

  static async listen(host: string, options: ServerOptions = {}): Promise<WsOutside> {
    const server = new WebSocketServer({ host, port: 0, ...options });
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The server does not listen');
    return new WsOutside(server, `${host.includes(':') ? `[${host}]` : host}:${address.port}`);
  }

  async next(): Promise<WsRemote> {
    await this.#watch.until(() => this.#arrived.length > 0, 'a connection to the outside server');
    const remote = this.#arrived.shift();
    if (remote === undefined) throw new Error('Two waited for the same connection');
    return remote;
  }

  async close(): Promise<void> {
    for (const client of this.server.clients) client.terminate();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
