/** How long recordings are kept, and what happens when the disk is too slow. */
import { nothing, type HandlerContext, type Some } from './context.ts';

export function settingsHandlers({ sessions }: HandlerContext): Some<'settings.load' | 'settings.save'> {
  const { settings, library } = sessions;
  return {
    'settings.load': () => settings.load(),
    'settings.save': async ({ recordings }) => {
      const saved = await settings.save(recordings);
      if (saved.ok) library?.settingsChanged();
      return nothing(saved);
    },
  };
}
