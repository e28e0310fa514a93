/**
 * `npm run security-check`: Electron's security checklist against the application as it runs, and the fuses of the
 * packaged binary, as two tables. Packs the application when that has not been done.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { e2eEnvironment } from './lib/e2e.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { readJson } from './lib/json.mjs';
import { requireScriptNode, toolNode } from './lib/node.mjs';
import { cache, inRoot, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { runMain, say } from './lib/say.mjs';
import { checklistRows, table } from './lib/security-tables.mjs';
import { ensureTestNeeds } from './lib/test-needs.mjs';

/** Where electron-builder leaves the application before it is packed, by system. */
const UNPACKED = [
  ['linux-unpacked', 'wirebench'],
  ['linux-arm64-unpacked', 'wirebench'],
  ['win-unpacked', 'Wirebench.exe'],
  ['mac', 'Wirebench.app'],
  ['mac-arm64', 'Wirebench.app'],
];

/** @returns {string | null} the packaged binary */
function packagedBinary() {
  return UNPACKED.map((parts) => inRoot('release', ...parts)).find(existsSync) ?? null;
}

/** @returns {Promise<boolean>} whether all twenty hold */
async function checkList() {
  const { env, stop } = await e2eEnvironment();
  const report = join(cache, 'reports', 'security.json');
  await mkdir(join(cache, 'reports'), { recursive: true });
  try {
    const playwright = inRoot('node_modules', '@playwright', 'test', 'cli.js');
    const args = [playwright, 'test', '--reporter=json', '--project=electron', 'security.e2e'];
    const result = await run(toolNode(), args, { cwd: root, env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report } });
    const rows = checklistRows(await readJson(report));
    say(table(['#', 'Electron security checklist', 'holds', ''], rows));
    if (rows.length !== 20) say(`The checklist has 20 items, ${rows.length} were tried.\n${result.output}`);
    return result.code === 0 && rows.length === 20 && rows.every(([, , holds]) => holds === 'yes');
  } finally {
    await stop();
  }
}

/** @returns {Promise<boolean>} whether every fuse is as wanted */
async function checkFuses() {
  if (packagedBinary() === null) {
    say('There is no packaged application yet: npm run package');
    const packed = await run(toolNode(), [inRoot('scripts', 'package.mjs')], { cwd: root, output: 'inherit' });
    if (packed.code !== 0) return false;
  }
  const binary = packagedBinary();
  if (binary === null) {
    say('The packaged application was not found in release/.');
    return false;
  }
  const { readFuses } = await import('./lib/fuses.mjs');
  const fuses = await readFuses(binary);
  const rows = fuses.map(({ name, wanted, found, isGood }) => [name, wanted, found, isGood ? 'yes' : 'NO']);
  say(table([`Fuse of ${binary.slice(root.length + 1)}`, 'wanted', 'found', 'good'], rows));
  return fuses.every(({ isGood }) => isGood);
}

await runMain(async () => {
  requireScriptNode();
  await ensureInstalled();
  await ensureTestNeeds(new Set(['e2e']));
  await ensureBuilt();
  const isListGood = await checkList();
  const areFusesGood = await checkFuses();
  return isListGood && areFusesGood ? 0 : 1;
});
