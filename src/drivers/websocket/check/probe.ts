/** The first look at a server: whether it can be reached, and whether it echoes, without which many cases say nothing. */
import { randomBytes } from 'node:crypto';
import { failure, success, type Outcome } from '../../../shared/errors.ts';
import { whereOf } from '../opening.ts';
import { upgrade } from '../upgrade.ts';
import { binary, text } from './pieces.ts';
import { reachTarget, unrecorded, type Target } from './target.ts';
import { Talk } from './talk.ts';

export interface Nature {
  readonly echoesText: boolean;
  readonly echoesBinary: boolean;
  readonly agreesToDeflate: boolean;
  /** It sends messages of its own. */
  readonly isTalkative: boolean;
}

/** How long a server may greet, and how long an echo may come behind the pong, in ms. */
const GREETING_MS = 150;
const LATE_MS = 400;

/** @returns why there is no connection: errors as of `upgrade` and of the system */
export async function probe(target: Target, patience: number, stop: AbortSignal): Promise<Outcome<Nature>> {
  const reached = await reachTarget(target, stop);
  if (!reached.ok) return reached;
  const wire = reached.value;
  const { url, plan } = target;
  const where = whereOf(url);
  const wishes = {
    serverNoContextTakeover: false,
    clientNoContextTakeover: false,
    serverMaxWindowBits: null,
    clientMaxWindowBits: 'any',
  } as const;
  const upgraded = await upgrade(wire, { ...plan, deflate: wishes }, url, { where, trusted: true }, unrecorded, stop);
  if (!upgraded.ok || upgraded.value.type === 'redirect') await wire.destroy();
  if (!upgraded.ok) return upgraded;
  if (upgraded.value.type === 'redirect') {
    const { location, refusal } = upgraded.value;
    return failure(refusal.code, refusal.message, `It redirects to ${location}: write that as the address.`);
  }
  const { deflate } = upgraded.value.agreed;
  const talk = new Talk({
    wire,
    role: 'client',
    deflate:
      deflate === null
        ? null
        : { windowBits: deflate.serverMaxWindowBits, contextTakeover: !deflate.serverNoContextTakeover },
  });
  try {
    return success({ ...(await listen(talk, patience)), agreesToDeflate: deflate !== null });
  } finally {
    await talk.sendClose(1000);
    await talk.destroy();
  }
}

async function listen(talk: Talk, patience: number): Promise<Omit<Nature, 'agreesToDeflate'>> {
  await until(() => talk.messages.length > 0 || talk.ended !== null, talk, GREETING_MS);
  let isTalkative = talk.messages.length > 0;
  talk.messages.length = 0;
  const sample = randomBytes(12);
  const words = `wirebench ${sample.toString('hex')}`;
  await talk.play({ type: 'send', pieces: [text(words), binary(sample)], writes: 'one' });
  let echoesText = false;
  let echoesBinary = false;
  const look = (): boolean => {
    for (const { opcode, payload } of talk.messages.splice(0)) {
      if (opcode === 1 && Buffer.from(payload).toString() === words) echoesText = true;
      else if (opcode === 2 && sample.equals(payload)) echoesBinary = true;
      else isTalkative = true;
    }
    return (echoesText && echoesBinary) || talk.ended !== null || talk.close !== null;
  };
  const asked = await talk.ask();
  await until(() => look() || talk.pongs.some((payload) => asked.equals(payload)), talk, patience);
  await until(look, talk, LATE_MS);
  return { echoesText, echoesBinary, isTalkative };
}

async function until(condition: () => boolean, talk: Talk, ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (!condition() && (await talk.changed(end)));
}

/** For a person: one sentence. */
export function natureWords({ echoesText, echoesBinary, agreesToDeflate, isTalkative }: Nature): string {
  const echo =
    echoesText && echoesBinary
      ? 'It echoes text and binary messages'
      : echoesText || echoesBinary
        ? `It echoes ${echoesText ? 'text, but no binary' : 'binary, but no text'} messages`
        : 'It does not echo, so that only what can be seen without it is tried';
  const deflate = agreesToDeflate ? 'agrees to permessage-deflate' : 'does not agree to permessage-deflate';
  return `${echo}; it ${deflate}${isTalkative ? '; it sends messages of its own, which are passed over' : ''}.`;
}
