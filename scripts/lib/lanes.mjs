import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from './build.mjs';
import { e2eEnvironment } from './e2e.mjs';
import { readJson } from './json.mjs';
import { toolEnvironment, toolNode } from './node.mjs';
import { testPackages } from './package/test-packages.mjs';
import { cache, inRoot, root } from './paths.mjs';
import { countPlaywright, countVitest, withExitCode } from './reports.mjs';
import { run } from './run.mjs';

/**
 * What `npm test` consists of. A lane is one tool; a static check counts as one test.
 */

/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {string} output what to show when something failed
 * @property {readonly string[]} [flaky] tests that passed only at the second attempt, by name
 *
 * @typedef {import('./pool.mjs').Job<Outcome> & { group: 'static' | 'unit' | 'e2e' | 'package' }} Lane
 */

/** The longest that a lane may take, ms: far more than it needs on a slow machine. */
const STATIC_LIMIT = 10 * 60_000;
const UNIT_LIMIT = 15 * 60_000;
const E2E_LIMIT = 20 * 60_000;
const PACKAGE_LIMIT = 10 * 60_000;

/** Where the JSON reports go. */
const reports = join(cache, 'reports');

/** @param {string} script path inside node_modules @param {readonly string[]} args @param {number} timeLimit */
function tool(script, args, timeLimit, env = toolEnvironment()) {
  return run(toolNode(), [inRoot('node_modules', ...script.split('/')), ...args], {
    cwd: root,
    env,
    group: true,
    timeLimit,
  });
}

/**
 * A check that passes or fails as a whole.
 * @param {string} name
 * @param {readonly (readonly [script: string, ...args: string[]])[]} commands all are run
 * @returns {Lane}
 */
function check(name, ...commands) {
  const runAll = async () => {
    let output = '';
    for (const [script, ...args] of commands) {
      const result = await tool(script, args, STATIC_LIMIT);
      if (result.code !== 0)
        output += `${result.output.trim() === '' ? `exit code ${String(result.code)}` : result.output.trim()}\n`;
    }
    return { passed: output === '' ? 1 : 0, failed: output === '' ? 0 : 1, output };
  };
  return { name, group: 'static', cores: 1, needs: [], run: runAll };
}

/**
 * Reads a JSON report and adds what the exit code says.
 * @template Report
 * @param {string} file
 * @param {(report: Report) => import('./reports.mjs').Counts} count
 * @param {import('./run.mjs').RunResult} result
 * @returns {Promise<Outcome>}
 */
async function outcomeOf(file, count, result) {
  const report = /** @type {Report | null} */ (await readJson(file));
  const counts = report === null ? { passed: 0, failed: 1, remarks: ['wrote no report'], flaky: [] } : count(report);
  const { passed, failed, remarks, flaky } = withExitCode(counts, result.code);
  return { passed, failed, flaky, output: [result.output.trim(), ...remarks].join('\n') };
}

/** @param {string} name @returns {Promise<string>} where the report is to be written; an old one is removed */
async function freshReport(name) {
  const file = join(reports, `${name}.json`);
  await mkdir(reports, { recursive: true });
  await rm(file, { force: true });
  return file;
}

async function runUnit() {
  const file = await freshReport('vitest');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  return outcomeOf(file, countVitest, await tool('vitest/vitest.mjs', args, UNIT_LIMIT));
}

async function runBuild() {
  const result = await build();
  return { passed: result.code === 0 ? 1 : 0, failed: result.code === 0 ? 0 : 1, output: result.output };
}

async function runE2e() {
  const file = await freshReport('playwright');
  const { env, stop } = await e2eEnvironment();
  try {
    const args = ['test', '--reporter=list,json'];
    const result = await tool('@playwright/test/cli.js', args, E2E_LIMIT, {
      ...env,
      PLAYWRIGHT_JSON_OUTPUT_FILE: file,
    });
    return await outcomeOf(file, countPlaywright, result);
  } finally {
    await stop();
  }
}

async function runPackage() {
  const file = await freshReport('package');
  const options = { group: true, timeLimit: PACKAGE_LIMIT };
  const result = await testPackages(['--reporter=list,json'], options, { PLAYWRIGHT_JSON_OUTPUT_FILE: file });
  return outcomeOf(file, countPlaywright, result);
}

/** @type {readonly Lane[]} */
export const lanes = [
  { name: 'build', group: 'e2e', cores: 1, needs: [], run: runBuild },
  check(
    'types',
    ['typescript/bin/tsc', '--project', 'tsconfig.node.json'],
    ['typescript/bin/tsc', '--project', 'tsconfig.preload.json'],
    ['typescript/bin/tsc', '--project', 'tsconfig.tests.json'],
  ),
  check(
    'svelte',
    ['svelte-check/bin/svelte-check', '--tsconfig', 'tsconfig.window.json', '--fail-on-warnings', '--output', 'human'],
    [
      'svelte-check/bin/svelte-check',
      '--tsconfig',
      'tsconfig.component-tests.json',
      '--fail-on-warnings',
      '--output',
      'human',
    ],
  ),
  check('lint', ['eslint/bin/eslint.js', '.', '--max-warnings', '0']),
  check('format', ['prettier/bin/prettier.cjs', '--check', '.']),
  check('layers', ['dependency-cruiser/bin/dependency-cruiser.mjs', 'src', '--config', '.dependency-cruiser.js']),
  check('unused', ['knip/bin/knip.js']),
  // Two workers each: they run alone, so that tests which wait for sockets are not starved.
  { name: 'unit', group: 'unit', cores: 2, needs: [], run: runUnit },
  { name: 'e2e', group: 'e2e', cores: 2, needs: ['build'], run: runE2e },
  { name: 'package', group: 'package', cores: 2, needs: ['build'], run: runPackage },
];

/**
 * The lanes that `--only` names, by lane or by group, with those that they need.
 * @param {readonly string[]} names empty means all
 * @returns {readonly Lane[] | string} the name that is not known
 */
export function selectLanes(names) {
  if (names.length === 0) return lanes;
  const unknown = names.find((name) => !lanes.some((lane) => lane.name === name || lane.group === name));
  if (unknown !== undefined) return unknown;
  const chosen = lanes.filter((lane) => names.includes(lane.name) || names.includes(lane.group));
  const needed = new Set(chosen.flatMap((lane) => lane.needs));
  return lanes.filter((lane) => chosen.includes(lane) || needed.has(lane.name));
}
