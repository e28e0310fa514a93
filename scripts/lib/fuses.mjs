import { FuseState, FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses';

/**
 * Electron's fuses: switches inside the binary that nobody can turn by an environment variable or an argument.
 * https://www.electronjs.org/docs/latest/tutorial/fuses
 */

/**
 * What every package has. The last one came after Electron 25; where the binary lacks it, it is left out.
 * @type {readonly { name: string, option: FuseV1Options, on: boolean, required: boolean, why: string }[]}
 */
const FUSES = [
  {
    name: 'RunAsNode',
    option: FuseV1Options.RunAsNode,
    on: false,
    required: true,
    why: 'ELECTRON_RUN_AS_NODE would run any script with the rights of the application',
  },
  {
    name: 'EnableNodeOptionsEnvironmentVariable',
    option: FuseV1Options.EnableNodeOptionsEnvironmentVariable,
    on: false,
    required: true,
    why: 'NODE_OPTIONS could load code into it',
  },
  {
    name: 'EnableNodeCliInspectArguments',
    option: FuseV1Options.EnableNodeCliInspectArguments,
    on: false,
    required: true,
    why: '--inspect would open a debugger to the main process',
  },
  {
    name: 'OnlyLoadAppFromAsar',
    option: FuseV1Options.OnlyLoadAppFromAsar,
    on: true,
    required: true,
    why: 'a folder beside app.asar cannot take its place',
  },
  {
    name: 'EnableEmbeddedAsarIntegrityValidation',
    option: FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
    on: true,
    required: true,
    why: 'a changed app.asar does not start (macOS and Windows)',
  },
  {
    name: 'EnableCookieEncryption',
    option: FuseV1Options.EnableCookieEncryption,
    on: true,
    required: true,
    why: 'what pages store is not readable in the profile',
  },
  {
    name: 'GrantFileProtocolExtraPrivileges',
    option: FuseV1Options.GrantFileProtocolExtraPrivileges,
    on: false,
    required: false,
    why: 'the window comes from app:, never from file:',
  },
];

/**
 * @typedef {object} Fuse
 * @property {string} name as in Electron's documentation
 * @property {'on' | 'off'} wanted
 * @property {'on' | 'off' | 'removed' | 'absent'} found absent: this Electron does not have it
 * @property {boolean} isGood
 * @property {string} why what it is for, half a sentence
 */

/** @param {number | undefined} state @returns {Fuse['found']} */
function foundAs(state) {
  if (state === FuseState.ENABLE) return 'on';
  if (state === FuseState.DISABLE) return 'off';
  return state === FuseState.REMOVED ? 'removed' : 'absent';
}

/**
 * Reads the fuses back from a binary.
 * @param {string} binary Electron's, or on macOS the .app
 * @returns {Promise<readonly Fuse[]>} in the order of this file
 */
export async function readFuses(binary) {
  const wire = await getCurrentFuseWire(binary);
  return FUSES.map(({ name, option, on, required, why }) => {
    const found = foundAs(wire[option]);
    const wanted = on ? 'on' : 'off';
    return { name, wanted, found, isGood: found === wanted || (!required && found === 'absent'), why };
  });
}

/**
 * Sets them. On a Mac the signature that Electron came with is made anew: without one an ARM Mac does not start it.
 * @param {string} binary as above
 */
export async function setFuses(binary) {
  const wire = await getCurrentFuseWire(binary);
  const has = FUSES.filter(({ option, required }) => required || foundAs(wire[option]) !== 'absent');
  await flipFuses(binary, {
    version: FuseVersion.V1,
    resetAdHocDarwinSignature: process.platform === 'darwin' && process.arch === 'arm64',
    ...Object.fromEntries(has.map(({ option, on }) => [option, on])),
  });
}
