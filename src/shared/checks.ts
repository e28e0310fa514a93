/** What the contract says of checks: cases that are tried on somebody's server, and what came of each. */
import { z } from 'zod';
import { count, wireErrorSchema } from './schemas.ts';

/**
 * `passed`; `remark`: every MUST is kept, a SHOULD is not; `failed`; `not-tried`: it does not apply to this server, or
 * could not be reached.
 */
export const checkVerdicts = ['passed', 'remark', 'failed', 'not-tried'] as const;
export type CheckVerdict = (typeof checkVerdicts)[number];

export const checkResultSchema = z.object({
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
export type CheckResult = z.infer<typeof checkResultSchema>;

export const checkProgressSchema = z.object({
  check: count,
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  done: count,
  total: count,
  /** Results since the event before, in any order. */
  results: z.array(checkResultSchema),
  /** Of the whole: what was found out about the server before, such as that it does not echo. '' until it is known. */
  about: z.string(),
  error: wireErrorSchema.nullable(),
});
export type CheckProgress = z.infer<typeof checkProgressSchema>;
