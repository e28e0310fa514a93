import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Child processes with one owner: whatever is still running when this process
 * is told to stop is told to stop as well.
 */

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {'capture' | 'inherit'} [output] captured (default), or straight to the console
 * @property {boolean} [group] its own process group, so that grandchildren can be stopped with it
 * @property {number} [timeLimit] ms after which it is stopped and counts as failed
 * @property {(pid: number) => void} [started] told the id of the process
 * @property {(line: string) => boolean} [keepErrorLine] with `inherit`: which lines of its stderr to show
 *
 * @typedef {object} RunResult
 * @property {number} code exit code; 128 + n after signal n, 127 when it could not be started
 * @property {string} output stdout and stderr as they came; empty with `inherit`
 */

/** How long a child may take to end after it was asked to, ms. */
const END_GRACE = 5000;
/** How long processes that a child left behind may go on, ms. */
const LEFTOVER_GRACE = 2000;

/** @type {Map<import('node:child_process').ChildProcess, boolean>} child → has its own group */
const children = new Map();
let stopping = false;

/** @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
function signalChild(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (children.get(child) === true) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // It ended in between.
  }
}

/** @param {NodeJS.Signals} signal */
function stop(signal) {
  if (stopping) return;
  stopping = true;
  process.exitCode = 128 + constants.signals[signal];
  for (const child of children.keys()) signalChild(child, signal);
  setTimeout(() => {
    for (const child of children.keys()) signalChild(child, 'SIGKILL');
    process.exit();
  }, END_GRACE).unref();
  if (children.size === 0) process.exit();
}

for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    stop(signal);
  });
}

/**
 * Starts a child that ends with this process.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions & { group?: boolean }} options
 */
export function start(command, args, { group = false, ...options }) {
  const ownGroup = group && process.platform !== 'win32';
  const child = spawn(command, args, { ...options, detached: ownGroup });
  children.set(child, ownGroup);
  const forget = () => {
    children.delete(child);
    if (stopping && children.size === 0) process.exit();
  };
  child.once('exit', forget);
  child.once('error', forget);
  return child;
}

/** Ends a child made by `start` and waits until it has ended. @param {import('node:child_process').ChildProcess} child */
export async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  signalChild(child, 'SIGTERM');
  const timer = setTimeout(() => {
    signalChild(child, 'SIGKILL');
  }, END_GRACE);
  await ended;
  clearTimeout(timer);
}

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export async function run(command, args, options = {}) {
  const { cwd, env, output = 'capture', group = false, timeLimit, started, keepErrorLine } = options;
  const filtered = output === 'inherit' && keepErrorLine !== undefined;
  const child = start(command, args, {
    group,
    stdio: output === 'capture' ? ['ignore', 'pipe', 'pipe'] : ['inherit', 'inherit', filtered ? 'pipe' : 'inherit'],
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
  });
  if (child.pid !== undefined) started?.(child.pid);
  let text = '';
  if (output === 'capture') {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
        text += chunk;
      });
    }
  } else if (filtered && child.stderr !== null) showLines(child.stderr, keepErrorLine);
  let tooLate = false;
  const limit =
    timeLimit === undefined
      ? undefined
      : setTimeout(() => {
          tooLate = true;
          void end(child);
        }, timeLimit);
  return new Promise((resolve) => {
    /** @param {number} code @param {string} [more] */
    const done = (code, more = '') => {
      clearTimeout(limit);
      // When this process stops, nobody reports on children that were stopped with it.
      if (!stopping) resolve({ code, output: text + more });
    };
    child.once('error', (error) => {
      done(127, `${error.message}\n`);
    });
    // What a child left running in its group would hold its pipes open for ever.
    if (group) child.once('exit', () => setTimeout(killGroup, LEFTOVER_GRACE, child).unref());
    child.once('close', (code, signal) => {
      if (tooLate) done(124, `\nStopped after ${String((timeLimit ?? 0) / 60_000)} minutes.\n`);
      else done(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** @param {import('node:child_process').ChildProcess} child one that has its own group */
function killGroup(child) {
  if (child.pid === undefined || process.platform === 'win32') return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone, as it should be.
  }
}

/** @param {import('node:stream').Readable} stream @param {(line: string) => boolean} keep */
function showLines(stream, keep) {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (/** @type {string} */ chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (keep(line)) process.stderr.write(`${line}\n`);
  });
  stream.on('end', () => {
    if (rest !== '' && keep(rest)) process.stderr.write(rest);
  });
}
