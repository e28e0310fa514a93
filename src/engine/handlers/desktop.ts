/** The desktop application around the window: what it was asked to open, and what is chosen in its menu. */
import { failure, success } from '../../shared/errors.ts';
import type { HandlerContext, Some } from './context.ts';

export function desktopHandlers({ sessions, link }: HandlerContext): Some<'app.takeHandover' | 'app.openAddress'> {
  const { desktop } = sessions.options;
  if (desktop !== undefined) {
    const waiting = (): void => {
      link.emit('app.handover', {});
    };
    const endCommands = desktop.onCommand((command) => {
      link.emit('app.command', { command });
    });
    desktop.handovers.onWaiting.add(waiting);
    link.onClosed(() => {
      desktop.handovers.onWaiting.delete(waiting);
      endCommands();
    });
  }
  return {
    'app.takeHandover': () => success(desktop?.handovers.take() ?? { handovers: [], dropped: 0 }),
    'app.openAddress': async ({ address }) => {
      if (desktop === undefined) return failure('not-supported', 'This host opens no other programs.');
      const opened = await desktop.openAddress(address);
      if (opened !== null) return success({ opened });
      return failure('bad-address', 'Only addresses with https: and mailto: are opened in other programs.');
    },
  };
}
