/** `npm run package`: installable packages for this system, in release/. `npm run package -- --help` lists the options. */
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureElectron } from './lib/electron.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { requireScriptNode, toolNode } from './lib/node.mjs';
import { PACKAGE_HELP, parsePackageArguments } from './lib/package/arguments.mjs';
import { writeChecksums, writeSbom } from './lib/package/release-files.mjs';
import { writeStage } from './lib/package/stage.mjs';
import { builderEnvironment, ensurePackageTools } from './lib/package/tools.mjs';
import { inRoot, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { Problem, runMain, say, step } from './lib/say.mjs';

/** @param {import('./lib/package/stage.mjs').PackagePlan} plan @param {string} stage */
async function pack(plan, stage) {
  const builder = inRoot('node_modules', 'electron-builder', 'cli.js');
  const result = await run(toolNode(), [builder, '--config', 'electron-builder.config.js', '--publish', 'never'], {
    cwd: root,
    env: builderEnvironment(stage, plan.seconds),
  });
  if (result.code === 0) return;
  // What comes after is the same once more.
  const [text = ''] = result.output.split('failedTask=');
  throw new Problem(`electron-builder failed (exit code ${String(result.code)}):\n\n${text.trim()}\n`);
}

await runMain(async () => {
  requireScriptNode();
  const options = parsePackageArguments(process.argv.slice(2));
  if (options.help) {
    say(PACKAGE_HELP);
    return 0;
  }
  const output = resolve(root, options.output);
  const stage = join(output, '.stage');
  await ensureInstalled();
  await ensurePackageTools(options.targets ?? ['tar.gz', 'deb', 'rpm']);
  await ensureBuilt();
  const electron = await ensureElectron({ retryOfficial: true });
  say(electron.why);
  await rm(output, { recursive: true, force: true });
  const plan = await writeStage({ ...options, stage, output, binary: electron.binary });
  if (options.official && !plan.electron.official)
    throw new Problem(`This is Electron ${plan.electron.version}, not the official one of package.json.`);
  if (!plan.electron.official) {
    say(`Not for release: version ${plan.version} says so wherever it is shown.`);
    if (plan.targets === null && process.platform === 'linux')
      say('No AppImage: what makes it would be downloaded from where Electron could not be.');
  }
  await step('Packing', () => pack(plan, stage));
  await rm(stage, { recursive: true });
  for (const name of ['builder-debug.yml', 'builder-effective-config.yaml'])
    await rm(join(output, name), { force: true });
  await writeSbom(join(output, `wirebench-${plan.version}.cdx.json`), plan);
  await writeChecksums(output);
  for (const entry of await readdir(output, { withFileTypes: true }))
    if (entry.isFile()) say(`  ${join(options.output, entry.name)}`);
  return 0;
});
