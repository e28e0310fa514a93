import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasApt, isRoot } from '../apt.mjs';
import { startVirtualDisplay } from '../display.mjs';
import { toolEnvironment, toolNode } from '../node.mjs';
import { cache, inRoot, root } from '../paths.mjs';
import { run } from '../run.mjs';

/**
 * The tests of the installed package: they install it on this machine and remove it again.
 */

/** Apart from release/, which a person may want to keep. */
const FOLDER = join(cache, 'packages');

/** @returns {string | null} why a package cannot be tried here; null when it can */
export function packageObstacle() {
  if (process.platform !== 'linux' || !hasApt()) return 'there is no apt-get here';
  return isRoot() ? null : 'installing a package takes root';
}

/**
 * Makes the packages and tries them.
 * @param {readonly string[]} args Playwright's
 * @param {Omit<import('../run.mjs').RunOptions, 'cwd' | 'env'>} options
 * @param {NodeJS.ProcessEnv} more for the tests
 * @returns {Promise<import('../run.mjs').RunResult>}
 */
export async function testPackages(args, options, more = {}) {
  await mkdir(cache, { recursive: true });
  const make = [inRoot('scripts', 'package.mjs'), '--fast', '--target', 'deb,tar.gz', '--output', FOLDER];
  const made = await run(toolNode(), make, { ...options, cwd: root, env: toolEnvironment() });
  if (made.code !== 0) return made;
  const { display, stop } = await startVirtualDisplay();
  try {
    const playwright = inRoot('node_modules', '@playwright', 'test', 'cli.js');
    const config = ['--config', inRoot('tests', 'package', 'playwright.config.ts')];
    const env = { ...toolEnvironment(), ...more, DISPLAY: display, WIREBENCH_PACKAGES: FOLDER };
    return await run(toolNode(), [playwright, 'test', ...config, ...args], { ...options, cwd: root, env });
  } finally {
    await stop();
  }
}
