/** Environments and secrets of the workspace folder. */
import { success } from '../../shared/errors.ts';
import { nothing, type HandlerContext, type Some } from './context.ts';

type Methods =
  | 'environments.list'
  | 'environments.save'
  | 'environments.delete'
  | 'environments.restore'
  | 'environments.choose'
  | 'secrets.set'
  | 'secrets.acceptWeak';

export function environmentHandlers({ sessions, link }: HandlerContext): Some<Methods> {
  const { environments } = sessions;
  link.onClosed(
    environments.changed.add(() => {
      link.emit('environments.changed', {});
    }),
  );
  return {
    'environments.list': () => environments.list(),
    'environments.save': (params) => environments.save(params),
    'environments.delete': async ({ path }) => {
      const deleted = await environments.delete(path);
      return deleted.ok ? success({ undo: deleted.value }) : deleted;
    },
    'environments.restore': async ({ undo }) => {
      const restored = await environments.restore(undo);
      return restored.ok ? success({ path: restored.value }) : restored;
    },
    'environments.choose': async ({ path }) => nothing(await environments.choose(path)),
    'secrets.set': async (params) => nothing(await environments.setSecret(params)),
    'secrets.acceptWeak': async ({ accept }) => nothing(await environments.acceptWeak(accept)),
  };
}
