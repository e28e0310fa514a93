/**
 * Two million messages into a server in the real window, while somebody types
 * in another tab: nothing of it is felt, and afterwards every message is
 * there, found by its text and by its number. Once is enough: the browser host
 * runs the same engine and the same window.
 */
import type { TestInfo } from '@playwright/test';
import { memoryOf } from '../../../bench/support/processes.ts';
import { grouped } from '../../../src/shared/describe.ts';
import type { Bench } from '../support/bench.ts';
import { exportTo } from '../support/exporting.ts';
import { measureFrames, tellKeys, timesOfKeys } from '../support/frames.ts';
import { expectToFollow, filterOf, goToRow, rowCounts, rowNames } from '../support/list.ts';
import { exportedRows, NumberedCheck, Sender, type ExportedRow } from '../support/numbered-messages.ts';
import { expect, test } from '../support/test.ts';

const MESSAGES = 2_000_000;

/** So many that two messages of one of them are 20 ms apart: nearly each is read by itself, and is a row of its own. */
const CONNECTIONS = 1000;

const MESSAGES_PER_SECOND = 40_000;

/** Messages that are looked for by their text, and rows that are gone to by their number. */
const SAMPLES = 20;

/** Keys that are typed in the other tab between two looks at the list, and how often it must have gone on at each. */
const KEYS = 80;
const STEPS = 20;

/** An export of everything, or the search through everything, on a busy machine. */
const LONG_MS = 120_000;

const typed = 'the quick brown fox jumps over the lazy dog '.repeat(2).slice(0, KEYS);
const other = 'TCP client 127.0.0.1:1';

/** Numbers below `end`, in no order. */
function randomNumbers(end: number): readonly number[] {
  return Array.from({ length: SAMPLES }, () => Math.floor(Math.random() * end));
}

function tell(info: TestInfo, type: string, description: string): void {
  info.annotations.push({ type, description });
  process.stdout.write(`      ${description}\n`);
}

function tellTimes(info: TestInfo, what: string, times: readonly number[]): void {
  const sorted = [...times].sort((left, right) => left - right);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(0);
  tell(info, 'times', `${what}: median ${at(0.5)} ms, longest ${at(1)} ms`);
}

/** Types in the tab in front. @returns ms until each key was on the screen */
async function type(bench: Bench): Promise<readonly number[]> {
  await bench.message.fill('');
  const times = await timesOfKeys(bench.page, typed);
  await expect(bench.message).toHaveValue(typed);
  return times;
}

/** Types in the other tab and looks at the list by turns, until the last message has been sent. */
async function typeAndLook(bench: Bench, info: TestInfo, server: string, sender: Sender): Promise<void> {
  const isOver = (): boolean => sender.isDone;
  const keys: number[] = [];
  let visits = 0;
  while (!isOver()) {
    visits += 1;
    await bench.tab(other).click();
    await measureFrames(bench.page, info, `typing in another tab, ${visits}`, async () => {
      keys.push(...(await type(bench)));
    });
    await bench.tab(server).click();
    await measureFrames(bench.page, info, `following the tail, ${visits}`, () => expectToFollow(bench, STEPS, isOver));
  }
  tellKeys(info, keys);
  expect(visits, 'times that the tab was changed meanwhile').toBeGreaterThan(1);
}

interface Found {
  /** Numbers of messages, with the rows that hold them. */
  readonly messages: ReadonlyMap<number, ExportedRow>;
  readonly rows: readonly ExportedRow[];
}

/** Looks at every message of an exported recording. @returns the samples */
async function checkExport(info: TestInfo, path: string, total: number, check: NumberedCheck): Promise<Found> {
  const wantedMessages = new Set(randomNumbers(MESSAGES));
  const wantedRows = new Set(randomNumbers(total));
  const messages = new Map<number, ExportedRow>();
  const rows: ExportedRow[] = [];
  let seq = 0;
  for await (const row of exportedRows(path)) {
    if (row.seq !== seq || row.kind === 'gap') check.faults.push(`#${row.seq} ${row.kind} comes where #${seq} should`);
    seq = row.seq + 1;
    if (wantedRows.has(row.seq)) rows.push(row);
    if (row.kind !== 'data') continue;
    for (const number of check.take(row)) if (wantedMessages.has(number)) messages.set(number, row);
  }
  check.finish();
  expect(seq, 'rows in the export').toBe(total);
  expect(check.faults).toEqual([]);
  // A message that is cut between two rows, and a number that was drawn twice, are no samples.
  expect(Math.min(messages.size, rows.length)).toBeGreaterThan(SAMPLES / 2);
  tell(info, 'rows', `${grouped(check.rows)} rows hold the messages, ${grouped(check.merged)} of them more than one`);
  return { messages, rows };
}

