/**
 * `npm test`: everything that must hold, in lanes beside each other; its last line is
 * `tests: N passed, N failed`, and those before it name the tests that needed a second attempt.
 * `npm test -- --only unit` runs one lane or group.
 */
import { ensureInstalled } from './lib/install.mjs';
import { lanes, selectLanes } from './lib/lanes.mjs';
import { requireScriptNode } from './lib/node.mjs';
import { packageObstacle } from './lib/package/test-packages.mjs';
import { runJobs } from './lib/pool.mjs';
import { lastLines } from './lib/reports.mjs';
import { Problem, runMain, say, seconds } from './lib/say.mjs';
import { ensureTestNeeds } from './lib/test-needs.mjs';

/** Cores that the lanes share: with more, tests that wait for each other's sockets only get noisier. */
const CORES = 2;

const HELP = `npm test                        everything
npm test -- --only <name>,…     some lanes or groups

Groups: static, unit, e2e, package
Lanes:  ${lanes.map((lane) => lane.name).join(', ')}`;

/** @param {readonly string[]} args @returns {string[]} */
function parseOnly(args) {
  const names = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (arg.startsWith('--only=')) names.push(...arg.slice('--only='.length).split(','));
    else if (arg === '--only') {
      index += 1;
      names.push(...(args[index] ?? '').split(','));
    } else throw new Problem(`Unknown argument: ${arg}`, HELP);
  }
  return names;
}

/** @param {readonly import('./lib/lanes.mjs').Lane[]} chosen */
async function runLanes(chosen) {
  say(`Running ${chosen.map((lane) => lane.name).join(', ')} …`);
  const results = await runJobs(chosen, CORES, {
    isGood: (outcome) => outcome.failed === 0,
    refused: (_name, missing) => ({ passed: 0, failed: 1, output: `Not run, because ${missing} failed.` }),
    ended: (name, outcome, milliseconds) => {
      const total = `${String(outcome.passed)} passed${outcome.failed === 0 ? '' : `, ${String(outcome.failed)} failed`}`;
      say(`${outcome.failed === 0 ? '✓' : '✗'} ${name.padEnd(8)} ${total} (${seconds(milliseconds)})`);
      if (outcome.failed > 0) say(`\n${outcome.output.trim()}\n`);
    },
  });
  const outcomes = [...results.values()];
  return {
    passed: outcomes.reduce((sum, outcome) => sum + outcome.passed, 0),
    failed: outcomes.reduce((sum, outcome) => sum + outcome.failed, 0),
    flaky: outcomes.flatMap((outcome) => outcome.flaky ?? []),
  };
}

/**
 * The package is installed where that can be undone: by apt, as root. Elsewhere a line says that it is not tried.
 * @param {readonly import('./lib/lanes.mjs').Lane[]} chosen
 */
function whatCanRun(chosen) {
  const obstacle = packageObstacle();
  const possible = chosen.filter((lane) => lane.group !== 'package' || obstacle === null);
  if (possible.length === chosen.length) return chosen;
  const why = `Not run: package, because ${obstacle ?? ''}.`;
  if (!possible.some((lane) => lane.name !== 'build')) throw new Problem(why);
  say(why);
  return possible;
}

/** @param {readonly string[]} args */
async function test(args) {
  requireScriptNode();
  const chosen = selectLanes(parseOnly(args));
  if (typeof chosen === 'string') throw new Problem(`There is no lane ${chosen}.`, HELP);
  const possible = whatCanRun(chosen);
  await ensureInstalled();
  await ensureTestNeeds(new Set(possible.map((lane) => lane.group)));
  return runLanes(possible);
}

await runMain(async () => {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    say(HELP);
    return 0;
  }
  const started = performance.now();
  const totals = await test(args).catch((/** @type {unknown} */ error) => {
    // What stops the tests before they begin is a failure too, and the last line says so.
    say(
      `\n${error instanceof Problem ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return { passed: 0, failed: 1, flaky: [] };
  });
  say(`in ${seconds(performance.now() - started)}`);
  for (const line of lastLines(totals)) say(line);
  return totals.failed === 0 ? 0 : 1;
});
