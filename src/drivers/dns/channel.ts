/** One way to a server, for one attempt: a UDP port of its own, or a TCP connection of its own. */
import type { WireError } from '../../shared/errors.ts';

/** What comes in by a channel. */
export type Arrival =
  | { readonly type: 'message'; readonly bytes: Uint8Array; readonly from: string }
  /** To our port, but not from the server's address and port. */
  | { readonly type: 'stray'; readonly bytes: Uint8Array; readonly from: string }
  /** TCP: nothing more will come. `held`: bytes of a message that is not whole. */
  | { readonly type: 'ended'; readonly held: number }
  | { readonly type: 'failed'; readonly error: WireError };

export interface Channel {
  send(bytes: Uint8Array): void;
  /** Resolves when no handle is left. */
  close(): Promise<void>;
}

export type Opened =
  | { readonly type: 'open'; readonly channel: Channel; readonly local: string }
  | { readonly type: 'late' }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly error: WireError };

/** Arrivals in their order, for one who waits for them. */
export class Inbox<Item> {
  readonly #items: Item[] = [];
  #wake: (() => void) | null = null;

  put(item: Item): void {
    this.#items.push(item);
    this.#wake?.();
  }

  /** The next one; null when `ms` have passed without one, or when `stop` aborts. */
  async next(ms: number, stop: AbortSignal): Promise<Item | null> {
    if (stop.aborted) return null;
    if (this.#items.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(0, ms));
        const done = (): void => {
          clearTimeout(timer);
          resolve();
        };
        this.#wake = done;
        stop.addEventListener('abort', done, { once: true });
      }).finally(() => {
        if (this.#wake !== null) stop.removeEventListener('abort', this.#wake);
        this.#wake = null;
      });
    }
    return isAborted(stop) ? null : (this.#items.shift() ?? null);
  }
}

/** A function, because it changes while somebody waits. */
export function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
