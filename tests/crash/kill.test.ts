/** A few of what `npm run crash` does many times. */
import { expect, it } from 'vitest';
import { killOnce } from './kill.ts';

const TIMES = 10;

it('keeps what was written, and nothing else, when its process is killed at any moment', async () => {
  let records = 0;
  for (let turn = 0; turn < TIMES; turn += 1) {
    // Spread over the whole span, each somewhere in its part.
    const { problems, records: kept } = await killOnce(turn, (turn + Math.random()) / TIMES);
    expect(problems).toEqual([]);
    records += kept;
  }
  expect(records).toBeGreaterThan(1000);
}, 120_000);
