/** The system's dialogs for files, over the window that asks. */
import { join } from 'node:path';
import { app, BrowserWindow, dialog, type OpenDialogOptions } from 'electron';

/** @returns the path of an existing file; null when the person changed their mind */
export function chooseFile(): Promise<string | null> {
  return choose(['openFile']);
}

/** @returns the path of an existing folder, or of a new one; null when the person changed their mind */
export function chooseFolder(): Promise<string | null> {
  return choose(['openDirectory', 'createDirectory']);
}

async function choose(properties: NonNullable<OpenDialogOptions['properties']>): Promise<string | null> {
  const options = { properties };
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  const chosen = await (window === undefined ? dialog.showOpenDialog(options) : dialog.showOpenDialog(window, options));
  return chosen.filePaths[0] ?? null;
}

/** Asks before a file is replaced. @param name what is proposed */
export async function chooseSave(name: string): Promise<string | null> {
  const options = { defaultPath: join(app.getPath('documents'), name) };
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  const chosen = await (window === undefined ? dialog.showSaveDialog(options) : dialog.showSaveDialog(window, options));
  return chosen.canceled || chosen.filePath === '' ? null : chosen.filePath;
}
