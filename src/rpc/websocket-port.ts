/** A port over a WebSocket: the browser's own or that of the `ws` package, which offer the same. */
import { failure, success, type Outcome } from '../shared/errors.ts';
import { WIRE_FRAME_BYTES } from '../shared/limits.ts';
import { decodeFrame, encodeFrame } from './frames.ts';
import { Inbox } from './inbox.ts';
import type { Port } from './port.ts';

/** What both have. Events and states: WHATWG WebSockets Standard, §3. */
export interface WebSocketLike {
  binaryType: string;
  readonly readyState: number;
  /** Bytes that were sent and have not left yet. */
  readonly bufferedAmount: number;
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
  let queue: Uint8Array<ArrayBuffer>[] = [];
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => {
    const waiting = queue;
    queue = [];
    for (const frame of waiting) socket.send(frame);
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
    get backlog() {
      return socket.bufferedAmount;
    },
    post(message): Outcome {
      const frame = encodeFrame(message);
      // The other end would close the connection, and take everything else down with it.
      if (frame.length > WIRE_FRAME_BYTES) return tooLong(frame.length);
      if (socket.readyState === CONNECTING) queue.push(frame);
      else if (socket.readyState === OPEN) socket.send(frame);
      return success();
    },
    listen(receive, closed) {
      inbox.listen(receive, closed);
    },
    close() {
      close(1000);
    },
  };
}

function tooLong(size: number): Outcome {
  return failure(
    'message-too-long',
    `This has ${size} bytes; at most ${WIRE_FRAME_BYTES} go between the window and the engine at once.`,
    'Make it shorter; a long message can be sent from a file.',
  );
}
