/**
 * A DNS server that answers as a test says, right or wrong, over UDP and TCP at the same port. It writes its messages
 * by `dns-packet`, not by code of ours.
 */
import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { decode, encode, type Answer, type Packet } from 'dns-packet';

/** One query that came. */
export interface Asked {
  readonly bytes: Buffer;
  readonly packet: Packet;
  /** How many came before it, over the same transport. */
  readonly index: number;
  /** The right answer, unless `more` says otherwise. */
  answer(records: readonly Answer[], more?: Partial<Packet>): Buffer;
}

export interface Manners {
  readonly udp?: (asked: Asked, reply: (bytes: Buffer) => void, from: RemoteInfo) => void;
  /** Without it nobody listens for TCP. */
  readonly tcp?: (asked: Asked, socket: Socket) => void;
}

const LENGTH_BYTES = 2;

function askedOf(bytes: Buffer, index: number): Asked {
  const packet = decode(bytes);
  return {
    ...{ bytes, packet, index },
    answer: (records, more = {}) =>
      encode({
        type: 'response',
        id: packet.id,
        flags: 0x0180,
        questions: packet.questions,
        answers: [...records],
        ...more,
      }),
  };
}

/** As it goes over TCP. */
export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** A port that is free for UDP is often, but not always, free for TCP. */
async function listening(alsoTcp: boolean): Promise<{ readonly udp: UdpSocket; readonly tcp: Server | null }> {
  for (;;) {
    const udp = createSocket('udp4');
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    if (!alsoTcp) return { udp, tcp: null };
    const tcp = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      tcp.once('listening', () => {
        resolve(true);
      });
      tcp.once('error', () => {
        resolve(false);
      });
      tcp.listen(udp.address().port, '127.0.0.1');
    });
    if (isFree) return { udp, tcp };
    await new Promise<void>((resolve) => udp.close(resolve));
  }
}

export class FaultyResolver {
  readonly address: string;
  readonly port: number;
  readonly #udp: UdpSocket;
  readonly #tcp: Server | null;
  readonly #others: UdpSocket[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(udp: UdpSocket, tcp: Server | null) {
    this.port = udp.address().port;
    this.address = `127.0.0.1:${this.port}`;
    this.#udp = udp;
    this.#tcp = tcp;
  }

  static async start(manners: Manners): Promise<FaultyResolver> {
    const { udp, tcp: server } = await listening(manners.tcp !== undefined);
    let asked = 0;
    udp.on('message', (bytes, from) => {
      const reply = (answer: Buffer): void => {
        udp.send(answer, from.port, from.address, () => undefined);
      };
      manners.udp?.(askedOf(bytes, asked++), reply, from);
    });
    const { tcp } = manners;
    const resolver = new FaultyResolver(udp, server);
    if (server === null || tcp === undefined) return resolver;
    let overTcp = 0;
    server.on('connection', (socket) => {
      resolver.#sockets.add(socket);
      let held = Buffer.alloc(0);
      socket
        .on('error', () => undefined)
        .on('close', () => resolver.#sockets.delete(socket))
        .on('data', (bytes: Buffer) => {
          held = Buffer.concat([held, bytes]);
          const length = held.length < LENGTH_BYTES ? Infinity : held.readUInt16BE(0);
          if (held.length < LENGTH_BYTES + length) return;
          const query = held.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
          held = held.subarray(LENGTH_BYTES + length);
          tcp(askedOf(query, overTcp++), socket);
        });
    });
    return resolver;
  }

  /** Sends from another port, or from another address of this machine. */
  async sendFrom(host: string, bytes: Buffer, to: RemoteInfo): Promise<void> {
    const other = createSocket('udp4');
    this.#others.push(other);
    other.bind(0, host);
    await once(other, 'listening');
    other.send(bytes, to.port, to.address, () => undefined);
  }

  async stop(): Promise<void> {
    const closed = [this.#udp, ...this.#others].map((socket) => new Promise<void>((resolve) => socket.close(resolve)));
    for (const socket of this.#sockets) socket.destroy();
    if (this.#tcp !== null) {
      const tcp = this.#tcp;
      closed.push(
        new Promise<void>((resolve) =>
          tcp.close(() => {
            resolve();
          }),
        ),
      );
    }
    await Promise.all(closed);
  }
}

/** The same message with another id. */
export function withId(bytes: Buffer, id: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt16BE(id & 0xffff, 0);
  return changed;
}

/** The header and question of the right answer, with these counts of records and these bytes behind. */
export function byHand(asked: Asked, counts: readonly [number, number, number], rest: readonly number[]): Buffer {
  const bytes = Buffer.concat([asked.answer([]), Buffer.from(rest)]);
  for (const [index, count] of counts.entries()) bytes.writeUInt16BE(count, 6 + 2 * index);
  return bytes;
}
