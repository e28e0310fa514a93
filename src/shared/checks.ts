/** What the contract says of checks: cases that are tried on somebody's server, and what came of each. */
import { z } from 'zod';

/**
 * `passed`; `remark`: every MUST is kept, a SHOULD is not; `failed`; `not-tried`: it does not apply to this server, or
 * could not be reached.
 */
const checkVerdicts = ['passed', 'remark', 'failed', 'not-tried'] as const;

const checkResultSchema = z.object({
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
