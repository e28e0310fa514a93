/** A case of frames on a server: an ordinary handshake, with compression where the case needs it, then its steps. */
import type { Wire } from '../../net/wire.ts';
import type { FramesCase } from './check-case.ts';
import { agreedDeflate, answerProblem, readAnswer, requestHead, sendHead } from './handshake.ts';
import { play } from './play.ts';
import type { Target } from './target.ts';
import { failedBecause, notTried, type Tried, type TryOptions } from './tried.ts';

export async function tryFrames(
  one: FramesCase,
  target: Target,
  wire: Wire,
  { nature, patience }: TryOptions,
  stop: AbortSignal,
): Promise<Tried> {
  const offer = one.deflate?.offer ?? '';
  const request = requestHead(target.plan, target.url, offer);
  await sendHead(wire, request, 0);
  const answer = await readAnswer(wire, stop);
  if (answer.type !== 'answer' || answer.value === null) return notTried('The server did not answer the handshake.');
  const { status, start, headers } = answer.value;
  if (status !== 101) return notTried(`The server refused this handshake: ${start}.`, `← ${start}`);
  const problem = answerProblem(answer.value, request);
  if (problem !== null) return failedBecause(`The handshake is wrong: ${problem}.`, `← ${start}`);
  const deflate = agreedDeflate(headers, offer);
  if (typeof deflate === 'string') return failedBecause(`The handshake is wrong: ${deflate}.`, `← ${start}`);
  if (one.deflate !== null && deflate === null)
    return notTried('The server does not agree to these parameters.', `← ${start}`);
  if (one.deflate?.needsContext === true && deflate?.client.contextTakeover !== true) {
    return notTried('The server wants client_no_context_takeover.', `← ${start}`);
  }
  const options = { patience, isTalkative: nature.isTalkative, role: 'client' } as const;
  return play(one, { wire, role: 'client', deflate: deflate?.server ?? null }, options);
}
