/** `npm start`: from a fresh clone to an open window. `npm start -- --help` lists the options. */
import { aptLine, hasApt } from './lib/apt.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { hasDisplay } from './lib/display.mjs';
import { ensureElectron } from './lib/electron.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { requireScriptNode, toolNode } from './lib/node.mjs';
import { output, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { sandboxObstacle } from './lib/sandbox.mjs';
import { Problem, runMain, say } from './lib/say.mjs';
import { HELP, parseStartArguments } from './lib/start-arguments.mjs';
import { hasT64Names, missingLibraries, packagesFor } from './lib/system-libraries.mjs';

/** Chromium's log lines, such as `[123:0101/120000.123:ERROR:bus.cc(399)] …`: noise on most systems. */
const CHROMIUM_LOG = /^\[\d+:\d{4}\/\d{6}\.\d+:(?:INFO|WARNING|ERROR|VERBOSE\d*):/;

/** @param {string} binary */
async function requireLibraries(binary) {
  const missing = await missingLibraries(binary);
  if (missing.length === 0) return;
  const packages = packagesFor(missing, await hasT64Names());
  const remedy =
    hasApt() && packages.length > 0
      ? `Install them:\n\n  ${aptLine(packages)}\n`
      : 'Install the packages of your system that contain them.';
  throw new Problem(
    `Electron needs system libraries that are missing: ${missing.join(', ')}`,
    `${remedy}\nOr use a browser: npm start -- --browser`,
  );
}

/** @param {readonly string[]} rest */
async function startBrowserHost(rest) {
  const result = await run(toolNode(), [output.webHost, ...rest], { cwd: root, output: 'inherit' });
  return result.code;
}

/** @param {import('./lib/start-arguments.mjs').StartArguments} options */
async function startDesktop({ retryElectron, verbose, rest }) {
  const electron = await ensureElectron({ retryOfficial: retryElectron });
  await requireLibraries(electron.binary);
  say(electron.why);
  const obstacle = await sandboxObstacle(electron.binary);
  if (obstacle !== null) say(obstacle);
  const env = { ...process.env };
  // Terminals inside Electron applications set it; it would turn Electron into plain Node.
  delete env.ELECTRON_RUN_AS_NODE;
  const result = await run(electron.binary, [...(obstacle === null ? [] : ['--no-sandbox']), root, ...rest], {
    cwd: root,
    env,
    output: 'inherit',
    keepErrorLine: (line) => verbose || !CHROMIUM_LOG.test(line),
  });
  return result.code;
}

await runMain(async () => {
  requireScriptNode();
  const options = parseStartArguments(process.argv.slice(2));
  if (options.help) {
    say(HELP);
    return 0;
  }
  await ensureInstalled();
  await ensureBuilt();
  if (options.browser) return startBrowserHost(options.rest);
  if (!hasDisplay()) {
    say('There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set): serving the window to a browser.');
    return startBrowserHost(options.rest);
  }
  return startDesktop(options);
});
