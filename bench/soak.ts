/**
 * `npm run soak [-- --messages N]`: a day of a thousand messages a second,
 * 86.4 million, run flat out through a session into a recording on disk. Says
 * how memory and the event loop do, and looks at random rows while it runs.
 * Ends with exit code 1 when a row is wrong, one is missing, or memory grew.
 * Started with --expose-gc: garbage that nobody has collected yet says nothing
 * about what is kept.
 */
import { randomInt } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { decodeRecords } from '../src/shared/record.ts';
import { floodModule, floodPayload } from '../tests/support/flood-driver.ts';
import { describe, machine } from './support/machine.ts';
import { memoryOf } from './support/processes.ts';
import { openModule } from './support/session.ts';

const MESSAGE_BYTES = 100;

/** What the recording may take: far less than all messages, so that the oldest segments go all the time. */
const QUOTA_BYTES = 2 * 1024 ** 3;

/** From here on memory must not grow: everything that is made once has been made. */
const SETTLED_MESSAGES = 10_000_000;
const MOST_GROWTH = 1.1;

/** Rows looked at, at random, after each pause. */
const ROWS_PER_LOOK = 20;
const LOOK_MS = 100;

/** How long everything is quiet before memory is read. */
const SETTLE_MS = 300;

const { values } = parseArgs({ options: { messages: { type: 'string', default: '86400000' } } });
const messages = Number(values.messages);
const marks = [1e6, 10e6, 20e6, 40e6, 60e6, 80e6, messages].filter((mark) => mark <= messages);

console.log(describe(machine()));
console.log(`${spaced(messages)} messages of ${MESSAGE_BYTES} B, quota ${spaced(QUOTA_BYTES)} bytes`);

const state = { isDone: false, isHeld: false };
const expected = floodPayload(MESSAGE_BYTES).subarray(8);
const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
const started = performance.now();
const flood = floodModule({
  messages,
  size: MESSAGE_BYTES,
  done: () => (state.isDone = true),
  mayGoOn: () => !state.isHeld,
});
const { session, recording, dispose } = await openModule(flood, '', {}, QUOTA_BYTES);
/** Rows before the first message; more come only when the session has something to say. */
const offset = recording.rows.end;
const problems: string[] = [];
const memory = new Map<number, number>();
let looked = 0;
let mostWaiting = 0;

/** Whether rows are what was sent: by their numbers and by their bytes. */
async function look(): Promise<void> {
  const { firstKept, rows } = recording;
  const wanted = new Set(Array.from({ length: ROWS_PER_LOOK }, () => randomInt(firstKept, rows.end)));
  const seqs = [...wanted].sort((a, b) => a - b);
  const found = await recording.pick(seqs, MESSAGE_BYTES);
  const records = decodeRecords(found.rows);
  if (records.length + found.skipped !== seqs.length) problems.push(`${records.length} of ${seqs.length} rows came`);
  records.forEach((record, index) => {
    const seq = seqs[found.skipped + index];
    if (record.seq !== seq) problems.push(`row ${seq} has number ${record.seq}`);
    if (record.payloadLength === 0) return;
    looked += 1;
    const bytes = Buffer.from(record.payload);
    const number = bytes.readUInt32LE(0) + bytes.readUInt32LE(4) * 2 ** 32;
    const others = record.seq - number;
    const isRight = others >= offset && others <= offset + recording.rows.end - session.status([]).counters.messagesIn;
    if (!isRight || !bytes.subarray(8).equals(expected)) problems.push(`row ${record.seq} has another message`);
  });
}

/** What is kept: while nothing comes, with nothing on its way to the disk, and without garbage. */
async function keptMemory(): Promise<number> {
  state.isHeld = true;
  await recording.flush();
  globalThis.gc?.();
  await pause(SETTLE_MS);
  const megabytes = await memoryOf(process.pid);
  state.isHeld = false;
  return megabytes;
}

let held = 0;
while (!state.isDone || marks.length > 0) {
  const count = session.status([]).counters.messagesIn;
  mostWaiting = Math.max(mostWaiting, recording.state.waiting);
  const [mark = Infinity] = marks;
  if (count >= mark) {
    marks.shift();
    const before = performance.now();
    const seconds = (before - started - held) / 1000;
    const kept = await keptMemory();
    held += performance.now() - before;
    memory.set(mark, kept);
    console.log(
      `${spaced(count).padStart(11)} messages  ${seconds.toFixed(1).padStart(6)} s  ${spaced(count / seconds)} messages/s  ` +
        `memory ${kept.toFixed(0)} MB  rows kept ${spaced(recording.rows.end - recording.firstKept)}`,
    );
  }
  await look();
  await pause(LOOK_MS);
}
await recording.flush();
const seconds = (performance.now() - started - held) / 1000;
delay.disable();
await look();

const { counters } = session.status([]);
if (counters.messagesIn !== messages) problems.push(`${counters.messagesIn} of ${messages} messages were counted`);
const gone = recording.totals.lostRecords;
if (gone !== recording.firstKept) problems.push(`${gone} rows are said to be gone, of ${recording.firstKept}`);
const settled = memory.get(SETTLED_MESSAGES);
const last = memory.get(messages) ?? NaN;
if (settled !== undefined && last > settled * MOST_GROWTH) problems.push('memory grew');
const ms = (nanoseconds: number): string => (nanoseconds / 1e6).toFixed(1);
console.log(`${spaced(messages / seconds)} messages/s, on disk; at most ${spaced(mostWaiting)} bytes waited`);
console.log(
  `event loop delay: p50 ${ms(delay.percentile(50))} ms, p99 ${ms(delay.percentile(99))} ms, longest ${ms(delay.max)} ms`,
);
console.log(`${spaced(looked)} rows looked at while it ran`);
console.log(
  `memory at the end ÷ at ${spaced(SETTLED_MESSAGES)}: ${settled === undefined ? '–' : (last / settled).toFixed(2)}`,
);
await dispose();
for (const problem of [...new Set(problems)].slice(0, 20)) console.error(`problem: ${problem}`);
console.log(
  problems.length === 0 ? 'verdict: nothing lost, nothing wrong, memory flat' : `verdict: ${problems.length} problems`,
);
process.exitCode = problems.length === 0 ? 0 : 1;

function spaced(value: number): string {
  return Math.round(value).toLocaleString('en').replaceAll(',', ' ');
}
