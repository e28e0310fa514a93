/** The application itself, its workspace, and files on this machine. */
import { stat } from 'node:fs/promises';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { wireErrorOf } from '../../shared/system-error.ts';
import { homePath } from '../home-path.ts';
import { saveText } from '../save-text.ts';
import { nothing, type HandlerContext, type Some } from './context.ts';

type Methods =
  'app.info' | 'workspace.load' | 'workspace.save' | 'file.choose' | 'file.chooseSave' | 'file.stat' | 'file.save';

export function appHandlers({ sessions }: HandlerContext): Some<Methods> {
  const { options, workspace } = sessions;
  const { chooseFile, chooseSave } = options;
  return {
    'app.info': () =>
      success({
        version: options.version,
        runtime: options.runtime,
        platform: process.platform,
        capabilities: {
          fileDialogs: chooseFile !== undefined,
          reveal: options.reveal !== undefined,
          downloads: options.downloads !== undefined,
        },
      }),
    'workspace.load': () => workspace.load(),
    'workspace.save': async ({ workspace: document }) => nothing(await workspace.save(document)),
    'file.choose': async () => (chooseFile === undefined ? noDialogs() : success({ path: await chooseFile() })),
    'file.chooseSave': async ({ name }) =>
      chooseSave === undefined ? noDialogs() : success({ path: await chooseSave(name) }),
    'file.stat': ({ path }) => fileSize(homePath(path)),
    'file.save': ({ path, text }) => saveText(homePath(path), text, sessions.library?.folder ?? null),
  };
}

function noDialogs(): ReturnType<typeof failure> {
  return failure('not-supported', 'There is no file dialog here.', 'Type the path of the file.');
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
