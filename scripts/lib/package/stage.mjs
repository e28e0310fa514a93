import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { binaryName } from '../electron-official.mjs';
import { output as built } from '../paths.mjs';
import { aboutPackage, currentCommit, identifyElectron, packageVersion } from './build-info.mjs';
import { writeLinuxFiles } from './linux-files.mjs';
import { collectNotices, noticesText } from './notices.mjs';

/**
 * Lays out what electron-builder packs: the built application with a package.json of its own, the notices, and for
 * Linux what belongs outside of the application's folder.
 */

/**
 * @typedef {object} PackagePlan as plan.json in the stage, which electron-builder.config.js reads
 * @property {string} output folder for the packages
 * @property {string} version of the packages
 * @property {{ version: string, dist: string, official: boolean }} electron
 * @property {string[] | null} targets electron-builder's names; null: all of this system
 * @property {boolean} fast quick to make instead of small
 * @property {number} seconds since 1970, of the source
 */

/** What is in out/main, and only for the browser host. */
const WEB_HOST = built.webHost;

/** @param {string} binary Electron's @returns {string} the folder in which its runtime lies */
function distOf(binary) {
  return binary.slice(0, -binaryName().length - 1);
}

/**
 * @param {object} options
 * @param {string} options.stage folder, made anew
 * @param {string} options.output folder for the packages
 * @param {string} options.binary Electron's
 * @param {string[] | null} options.targets
 * @param {boolean} options.fast
 * @returns {Promise<PackagePlan>}
 */
export async function writeStage({ stage, output, binary, targets, fast }) {
  const about = await aboutPackage();
  const dist = distOf(binary);
  const electron = { dist, ...(await identifyElectron(dist)) };
  const version = packageVersion(about.version, electron.version, electron.official);
  const commit = await currentCommit();
  const seconds = commit?.seconds ?? Math.floor(Date.now() / 1000);
  const notices = noticesText(await collectNotices());

  await rm(stage, { recursive: true, force: true });
  const app = join(stage, 'app');
  await mkdir(app, { recursive: true });
  await cp(dirname(dirname(built.main)), join(app, 'out'), {
    recursive: true,
    filter: (path) => path !== WEB_HOST && !path.endsWith('.built-from'),
  });
  const { name, productName, description, license, homepage, author, desktopName } = about;
  const metadata = { name, productName, version, description, license, homepage, author, desktopName };
  await writeJson(join(app, 'package.json'), { ...metadata, main: 'out/main/index.cjs' });
  /** @type {import('./build-info.mjs').BuildInfo} */
  const info = {
    version,
    electron: electron.version,
    standIn: !electron.official,
    commit: commit?.commit ?? null,
  };
  await writeJson(join(app, 'build-info.json'), info);
  await writeFile(join(stage, 'THIRD-PARTY-NOTICES.txt'), notices);
  await writeLinuxFiles(join(stage, 'linux'), { version, author, notices, date: new Date(seconds * 1000) });
  /** @type {PackagePlan} */
  const plan = { output, version, electron, targets, fast, seconds };
  await writeJson(join(stage, 'plan.json'), plan);
  return plan;
}

/** @param {string} path @param {unknown} value */
async function writeJson(path, value) {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
