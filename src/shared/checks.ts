/** What the contract says of checking somebody's server: what is tried, how far it has come, and what came of it. */
import { z } from 'zod';
import { count, wireErrorSchema } from './schemas.ts';

/**
 * `remark`: every MUST is kept, a SHOULD is not; `not-tried`: it does not apply to this server, or could not be
 * reached.
 */
export const checkVerdicts = ['passed', 'remark', 'failed', 'not-tried'] as const;
export type CheckVerdict = (typeof checkVerdicts)[number];

/** What came of a case that was tried on somebody's server. */
const checkResult = z.object({
  /** Stable name of the case: `framing.text-126`. */
  id: z.string(),
  group: z.string(),
  title: z.string(),
  /** Where it is written: `RFC 6455 §5.2`. */
  rfc: z.string(),
  /** What is sent, and what has to come, in words. */
  sent: z.string(),
  expected: z.string(),
  verdict: z.enum(checkVerdicts),
  /** Why it is not simply passed; '' when it is. A whole sentence. */
  why: z.string(),
  /** What went over the wire, in order: `→` from here, `←` from the peer. '' when nothing did. */
  happened: z.string(),
});
export type CheckResult = Readonly<z.infer<typeof checkResult>>;

/** Several cases are tried at once and end in any order: `place` is that of the case among all, from 0. */
const checkedCase = checkResult.extend({ place: count });
export type CheckedCase = Readonly<z.infer<typeof checkedCase>>;

/** Of the check with this number, to the window that has begun it. The last event has another state than `running`. */
export const checkProgress = z.object({
  check: count,
  /** `cancelled`: by the person; what had been found out until then is there. `failed`: there was no server to check. */
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  /** How many cases there are; 0 while that is not known. */
  total: count,
  /** Its address, of which variables are resolved and secrets are masked; '' before that. */
  address: z.string(),
  /** What was found out about the server before any case, as a sentence; '' before that. */
  about: z.string(),
  /** Those that have ended since the event before. */
  results: z.array(checkedCase),
  /** Why it has failed. */
  error: wireErrorSchema.nullable(),
});
export type CheckProgress = z.infer<typeof checkProgress>;
