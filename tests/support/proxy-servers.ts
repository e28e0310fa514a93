/** Proxies on loopback that do what they are asked: HTTP CONNECT and SOCKS 5, each with a name and a password if wanted. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface TestProxy {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** Where it was asked to connect to. */
  readonly asked: string[];
}

/** Bytes of a socket, as many as are asked for at a time. */
class Bytes {
  readonly #socket: Socket;
  #kept = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.pause();
  }

  async take(find: (bytes: Buffer) => number): Promise<Buffer> {
    for (;;) {
      const end = find(this.#kept);
      if (end >= 0 && end <= this.#kept.length && this.#kept.length > 0) {
        const taken = this.#kept.subarray(0, end);
        this.#kept = this.#kept.subarray(end);
        return taken;
      }
      const chunk: unknown = this.#socket.read();
      if (Buffer.isBuffer(chunk)) this.#kept = Buffer.concat([this.#kept, chunk]);
      else await once(this.#socket, 'readable');
    }
  }

  exactly(count: number): Promise<Buffer> {
    return this.take((bytes) => (bytes.length >= count ? count : -1));
  }
}

async function listening(serve: (socket: Socket, asked: string[]) => Promise<void>): Promise<TestProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    // A client that goes away ends what is waited for.
    serve(socket, asked).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy does not listen');
  return { address: `127.0.0.1:${address.port}`, asked };
}

async function join(socket: Socket, host: string, port: number): Promise<boolean> {
  const target = connect({ host: host === 'somewhere.invalid' ? '127.0.0.1' : host, port });
  target.on('error', () => undefined);
  try {
    await once(target, 'connect');
  } catch {
    return false;
  }
  socket.on('close', () => target.destroy());
  target.on('close', () => socket.destroy());
  socket.pipe(target);
  target.pipe(socket);
  return true;
}

/** `name:password`, or null when everybody may. It takes the name `somewhere.invalid` for 127.0.0.1. */
export function httpProxy(credentials: string | null): Promise<TestProxy> {
  return listening(async (socket, asked) => {
    const end = (bytes: Buffer): number => (bytes.includes('\r\n\r\n') ? bytes.indexOf('\r\n\r\n') + 4 : -1);
    const head = (await new Bytes(socket).take(end)).toString();
    const [, host = '', port = ''] = /^CONNECT (.*):(\d+) HTTP\/1\.1\r\n/.exec(head) ?? [];
    asked.push(`${host}:${port}`);
    const wanted = credentials === null ? '' : `Basic ${Buffer.from(credentials).toString('base64')}`;
    if (!head.includes(wanted)) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n');
    } else if (await join(socket, host.replace(/^\[|\]$/g, ''), Number(port))) {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    } else {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    }
  });
}

export function socksProxy(credentials: string | null): Promise<TestProxy> {
  return listening(async (socket, asked) => {
    const bytes = new Bytes(socket);
    const [, count = 0] = await bytes.exactly(2);
    const methods = [...(await bytes.exactly(count))];
    const wanted = credentials === null ? 0 : 2;
    if (!methods.includes(wanted)) {
      socket.end(Buffer.of(5, 0xff));
      return;
    }
    socket.write(Buffer.of(5, wanted));
    if (credentials !== null) {
      const [, nameLength = 0] = await bytes.exactly(2);
      const name = await bytes.exactly(nameLength);
      const [passwordLength = 0] = await bytes.exactly(1);
      const password = await bytes.exactly(passwordLength);
      const isRight = `${name.toString()}:${password.toString()}` === credentials;
      socket.write(Buffer.of(1, isRight ? 0 : 1));
      if (!isRight) {
        socket.end();
        return;
      }
    }
    const [, , , type = 0] = await bytes.exactly(4);
    const length = type === 1 ? 4 : type === 4 ? 16 : ((await bytes.exactly(1))[0] ?? 0);
    const address = await bytes.exactly(length);
    const host = type === 1 ? address.join('.') : type === 4 ? '::1' : address.toString();
    const port = (await bytes.exactly(2)).readUInt16BE(0);
    asked.push(`${type}:${host}:${port}`);
    const isJoined = await join(socket, host, port);
    socket.write(Buffer.of(5, isJoined ? 0 : 5, 0, 1, 0, 0, 0, 0, 0, 0));
    if (!isJoined) socket.end();
  });
}
