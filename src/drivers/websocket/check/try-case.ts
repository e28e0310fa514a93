/** One case on a server: connects, shakes hands as the case wants, plays it, and says what came of it. */
import type { CheckResult } from '../../../shared/checks.ts';
import { sentence } from '../../../shared/errors.ts';
import { CHECK_CASE_MS } from '../../../shared/check-limits.ts';
import type { CheckCase } from './check-case.ts';
import { inTime } from './in-time.ts';
import { reachTarget, type Target } from './target.ts';
import { failedBecause, notTried, type Tried, type TryOptions } from './tried.ts';
import { tryFrames } from './try-frames.ts';
import { tryRequest } from './try-request.ts';
import { caseWords } from './words.ts';

/** Why a case says nothing about this server; null when it does. */
function obstacle(one: CheckCase, { nature, maxPayload }: TryOptions): string | null {
  if (one.type === 'request') return null;
  if (one.maxPayload !== null && one.maxPayload !== maxPayload) return 'Its limit for messages is not known.';
  if (one.deflate !== null && !nature.agreesToDeflate) return 'The server does not agree to permessage-deflate.';
  const opcodes = one.steps.flatMap((step) =>
    step.type === 'expect' && 'opcode' in step.expected ? [step.expected.opcode] : [],
  );
  if (opcodes.includes(1) && !nature.echoesText) return 'It needs an echo, and the server does not echo text.';
  if (opcodes.includes(2) && !nature.echoesBinary) return 'It needs an echo, and the server does not echo binary.';
  return null;
}

/** Takes CHECK_CASE_MS at most, and leaves no handle. After `stop` its result means nothing. */
export async function tryCase(
  one: CheckCase,
  target: Target,
  options: TryOptions,
  stop: AbortSignal,
): Promise<CheckResult> {
  const why = obstacle(one, options);
  const tried = why === null ? await tryInTime(one, target, options, stop) : notTried(why);
  return resultOf(one, tried);
}

export function resultOf(one: CheckCase, { judgement, happened }: Tried): CheckResult {
  const { id, group, title, rfc, level } = one;
  // Nobody has to do what is only a SHOULD.
  const verdict = judgement?.verdict === 'failed' && level === 'should' ? 'remark' : (judgement?.verdict ?? 'passed');
  return { id, group, title, rfc, ...caseWords(one), verdict, why: judgement?.why ?? '', happened };
}

async function tryInTime(one: CheckCase, target: Target, options: TryOptions, stop: AbortSignal): Promise<Tried> {
  const { value: tried, isLate } = await inTime(CHECK_CASE_MS, stop, (limit) =>
    connectAndTry(one, target, options, limit),
  );
  return isLate ? failedBecause(`It took longer than ${CHECK_CASE_MS / 1000} s.`, tried.happened) : tried;
}

async function connectAndTry(one: CheckCase, target: Target, options: TryOptions, stop: AbortSignal): Promise<Tried> {
  const reached = await reachTarget(target, stop);
  if (!reached.ok) return notTried(`There was no connection. ${sentence(reached.error)}`);
  const wire = reached.value;
  const end = (): void => {
    void wire.destroy();
  };
  stop.addEventListener('abort', end);
  try {
    return await (one.type === 'frames'
      ? tryFrames(one, target, wire, options, stop)
      : tryRequest(one, target, wire, options, stop));
  } finally {
    stop.removeEventListener('abort', end);
    await wire.destroy();
  }
}
