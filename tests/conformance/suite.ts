/**
 * What every driver must do. A driver gives a `Subject`: its module, and a
 * `setup()` that makes the other end. Each case runs in a fresh fixture and
 * fails, too, when it leaves a handle, a timer or a listener behind.
 */
import { describe, test } from 'vitest';
import { leavingNothing } from '../support/leaks.ts';
import { askCases } from './ask-cases.ts';
import { closeCases } from './close-cases.ts';
import { dataCases } from './data-cases.ts';
import { endCases } from './end-cases.ts';
import { conversing, type Case, type Subject } from './fixture.ts';
import { openCases } from './open-cases.ts';

/** Cases that are about a connection that is there. */
function ofConversations(all: readonly Case[]): readonly Case[] {
  return all.map((one) => ({
    ...one,
    only: (subject) => conversing(subject) && (one.only === undefined || one.only(subject)),
  }));
}

export const cases: readonly Case[] = [
  ...openCases,
  ...askCases,
  ...ofConversations([...dataCases, ...endCases]),
  ...closeCases,
];

/** Runs one case with everything around it. Rejects when the case fails or leaks. */
export function runCase(one: Case, subject: Subject): Promise<void> {
  return leavingNothing(async () => {
    const fixture = await subject.setup();
    try {
      await one.run(subject, fixture);
    } finally {
      await fixture.dispose();
    }
  });
}

export function conformance(name: string, subject: Subject): void {
  describe(name, () => {
    for (const one of cases) {
      if (one.only === undefined || one.only(subject)) test(one.name, () => runCase(one, subject));
    }
  });
}
