import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson } from '../json.mjs';
import { inRoot } from '../paths.mjs';
import { Problem } from '../say.mjs';

/**
 * The licences of what a package carries: the npm packages that the build takes code or fonts from. Electron and
 * Chromium bring files of their own, which lie beside the binary.
 */

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {boolean} [devOptional]
 *
 * @typedef {object} Notice
 * @property {string} name
 * @property {string} version
 * @property {string} license as the package says it, such as `MIT`
 * @property {string} text of its licence files
 */

const LICENSE_FILE = /^(licen[cs]e|copying|notice|ofl)([-.].*)?$/i;
const RULE = '-'.repeat(80);

/**
 * Folders of the packages that are shipped: neither for development alone, nor optional, such as Node's own binary.
 * @param {Readonly<Record<string, LockedPackage>>} packages of a lock file
 * @returns {string[]} such as `node_modules/zod`, sorted
 */
export function shippedPackages(packages) {
  return Object.entries(packages)
    .filter(([path, { dev, optional, devOptional }]) => path !== '' && !dev && !optional && !devOptional)
    .map(([path]) => path)
    .sort();
}

/** @param {string} folder @returns {Promise<Notice>} */
async function noticeOf(folder) {
  const about = /** @type {{ name: string, version: string, license?: unknown } | null} */ (
    await readJson(join(folder, 'package.json'))
  );
  if (about === null) throw new Problem(`${folder} is not installed.`, 'Run: npm ci');
  const names = (await readdir(folder)).filter((name) => LICENSE_FILE.test(name)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const license = typeof about.license === 'string' ? about.license : 'not said';
  const text = texts.map((each) => each.trim()).join('\n\n');
  return { name: about.name, version: about.version, license, text };
}

/** @param {readonly Notice[]} notices @returns {string} */
export function noticesText(notices) {
  const parts = notices.map(({ name, version, license, text }) =>
    [RULE, `${name} ${version} (${license})`, RULE, '', text === '' ? `Licence: ${license}` : text, ''].join('\n'),
  );
  return [
    'Third-party notices',
    '',
    'Wirebench contains code and fonts from the packages below, each under its own licence. Electron and Chromium',
    'have files of their own beside it: LICENSE.electron.txt and LICENSES.chromium.html.',
    '',
    ...parts,
  ].join('\n');
}

/** @returns {Promise<readonly Notice[]>} of everything that is shipped, by name */
export async function collectNotices() {
  const lock = /** @type {{ packages: Record<string, LockedPackage> } | null} */ (
    await readJson(inRoot('package-lock.json'))
  );
  if (lock === null) throw new Problem('package-lock.json is missing or damaged.');
  const notices = [];
  for (const path of shippedPackages(lock.packages)) notices.push(await noticeOf(inRoot(...path.split('/'))));
  return notices;
}
