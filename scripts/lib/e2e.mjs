import { isRoot } from './apt.mjs';
import { startVirtualDisplay } from './display.mjs';
import { ensureElectron } from './electron.mjs';
import { findChromium } from './executables.mjs';
import { toolEnvironment } from './node.mjs';
import { sandboxObstacle } from './sandbox.mjs';

/**
 * The surroundings of the end-to-end tests: both programs by path, and on Linux a
 * screen of their own.
 * @returns {Promise<{ env: NodeJS.ProcessEnv, stop: () => Promise<void> }>}
 */
export async function e2eEnvironment() {
  const electron = await ensureElectron();
  const chromium = findChromium();
  const noSandbox = isRoot() || (await sandboxObstacle(electron.binary)) !== null;
  /** @type {NodeJS.ProcessEnv} */
  const env = {
    ...toolEnvironment(),
    WIREBENCH_ELECTRON: electron.binary,
    ...(chromium === null ? {} : { WIREBENCH_CHROMIUM: chromium }),
    ...(noSandbox ? { WIREBENCH_NO_SANDBOX: '1' } : {}),
  };
  delete env.ELECTRON_RUN_AS_NODE;
  if (process.platform !== 'linux') return { env, stop: () => Promise.resolve() };
  const { display, stop } = await startVirtualDisplay();
  return { env: { ...env, DISPLAY: display, WAYLAND_DISPLAY: '' }, stop };
}
