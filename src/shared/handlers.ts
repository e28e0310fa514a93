/** What stands behind the contract: one function for each method, made for one window. */
import type { EventName, EventPayload, Method, Params, Result } from './contract.ts';
import type { Outcome } from './errors.ts';

type Awaitable<T> = T | Promise<T>;

export type Handlers = {
  readonly [M in Method]: (params: Params<M>) => Awaitable<Outcome<Result<M>>>;
};

/** One window, as the handlers see it. */
export interface Connection {
  emit<E extends EventName>(event: E, payload: EventPayload<E>): void;
  onClosed(listener: () => void): void;
}
