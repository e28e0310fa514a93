import { describe, expect, it } from 'vitest';
import { encodeFrame } from '../../src/rpc/frames.ts';
import { messagePort } from '../../src/rpc/message-port.ts';
import { MALFORMED_FRAME, webSocketPort, type WebSocketLike } from '../../src/rpc/websocket-port.ts';
import { WIRE_FRAME_BYTES } from '../../src/shared/limits.ts';
import { leavingNothing } from '../support/leaks.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

/** A WebSocket that only remembers. */
class FakeSocket implements WebSocketLike {
  binaryType = 'blob';
  readyState = 0;
  bufferedAmount = 0;
  readonly sent: Uint8Array[] = [];
  readonly closes: (number | undefined)[] = [];
  readonly #listeners = new Map<string, (event: { readonly data: unknown }) => void>();

  send(data: Uint8Array<ArrayBuffer>): void {
    this.sent.push(data);
  }

  close(code?: number): void {
    this.closes.push(code);
    this.readyState = 3;
  }

  addEventListener(type: string, listener: (event: { readonly data: unknown }) => void): void {
    this.#listeners.set(type, listener);
  }

  fire(type: string, data: unknown = null): void {
    if (type === 'open') this.readyState = 1;
    this.#listeners.get(type)?.({ data });
  }
}

function listenTo(socket: FakeSocket): { port: ReturnType<typeof webSocketPort>; seen: unknown[] } {
  const port = webSocketPort(socket);
  const seen: unknown[] = [];
  port.listen(
    (message) => seen.push(message),
    () => seen.push('closed'),
  );
  return { port, seen };
}

const arriving = (message: unknown): ArrayBuffer => encodeFrame(message).buffer;

describe('a port over a WebSocket', () => {
  it('sends what was posted while it connected, in order, once it is open', () => {
    const socket = new FakeSocket();
    const { port } = listenTo(socket);
    expect(socket.binaryType).toBe('arraybuffer');
    port.post('one');
    port.post('two');
    expect(socket.sent).toEqual([]);
    socket.fire('open');
    port.post('three');
    expect(socket.sent).toEqual(['one', 'two', 'three'].map(encodeFrame));
  });

  it('delivers messages and tells once that it is closed', () => {
    const socket = new FakeSocket();
    const { port, seen } = listenTo(socket);
    socket.fire('open');
    socket.fire('message', arriving({ bytes: Uint8Array.of(1) }));
    socket.fire('close');
    socket.fire('close');
    port.close();
    expect(seen).toEqual([{ bytes: Uint8Array.of(1) }, 'closed']);
  });

  it('is closed when it cannot connect', () => {
    const socket = new FakeSocket();
    const { port, seen } = listenTo(socket);
    port.post('never sent');
    socket.readyState = 3;
    socket.fire('error');
    socket.fire('close');
    port.post('neither');
    expect(seen).toEqual(['closed']);
    expect(socket.sent).toEqual([]);
  });

  it.each([
    ['a text', 'text'],
    ['noise', Uint8Array.of(1, 2).buffer],
    ['nothing', null],
  ])('closes on %s, and hears nothing after it', (_, data) => {
    const socket = new FakeSocket();
    const { seen } = listenTo(socket);
    socket.fire('open');
    socket.fire('message', data);
    socket.fire('message', arriving('late'));
    expect(socket.closes).toEqual([MALFORMED_FRAME]);
    expect(seen).toEqual(['closed']);
  });

  it('refuses what is too long for the other end, and goes on', () => {
    const socket = new FakeSocket();
    const { port, seen } = listenTo(socket);
    const long = { bytes: new Uint8Array(WIRE_FRAME_BYTES) };
    expect(errorOf(port.post(long)).code).toBe('message-too-long');
    socket.fire('open');
    expect(errorOf(port.post(long)).code).toBe('message-too-long');
    valueOf(port.post('short'));
    expect(socket.sent).toEqual([encodeFrame('short')]);
    expect(socket.closes).toEqual([]);
    expect(seen).toEqual([]);
  });

  it('tells how much has not left yet', () => {
    const socket = new FakeSocket();
    const { port } = listenTo(socket);
    expect(port.backlog).toBe(0);
    socket.bufferedAmount = 77;
    expect(port.backlog).toBe(77);
  });

  it('closes from this side', () => {
    const socket = new FakeSocket();
    const { port, seen } = listenTo(socket);
    socket.fire('open');
    port.close();
    expect(socket.closes).toEqual([1000]);
    expect(seen).toEqual(['closed']);
  });
});

/** As the window does it. */
function listening(port: MessagePort): Parameters<typeof messagePort>[1] {
  return (deliver) => {
    port.addEventListener('message', deliver);
  };
}

describe('a port over a MessagePort', () => {
  it('carries messages with bytes both ways, and leaves nothing behind', async () => {
    await leavingNothing(async () => {
      const { port1, port2 } = new MessageChannel();
      const near = messagePort(port1, listening(port1));
      const far = messagePort(port2, listening(port2));
      far.listen(
        (message) => far.post({ echo: message }),
        () => undefined,
      );
      near.post({ bytes: Uint8Array.of(1, 2) });
      const answer = await new Promise((resolve) => near.listen(resolve, () => undefined));
      expect(answer).toEqual({ echo: { bytes: Uint8Array.of(1, 2) } });
      near.close();
      far.close();
    });
  });

  it('tells once that it was closed from the other side, where it hears of that', async () => {
    const { port1, port2 } = new MessageChannel();
    const seen: string[] = [];
    const gone = new Promise<void>((resolve) => {
      const port = messagePort(port1, (deliver, closed) => {
        port1.addEventListener('message', deliver);
        port1.addEventListener('close', () => {
          closed();
          closed();
          resolve();
        });
      });
      port.listen(
        () => undefined,
        () => seen.push('closed'),
      );
    });
    port2.close();
    await gone;
    expect(seen).toEqual(['closed']);
  });

  it('tells once that it was closed from this side', () => {
    const { port1, port2 } = new MessageChannel();
    const port = messagePort(port1, listening(port1));
    let closed = 0;
    port.listen(
      () => undefined,
      () => (closed += 1),
    );
    port.close();
    port.close();
    port2.close();
    expect(closed).toBe(1);
  });
});
