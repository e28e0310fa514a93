/**
 * The window's end of the contract. Every call resolves to an outcome; none
 * rejects, also not when the port is gone (`disconnected`).
 */
import {
  events,
  methods,
  type EventName,
  type EventPayload,
  type Method,
  type Params,
  type Result,
} from '../shared/contract.ts';
import { failure, success, type Outcome } from '../shared/errors.ts';
import { fromServerSchema } from './messages.ts';
import type { Port } from './port.ts';

export interface Client {
  call<M extends Method>(method: M, params: Params<M>): Promise<Outcome<Result<M>>>;
  /** @returns a function that ends the subscription */
  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void;
  /** Called once when the other end is gone. */
  onClosed(listener: () => void): void;
  close(): void;
}

export function createClient(port: Port): Client {
  return new PortClient(port);
}

const disconnected = failure(
  'disconnected',
  'The window has lost its connection to the engine.',
  'Reload the window; if it was served by `npm start -- --browser`, check that it still runs.',
);

class PortClient implements Client {
  readonly #port: Port;
  readonly #pending = new Map<number, (answer: Outcome<unknown>) => void>();
  readonly #listeners = new Map<string, Set<(payload: unknown) => void>>();
  #closedListeners: (() => void)[] = [];
  #next = 0;
  #open = true;

  constructor(port: Port) {
    this.#port = port;
    port.listen(
      (message) => {
        this.#receive(message);
      },
      () => {
        this.#lost();
      },
    );
  }

  async call<M extends Method>(method: M, params: Params<M>): Promise<Outcome<Result<M>>> {
    if (!this.#open) return disconnected;
    const id = this.#next++;
    const answer = await new Promise<Outcome<unknown>>((resolve) => {
      this.#pending.set(id, resolve);
      const posted = this.#post({ type: 'call', id, method, params });
      if (!posted.ok) this.#resolve(id, posted);
    });
    if (!answer.ok) return answer;
    const result = methods[method].result.safeParse(answer.value);
    if (!result.success) return failure('internal', `The engine's answer to ${method} is malformed.`);
    return success(result.data);
  }

  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void {
    const receive = (payload: unknown): void => {
      const parsed = events[event].safeParse(payload);
      if (parsed.success) listener(parsed.data);
    };
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    listeners.add(receive);
    return () => {
      listeners.delete(receive);
    };
  }

  onClosed(listener: () => void): void {
    if (this.#open) this.#closedListeners.push(listener);
    else listener();
  }

  close(): void {
    this.#port.close();
    this.#lost();
  }

  #receive(message: unknown): void {
    const parsed = fromServerSchema.safeParse(message);
    if (!parsed.success) return;
    const data = parsed.data;
    if (data.type === 'event') {
      for (const listener of this.#listeners.get(data.name) ?? []) listener(data.payload);
      return;
    }
    this.#resolve(data.id, data.ok ? success(data.value) : { ok: false, error: data.error });
  }

  #resolve(id: number, answer: Outcome<unknown>): void {
    const resolve = this.#pending.get(id);
    this.#pending.delete(id);
    resolve?.(answer);
  }

  #post(message: { readonly method: string; readonly [key: string]: unknown }): Outcome {
    try {
      return this.#port.post(message);
    } catch (bug) {
      // Only plain data can be sent: the caller passed on something else.
      const why = bug instanceof Error ? bug.message : String(bug);
      return failure('internal', `The call ${message.method} could not be sent: ${why}.`, 'This is a bug.');
    }
  }

  #lost(): void {
    if (!this.#open) return;
    this.#open = false;
    for (const resolve of this.#pending.values()) resolve(disconnected);
    this.#pending.clear();
    this.#listeners.clear();
    const listeners = this.#closedListeners;
    this.#closedListeners = [];
    for (const listener of listeners) listener();
  }
}
