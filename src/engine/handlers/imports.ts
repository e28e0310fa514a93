/** Import into the workspace folder, and export from it. */
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { homePath } from '../home-path.ts';
import { exportBundle } from '../imports/export-bundle.ts';
import { importInto } from '../imports/import-into.ts';
import { ImportLooker } from '../imports/import-looker.ts';
import type { OpenFolder } from '../presets/open-folder.ts';
import type { HandlerContext, Some } from './context.ts';

export function importHandlers({
  sessions,
  link,
}: HandlerContext): Some<'import.look' | 'import.run' | 'presets.export'> {
  const { workspaces, environments, options } = sessions;
  const looker = new ImportLooker({
    worker: options.workers?.import,
    report: (bug) => {
      sessions.report(bug);
    },
  });

  link.onClosed(() => {
    looker.dispose();
  });

  async function withFolder<T>(run: (folder: OpenFolder) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    if (workspaces === null) return failure('not-supported', 'This host keeps no presets.');
    return run(await workspaces.current());
  }

  return {
    'import.look': async ({ source }) => {
      const look = await looker.look(source);
      if (!look.ok) return look;
      const { kind, presets, environments: found, left } = look.value;
      // Without the values of secrets: the window never gets those.
      return success({ kind, presets: [...presets], environments: [...found], left: [...left] });
    },
    'import.run': ({ source, folder: target }) =>
      withFolder(async (folder) => {
        const look = await looker.look(source);
        return look.ok ? importInto(folder, environments, target, look.value) : look;
      }),
    'presets.export': ({ path, file }) =>
      withFolder((folder) => exportBundle(folder, environments, options.drivers, path, homePath(file))),
  };
}
