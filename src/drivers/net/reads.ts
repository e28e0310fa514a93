/**
 * Reads of a connection into one buffer that all connections share: Node
 * allocates 64 KiB for each `data` event, and collecting them again takes a
 * quarter of the time that a fast stream takes. `onread` (Node documentation:
 * socket.connect) hands out the same buffer each time, which is why nobody may
 * keep what is in it.
 */
import { Socket, type OnReadOpts } from 'node:net';
import { readBuffer } from './read-buffer.ts';

export class Reads {
  #listener: { readonly socket: Socket; readonly receive: (bytes: Uint8Array) => void } | null = null;
  /** Copies of what came before anybody listened. */
  #early: Uint8Array[] = [];

  /** For `net.connect`. */
  readonly onread: OnReadOpts = {
    // Reading is synchronous from the system's call to the callback, so that one buffer does for all.
    buffer: readBuffer,
    callback: (length, buffer) => {
      const bytes = buffer.subarray(0, length);
      if (this.#listener === null) {
        this.#early.push(bytes.slice());
        return true;
      }
      const { socket, receive } = this.#listener;
      receive(bytes);
      // False stops reading. Node forgets a pause() that comes in the same turn as a resume().
      return !socket.isPaused();
    },
  };

  /**
   * @param socket the one that was made with `onread`
   * @param receive gets each read; the bytes are only good until it returns
   */
  listen(socket: Socket, receive: (bytes: Uint8Array) => void): void {
    this.#listener = { socket, receive };
    const early = this.#early;
    this.#early = [];
    for (const bytes of early) receive(bytes);
  }
}

/**
 * What a server has accepted, as a socket that reads into the shared buffer. `net.createServer` has no `onread`
 * (https://github.com/nodejs/node/pull/25436 brought it for clients only), so that the handle goes over into a socket
 * that is made as `net.connect` makes one. Where Node does not let it, the socket stays what it was, and `data` events
 * bring what is read: the same bytes, at half the speed.
 * @param accepted by a server with `pauseOnConnect`: nothing has been read yet
 */
export function takeOver(
  accepted: Socket,
  allowHalfOpen: boolean,
): { readonly socket: Socket; readonly reads: Reads | null } {
  const handle: unknown = Reflect.get(accepted, '_handle');
  const canTakeBuffer = typeof handle === 'object' && handle !== null && 'useUserBuffer' in handle;
  if (!canTakeBuffer) return { socket: accepted, reads: null };
  const reads = new Reads();
  const socket: unknown = Reflect.construct(Socket, [
    { handle, allowHalfOpen, onread: reads.onread, pauseOnCreate: true },
  ]);
  if (!(socket instanceof Socket)) return { socket: accepted, reads: null };
  // By these the server counts its connections, and knows when the last of them has ended.
  for (const name of ['server', '_server']) Reflect.set(socket, name, Reflect.get(accepted, name));
  Reflect.set(accepted, '_handle', null);
  return { socket, reads };
}
