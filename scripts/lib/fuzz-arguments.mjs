import { Problem } from './say.mjs';

export const FUZZ_HELP = `npm run fuzz: tests with random input, for longer than in \`npm test\`

  npm run fuzz -- --minutes N     each of them for N minutes (1 by default)
  npm run fuzz -- --runs N        each of them N times
  npm run fuzz -- --seed N        from this seed on: repeats what a run has found
Further arguments go to vitest: the name of a test file, -t and part of a test's name.`;

/**
 * @typedef {object} FuzzArguments
 * @property {boolean} help
 * @property {Partial<Record<string, string>>} env read by tests/support/fuzz-limits.ts
 * @property {string[]} rest for vitest, in order
 */

const numbers = new Map([
  ['--minutes', 'WIREBENCH_FUZZ_MINUTES'],
  ['--runs', 'WIREBENCH_FUZZ_RUNS'],
  ['--seed', 'WIREBENCH_FUZZ_SEED'],
]);

/**
 * @param {readonly string[]} args
 * @param {number} seed for when none is given
 * @returns {FuzzArguments}
 */
export function parseFuzzArguments(args, seed) {
  /** @type {FuzzArguments} */
  const result = { help: false, env: {}, rest: [] };
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    const [name = '', inline] = arg.split('=');
    const variable = numbers.get(name);
    if (arg === '--help' || arg === '-h') result.help = true;
    else if (variable === undefined) result.rest.push(arg);
    else {
      const text = inline ?? args[(index += 1)] ?? '';
      if (!/^\d+(\.\d+)?$/.test(text)) throw new Problem(`${name} needs a number, not "${text}".`, FUZZ_HELP);
      result.env[variable] = text;
    }
  }
  if (!('WIREBENCH_FUZZ_RUNS' in result.env)) result.env.WIREBENCH_FUZZ_MINUTES ??= '1';
  result.env.WIREBENCH_FUZZ_SEED ??= String(seed);
  return result;
}
