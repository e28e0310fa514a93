/** `npm run crash [-- --times N]`: kills a writing process N times, 200 by default, and says what was left. */
import { parseArgs } from 'node:util';
import { killOnce } from './kill.ts';

const { values } = parseArgs({ options: { times: { type: 'string', default: '200' } } });
const times = Number(values.times);
let records = 0;
let after = 0;
let deletions = 0;
let failures = 0;
for (let turn = 0; turn < times; turn += 1) {
  const killed = await killOnce(turn, Math.random());
  records += killed.records;
  after += killed.end - killed.written;
  if (killed.deleted > 0) deletions += 1;
  if (killed.problems.length > 0) {
    failures += 1;
    for (const problem of killed.problems.slice(0, 5)) process.stderr.write(`crash ${turn}: ${problem}\n`);
  }
}
process.stdout.write(
  `${times} × kill -9: ${failures} recordings were wrong; ${records} records read back, each as it was written; ` +
    `${after} of them were there although nobody had been told so yet; in ${deletions} the quota had deleted segments\n`,
);
process.exitCode = failures === 0 ? 0 : 1;
