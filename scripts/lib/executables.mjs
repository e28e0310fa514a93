import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Debian keeps programs that an ordinary user's PATH may lack. */
const MORE_PLACES = process.platform === 'win32' ? [] : ['/usr/bin', '/usr/sbin', '/sbin'];

/**
 * @param {string} name
 * @returns {string | null} full path of the first one found
 */
export function findExecutable(name) {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), ...MORE_PLACES]) {
    const path = join(folder, process.platform === 'win32' ? `${name}.exe` : name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

const CHROMIUMS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** @returns {string | null} the browser for the end-to-end tests */
export function findChromium() {
  for (const name of CHROMIUMS) {
    const path = findExecutable(name);
    if (path !== null) return path;
  }
  return null;
}
