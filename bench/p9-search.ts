/**
 * P9 and P10: searching a recording, against ripgrep over the text that it
 * exports to. Every search must find as many messages as ripgrep finds lines.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pinned } from './support/cores.ts';
import { COMMON_LITERAL, RARE_LITERAL, REGEX } from './support/filled.ts';
import { temporaryFolder } from './support/folder.ts';
import { needProgram } from './support/programs.ts';
import type { Bench, Prepared, Row } from './support/ratio.ts';
import type { Figures } from './support/serve.ts';
import { BenchWorker } from './support/worker.ts';

const MESSAGES = 4_000_000;
const ID = '20260101-000000-00000009';

/** What P10 says of the time until the first row of a search, and until one that was cancelled is no more, in ms. */
const MOST_FIRST_MS = 100;
const MOST_CANCEL_MS = 50;

const filler = new URL('./workers/filler.ts', import.meta.url);
const searcher = new URL('./workers/searcher.ts', import.meta.url);

const run = promisify(execFile);

/** One recording and its text for all searches of a run: made by the first, gone with the run. */
interface Corpus {
  readonly worker: BenchWorker;
  readonly text: string;
  readonly remarks: readonly string[];
}
let corpus: Promise<Corpus> | null = null;

async function makeCorpus(): Promise<Corpus> {
  const { path } = await temporaryFolder();
  const parent = join(path, 'recordings');
  const writer = new BenchWorker(filler, 'receiver');
  await writer.call('fill', { parent, messages: MESSAGES, id: ID });
  await writer.stop();
  const folder = join(parent, ID);
  const text = join(path, 'messages.txt');
  const worker = new BenchWorker(searcher, 'receiver');
  const { ms = NaN, bytes = 0 } = await worker.call('export', { folder, path: text });
  await worker.call('open', { folder });
  return {
    worker,
    text,
    remarks: [`${MESSAGES} messages; exported as ${Math.round(bytes / 1e6)} MB of text in ${(ms / 1000).toFixed(1)} s`],
  };
}

async function ripgrep(args: readonly string[], text: string): Promise<Figures> {
  const { command, args: all } = pinned('receiver', 'rg', [...args, text]);
  const started = performance.now();
  const { stdout } = await run(command, all);
  return { ms: performance.now() - started, rows: Number(stdout), first: MOST_FIRST_MS, cancel: MOST_CANCEL_MS };
}

/** @param filter as in the box "Filter messages". @param args of ripgrep for the same */
async function prepare(filter: string, args: readonly string[], cancels: boolean): Promise<Prepared> {
  needProgram('rg');
  corpus ??= makeCorpus();
  const { worker, text, remarks } = await corpus;
  let rows = -1;
  return {
    async subject() {
      const searched = await worker.call('search', { filter });
      rows = searched.rows ?? 0;
      return cancels ? { ...searched, ...(await worker.call('cancel', { filter, next: COMMON_LITERAL })) } : searched;
    },
    async reference() {
      const found = await ripgrep(args, text);
      if (found.rows !== rows) throw new Error(`${rows} messages were found; ripgrep finds ${found.rows}`);
      return found;
    },
    remarks: () => [`${rows} found`, ...remarks],
    dispose: () => Promise.resolve(),
  };
}

function row(id: string, title: string, atMost: number, figure = 'ms'): Row {
  return { id, title, figure, unit: 'ms', target: { atMost } };
}

const literals: readonly Bench[] = [
  {
    rows: [row('P9 common', 'search for a literal in every 10th message ÷ rg -cF over its export', 5)],
    prepare: () => prepare(COMMON_LITERAL, ['-cF', COMMON_LITERAL], false),
  },
  {
    rows: [row('P9 rare', 'search for a literal in every 100,000th message ÷ rg -cF over its export', 1)],
    prepare: () => prepare(`"${RARE_LITERAL}"`, ['-cF', RARE_LITERAL], false),
  },
];

const expressions: Bench = {
  rows: [
    row('P10', 'search for a regular expression ÷ rg -c over its export', 3),
    row('P10 first', `first rows of that search ÷ ${MOST_FIRST_MS} ms`, 1, 'first'),
    row('P10 cancel', `cancelled search gone ÷ ${MOST_CANCEL_MS} ms`, 1, 'cancel'),
  ],
  prepare: () => prepare(`/${REGEX}/`, ['-c', REGEX], true),
};

export const p9 = literals;
export const p10 = expressions;
