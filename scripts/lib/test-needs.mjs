import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { aptInstall, aptLine, hasApt, mayInstall } from './apt.mjs';
import { ensureElectron } from './electron.mjs';
import { findChromium, findExecutable } from './executables.mjs';
import { Problem, say } from './say.mjs';
import { hasT64Names, missingLibraries, packagesFor } from './system-libraries.mjs';

/** Whether Debian's Python has it: another one that comes first in PATH does not see Debian's packages. @param {string} name */
function hasPythonModule(name) {
  return spawnSync('/usr/bin/python3', ['-c', `import ${name}`]).status === 0;
}

/**
 * Programs that the tests use, and the Debian packages that bring them.
 * @type {readonly { program: string, package: string, groups: readonly string[], isThere: () => boolean }[]}
 */
const PROGRAMS = [
  {
    program: 'Xvfb',
    package: 'xvfb',
    groups: ['e2e', 'package'],
    isThere: () => process.platform !== 'linux' || findExecutable('Xvfb') !== null,
  },
  { program: 'Chromium', package: 'chromium', groups: ['e2e'], isThere: () => findChromium() !== null },
  { program: 'socat', package: 'socat', groups: ['unit', 'e2e'], isThere: () => findExecutable('socat') !== null },
  { program: 'top', package: 'procps', groups: ['e2e'], isThere: () => findExecutable('top') !== null },
  { program: 'nc', package: 'netcat-openbsd', groups: ['unit', 'e2e'], isThere: () => findExecutable('nc') !== null },
  { program: 'ncat', package: 'ncat', groups: ['unit', 'e2e'], isThere: () => findExecutable('ncat') !== null },
  ...['inetutils-telnet', 'busybox'].map((name) => ({
    program: name,
    package: name,
    groups: ['unit'],
    isThere: () => findExecutable(name) !== null,
  })),
  {
    program: 'unbound',
    package: 'unbound',
    groups: ['unit'],
    // The folder of servers is not in everybody's PATH.
    isThere: () => findExecutable('unbound') !== null || existsSync('/usr/sbin/unbound'),
  },
  { program: 'kdig', package: 'knot-dnsutils', groups: ['unit'], isThere: () => findExecutable('kdig') !== null },
  {
    program: 'python3',
    package: 'python3',
    groups: ['unit', 'e2e'],
    isThere: () => findExecutable('python3') !== null,
  },
  // What the package is tried with; those that make it are looked after by whoever makes it.
  ...[
    { program: 'lintian', package: 'lintian' },
    { program: 'desktop-file-validate', package: 'desktop-file-utils' },
    { program: 'appstreamcli', package: 'appstream' },
    { program: 'update-mime-database', package: 'shared-mime-info' },
    { program: 'gio', package: 'libglib2.0-bin' },
    { program: 'xwininfo', package: 'x11-utils' },
    { program: 'xdg-mime', package: 'xdg-utils' },
  ].map((entry) => ({ ...entry, groups: ['package'], isThere: () => findExecutable(entry.program) !== null })),
  ...['websockets', 'aiohttp'].map((name) => ({
    program: `${name} for Python`,
    package: `python3-${name}`,
    groups: ['unit'],
    isThere: () => hasPythonModule(name),
  })),
];

/** @param {ReadonlySet<string>} groups @param {string | null} electron path of the binary */
async function missing(groups, electron) {
  const programs = PROGRAMS.filter((entry) => entry.groups.some((group) => groups.has(group)) && !entry.isThere());
  const libraries = electron === null ? [] : await missingLibraries(electron);
  return {
    names: [...programs.map((entry) => entry.program), ...libraries],
    packages: [...packagesFor(libraries, await hasT64Names()), ...programs.map((entry) => entry.package)],
  };
}

/**
 * Finds an Electron for the end-to-end tests and sees to the programs and libraries that
 * the chosen lanes use: as root on Debian and in CI they are installed, elsewhere the
 * command is printed.
 * @param {ReadonlySet<string>} groups of lanes
 */
export async function ensureTestNeeds(groups) {
  let electron = null;
  if (groups.has('e2e')) {
    const found = await ensureElectron();
    say(found.why);
    electron = found.binary;
  }
  const before = await missing(groups, electron);
  if (before.names.length === 0) return;
  const what = `The tests need what this system lacks: ${before.names.join(', ')}`;
  if (!hasApt()) throw new Problem(what, 'Install them with the package manager of your system.');
  if (!mayInstall())
    throw new Problem(what, `Install them, then run the same command again:\n\n  ${aptLine(before.packages)}`);
  await aptInstall(before.packages);
  const after = await missing(groups, electron);
  if (after.names.length > 0) throw new Problem(`Still missing after apt-get: ${after.names.join(', ')}`);
}
