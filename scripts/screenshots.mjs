/** `npm run screenshots`: takes the pictures in docs/screenshots from the real window. */
import { ensureBuilt } from './lib/build.mjs';
import { e2eEnvironment } from './lib/e2e.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { requireScriptNode, toolNode } from './lib/node.mjs';
import { inRoot, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { runMain } from './lib/say.mjs';
import { ensureTestNeeds } from './lib/test-needs.mjs';

await runMain(async () => {
  requireScriptNode();
  await ensureInstalled();
  await ensureTestNeeds(new Set(['e2e']));
  await ensureBuilt();
  const { env, stop } = await e2eEnvironment();
  try {
    const script = inRoot('scripts', 'take-screenshots.ts');
    return (await run(toolNode(), [script, ...process.argv.slice(2)], { cwd: root, env, output: 'inherit' })).code;
  } finally {
    await stop();
  }
});
