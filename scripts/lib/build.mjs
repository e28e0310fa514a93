import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fingerprint } from './fingerprint.mjs';
import { toolEnvironment, toolNode } from './node.mjs';
import { inRoot, output, root } from './paths.mjs';
import { run } from './run.mjs';
import { Problem, step } from './say.mjs';

/** What the build reads. A change in any of it builds again. */
const INPUTS = [
  'src',
  'electron.vite.config.ts',
  'svelte.config.js',
  'tsconfig.json',
  'tsconfig.base.json',
  'package.json',
  'package-lock.json',
];
const STAMP = inRoot('out', '.built-from');

/** Builds into out/ whatever the sources say. @returns {Promise<import('./run.mjs').RunResult>} */
export async function build() {
  // Taken before the build: a file saved in the meantime must count as a change.
  const before = await fingerprint(root, INPUTS);
  await rm(STAMP, { force: true });
  const tool = inRoot('node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const result = await run(toolNode(), [tool, 'build'], {
    cwd: root,
    env: { ...toolEnvironment(), ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }) },
  });
  const missing = Object.values(output).filter((path) => !existsSync(path));
  if (result.code === 0 && missing.length > 0) {
    return { code: 1, output: `${result.output}\nThe build did not write: ${missing.join(', ')}\n` };
  }
  if (result.code === 0) {
    await mkdir(inRoot('out'), { recursive: true });
    await writeFile(STAMP, before);
  }
  return result;
}

/** Whether out/ is what the present sources build to. */
async function isBuilt() {
  const stamp = await readFile(STAMP, 'utf8').catch(() => '');
  return (
    stamp !== '' &&
    Object.values(output).every((path) => existsSync(path)) &&
    stamp === (await fingerprint(root, INPUTS))
  );
}

/** Builds when the sources changed since the last build. */
export async function ensureBuilt() {
  if (await isBuilt()) return;
  await step('Building', async () => {
    const result = await build();
    if (result.code !== 0) {
      throw new Problem(
        `The build failed (exit code ${String(result.code)}):\n\n${result.output.trim()}\n`,
        'Nothing was started. Mend the error above and run the same command again.',
      );
    }
  });
}
