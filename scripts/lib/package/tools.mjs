import { aptInstall, aptLine, hasApt, mayInstall } from '../apt.mjs';
import { findExecutable } from '../executables.mjs';
import { toolEnvironment } from '../node.mjs';
import { inRoot } from '../paths.mjs';
import { Problem } from '../say.mjs';

/**
 * The programs that make packages for Linux. electron-builder would download its own; with these it needs none.
 */

/** @type {readonly { program: string, package: string, targets: readonly string[] }[]} */
const PROGRAMS = [
  { program: '7zz', package: '7zip', targets: ['tar.gz'] },
  { program: 'dpkg-deb', package: 'dpkg', targets: ['deb'] },
  { program: 'rpmbuild', package: 'rpm', targets: ['rpm'] },
];

/** @param {readonly string[]} targets */
export async function ensurePackageTools(targets) {
  if (process.platform !== 'linux') return;
  const missing = PROGRAMS.filter(
    (entry) => entry.targets.some((target) => targets.includes(target)) && findExecutable(entry.program) === null,
  );
  if (missing.length === 0) return;
  const packages = missing.map((entry) => entry.package);
  const what = `Packages cannot be made without: ${missing.map((entry) => entry.program).join(', ')}`;
  if (!hasApt()) throw new Problem(what, 'Install them with the package manager of your system.');
  if (!mayInstall())
    throw new Problem(what, `Install them, then run the same command again:\n\n  ${aptLine(packages)}`);
  await aptInstall(packages);
}

/** Secrets that a repository does not have come as empty texts. @param {NodeJS.ProcessEnv} env @returns {NodeJS.ProcessEnv} */
function withoutEmpty(env) {
  return Object.fromEntries(Object.entries(env).filter(([name, value]) => !/^(CSC|APPLE)_/.test(name) || value !== ''));
}

/**
 * @param {string} stage
 * @param {number} seconds since 1970, of the source: what packages write as the time of files
 * @returns {NodeJS.ProcessEnv} for electron-builder
 */
export function builderEnvironment(stage, seconds) {
  const env = {
    ...withoutEmpty(toolEnvironment()),
    WIREBENCH_STAGE: stage,
    SOURCE_DATE_EPOCH: String(seconds),
    // Without a certificate it would look for one in the key chain.
    ...((process.env.CSC_LINK ?? '') === '' ? { CSC_IDENTITY_AUTO_DISCOVERY: 'false' } : {}),
  };
  if (process.platform !== 'linux') return env;
  const sevenZip = findExecutable('7zz');
  return {
    ...env,
    CUSTOM_FPM_PATH: inRoot('scripts', 'lib', 'package', 'fpm.mjs'),
    ...(sevenZip === null ? {} : { ELECTRON_BUILDER_7ZIP_PATH: sevenZip }),
  };
}
