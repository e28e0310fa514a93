/** The same done to several connections, and one answer made of theirs. */
import { failure, success, type Outcome } from '../shared/errors.ts';

export interface Target {
  readonly peer: number;
  /** Address for messages. */
  readonly name: string;
}

export interface TargetResult {
  readonly target: Target;
  readonly outcome: Outcome;
}

/** Starts it for all at once and waits for all. */
export function forEach(
  targets: readonly Target[],
  run: (target: Target) => Promise<Outcome>,
): Promise<readonly TargetResult[]> {
  return Promise.all(targets.map(async (target) => ({ target, outcome: await run(target) })));
}

/** Success with the targets that it worked for only if that is all; else the first error, saying how many of how many. */
export function joinResults(results: readonly TargetResult[], what: string): Outcome<readonly Target[]> {
  const failed = results.flatMap(({ target, outcome }) => (outcome.ok ? [] : [{ target, error: outcome.error }]));
  const [first] = failed;
  if (first === undefined) return success(results.map((result) => result.target));
  if (results.length === 1) return { ok: false, error: first.error };
  const share = failed.length === results.length ? `all ${results.length}` : `${failed.length} of ${results.length}`;
  const { errno } = first.error;
  return failure(
    first.error.code,
    `${what} failed for ${share} connections; first for ${first.target.name}: ${first.error.message}`,
    first.error.hint,
    errno === undefined ? {} : { errno },
  );
}
