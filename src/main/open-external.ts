/** Opens an address in the browser or the mail program of the system: the only way from here to other programs. */
import { BrowserWindow, dialog, shell } from 'electron';
import { webAddress } from './web-address.ts';

/** One question at a time: a page that asks and asks must not fill the screen. */
let isAsking = false;

/**
 * Shows the address first.
 * @returns whether it was opened; null for anything but `https:` and `mailto:`, which is never opened
 */
export async function openExternal(address: string): Promise<boolean | null> {
  const url = webAddress(address);
  if (url === null) return null;
  if (isAsking) return false;
  isAsking = true;
  try {
    const options = {
      type: 'question' as const,
      message: url.startsWith('mailto:') ? 'Write a mail?' : 'Open this address in the browser?',
      detail: url,
      buttons: ['Open', 'Cancel'],
      defaultId: 1,
      cancelId: 1,
    };
    const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
    const { response } = await (window === undefined
      ? dialog.showMessageBox(options)
      : dialog.showMessageBox(window, options));
    if (response !== 0) return false;
    await shell.openExternal(url);
    return true;
  } finally {
    isAsking = false;
  }
}
