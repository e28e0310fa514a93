/** Filtered views of one window. */
import type { Result } from '../../shared/contract.ts';
import { success, type Outcome } from '../../shared/errors.ts';
import type { AnySession } from '../any-session.ts';
import type { HandlerContext, Some } from './context.ts';

export function viewHandlers({ watches, within }: HandlerContext): Some<'view.open' | 'view.close'> {
  return {
    'view.open': ({ session: id, filter, peer }) => within(id, (session) => watches.open(session, filter, peer)),
    'view.close': ({ session: id, view }) =>
      within(id, (session) => {
        const found = watches.view(session, view);
        if (!found.ok) return found;
        watches.closeView(view);
        return success({});
      }),
  };
}

/** Rows of a view. Error: `not-found`, or why its scan was given up. */
export async function readView(
  { watches }: HandlerContext,
  session: AnySession,
  view: number,
  from: number,
  count: number,
): Promise<Outcome<Result<'rows'>>> {
  const found = watches.view(session, view);
  return found.ok ? found.value.read(from, count) : found;
}

/** The view's first row whose record is not before `seq`, else its last. Error: `not-found`. */
export function findInView(
  { watches }: HandlerContext,
  session: AnySession,
  view: number,
  seq: number,
): Outcome<Result<'row.find'>> {
  const found = watches.view(session, view);
  return found.ok ? success({ row: found.value.find(seq) }) : found;
}
