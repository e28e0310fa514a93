/** One function for each method of the contract, for one window. Parameters have been checked by then. */
import type { Handlers, WindowLink } from '../shared/handlers.ts';
import type { AnySession } from './any-session.ts';
import { appHandlers } from './handlers/app.ts';
import { checkHandlers } from './handlers/checks.ts';
import type { HandlerContext } from './handlers/context.ts';
import { desktopHandlers } from './handlers/desktop.ts';
import { environmentHandlers } from './handlers/environments.ts';
import { exportHandlers } from './handlers/exports.ts';
import { importHandlers } from './handlers/imports.ts';
import { presetHandlers } from './handlers/presets.ts';
import { recordingHandlers } from './handlers/recordings.ts';
import { rowHandlers } from './handlers/rows.ts';
import { sessionHandlers } from './handlers/sessions.ts';
import { settingsHandlers } from './handlers/settings.ts';
import { terminalHandlers } from './handlers/terminal.ts';
import { viewHandlers } from './handlers/views.ts';
import type { Sessions } from './sessions.ts';
import { Watches } from './watches.ts';

export function createHandlers(sessions: Sessions, link: WindowLink): Handlers {
  const watches = new Watches(link, sessions.scanner);
  const forget = (session: AnySession): void => {
    watches.forget(session, !sessions.isDisposed);
  };
  sessions.onRemoved.add(forget);
  link.onClosed(() => {
    sessions.onRemoved.delete(forget);
  });
  const context: HandlerContext = {
    sessions,
    link,
    watches,
    within: (id, run) => {
      const session = sessions.get(id);
      return session.ok ? run(session.value) : session;
    },
  };
  return {
    ...appHandlers(context),
    ...desktopHandlers(context),
    ...sessionHandlers(context),
    ...rowHandlers(context),
    ...viewHandlers(context),
    ...terminalHandlers(context),
    ...exportHandlers(context),
    ...checkHandlers(context),
    ...recordingHandlers(context),
    ...settingsHandlers(context),
    ...presetHandlers(context),
    ...environmentHandlers(context),
    ...importHandlers(context),
  };
}
