/** What sockets and servers say of themselves: formatted addresses for people, facts by Node's names. */
import type { Server, Socket } from 'node:net';
import { formatEndpoint } from '../../shared/address.ts';
import type { Facts } from '../driver.ts';

/** `127.0.0.1:9000`; '' for a socket that has none: local sockets and pipes, or one that is gone already. */
export function addressText(host: string | undefined, port: number | undefined): string {
  return host === undefined || port === undefined ? '' : formatEndpoint({ type: 'ip', host, port });
}

export function localOf(socket: Socket): string {
  return addressText(socket.localAddress, socket.localPort);
}

export function remoteOf(socket: Socket): string {
  return addressText(socket.remoteAddress, socket.remotePort);
}

/** Where a server is bound; '' before and after. */
export function boundOf(server: Server): string {
  const address = server.address();
  if (typeof address === 'string') return formatEndpoint({ type: 'path', path: address });
  return address === null ? '' : addressText(address.address, address.port);
}

/** `server.address()`; a path stands under `address` too. */
export function boundFacts(server: Server): Facts {
  const address = server.address();
  if (address === null) return {};
  return typeof address === 'string' ? { address } : { ...address };
}

/** The facts that Node forgets when the socket closes. */
export function addressFacts(socket: Socket): Facts {
  return {
    remoteAddress: socket.remoteAddress ?? null,
    remotePort: socket.remotePort ?? null,
    remoteFamily: socket.remoteFamily ?? null,
    localAddress: socket.localAddress ?? null,
    localPort: socket.localPort ?? null,
    localFamily: socket.localFamily ?? null,
  };
}

/** The facts that change while it lives. */
export function liveFacts(socket: Socket): Facts {
  return {
    bytesRead: socket.bytesRead,
    bytesWritten: socket.bytesWritten,
    writableLength: socket.writableLength,
    // Node's older name of the same number; it has none after the end.
    bufferSize: socket.destroyed ? null : socket.writableLength,
    readyState: socket.readyState,
    pending: socket.pending,
    connecting: socket.connecting,
    destroyed: socket.destroyed,
    timeout: socket.timeout ?? 0,
  };
}
