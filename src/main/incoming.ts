/** What reaches the application from outside: arguments, second instances, and on macOS events of the system. */
import { app } from 'electron';
import { handoverOf, handoversOf, isStart, ownArguments, type Start } from './arguments.ts';
import type { HandoverQueue } from './handover-queue.ts';

/** The arguments of this start, as they are handed to an instance that runs already. */
export function thisStart(): Start {
  const cwd = process.cwd();
  return { args: ownArguments(process.argv, process.defaultApp ? app.getAppPath() : null, cwd), cwd };
}

/**
 * Before the application is ready, because macOS tells what it was opened with before that.
 * @param front brings the window to the front
 */
export function takeIncoming(handovers: HandoverQueue, front: () => void): void {
  handovers.put(handoversOf(thisStart()));
  app.on('second-instance', (_event, _argv, _folder, start) => {
    // Not `argv`, into which Chromium puts switches of its own.
    if (isStart(start)) handovers.put(handoversOf(start));
    front();
  });
  const take = (event: { preventDefault(): void }, item: string): void => {
    event.preventDefault();
    const handover = handoverOf(item, process.cwd());
    if (handover !== null) handovers.put([handover]);
    if (app.isReady()) front();
  };
  app.on('open-file', take);
  app.on('open-url', take);
}
