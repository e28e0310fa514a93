import { findExecutable } from './executables.mjs';
import { end, start } from './run.mjs';
import { Problem } from './say.mjs';

/** Longest wait for Xvfb to name its display, ms. */
const START_TIME = 30_000;

/** Whether a window can be shown. */
export function hasDisplay(env = process.env, platform = process.platform) {
  return platform !== 'linux' || Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY);
}

/**
 * Starts a virtual screen on a display number of its own choice.
 * @returns {Promise<{ display: string, stop: () => Promise<void> }>}
 */
export async function startVirtualDisplay() {
  const xvfb = findExecutable('Xvfb');
  if (xvfb === null) throw new Problem('Xvfb is not installed.');
  const args = ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-noreset'];
  const child = start(xvfb, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], group: true });
  const pipe = child.stdio[3];
  /** @type {string | null} */
  const number = await new Promise((resolve) => {
    let text = '';
    const timer = setTimeout(() => {
      resolve(null);
    }, START_TIME);
    const done = (/** @type {string | null} */ value) => {
      clearTimeout(timer);
      resolve(value);
    };
    pipe?.on('data', (chunk) => {
      text += String(chunk);
      if (text.includes('\n')) done(text.trim());
    });
    child.once('error', () => {
      done(null);
    });
    child.once('exit', () => {
      done(null);
    });
  });
  const stop = () => end(child);
  if (number === null) {
    await stop();
    throw new Problem('Xvfb did not start.');
  }
  return { display: `:${number}`, stop };
}
