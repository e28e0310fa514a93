import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isRoot } from './apt.mjs';

/** @param {string} path @returns {Promise<string>} trimmed; empty when missing */
async function readSetting(path) {
  return (await readFile(path, 'utf8').catch(() => '')).trim();
}

/** @param {string} helper */
function isSetuidRoot(helper) {
  const found = statSync(helper, { throwIfNoEntry: false });
  return found?.uid === 0 && (found.mode & 0o4000) !== 0;
}

/**
 * Why Chromium's sandbox cannot work here, so that `--no-sandbox` is needed.
 * @param {string} binary Electron's
 * @returns {Promise<string | null>} null when it can work
 */
export async function sandboxObstacle(binary) {
  if (process.platform !== 'linux') return null;
  if (isRoot()) return 'running as root, where Chromium refuses its sandbox: --no-sandbox added';
  const helper = join(dirname(binary), 'chrome-sandbox');
  if (isSetuidRoot(helper)) return null;
  const forbidden =
    (await readSetting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns')) === '1' ||
    (await readSetting('/proc/sys/kernel/unprivileged_userns_clone')) === '0';
  if (!forbidden) return null;
  return `this system forbids user namespaces, which Chromium's sandbox needs: --no-sandbox added; to keep the sandbox: sudo chown root:root "${helper}" && sudo chmod 4755 "${helper}"`;
}
