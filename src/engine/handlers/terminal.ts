/** Terminals of one window. */
import { success } from '../../shared/errors.ts';
import type { AnySession } from '../any-session.ts';
import { Terminals } from '../terminal/terminals.ts';
import type { HandlerContext, Some } from './context.ts';

type Methods = 'terminal.open' | 'terminal.read' | 'terminal.close';

export function terminalHandlers({ sessions, link, within }: HandlerContext): Some<Methods> {
  const terminals = new Terminals();
  const forget = (session: AnySession): void => {
    terminals.forget(session);
  };
  sessions.onRemoved.add(forget);
  link.onClosed(() => {
    sessions.onRemoved.delete(forget);
    terminals.closeAll();
  });
  return {
    'terminal.open': ({ session: id, ...options }) => within(id, (session) => terminals.open(session, options)),
    'terminal.read': async ({ terminal, bytes, span }) => {
      const found = terminals.get(terminal);
      return found.ok ? found.value.read(bytes, span ?? Infinity) : found;
    },
    'terminal.close': ({ terminal }) => {
      terminals.close(terminal);
      return success({});
    },
  };
}
