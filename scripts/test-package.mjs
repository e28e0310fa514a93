/** `npm run test:package -- [Playwright's arguments]`: makes the package, installs it, uses it, removes it. As root. */
import { ensureInstalled } from './lib/install.mjs';
import { requireScriptNode } from './lib/node.mjs';
import { packageObstacle, testPackages } from './lib/package/test-packages.mjs';
import { Problem, runMain } from './lib/say.mjs';
import { ensureTestNeeds } from './lib/test-needs.mjs';

await runMain(async () => {
  requireScriptNode();
  const obstacle = packageObstacle();
  if (obstacle !== null) throw new Problem(`The package cannot be tried: ${obstacle}.`);
  await ensureInstalled();
  await ensureTestNeeds(new Set(['package']));
  return (await testPackages(['--reporter=list', ...process.argv.slice(2)], { output: 'inherit' })).code;
});
