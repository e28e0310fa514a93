/** The Electron that `npm start` uses, on a virtual screen, with the window as built. */
import { ensureBuilt } from '../../scripts/lib/build.mjs';
import { e2eEnvironment } from '../../scripts/lib/e2e.mjs';
import { ensureTestNeeds } from '../../scripts/lib/test-needs.mjs';

export interface Electron {
  readonly binary: string;
  /** As root and in containers Chromium's sandbox cannot be had. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

let found: Promise<{ electron: Electron; stop: () => Promise<void> }> | null = null;

async function start(): Promise<{ electron: Electron; stop: () => Promise<void> }> {
  await ensureTestNeeds(new Set(['e2e']));
  await ensureBuilt();
  const { env, stop } = await e2eEnvironment();
  // The helpers of the end-to-end tests read it here.
  Object.assign(process.env, env);
  const binary = env.WIREBENCH_ELECTRON ?? '';
  return { electron: { binary, args: env.WIREBENCH_NO_SANDBOX === '1' ? ['--no-sandbox'] : [], env }, stop };
}

/** Builds when that is needed and starts the screen, the first time. */
export async function useElectron(): Promise<Electron> {
  found ??= start();
  return (await found).electron;
}

/** Ends the screen, if there is one. */
export async function stopElectron(): Promise<void> {
  await (await found)?.stop();
  found = null;
}