/** What the name of a row begins with. */
function nameOf({ seq, kind, direction, length, text = '' }: ExportedRow): string {
  if (kind === 'data') return `#${seq} ${direction} ${kind} ${length} bytes ${text.slice(0, 64)}`;
  return direction === 'none' ? `#${seq} ${kind}` : `#${seq} ${direction} ${kind}`;
}

/** A connection is not open any more at its first FIN; rows of its end come after that. @returns how many rows there are */
async function allRows(bench: Bench): Promise<number> {
  let last = -1;
  const isSame = async (): Promise<boolean> => {
    const before = last;
    last = (await rowCounts(bench)).total;
    return last === before;
  };
  await expect.poll(isSame, { intervals: [1_000], timeout: LONG_MS }).toBe(true);
  return last;
}

/** Types each number into the filter: exactly one row is left. */
async function findByText(bench: Bench, info: TestInfo, messages: Found['messages']): Promise<void> {
  const times: number[] = [];
  for (const [number, row] of messages) {
    const begun = performance.now();
    await filterOf(bench).fill(`${String(number).padStart(7, '0')};`);
    await expect
      .poll(async () => (await rowNames(bench)).map((name) => name.startsWith(nameOf(row))), {
        intervals: [16],
        timeout: LONG_MS,
      })
      .toEqual([true]);
    await expect(bench.page.getByRole('progressbar', { name: 'Filter progress' })).toHaveCount(0, { timeout: LONG_MS });
    times.push(performance.now() - begun);
    expect((await rowCounts(bench)).shown).toBe(1);
  }
  await filterOf(bench).fill('');
  tellTimes(info, `from a filter to its one row of everything, ${times.length} times`, times);
}

/** Goes to rows by their numbers. */
async function findByNumber(bench: Bench, info: TestInfo, rows: readonly ExportedRow[]): Promise<void> {
  const times: number[] = [];
  for (const row of rows) {
    const begun = performance.now();
    expect((await goToRow(bench, row.seq)).startsWith(nameOf(row)), nameOf(row)).toBe(true);
    times.push(performance.now() - begun);
  }
  tellTimes(info, `from a number to its row, ${times.length} times`, times);
}

test.describe.configure({ timeout: 480_000 });

test('two million messages come while somebody types in another tab, and every one is found', async ({
  bench,
  host,
  launcher,
}, info) => {
  await bench.newSession('TCP client', '127.0.0.1:1');
  await measureFrames(bench.page, info, 'typing before', async () => {
    tellKeys(info, await type(bench));
  });
  const port = await bench.listen('127.0.0.1:0', 'discard');
  const before = await memoryOf(host.enginePid);
  const order = {
    port,
    text: 'numbered',
    most: MESSAGES,
    connections: CONNECTIONS,
    rate: MESSAGES_PER_SECOND,
  } as const;
  const sender = new Sender(order);
  try {
    await expect.poll(async () => (await rowCounts(bench)).total).toBeGreaterThan(CONNECTIONS * 10);
    await typeAndLook(bench, info, `TCP server 127.0.0.1:${port}`, sender);
    const { writes, ms } = await sender.report;
    expect(writes).toBe(MESSAGES);
    tell(info, 'rate', `${grouped(writes)} messages in ${(ms / 1000).toFixed(1)} s`);
    await expect(bench.status).toContainText(' 0 connected of ', { timeout: LONG_MS / 4 });
    const total = await allRows(bench);
    const during = await memoryOf(host.enginePid);

    const path = `${launcher.data}/all.jsonl`;
    const begun = performance.now();
    await exportTo(bench, { format: 'JSON Lines', path }, LONG_MS);
    tell(info, 'export', `everything is exported in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    const { messages, rows } = await checkExport(info, path, total, new NumberedCheck(order));

    await findByText(bench, info, messages);
    await findByNumber(bench, info, rows);
    const after = await memoryOf(host.enginePid);
    const [mb0, mb1, mb2] = [before, during, after].map((mb) => mb.toFixed(0));
    tell(info, 'memory', `all processes: ${mb0} MB before, ${mb1} MB with all messages in, ${mb2} MB at the end`);
  } finally {
    await sender.dispose();
  }
});
