/** `npm run fuzz -- --minutes N | --runs N [--seed N]`: the tests with random input, for longer. */
import { FUZZ_HELP, parseFuzzArguments } from './lib/fuzz-arguments.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { requireScriptNode, toolEnvironment, toolNode } from './lib/node.mjs';
import { inRoot, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { runMain, say } from './lib/say.mjs';

await runMain(async () => {
  requireScriptNode();
  // Seeds count up from here: one that nobody has tried before.
  const { help, env, rest } = parseFuzzArguments(process.argv.slice(2), Math.floor(Date.now() / 1000));
  if (help) {
    say(FUZZ_HELP);
    return 0;
  }
  await ensureInstalled();
  const files = rest.some((arg) => arg.endsWith('.ts')) ? rest : ['tests/fuzz', ...rest];
  const args = [inRoot('node_modules', 'vitest', 'vitest.mjs'), 'run', '--project', 'node', ...files];
  return (await run(toolNode(), args, { cwd: root, env: { ...toolEnvironment(), ...env }, output: 'inherit' })).code;
});
