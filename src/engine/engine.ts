/**
 * Hosts sessions and answers the contract's calls. One engine serves any
 * number of windows: sessions are shared by all of them, while watching and
 * filtered views belong to one link and end with it.
 */
import type { Handlers, WindowLink } from '../shared/handlers.ts';
import { createHandlers } from './handlers.ts';
import type { EngineOptions } from './engine-options.ts';
import { Sessions } from './sessions.ts';

export type { EngineOptions } from './engine-options.ts';

export interface Engine {
  /** For `serve` of rpc/server.ts, once for each window. */
  handlers(link: WindowLink): Handlers;
  /** How many sessions are open, or on their way to or from it, at the moment. */
  readonly liveSessions: number;
  /** Ends all sessions and waits for what is being saved. Resolves within DISPOSE_MS. */
  dispose(): Promise<void>;
}

export function createEngine(options: EngineOptions): Engine {
  const sessions = new Sessions(options);
  return {
    handlers: (link) => createHandlers(sessions, link),
    get liveSessions() {
      return sessions.live;
    },
    dispose: () => sessions.dispose(),
  };
}
