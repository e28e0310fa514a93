import { writeFileSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readJson } from './json.mjs';
import { npmCommand } from './node.mjs';
import { cache, inRoot, root } from './paths.mjs';
import { run } from './run.mjs';
import { Problem, step } from './say.mjs';

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [optional]
 *
 * @typedef {object} Lock
 * @property {Record<string, LockedPackage>} packages
 */

/** npm writes this file last, so it exists only after an installation that went to its end. */
const INSTALLED = inRoot('node_modules', '.package-lock.json');

/**
 * Whether what npm installed is what the lock file asks for. Optional packages may be
 * missing: npm leaves out those for other systems.
 * @param {Lock} wanted @param {Lock} installed
 */
export function isSameInstallation(wanted, installed) {
  return Object.entries(wanted.packages).every(([path, locked]) => {
    if (path === '') return true;
    const found = installed.packages[path];
    if (found === undefined) return locked.optional === true;
    return found.version === locked.version && found.integrity === locked.integrity;
  });
}

/** @param {string} path @returns {Promise<Lock | null>} null when missing or cut off */
async function readLock(path) {
  const value = /** @type {Partial<Lock> | null} */ (await readJson(path));
  return value?.packages === undefined ? null : { packages: value.packages };
}

/** The id of the npm that is installing, for another start of ours at the same time. */
const RUNNING = join(cache, 'installing');
/** How long to wait for another installation, and how often to look, ms. */
const WAIT_LIMIT = 5 * 60_000;
const WAIT_TURN = 500;

/** @returns {Promise<number | null>} the process that is installing at this moment, if any */
async function otherInstallation() {
  const pid = Number(await readFile(RUNNING, 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid <= 0) return null;
  try {
    process.kill(pid, 0);
  } catch {
    return null;
  }
  // The id may belong to somebody else by now; only Linux tells by a file.
  const command = await readFile(`/proc/${String(pid)}/cmdline`, 'utf8').catch(() => null);
  return process.platform === 'linux' && command?.includes('npm') !== true ? null : pid;
}

/** Two npm ci at once destroy each other's work, so the second waits. */
async function waitForOtherInstallation() {
  const pid = await otherInstallation();
  if (pid === null) return;
  await step(`Waiting for another installation here (process ${String(pid)})`, async () => {
    for (let waited = 0; waited < WAIT_LIMIT && (await otherInstallation()) !== null; waited += WAIT_TURN)
      await delay(WAIT_TURN);
  });
}

/** Installs what the lock file names, unless it is there already. */
export async function ensureInstalled() {
  const wanted = await readLock(inRoot('package-lock.json'));
  if (wanted === null) {
    throw new Problem('package-lock.json is missing or damaged.', 'Restore it: git checkout package-lock.json');
  }
  await waitForOtherInstallation();
  const installed = await readLock(INSTALLED);
  if (installed !== null && isSameInstallation(wanted, installed)) return;
  await step('Installing packages (npm ci)', install);
}

async function install() {
  await rm(INSTALLED, { force: true });
  await mkdir(cache, { recursive: true });
  const { command, args } = npmCommand();
  // Only errors: npm's warnings here are about the shell's Node, which the tools do not use.
  const result = await run(command, [...args, 'ci', '--loglevel=error'], {
    cwd: root,
    started: (pid) => {
      writeFileSync(RUNNING, String(pid));
    },
  });
  await rm(RUNNING, { force: true });
  if (result.code !== 0) {
    throw new Problem(
      `npm ci failed (exit code ${String(result.code)}):\n\n${result.output.trim()}\n`,
      'Is the npm registry reachable? Run the same command again to retry.',
    );
  }
}
