/** The About box. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { app, BrowserWindow, clipboard, dialog, shell } from 'electron';
import { aboutText, readBuildInfo } from './build-info.ts';

const NOTICES = 'THIRD-PARTY-NOTICES.txt';

export async function showAbout(): Promise<void> {
  const { electron, chrome, node } = process.versions;
  const text = aboutText({ app: app.getVersion(), electron, chrome, node }, readBuildInfo(app.getAppPath()));
  const notices = [process.resourcesPath, app.getAppPath()].map((folder) => join(folder, NOTICES)).find(existsSync);
  const options = {
    type: 'info' as const,
    title: 'About Wirebench',
    message: 'Wirebench',
    detail: text,
    buttons: ['OK', 'Copy', ...(notices === undefined ? [] : ['Third-party notices'])],
    defaultId: 0,
    cancelId: 0,
  };
  const [window] = BrowserWindow.getAllWindows();
  const { response } = await (window === undefined
    ? dialog.showMessageBox(options)
    : dialog.showMessageBox(window, options));
  if (response === 1) void clipboard.writeText(`Wirebench\n${text}`);
  else if (response === 2 && notices !== undefined) await shell.openPath(notices);
}
