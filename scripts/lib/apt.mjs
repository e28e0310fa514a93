import { existsSync } from 'node:fs';
import { run } from './run.mjs';
import { Problem, step } from './say.mjs';

export function hasApt() {
  return process.platform === 'linux' && existsSync('/usr/bin/apt-get');
}

export function isRoot() {
  return process.getuid?.() === 0;
}

/** The command that a person types. @param {readonly string[]} packages */
export function aptLine(packages) {
  const sudo = isRoot() ? '' : 'sudo ';
  return `${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/** Whether packages may be installed without asking: root on Debian, or a CI machine. */
export function mayInstall() {
  return hasApt() && (isRoot() || isCi());
}

function isCi() {
  const value = process.env.CI ?? '';
  return value !== '' && value !== 'false' && value !== '0';
}

/** @param {readonly string[]} packages */
export async function aptInstall(packages) {
  const [command, before] = isRoot() ? ['apt-get', []] : ['sudo', ['-n', 'apt-get']];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await step(`Installing Debian packages: ${packages.join(' ')}`, async () => {
    const updated = await run(command, [...before, 'update'], { env });
    // An update may fail for one of many sources; whether the packages are there is what counts.
    const installed = await run(command, [...before, 'install', '-y', '--no-install-recommends', ...packages], { env });
    if (installed.code !== 0) {
      const text = `${updated.code === 0 ? '' : updated.output}${installed.output}`.trim();
      throw new Problem(`apt-get failed:\n\n${text.slice(-3000)}\n`, `Install them yourself: ${aptLine(packages)}`);
    }
  });
}
