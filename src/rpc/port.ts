/**
 * The least that a transport must offer: a MessagePort, a WebSocket and an
 * in-memory pair all fit. Messages are plain data with Uint8Arrays in them.
 */
import { success, type Outcome } from '../shared/errors.ts';
import { Inbox } from './inbox.ts';

export interface Port {
  /**
   * Sends a message, or drops it when the port is closed. Throws for what is no plain data: a bug.
   * Error: `message-too-long`; the message was not sent and the port goes on.
   */
  post(message: unknown): Outcome;
  /** Bytes that were posted and have not left yet; 0 where nobody can tell. */
  readonly backlog: number;
  /** Set once, by the rpc client or server. Messages wait until then. */
  listen(receive: (message: unknown) => void, closed: () => void): void;
  close(): void;
}

/** Two ports joined in memory. Delivery is asynchronous and by structured clone, like the real ones. */
export function memoryPorts(): readonly [Port, Port] {
  const left = new MemoryPort();
  const right = new MemoryPort();
  left.other = right;
  right.other = left;
  return [left, right];
}

class MemoryPort implements Port {
  readonly backlog = 0;
  other: MemoryPort | null = null;
  readonly #inbox = new Inbox();
  #isOpen = true;

  post(message: unknown): Outcome {
    const other = this.other;
    if (!this.#isOpen || other === null) return success();
    const copy: unknown = structuredClone(message);
    queueMicrotask(() => {
      other.#inbox.deliver(copy);
    });
    return success();
  }

  listen(receive: (message: unknown) => void, closed: () => void): void {
    this.#inbox.listen(receive, closed);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#inbox.close();
    this.other?.close();
  }
}
