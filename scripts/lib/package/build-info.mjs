import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { officialVersion } from '../electron-official.mjs';
import { readJson } from '../json.mjs';
import { inRoot, root } from '../paths.mjs';
import { run } from '../run.mjs';
import { Problem } from '../say.mjs';

/**
 * What a package says of itself, and what its Electron is.
 */

/**
 * @typedef {object} BuildInfo as build-info.json inside the package, which the About box reads
 * @property {string} version of Wirebench
 * @property {string} electron version
 * @property {boolean} standIn whether that is not Electron's own release of the version that package.json asks for: then
 *   the package is not for release
 * @property {string | null} commit null outside of a git repository
 *
 * @typedef {object} AboutPackage
 * @property {string} name
 * @property {string} productName
 * @property {string} version
 * @property {string} description
 * @property {string} license
 * @property {string} homepage
 * @property {string} author
 * @property {string} desktopName
 */

/** @returns {Promise<AboutPackage>} what our package.json says */
export async function aboutPackage() {
  return /** @type {AboutPackage} */ (await readJson(inRoot('package.json')));
}

/**
 * A build that is not for release sorts before the release of that name, in npm's order as in Debian's and rpm's.
 * @param {string} version @param {string} electron version @param {boolean} official
 */
export function packageVersion(version, electron, official) {
  return official ? version : `${version}-standin.electron${electron.split('.')[0] ?? ''}`;
}

/** @param {string} dist folder of an unpacked Electron @returns {Promise<{ version: string, official: boolean }>} */
export async function identifyElectron(dist) {
  const text = await readFile(join(dist, 'version'), 'utf8').catch(() => '');
  const version = text.replace(/^v/, '').trim();
  if (!/^\d+\.\d+\.\d+/.test(version)) throw new Problem(`${dist} has no file "version" that names its Electron.`);
  const official = dist === inRoot('node_modules', 'electron', 'dist') && version === (await officialVersion());
  return { version, official };
}

/** @returns {Promise<{ commit: string, seconds: number } | null>} of the commit that is checked out */
export async function currentCommit() {
  const result = await run('git', ['log', '-1', '--format=%H %ct'], { cwd: root });
  const [commit = '', seconds = ''] = result.output.trim().split(' ');
  return result.code === 0 && /^[0-9a-f]{40}$/.test(commit) ? { commit, seconds: Number(seconds) } : null;
}
