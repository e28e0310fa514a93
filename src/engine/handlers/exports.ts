/** Exports to files, and rows as text for the clipboard. */
import { maskCredentials } from '../../shared/credentials.ts';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { COPY_PREVIEW_BYTES } from '../../shared/limits.ts';
import type { AnySession } from '../any-session.ts';
import type { ExportInfo } from '../export/packed.ts';
import { rowsText } from '../export/rows-text.ts';
import { nothing, type HandlerContext, type Some } from './context.ts';
import { readView } from './views.ts';

type Methods = 'rows.text' | 'export.start' | 'export.cancel' | 'export.reveal';
type Source = Omit<ExportInfo, 'filter' | 'peer'>;

export function exportHandlers(context: HandlerContext): Some<Methods> {
  const { sessions, link } = context;
  const { exports, options } = sessions;
  link.onClosed(() => {
    exports.forgetLink(link);
  });
  return {
    'rows.text': ({ session: id, view, from, count, as }) =>
      context.within(id, (session) => {
        const { recording } = session;
        const read = async (row: number, rows: number): Promise<Outcome<{ from: number; rows: Uint8Array }>> =>
          view === null
            ? success(await recording.read(row, rows, COPY_PREVIEW_BYTES))
            : readView(context, session, view, row, rows);
        const info = { ...sourceOf(session), filter: '', peer: null };
        return rowsText({ info, recording, read }, { from, count, as });
      }),
    'export.start': (params) =>
      context.within(params.session, (session) =>
        exports.start(link, { ...sourceOf(session), session: session.id, recording: session.recording }, params),
      ),
    'export.cancel': async ({ export: id }) => nothing(await exports.cancel(link, id)),
    'export.reveal': ({ export: id }) => {
      const path = exports.pathOf(link, id);
      if (!path.ok) return path;
      if (options.reveal === undefined) {
        return failure('not-supported', 'This host cannot show files.', `The file is ${path.value}.`);
      }
      options.reveal(path.value);
      return success({});
    },
  };
}

function sourceOf(session: AnySession): Source {
  const { protocol, kinds, messageKinds } = session;
  const address = maskCredentials(session.address);
  return { protocol, address, startedAt: session.status([]).startedAt, kinds, messageKinds };
}
