/**
 * How long tests with random input run: in CI a fixed number of runs with a
 * fixed seed; by `npm run fuzz -- --minutes N`, `--runs N`, `--seed N` others.
 */

export interface FuzzLimits {
  /** First seed; each run has the next one, so that a failure can be repeated by itself. */
  readonly seed: number;
  readonly runs: number;
  readonly minutes: number;
  /** For the test, in ms. */
  readonly timeout: number;
}

function fromEnvironment(name: string): number | null {
  const text = process.env[name];
  return text === undefined || text === '' ? null : Number(text);
}

/** @param runs how many runs when nothing else is said */
export function fuzzLimits(runs: number): FuzzLimits {
  const minutes = fromEnvironment('WIREBENCH_FUZZ_MINUTES');
  return {
    seed: fromEnvironment('WIREBENCH_FUZZ_SEED') ?? 1,
    runs: fromEnvironment('WIREBENCH_FUZZ_RUNS') ?? (minutes === null ? runs : Infinity),
    minutes: minutes ?? Infinity,
    // A limit that only a hang reaches: a run takes a few milliseconds.
    timeout: minutes === null ? 60 * 60_000 : (minutes + 10) * 60_000,
  };
}

/** Runs a task with one seed after another until one of the limits is reached. @returns how many times */
export async function fuzzed(limits: FuzzLimits, task: (seed: number) => Promise<void>): Promise<number> {
  const end = performance.now() + limits.minutes * 60_000;
  let runs = 0;
  for (; runs < limits.runs && performance.now() < end; runs += 1) await task(limits.seed + runs);
  return runs;
}
