/** A case of the opening handshake on a server: its answer is judged, and whether a connection that was made works. */
import type { Wire } from '../../net/wire.ts';
import { valueOf } from '../http-head.ts';
import type { RequestCase, RequestExpected } from './check-case.ts';
import { answerProblem, changed, readAnswer, requestHead, sendHead, type Answer } from './handshake.ts';
import { inTime } from './in-time.ts';
import { caseMaker, ping, ponged, send } from './pieces.ts';
import { play } from './play.ts';
import type { Target } from './target.ts';
import { failedBecause, type Tried, type TryOptions } from './tried.ts';
import { requestExpectedWords } from './words.ts';

/** What shows that a connection works. */
const alive = caseMaker('Opening handshake', 'handshake')('alive', '', '5.5.3', [send(ping('alive')), ponged('alive')]);

function fieldProblem({ headers }: Answer, { fields }: Exclude<RequestExpected, { type: 'either' }>): string | null {
  for (const [name, wanted, words] of fields) {
    const value = valueOf(headers, name);
    const isRight = wanted === null ? value === null : value !== null && wanted.test(value);
    if (!isRight) return `${name} should be ${words}; it is ${value === null ? 'not there' : `“${value}”`}.`;
  }
  return null;
}

export async function tryRequest(
  one: RequestCase,
  target: Target,
  wire: Wire,
  { nature, patience }: TryOptions,
  stop: AbortSignal,
): Promise<Tried> {
  const { change, expected } = one;
  const request = changed(requestHead(target.plan, target.url, ''), change);
  // A server may refuse before it has read all.
  await sendHead(wire, request, change.split ?? 0);
  const { value: result } = await inTime(patience, stop, (limit) => readAnswer(wire, limit));

  if (result.type === 'stopped') return failedBecause(`No answer came within ${patience / 1000} s.`, '');
  if (result.type !== 'answer' || result.value === null) {
    const happened = result.type === 'answer' ? '← no HTTP' : '← the end of TCP';
    if (expected.type !== 'refused') {
      return expected.type === 'either'
        ? { judgement: null, happened }
        : failedBecause('The server ended the connection without an answer.', happened);
    }
    const why = `There was no answer; ${requestExpectedWords(expected)} would say why.`;
    return { judgement: { verdict: 'remark', why }, happened };
  }
  const answer = result.value;
  const happened = `← ${answer.start}`;
  if (answer.status !== 101) {
    if (expected.type === 'accepted') {
      if (!expected.orRefused) return failedBecause(`The server refused: ${answer.start}.`, happened);
      const why = `The server refused the whole handshake (${answer.start}) in place of declining the extension.`;
      return { judgement: { verdict: 'remark', why }, happened };
    }
    const isUsual =
      expected.type === 'either' || expected.statuses.length === 0 || expected.statuses.includes(answer.status);
    if (!isUsual) {
      const why = `It answered ${answer.status}; ${expected.statuses.join(' or ')} is meant for this.`;
      return { judgement: { verdict: 'remark', why }, happened };
    }
    const problem = expected.type === 'either' ? null : fieldProblem(answer, expected);
    return { judgement: problem === null ? null : { verdict: 'remark', why: problem }, happened };
  }
  if (expected.type === 'refused') return failedBecause('The server accepted this handshake.', happened);
  const problem =
    answerProblem(answer, request) ?? (expected.type === 'accepted' ? fieldProblem(answer, expected) : null);
  if (problem !== null) return failedBecause(`The handshake is wrong: ${problem}`, happened);
  const played = await play(
    alive,
    { wire, role: 'client', deflate: null },
    { patience, isTalkative: nature.isTalkative, role: 'client' },
  );
  return { judgement: played.judgement, happened: `${happened} · ${played.happened}` };
}
