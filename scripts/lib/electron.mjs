import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { binaryName, downloadOfficial, findOfficial, officialVersion } from './electron-official.mjs';
import { ensureStandIn, STAND_IN_VERSION, standInExists, standInIsPossible } from './electron-stand-in.mjs';
import { Problem } from './say.mjs';

/**
 * @typedef {object} Electron
 * @property {string} binary
 * @property {string} why one sentence for the console
 */

/**
 * Finds an Electron to run, fetching one when there is none: the one named by
 * ELECTRON_OVERRIDE_DIST_PATH, else the official one, else the stand-in.
 * @param {{ retryOfficial?: boolean }} [options] `retryOfficial` tries the download again although a stand-in is there
 * @returns {Promise<Electron>}
 */
export async function ensureElectron({ retryOfficial = false } = {}) {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override !== undefined && override !== '') {
    const binary = join(override, binaryName());
    if (!existsSync(binary))
      throw new Problem(`ELECTRON_OVERRIDE_DIST_PATH names a folder without Electron: ${binary} does not exist.`);
    return { binary, why: `Electron from ELECTRON_OVERRIDE_DIST_PATH (${override})` };
  }
  const official = await findOfficial();
  if (official !== null) return { binary: official, why: `Electron ${await officialVersion()} (official)` };
  if (standInExists() && !retryOfficial) {
    return standIn('the official one could not be downloaded before; to try again: npm start -- --retry-electron');
  }
  const download = await downloadOfficial();
  if ('binary' in download) return { binary: download.binary, why: `Electron ${await officialVersion()} (official)` };
  if (standInIsPossible()) return standIn(download.reason);
  throw new Problem(
    `No Electron to run: ${download.reason}, and the stand-in exists for linux-x64 only.`,
    'Set ELECTRON_MIRROR to a mirror that is reachable, or ELECTRON_OVERRIDE_DIST_PATH to an unpacked Electron,\nor use the window in a browser: npm start -- --browser',
  );
}

/** @param {string} reason @returns {Promise<Electron>} */
async function standIn(reason) {
  return { binary: await ensureStandIn(), why: `Electron ${STAND_IN_VERSION} (stand-in for development: ${reason})` };
}
