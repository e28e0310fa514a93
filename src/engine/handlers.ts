/** One function for each method of the contract, for one window. Parameters have been checked by then. */
import { stat } from 'node:fs/promises';
import { failure, success, type Outcome } from '../shared/errors.ts';
import type { Handlers, WindowLink } from '../shared/handlers.ts';
import { ROW_PREVIEW_BYTES } from '../shared/limits.ts';
import { wireErrorOf } from '../shared/system-error.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import { Watches } from './watches.ts';

type Empty = Record<string, never>;

export function createHandlers(sessions: Sessions, link: WindowLink): Handlers {
  const { options } = sessions;
  const watches = new Watches(link, sessions.turns, (bug) => {
    sessions.report(bug);
  });
  const forget = (session: Session): void => {
    watches.forget(session, !sessions.isDisposed);
  };
  sessions.onRemoved.add(forget);
  link.onClosed(() => {
    sessions.onRemoved.delete(forget);
  });

  /** Runs with the session of this id, or answers `not-found`. */
  function within<T>(id: string, run: (session: Session) => T): T | ReturnType<typeof failure> {
    const session = sessions.get(id);
    return session.ok ? run(session.value) : session;
  }

  return {
    'app.info': () =>
      success({
        version: options.version,
        runtime: options.runtime,
        platform: process.platform,
        capabilities: { fileDialogs: options.chooseFile !== undefined },
      }),
    'workspace.load': () => sessions.workspace.load(),
    'workspace.save': async ({ workspace }) => nothing(await sessions.workspace.save(workspace)),
    'file.choose': async () =>
      options.chooseFile === undefined
        ? failure('not-supported', 'There is no file dialog here.', 'Type the path of the file.')
        : success({ path: await options.chooseFile() }),
    'file.stat': ({ path }) => fileSize(path),

    'session.create': ({ config }) => {
      const session = sessions.create(config);
      return session.ok ? success({ session: session.value.id }) : session;
    },
    'session.list': () => success({ sessions: sessions.all().map((session) => watches.status(session)) }),
    'session.remove': ({ session: id }) =>
      within(id, async (session) => {
        await sessions.remove(session);
        return success({});
      }),
    'session.open': ({ session: id, config }) =>
      within(id, async (session) => {
        const opened = await session.open(config);
        return opened.ok ? success({ status: watches.status(session) }) : opened;
      }),
    'session.close': ({ session: id }) =>
      within(id, async (session) => {
        await session.close();
        return success({});
      }),
    'session.act': ({ session: id, action, peer }) =>
      within(id, async (session) => nothing(await session.act(action, peer))),
    'session.send': ({ session: id, peer, source, then }) => within(id, (session) => session.send(peer, source, then)),
    'session.cancelSend': ({ session: id }) =>
      within(id, (session) => {
        session.cancelSend();
        return success({});
      }),
    'session.setReading': ({ session: id, peer, reading }) =>
      within(id, (session) => nothing(session.setReading(peer, reading))),
    'session.watch': ({ session: id, on, pace }) =>
      within(id, (session) => {
        watches.watch(session, on ? (pace ?? 'live') : null);
        return success({});
      }),

    rows: ({ session: id, view: viewId, from, count }) =>
      within(id, async (session) => {
        if (viewId !== null) {
          const view = watches.view(session, viewId);
          return view.ok ? view.value.read(from, count) : view;
        }
        const { recording } = session.recorder;
        const found = await recording.read(from, count, ROW_PREVIEW_BYTES);
        return success({ ...recording.rows, ...found });
      }),
    payload: ({ session: id, seq, offset, length }) =>
      within(id, (session) => session.recorder.recording.payload(seq, offset, length)),
    peers: ({ session: id, from, count }) => within(id, (session) => success(session.peers(from, count))),
    'peers.names': ({ session: id, peers }) =>
      within(id, (session) => success({ names: peers.map((peer) => session.peerName(peer)) })),
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

/** The contract says `{}` where there is nothing to say. */
function nothing(outcome: Outcome): Outcome<Empty> {
  return outcome.ok ? success({}) : outcome;
}

async function fileSize(path: string): Promise<Outcome<{ size: number }>> {
  try {
    const found = await stat(path);
    if (found.isFile()) return success({ size: found.size });
    const what = found.isDirectory() ? 'is a folder' : 'is not a regular file';
    return failure('file-unreadable', `${path} ${what}.`, 'Choose a regular file.');
  } catch (problem) {
    return { ok: false, error: wireErrorOf(problem, path) };
  }
}
