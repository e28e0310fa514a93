/** What came of a case, before it is put into words. */
import type { Judgement } from './judge.ts';
import type { Nature } from './probe.ts';

export interface TryOptions {
  readonly nature: Nature;
  /** How long one answer is waited for, in ms. */
  readonly patience: number;
  /** Longest message that the server takes, in bytes; null: not known. */
  readonly maxPayload: number | null;
}

export interface Tried {
  readonly judgement: Judgement;
  readonly happened: string;
}

export function notTried(why: string, happened = ''): Tried {
  return { judgement: { verdict: 'not-tried', why }, happened };
}

export function failedBecause(why: string, happened: string): Tried {
  return { judgement: { verdict: 'failed', why }, happened };
}
