/** Many cases on one server, several at once. */
import type { CheckResult } from '../../../shared/checks.ts';
import { CHECK_CASES_AT_ONCE } from '../../../shared/check-limits.ts';
import type { CheckCase } from './check-case.ts';
import type { Target } from './target.ts';
import type { TryOptions } from './tried.ts';
import { tryCase } from './try-case.ts';

/**
 * Resolves when all have been tried, or soon after `stop`; then no connection is left.
 * @param onResult hears of each as it ends; `place` is its own in `cases`
 */
export async function runCases(
  cases: readonly CheckCase[],
  target: Target,
  options: TryOptions,
  onResult: (result: CheckResult, place: number) => void,
  stop: AbortSignal,
): Promise<void> {
  let next = 0;
  const isStopped = (): boolean => stop.aborted;
  const work = async (): Promise<void> => {
    for (;;) {
      const place = next;
      const one = cases[place];
      if (one === undefined || isStopped()) return;
      next += 1;
      const result = await tryCase(one, target, options, stop);
      if (!isStopped()) onResult(result, place);
    }
  };
  await Promise.all(Array.from({ length: CHECK_CASES_AT_ONCE }, work));
}
