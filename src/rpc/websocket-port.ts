/** A port over a WebSocket: the browser's own or that of the `ws` package, which offer the same. */
import { decodeFrame, encodeFrame } from './frames.ts';
import { Inbox } from './inbox.ts';
import type { Port } from './port.ts';

/** What both have. Events and states: WHATWG WebSockets Standard, §3. */
export interface WebSocketLike {
  binaryType: string;
  readonly readyState: number;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number): void;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

const CONNECTING = 0;
const OPEN = 1;

/** Close code for a frame that is none of ours. 4000 and up are for applications (RFC 6455 §7.4.2). */
export const MALFORMED_FRAME = 4000;

/** What is posted while the socket still connects is sent when it is open. */
export function webSocketPort(socket: WebSocketLike): Port {
  const inbox = new Inbox();
  let queue: unknown[] = [];
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => {
    const waiting = queue;
    queue = [];
    for (const message of waiting) socket.send(encodeFrame(message));
  });
  socket.addEventListener('message', ({ data }) => {
    const message = data instanceof ArrayBuffer ? decodeFrame(new Uint8Array(data)) : null;
    if (message?.ok === true) inbox.deliver(message.value);
    else close(MALFORMED_FRAME);
  });
  socket.addEventListener('close', () => {
    inbox.close();
  });
  // `close` always follows; without a listener, `ws` throws.
  socket.addEventListener('error', () => undefined);

  function close(code: number): void {
    if (inbox.close()) socket.close(code);
  }

  return {
    post(message) {
      if (socket.readyState === CONNECTING) queue.push(message);
      else if (socket.readyState === OPEN) socket.send(encodeFrame(message));
    },
    listen(receive, closed) {
      inbox.listen(receive, closed);
    },
    close() {
      close(1000);
    },
  };
}
