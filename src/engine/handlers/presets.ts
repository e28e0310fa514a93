/** The workspace folder and the presets in it. */
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { EVENT_BACKLOG_BYTES } from '../../shared/limits.ts';
import { FOLDER_QUIET_MS } from '../../shared/preset-limits.ts';
import { homePath } from '../home-path.ts';
import type { Listeners } from '../listeners.ts';
import type { OpenFolder } from '../presets/open-folder.ts';
import type { PresetFolder } from '../presets/preset-folder.ts';
import type { FolderStatus, Workspaces } from '../presets/workspaces.ts';
import { StatusPace } from '../status-pace.ts';
import type { HandlerContext, Some } from './context.ts';

type Methods =
  | 'folder.current'
  | 'folder.open'
  | 'folder.forget'
  | 'file.chooseFolder'
  | 'presets.list'
  | 'presets.read'
  | 'presets.save'
  | 'presets.create'
  | 'presets.createFolder'
  | 'presets.rename'
  | 'presets.move'
  | 'presets.duplicate'
  | 'presets.delete'
  | 'presets.restore'
  | 'presets.reveal';

export function presetHandlers(context: HandlerContext): Some<Methods> {
  const { options, workspaces } = context.sessions;
  tellChanges(context);

  /** Runs with the folder, or says that there is none. */
  async function withFolder<T>(run: (folder: OpenFolder) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    if (workspaces === null) return noFolder();
    return run(await workspaces.current());
  }

  const withPresets = <T>(run: (presets: PresetFolder) => Promise<Outcome<T>>): Promise<Outcome<T>> =>
    withFolder(({ presets }) => run(presets));

  const at = async (outcome: Promise<Outcome<string>>): Promise<Outcome<{ path: string }>> => {
    const place = await outcome;
    return place.ok ? success({ path: place.value }) : place;
  };

  return {
    'folder.current': () => statusOf(workspaces),
    'folder.open': ({ path }) => statusOf(workspaces, (found) => found.open(homePath(path))),
    'folder.forget': ({ path }) => statusOf(workspaces, (found) => found.forget(path)),
    'file.chooseFolder': async () =>
      options.chooseFolder === undefined
        ? failure('not-supported', 'There is no file dialog here.', 'Type the path of the folder.')
        : success({ path: await options.chooseFolder() }),
    'presets.list': () =>
      withPresets(async (presets) => {
        const { entries, error } = await presets.list();
        return success({ entries: [...entries], total: entries.length, error });
      }),
    'presets.read': ({ path }) => withPresets((presets) => presets.read(path)),
    'presets.save': ({ path, preset, base }) => withPresets((presets) => presets.save(path, preset, base)),
    'presets.create': ({ folder, preset }) => withPresets((presets) => presets.create(folder, preset)),
    'presets.createFolder': ({ folder, name }) => withPresets((presets) => at(presets.createFolder(folder, name))),
    'presets.rename': ({ path, name }) => withPresets((presets) => at(presets.rename(path, name))),
    'presets.move': ({ path, folder, before }) => withPresets((presets) => at(presets.move(path, folder, before))),
    'presets.duplicate': ({ path }) => withPresets((presets) => at(presets.duplicate(path))),
    'presets.delete': ({ path }) =>
      withPresets(async (presets) => {
        const undo = await presets.delete(path);
        return undo.ok ? success({ undo: undo.value }) : undo;
      }),
    'presets.restore': ({ undo }) => withPresets((presets) => at(presets.restore(undo))),
    'presets.reveal': ({ path }) =>
      withFolder(async ({ files }) => {
        const { reveal } = options;
        if (reveal === undefined) return failure('not-supported', 'There is no file manager that could be asked here.');
        const found = await files.locate(path);
        if (!found.ok) return found;
        reveal(found.value);
        return success({});
      }),
  };
}

function noFolder(): ReturnType<typeof failure> {
  return failure('not-supported', 'There is no workspace folder here.');
}

type StatusResult = Omit<FolderStatus, 'remembered'> & { remembered: { path: string; name: string }[] };

/** What holds after `change`. */
async function statusOf(
  workspaces: Workspaces | null,
  change?: (workspaces: Workspaces) => Promise<Outcome>,
): Promise<Outcome<StatusResult>> {
  if (workspaces === null) return noFolder();
  const changed = await change?.(workspaces);
  if (changed?.ok === false) return changed;
  const status = await workspaces.status();
  return status.ok ? success({ ...status.value, remembered: [...status.value.remembered] }) : status;
}

/** Tells the window, not too often, when something is different. */
function tellChanges({ sessions: { workspaces }, link }: HandlerContext): void {
  if (workspaces === null) return;
  const tell = (listeners: Listeners, event: 'presets.changed' | 'folder.changed'): void => {
    const pace = new StatusPace(FOLDER_QUIET_MS, () => {
      if (link.backlog > EVENT_BACKLOG_BYTES) return false;
      link.emit(event, {});
      return true;
    });
    const end = listeners.add(() => {
      pace.touch();
    });
    link.onClosed(() => {
      end();
      pace.stop();
    });
  };
  tell(workspaces.onPresets, 'presets.changed');
  tell(workspaces.onOpened, 'folder.changed');
}
