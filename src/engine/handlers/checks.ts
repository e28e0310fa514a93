/** Checks of servers against the standards of their protocol. */
import { nothing, type HandlerContext, type Some } from './context.ts';

export function checkHandlers({ sessions: { checks }, link }: HandlerContext): Some<'check.start' | 'check.cancel'> {
  link.onClosed(() => {
    checks.forgetLink(link);
  });
  return {
    'check.start': ({ config }) => checks.start(link, config),
    'check.cancel': async ({ check }) => nothing(await checks.cancel(link, check)),
  };
}
