/** History: the recordings of this engine's folder. */
import { maskCredentials } from '../../shared/credentials.ts';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { EVENT_BACKLOG_BYTES, STATUS_BACKGROUND_MS } from '../../shared/limits.ts';
import { homePath } from '../home-path.ts';
import type { RecordingLibrary } from '../library/library.ts';
import { StatusPace } from '../status-pace.ts';
import { nothing, type HandlerContext, type Some } from './context.ts';

type Methods =
  | 'recordings.list'
  | 'recordings.open'
  | 'recordings.update'
  | 'recordings.delete'
  | 'recordings.restore'
  | 'recordings.reveal';

export function recordingHandlers(context: HandlerContext): Some<Methods> {
  const { sessions } = context;
  const { library, openings, options } = sessions;
  tellChanges(context);

  /** Runs with the library, or says that there is none. */
  async function withLibrary<T>(run: (library: RecordingLibrary) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    return library === null ? failure('not-found', 'There is no folder for recordings here.') : run(library);
  }

  return {
    'recordings.list': async () =>
      success(
        library === null ? { recordings: [], total: 0, bytes: 0, folder: null, error: null } : await library.list(),
      ),
    'recordings.open': async (params) => {
      const opened = await ('path' in params
        ? openings.byPath(homePath(params.path))
        : openings.byId(params.recording));
      if (!opened.ok) return opened;
      const { session, title } = opened.value;
      const config = {
        protocol: session.protocol,
        address: maskCredentials(session.address),
        options: session.options,
      };
      return success({ session: session.id, title, config, kinds: [...session.kinds] });
    },
    'recordings.update': ({ recording, name, isPinned }) =>
      withLibrary(async (found) => nothing(await found.update(recording, name, isPinned))),
    'recordings.delete': async ({ recording }) => nothing(await sessions.deleteRecording(recording)),
    'recordings.restore': ({ recording }) => withLibrary(async (found) => nothing(await found.restore(recording))),
    'recordings.reveal': ({ recording }) =>
      withLibrary(async (found) => {
        const { reveal } = options;
        if (reveal === undefined) return failure('not-supported', 'There is no file manager that could be asked here.');
        const folder = await found.find(recording);
        if (!folder.ok) return folder;
        reveal(folder.value);
        return success({});
      }),
  };
}

/** Tells the window, not too often, when the list is different. */
function tellChanges({ sessions, link }: HandlerContext): void {
  const { library } = sessions;
  if (library === null) return;
  const pace = new StatusPace(STATUS_BACKGROUND_MS, () => {
    if (link.backlog > EVENT_BACKLOG_BYTES) return false;
    link.emit('recordings.changed', {});
    return true;
  });
  const touch = (): void => {
    pace.touch();
  };
  library.onChanged.add(touch);
  link.onClosed(() => {
    library.onChanged.delete(touch);
    pace.stop();
  });
}
