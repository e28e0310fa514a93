/**
 * The scripts speak in one line per step. An expected failure is a Problem:
 * it is printed without a stack trace, because it tells what to do.
 */

/** A failure that a person can mend: what happened, and the remedy. */
export class Problem extends Error {
  /** @param {string} message @param {string} [remedy] */
  constructor(message, remedy = '') {
    super(remedy === '' ? message : `${message}\n${remedy}`);
    this.name = 'Problem';
  }
}

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** Whole seconds when long, tenths when short: `0.4 s`, `23 s`. @param {number} milliseconds */
export function seconds(milliseconds) {
  const value = milliseconds / 1000;
  return value < 10 ? `${value.toFixed(1)} s` : `${String(Math.round(value))} s`;
}

/**
 * Says what begins and, when it has ended, how long it took.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(what, work) {
  const started = performance.now();
  say(`${what} …`);
  const result = await work();
  say(`  done in ${seconds(performance.now() - started)}`);
  return result;
}

/**
 * Runs a script's main function and ends the process with its exit code;
 * a Problem ends it with 1.
 * @param {() => Promise<number>} main
 */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}
