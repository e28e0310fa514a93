/** What stands behind the contract: one function for each method, made for one window. */
import type { EventName, EventPayload, Method, Params, Result } from './contract.ts';
import type { Outcome } from './errors.ts';

type Awaitable<T> = T | Promise<T>;

export type Handlers = {
  readonly [M in Method]: (params: Params<M>) => Awaitable<Outcome<Result<M>>>;
};

/** The link to one window, as the handlers see it. */
export interface WindowLink {
  emit<E extends EventName>(event: E, payload: EventPayload<E>): void;
  /** Bytes that are still on their way to the window; 0 where nobody can tell. */
  readonly backlog: number;
  onClosed(listener: () => void): void;
}
