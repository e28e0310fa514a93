/** Plays one case on a connection that is open. */
import type { FramesCase } from './check-case.ts';
import { judge, leftOver, type JudgeOptions, type Judgement } from './judge.ts';
import { Talk, type TalkSetup } from './talk.ts';

export interface Played {
  readonly judgement: Judgement;
  readonly happened: string;
}

/** How long the end of a case is waited for that is not about the end, in ms. */
const GOODBYE_MS = 1000;

/** Never rejects for what the peer does; the connection is gone when it resolves. */
export async function play(one: FramesCase, setup: TalkSetup, options: JudgeOptions): Promise<Played> {
  const talk = new Talk(setup);
  try {
    for (const step of one.steps) {
      if (step.type === 'send') {
        await talk.play(step);
        continue;
      }
      const judgement = await judge(talk, step.expected, options);
      if (judgement !== null) return { judgement, happened: talk.happened };
    }
    // What was not to come may be under way: it comes before the answer to this.
    if (talk.close === null && talk.ended === null) await goodbye(talk, options);
    return { judgement: leftOver(talk, options), happened: talk.happened };
  } finally {
    await talk.destroy();
  }
}

async function goodbye(talk: Talk, { patience }: JudgeOptions): Promise<void> {
  await talk.sendClose(1000);
  const end = performance.now() + Math.min(GOODBYE_MS, patience);
  while (talk.close === null && talk.ended === null && talk.broken === null) {
    if (!(await talk.changed(end))) return;
  }
}
