/** Rows, payloads and places of rows. Those of a filtered view are the view's. */
import { success } from '../../shared/errors.ts';
import { ROW_PREVIEW_BYTES } from '../../shared/limits.ts';
import type { RecordingReader } from '../recording.ts';
import type { HandlerContext, Some } from './context.ts';
import { findInView, readView } from './views.ts';

export function rowHandlers(context: HandlerContext): Some<'rows' | 'payload' | 'row.find'> {
  const { within } = context;
  return {
    rows: ({ session: id, view, from, count }) =>
      within(id, async (session) => {
        if (view !== null) return readView(context, session, view, from, count);
        const { recording } = session;
        const found = await recording.read(from, count, ROW_PREVIEW_BYTES);
        return success({ ...recording.rows, ...found });
      }),
    payload: ({ session: id, seq, offset, length }) =>
      within(id, (session) => session.recording.payload(seq, offset, length)),
    'row.find': ({ session: id, view, at }) =>
      within(id, async (session) => {
        const { recording } = session;
        const seq = 'seq' in at ? at.seq : await recording.seqAt(at.time);
        return view === null ? success({ row: rowOf(recording, seq) }) : findInView(context, session, view, seq);
      }),
  };
}

/** The first row that is not before `seq`, else the last; null when there are none. */
function rowOf({ rows }: RecordingReader, seq: number): number | null {
  return rows.first === rows.end ? null : Math.min(Math.max(seq, rows.first), rows.end - 1);
}
