/** The page has gone, mostly with its process: sessions and recordings are in this one and go on, so the page is loaded again. */
import { performance } from 'node:perf_hooks';
import { app, dialog, shell, type BrowserWindow } from 'electron';
import { APP_ORIGIN } from '../shared/handover.ts';
import { CrashCount } from './crash-count.ts';
import type { HandoverQueue } from './handover-queue.ts';
import { isOwnPage } from './own-page.ts';

export interface CrashWatch {
  readonly handovers: HandoverQueue;
  /** For the log. */
  readonly note: (line: string) => void;
  readonly logPath: string;
  /** Leaves, after asking when sessions are open. */
  readonly quit: () => void;
}

export function recoverFromCrashes(window: BrowserWindow, watch: CrashWatch): void {
  const { webContents } = window;
  const count = new CrashCount();
  let upSince: number | null = null;

  function load(reason: string): void {
    if (window.isDestroyed()) return;
    watch.handovers.put([{ type: 'recovered', reason }]);
    // What fails to load crashes again, or has failed for good; both are told by events.
    window.loadURL(`${APP_ORIGIN}/index.html`).catch((problem: unknown) => {
      watch.note(`the page could not be loaded again: ${String(problem)}`);
    });
  }

  function lost(reason: string, words: string): void {
    const what = count.add({ reason, at: performance.now(), upSince });
    upSince = null;
    watch.note(`${words}; ${what === 'ask' ? 'too often' : 'loading again'}`);
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    if (what === 'reload') {
      // Not within the event: Chromium is still taking the old page away.
      setImmediate(load, reason);
      return;
    }
    void ask(window, watch).then((answer) => {
      if (answer !== 'reload') return;
      count.forget();
      load(reason);
    });
  }

  webContents.on('did-finish-load', () => {
    upSince = performance.now();
  });
  webContents.on('render-process-gone', (_, { reason, exitCode }) => {
    lost(reason, `the page's process has gone (${reason}, ${exitCode})`);
  });
  // guards.ts prevents all of it but `about:blank`, of which Electron does not tell before.
  webContents.on('did-navigate', (_, address) => {
    if (!isOwnPage(address)) lost('left', 'the window was led to another page');
  });
  window.on('unresponsive', () => {
    watch.note('the page does not answer');
  });
  window.on('responsive', () => {
    watch.note('the page answers again');
  });
}

async function ask(window: BrowserWindow, { logPath, quit }: CrashWatch): Promise<'reload' | 'stay'> {
  for (;;) {
    if (window.isDestroyed()) return 'stay';
    const { response } = await dialog.showMessageBox(window, {
      type: 'error',
      title: app.getName(),
      message: 'The window has crashed several times within a minute.',
      detail:
        'Sessions and recordings go on without it. Load it again, or quit; recordings are kept, and the log has what is known of the crashes.',
      buttons: ['Load again', 'Show log', 'Quit'],
      defaultId: 0,
      cancelId: 0,
    });
    if (response === 0) return 'reload';
    if (response === 2) {
      quit();
      return 'stay';
    }
    shell.showItemInFolder(logPath);
  }
}
