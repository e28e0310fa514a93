/** A client whose answers a test decides, method by method; it remembers what it was asked. */
import type { Client } from '../../src/rpc/client.ts';
import type { EventName, EventPayload, Method, Params, Result } from '../../src/shared/contract.ts';
import { failure, type Outcome } from '../../src/shared/errors.ts';

type Answer<M extends Method> = Outcome<Result<M>> | Promise<Outcome<Result<M>>>;
type Handlers = { [M in Method]: (params: Params<M>) => Answer<M> };

type Listeners = { readonly [E in EventName]: Set<(payload: EventPayload<E>) => void> };

export class FakeCalls implements Client {
  readonly #listeners: Listeners = {
    'session.status': new Set(),
    'session.removed': new Set(),
    'recordings.changed': new Set(),
    'export.progress': new Set(),
    'check.progress': new Set(),
    'presets.changed': new Set(),
    'environments.changed': new Set(),
    'folder.changed': new Set(),
    'app.handover': new Set(),
    'app.command': new Set(),
  };
  readonly #handlers: Partial<Handlers> = {};
  readonly #calls: { readonly method: Method; readonly params: unknown }[] = [];

  /** From now on this method is answered so. */
  answer<M extends Method>(method: M, handler: Handlers[M]): this {
    this.#handlers[method] = handler;
    return this;
  }

  /** The parameters of all calls of a method, oldest first. */
  callsOf(method: Method): unknown[] {
    return this.#calls.filter((call) => call.method === method).map((call) => call.params);
  }

  async call<M extends Method>(method: M, params: Params<M>): Promise<Outcome<Result<M>>> {
    this.#calls.push({ method, params });
    const handler: Handlers[M] | undefined = this.#handlers[method];
    return handler === undefined ? failure('not-supported', `The test has no answer to ${method}.`) : handler(params);
  }

  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void {
    const listeners: Listeners[E] = this.#listeners[event];
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** The engine sends an event. */
  emit<E extends EventName>(event: E, payload: EventPayload<E>): void {
    const listeners: Listeners[E] = this.#listeners[event];
    for (const listener of listeners) listener(payload);
  }

  onClosed(): void {
    // A test's engine does not go away.
  }

  close(): void {
    // Nothing is held.
  }
}
