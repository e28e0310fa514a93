/**
 * UDP for one query: a port of its own, chosen by the system at random (RFC 5452 §9.2). The socket is connected, so that
 * a refusal (ICMP) reaches us; then the system drops what comes from elsewhere, so a second socket of the same port,
 * which is not connected, takes that. Of both the system prefers the one that fits better.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { formatEndpoint } from '../../shared/address.ts';
import { wireErrorOf } from '../../shared/system-error.ts';
import type { Arrival, Channel, Opened } from './channel.ts';
import { familyOf, placeOf, type Server } from './question.ts';

/** Windows does not say which of two sockets of one port gets a datagram: there, what comes from elsewhere is not seen. */
const SEES_STRAYS = process.platform !== 'win32';

/** With `reuseAddr` the system may give the same port twice. */
const portsInUse = new Set<number>();
const PORT_TRIES = 16;

function nameOf(info: RemoteInfo): string {
  return formatEndpoint({ type: 'ip', host: info.address, port: info.port });
}

function newSocket(family: 4 | 6): Socket {
  return createSocket({ type: family === 4 ? 'udp4' : 'udp6', reuseAddr: SEES_STRAYS, ipv6Only: family === 6 });
}

/** Resolves at the event, or with the error. */
function until(socket: Socket, event: 'listening' | 'connect', begin: () => void): Promise<Error | null> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('error', failed);
      resolve(null);
    };
    const failed = (error: Error): void => {
      socket.off(event, done);
      resolve(error);
    };
    socket.once(event, done).once('error', failed);
    begin();
  });
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.close(resolve);
  });
}

/** A bound socket whose port nobody of us has, or the error. */
async function bound(family: 4 | 6): Promise<Socket | Error> {
  for (let tries = 1; ; tries += 1) {
    const socket = newSocket(family);
    const error = await until(socket, 'listening', () => socket.bind({ port: 0, exclusive: true }));
    if (error === null && (tries === PORT_TRIES || !portsInUse.has(socket.address().port))) return socket;
    await closed(socket);
    if (error !== null) return error;
  }
}

/** @param arrive hears what comes, until the channel is closed */
export async function openUdp(server: Server, arrive: (arrival: Arrival) => void): Promise<Opened> {
  const place = placeOf(server);
  const family = familyOf(server);
  const socket = await bound(family);
  if (socket instanceof Error) return { type: 'failed', error: wireErrorOf(socket, place) };
  const { port } = socket.address();
  portsInUse.add(port);
  const error = await until(socket, 'connect', () => {
    socket.connect(server.port, server.address);
  });
  if (error !== null) {
    await closed(socket);
    portsInUse.delete(port);
    return { type: 'failed', error: wireErrorOf(error, place) };
  }
  const failed = (problem: Error | null): void => {
    if (problem !== null) arrive({ type: 'failed', error: wireErrorOf(problem, place) });
  };
  socket.on('error', failed).on('message', (bytes, info) => {
    arrive({ type: 'message', bytes, from: nameOf(info) });
  });
  const local = socket.address();
  const other = SEES_STRAYS ? await strays(family, local, arrive) : null;
  const channel: Channel = {
    send(bytes) {
      socket.send(bytes, failed);
    },
    async close() {
      await Promise.all([closed(socket), other === null ? null : closed(other)]);
      portsInUse.delete(port);
    },
  };
  return { type: 'open', channel, local: formatEndpoint({ type: 'ip', host: local.address, port: local.port }) };
}

/** What comes to the port from elsewhere. Null when the system does not have it so: then it stays unseen. */
async function strays(
  family: 4 | 6,
  { address, port }: { readonly address: string; readonly port: number },
  arrive: (arrival: Arrival) => void,
): Promise<Socket | null> {
  const socket = newSocket(family);
  const error = await until(socket, 'listening', () => socket.bind({ address, port, exclusive: true }));
  if (error !== null) {
    await closed(socket);
    return null;
  }
  socket
    .on('error', () => undefined)
    .on('message', (bytes, info) => {
      arrive({ type: 'stray', bytes, from: nameOf(info) });
    });
  return socket;
}
