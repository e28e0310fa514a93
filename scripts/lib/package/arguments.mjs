import { Problem } from '../say.mjs';

/** The arguments of `npm run package`. */

export const PACKAGE_HELP = `npm run package                 packages for this system, in release/

Options
  --target a,b        only these: deb, rpm, AppImage, tar.gz (Linux), nsis, zip (Windows), dmg, zip (macOS)
  --output FOLDER     instead of release/; what is in it is deleted first
  --official          fail rather than take a stand-in for the official Electron
  --fast              quick to make instead of small, for trying out
  --help              this text

On Linux without a network to GitHub the AppImage is left out, and the Electron inside is a stand-in: such packages
say in their version that they are not for release. docs/releasing.md tells the rest.`;

/** What electron-builder calls them. Others it may know are not tried and not wanted. */
const TARGETS = ['deb', 'rpm', 'AppImage', 'tar.gz', 'nsis', 'zip', 'dmg'];

/**
 * @typedef {object} PackageArguments
 * @property {boolean} help
 * @property {boolean} fast
 * @property {boolean} official
 * @property {string} output relative to the repository, or absolute
 * @property {string[] | null} targets null: all of this system
 */

/** @param {readonly string[]} args @returns {PackageArguments} */
export function parsePackageArguments(args) {
  const rest = [...args];
  /** @type {PackageArguments} */
  const result = { help: false, fast: false, official: false, output: 'release', targets: null };
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--help' || arg === '-h') result.help = true;
    else if (arg === '--official') result.official = true;
    else if (arg === '--fast') result.fast = true;
    else if (arg === '--output') result.output = valueOf(arg, rest.shift());
    else if (arg === '--target') result.targets = targetsOf(valueOf(arg, rest.shift()));
    else throw new Problem(`Unknown argument: ${arg}`, PACKAGE_HELP);
  }
  return result;
}

/** @param {string} name @param {string | undefined} value @returns {string} */
function valueOf(name, value) {
  if (value === undefined || value === '') throw new Problem(`${name} needs a value.`, PACKAGE_HELP);
  return value;
}

/** @param {string} text @returns {string[]} */
function targetsOf(text) {
  const targets = text.split(',');
  const unknown = targets.find((target) => !TARGETS.includes(target));
  if (unknown !== undefined) throw new Problem(`There is no target ${unknown}.`, PACKAGE_HELP);
  return targets;
}
