import type { Socket } from 'node:net';

/**
 * RST, also right behind `end()`: while FIN is on its way to the system (`uv_shutdown`), `resetAndDestroy` fails with
 * EINVAL, and Node never closes the socket (https://github.com/libuv/libuv/blob/v1.x/src/unix/tcp.c, `uv_tcp_close_reset`).
 * @param top what speaks through `tcp`: TLS; else the same
 */
export function resetSocket(tcp: Socket, top: Socket = tcp): void {
  const reset = (): void => {
    tcp.resetAndDestroy();
    // Under TLS the socket on top learns of it only when it is read or written.
    top.destroy();
  };
  const { writableEnded, writableFinished, writableLength, destroyed } = top;
  // With bytes before it, FIN has not been asked for yet.
  if (writableEnded && !writableFinished && writableLength === 0 && !destroyed) top.once('finish', reset);
  else reset();
}
