/** What the handlers of one window share. */
import type { Handlers, WindowLink } from '../../shared/handlers.ts';
import { success, type failure, type Outcome } from '../../shared/errors.ts';
import type { AnySession } from '../any-session.ts';
import type { Sessions } from '../sessions.ts';
import type { Watches } from '../watches.ts';

export interface HandlerContext {
  readonly sessions: Sessions;
  readonly link: WindowLink;
  readonly watches: Watches;
  /** Runs with the session of this id, or answers `not-found`. */
  readonly within: <T>(id: string, run: (session: AnySession) => T) => T | ReturnType<typeof failure>;
}

/** The handlers of some methods. */
export type Some<M extends keyof Handlers> = Pick<Handlers, M>;

type Empty = Record<string, never>;

/** The contract says `{}` where there is nothing to say. */
export function nothing(outcome: Outcome): Outcome<Empty> {
  return outcome.ok ? success({}) : outcome;
}
