/** Leaving: asks once when sessions are open, and ends them before the process goes. */
import { app, dialog, type BrowserWindow } from 'electron';
import type { HostedEngine } from './late-engine.ts';

/** On macOS an application goes on without windows; its sessions do, too. */
const OUTLIVES_WINDOWS = process.platform === 'darwin';

export interface Quitting {
  /** The person wants to leave: asks when that would end sessions. */
  request(): Promise<void>;
  /** Closing this window is leaving, where the application ends with its window. */
  watch(window: BrowserWindow): void;
}

export function prepareQuitting(engine: HostedEngine): Quitting {
  let isDecided = false;
  let isAsking = false;
  let isDisposed = false;

  // `app.quit()` is the decision of the system, of a signal (Electron's own handler) or of whoever has asked already.
  app.on('before-quit', () => {
    isDecided = true;
  });
  app.on('window-all-closed', () => {
    if (!OUTLIVES_WINDOWS) app.quit();
  });
  app.on('will-quit', (event) => {
    if (isDisposed) return;
    event.preventDefault();
    void engine.dispose().finally(() => {
      isDisposed = true;
      // Not before this event is over: until then Electron takes itself for quitting and does nothing.
      setImmediate(() => {
        app.quit();
      });
    });
  });
  async function request(): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    const mayQuit = engine.liveSessions === 0 || (await ask(engine.liveSessions));
    isAsking = false;
    if (mayQuit) app.quit();
  }

  return {
    request,
    watch(window) {
      window.on('close', (event) => {
        if (isDecided || OUTLIVES_WINDOWS || engine.liveSessions === 0) return;
        event.preventDefault();
        void request();
      });
    },
  };
}

async function ask(sessions: number): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: sessions === 1 ? 'A session is open.' : `${sessions} sessions are open.`,
    detail: 'Quitting closes their connections. Their tabs and recordings are kept.',
    buttons: ['Quit', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  });
  return response === 0;
}
